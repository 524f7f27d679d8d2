//! `servicenow_unifi_environment`: what a Unifi connection leads to, such as production or test.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Model, check, model};

use super::not_blank;
use super::references::SCOPE;
use crate::definition::{Definition, Roles};

/// An environment of Unifi: what the connections of an integration are told apart by. Unifi brings Production,
/// Pre-Production, Test, Development and Sandbox; import those, or refer to them by name.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct UnifiEnvironment {
    /// The sys_id of the environment.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the environment.
    #[tf(required().check(not_blank()).check(check::length(1, 40)))]
    pub name: Attr<String>,
    /// Position in lists.
    #[tf(optional())]
    pub order: Attr<i64>,
    /// The application that the environment belongs to: its scope, its name or its sys_id. The one that the instance
    /// chooses when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub application: Attr<String>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "environment",
        table: "x_snd_eb_environment",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")).assumed(),
            Column::new("order", Holds::Number("order")).assumed(),
            Column::new("sys_scope", Holds::Lookup("application", SCOPE)),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_unifi_environment",
    noun: "Unifi environment",
    subcategory: "Unifi",
    schema: model::schema::<UnifiEnvironment>,
    layout: &LAYOUT,
    roles: Roles { read: &["x_snd_eb.user"], write: &["x_snd_eb.admin"] },
    ..Definition::PLAIN
};
