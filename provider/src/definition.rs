//! What one record-backed resource is, as data.

mod page;

use std::future::Future;
use std::pin::Pin;

use reconcile::{Found, Layout};
use tf_core::{Diagnostics, Object, Schema};
use tf_plugin::Planning;

use crate::dialects::Exclusive;
use crate::lifecycle::active;
use crate::lifecycle::rotation::Proof;
use crate::session::Session;
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
    /// Columns that name one together, written with a slash between: `integration.name` and `environment.name` as
    /// `Orders/Production`. A dot leads into the record that a column refers to.
    pub composite_keys: &'static [&'static [&'static str]],
    /// The group in which it may be the active one.
    pub exclusive: Option<&'static Exclusive>,
    /// Attributes without a column: what the provider itself makes or keeps.
    pub beside: &'static [&'static str],
    /// Rules across the attributes of the configuration. Values may be unknown. Pure.
    pub check: fn(&Object) -> Diagnostics,
    /// Rules that the attributes' own behaviors cannot express. Pure.
    pub adjust: fn(&mut Planning<'_>) -> Diagnostics,
    /// Warns of what the instance shows about a plan.
    pub warn: Option<Warn>,
    /// How its secret is shown to other systems, where `verify` can ask them.
    pub proof: Option<Proof>,
    /// Fills in what is made of the records and of the address of the instance. Pure.
    pub finish: fn(&Surroundings<'_>, &mut Object),
    /// Who may do what with it.
    pub roles: Roles,
    /// What the documentation page says beyond the attributes.
    pub notes: &'static str,
}

/// Looks at the instance for what may be wrong with a plan. It finds no errors: what is refused is refused when it is
/// written.
pub type Warn =
    for<'a> fn(&'a Session, &'a Planning<'_>) -> Pin<Box<dyn Future<Output = Diagnostics> + Send + 'a>>;

/// What an object is finished with.
pub struct Surroundings<'a> {
    /// The address of the instance, without a slash at its end.
    pub instance: &'a str,
    /// The records.
    pub found: &'a Found,
}

/// The roles that a user needs; any one of each list is enough. `admin` is enough for everything.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    /// To see it.
    pub read: &'static [&'static str],
    /// To create, change and delete it.
    pub write: &'static [&'static str],
}

impl Definition {
    /// What most definitions leave out.
    pub const PLAIN: Definition = Definition {
        type_name: "",
        noun: "",
        subcategory: "",
        schema: Schema::default,
        layout: &Layout { records: &[] },
        natural_keys: &["name"],
        composite_keys: &[],
        exclusive: None,
        beside: &[],
        check: |_| Diagnostics::none(),
        adjust: |_| Diagnostics::none(),
        warn: None,
        proof: None,
        finish: |_, _| (),
        roles: Roles { read: &["admin"], write: &["admin"] },
        notes: "",
    };

    /// Its own attributes, and what every resource has besides.
    pub fn whole_schema(&self) -> Schema {
        let schema = (self.schema)();
        let schema = match self.exclusive {
            Some(exclusive) => active::with_attribute(schema, exclusive),
            None => schema,
        };
        timeouts::with_block(schema)
    }
}
