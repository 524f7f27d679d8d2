//! `servicenow_jms_connection`: a broker that an integration sends messages to.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::{connection, mid, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;

/// A JMS broker that an integration sends messages to, in one environment. A new connection is inactive, so that nothing is
/// sent to it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or set
/// `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct JmsConnection {
    /// Which connection it is.
    #[tf(flatten())]
    pub named: connection::Named,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `orch_jms_ds`.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// How it signs in, and whether it is in use.
    #[tf(flatten())]
    pub in_use: connection::Use,
    /// Class that makes the first context, such as `org.apache.activemq.jndi.ActiveMQInitialContextFactory`.
    #[tf(optional().check(check::length(1, 255)))]
    pub initial_context_factory: Attr<String>,
    /// URL of the broker, such as `tcp://broker.example:61616`.
    #[tf(required().check(check::length(1, 255)))]
    pub provider_url: Attr<String>,
    /// How it is reached through a MID server.
    #[tf(flatten())]
    pub mid: mid::Mid,
    /// What a MID server has to be capable of: names such as `JMS`, or sys_ids.
    #[tf(optional())]
    pub mid_capabilities: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "orch_jms_ds",
        exists: Exists::Always,
        columns: &[
            connection::ID,
            connection::NAME,
            connection::ALIAS,
            connection::CREDENTIAL,
            connection::ACTIVE,
            Column::new("initial_context_factory", Holds::Text("initial_context_factory")).assumed(),
            Column::new("provider_url", Holds::Text("provider_url")).assumed(),
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
    type_name: "servicenow_jms_connection",
    noun: "JMS connection",
    subcategory: "Connections",
    schema: model::schema::<JmsConnection>,
    layout: &LAYOUT,
    exclusive: Some(&native::CONNECTIONS),
    check: mid::check,
    warn: Some(mid::status::warn),
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## The credential\n\nThe table of credentials for JMS is not documented, so that there is no resource for it. \
            [`servicenow_record`](record.md) makes one in the table that the instance has, such as `jms_credentials`, and \
            writes its password with `fields_wo`.",
    ..Definition::PLAIN
};
