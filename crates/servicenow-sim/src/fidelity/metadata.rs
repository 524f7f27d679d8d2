//! Section 7: tables about tables, and what happens after a write.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
