//! What one record-backed resource is, as data.

use reconcile::Layout;
use tf_core::{Diagnostics, Schema};
use tf_plugin::Planning;

use crate::dialects::Exclusive;
use crate::timeouts;

/// A resource that is one or a few records. Everything that happens to it is in [`lifecycle`](crate::lifecycle).
#[derive(Debug)]
pub struct Definition {
    /// The whole type name.
    pub type_name: &'static str,
    /// What it is called in messages.
    pub noun: &'static str,
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// Its own attributes.
    pub schema: fn() -> Schema,
    /// Where it lives.
    pub layout: &'static Layout,
    /// Columns by which people name one, the surest first.
    pub natural_keys: &'static [&'static str],
    /// The group in which it may be the active one.
    pub exclusive: Option<&'static Exclusive>,
    /// Rules that the attributes' own behaviors cannot express. Pure.
    pub adjust: fn(&mut Planning<'_>) -> Diagnostics,
    /// What the documentation page says beyond the attributes.
    pub notes: &'static str,
}

impl Definition {
    /// Its own attributes, and what every resource has besides.
    pub fn whole_schema(&self) -> Schema {
        timeouts::with_block((self.schema)())
    }
}
