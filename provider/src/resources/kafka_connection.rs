//! `servicenow_kafka_connection`: a cluster that an integration exchanges events with.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Model, check, model};

use super::{connection, mid, not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;

/// A Kafka cluster that an integration exchanges events with, in one environment, always through a MID server. A new
/// connection is inactive, so that nothing is sent to it before it is chosen: let
/// [`servicenow_connection_activation`](connection_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct KafkaConnection {
    /// Which connection it is.
    #[tf(flatten())]
    pub named: connection::Named,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `kafka_connection`.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// How it signs in, and whether it is in use.
    #[tf(flatten())]
    pub in_use: connection::Use,
    /// The servers that a client asks first, with commas between them, such as `one.example:9092,two.example:9092`.
    #[tf(required().check(not_blank()).check(check::length(1, 1_000)))]
    pub bootstrap_servers: Attr<String>,
    /// The group that consumers of the connection are in. The instance makes one of its name and the connection's sys_id when
    /// nothing is given.
    #[tf(optional_computed().stable().check(check::length(1, 255)))]
    pub consumer_group_id: Attr<String>,
    /// More properties of the client. The instance keeps them as they are written: secrets belong into a credential.
    #[tf(optional().check(check::length(1, 4_000)))]
    pub additional_client_properties: Attr<String>,
    /// Which MID server it is reached through.
    #[tf(flatten())]
    pub mid: mid::Selection,
    /// What a MID server has to be capable of: names such as `Kafka`, or sys_ids.
    #[tf(optional())]
    pub mid_capabilities: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "kafka_connection",
        exists: Exists::Always,
        columns: &[
            connection::ID,
            connection::NAME,
            connection::ALIAS,
            connection::CREDENTIAL,
            connection::ACTIVE,
            Column::new("bootstrap_servers", Holds::Text("bootstrap_servers")).assumed(),
            Column::new("consumer_group_id", Holds::Text("consumer_group_id")).assumed(),
            Column::new("additional_client_properties", Holds::Text("additional_client_properties"))
                .assumed(),
            Column::new("use_mid", Holds::Fixed("true")),
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
    type_name: "servicenow_kafka_connection",
    noun: "Kafka connection",
    subcategory: "Connections",
    schema: model::schema::<KafkaConnection>,
    layout: &LAYOUT,
    exclusive: Some(&native::CONNECTIONS),
    check: mid::check_selection,
    warn: Some(mid::status::warn),
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## The credential\n\nThe columns of `kafka_ssl_credentials` are not documented, so that there is no resource for \
            it. [`servicenow_record`](record.md) makes one with the columns that the instance has, and writes what is secret \
            with `fields_wo`.",
    ..Definition::PLAIN
};
