//! Section 4: authentication, tokens and roles.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
