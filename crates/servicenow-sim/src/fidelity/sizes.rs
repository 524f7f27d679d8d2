//! Section 8: sizes and times.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
