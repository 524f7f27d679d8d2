//! Section 2: encoded queries.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
