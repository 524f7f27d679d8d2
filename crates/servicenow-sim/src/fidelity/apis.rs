//! Section 3: the batch, aggregate, import set and attachment APIs.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
