//! Section 6: inbound endpoints, users and roles.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
