//! Section 5: connections, credentials and what belongs to them.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
