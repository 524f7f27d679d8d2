//! Settings of the web services: what they answer, who may ask, and how much.

use super::Setting;

/// The settings.
pub const WIRE: &[Setting] = &[];
