//! `servicenow_basic_connection`: a host that an integration reaches by SSH or PowerShell.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::{connection, mid, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;

/// A host that an integration reaches by SSH or PowerShell, in one environment. A new connection is inactive, so that
/// nothing is sent to it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or
/// set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct BasicConnection {
    /// Which connection it is.
    #[tf(flatten())]
    pub named: connection::Named,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `sys_connection`.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// How it signs in, and whether it is in use.
    #[tf(flatten())]
    pub in_use: connection::Use,
    /// Host that the connection leads to.
    #[tf(required().check(check::length(1, 255)))]
    pub host: Attr<String>,
    /// Port, where it is not the usual one of the protocol.
    #[tf(optional().check(check::range(1, 65_535)))]
    pub port: Attr<i64>,
    /// How it is reached through a MID server.
    #[tf(flatten())]
    pub mid: mid::Mid,
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
            connection::ID,
            connection::NAME,
            connection::ALIAS,
            connection::CREDENTIAL,
            connection::ACTIVE,
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
    warn: Some(mid::status::warn),
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## The table\n\nThe name of its table, `basic_connection`, is not documented. On an instance that does not have \
            it, every request says so and nothing is written.",
    ..Definition::PLAIN
};
