//! `servicenow_basic_connection`: a host that an integration reaches by SSH or PowerShell.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::{mid, not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;

/// A host that an integration reaches by SSH or PowerShell, in one environment. A new connection is inactive, so that
/// nothing is sent to it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or
/// set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BasicConnection {
    /// The sys_id of the connection.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the connection, unique on the instance.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `sys_connection`.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of the credential that the connection signs in with.
    #[tf(optional().check(sys_id()))]
    pub credential_id: Attr<String>,
    /// Whether the connection is the active one of its alias. Leave it out where a
    /// `servicenow_connection_activation` chooses: it then shows what is. `true` deactivates the other connections of
    /// the alias.
    #[tf(optional_computed())]
    pub active: Attr<bool>,
    /// Host that the connection leads to.
    #[tf(required().check(check::length(1, 255)))]
    pub host: Attr<String>,
    /// Port, where it is not the usual one of the protocol.
    #[tf(optional().check(check::range(1, 65_535)))]
    pub port: Attr<i64>,
    /// Whether the connection goes through a MID server.
    #[tf(optional().default(false))]
    pub use_mid: Attr<bool>,
    /// How the MID server is found: `auto_select` takes any that fits, `specific_mid_server` the one of `mid_server`,
    /// `specific_mid_cluster` one of `mid_cluster`. `auto_select` when nothing is given.
    #[tf(optional_computed().stable().check(check::one_of(&mid::SELECTIONS)))]
    pub mid_selection: Attr<String>,
    /// The MID server: its name or its sys_id.
    #[tf(optional())]
    pub mid_server: Attr<String>,
    /// The cluster of MID servers: its name or its sys_id.
    #[tf(optional())]
    pub mid_cluster: Attr<String>,
    /// The application that a MID server has to serve: its name or its sys_id.
    #[tf(optional())]
    pub mid_application: Attr<String>,
    /// What a MID server has to be capable of: names such as `SSH`, or sys_ids.
    #[tf(optional())]
    pub mid_capabilities: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "basic_connection",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("connection_alias", Holds::Reference("connection_alias_id", "sys_alias")),
            Column::new("credential", Holds::Reference("credential_id", "discovery_credentials")),
            Column::new("active", Holds::Switch("active")),
            Column::new("host", Holds::Text("host")).assumed(),
            Column::new("override_default_port", Holds::Number("port")).assumed(),
            mid::COLUMNS[0],
            mid::COLUMNS[1],
            mid::COLUMNS[2],
            mid::COLUMNS[3],
            mid::COLUMNS[4],
            mid::COLUMNS[5],
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_basic_connection",
    noun: "basic connection",
    subcategory: "Connections",
    schema: model::schema::<BasicConnection>,
    layout: &LAYOUT,
    exclusive: Some(&native::CONNECTIONS),
    check: mid::check,
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## The table\n\nThe name of its table, `basic_connection`, is not documented. On an instance that does not have \
            it, every request says so and nothing is written.",
    ..Definition::PLAIN
};
