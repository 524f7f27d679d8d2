//! The tables and the activation of the application Unifi.

use super::Behaviour;

/// The rows.
pub const ROWS: &[Behaviour] = &[];
