//! `servicenow_http_connection`: one endpoint of an integration.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::{Attr, Model, check, model};

use super::{not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;

/// An endpoint that an integration calls, in one environment. A new connection is inactive, so that nothing is sent to
/// it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct HttpConnection {
    /// The sys_id of the connection.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the connection, unique on the instance.
    #[tf(required().check(not_blank()).check(check::length(0, 255)))]
    pub name: Attr<String>,
    /// The sys_id of the alias that the connection belongs to.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// Base URL of the other system, with its scheme.
    #[tf(required().check(check::url()))]
    pub connection_url: Attr<String>,
    /// The sys_id of the credential that the connection signs in with.
    #[tf(optional().check(sys_id()))]
    pub credential_id: Attr<String>,
    /// Whether the connection is the active one of its alias. Leave it out where a
    /// `servicenow_connection_activation` chooses: it then shows what is. `true` deactivates the other connections of
    /// the alias.
    #[tf(optional_computed())]
    pub active: Attr<bool>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "http_connection",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("connection_alias", Holds::Reference("connection_alias_id", "sys_alias")),
            Column::new("connection_url", Holds::Text("connection_url")),
            Column::new("credential", Holds::Reference("credential_id", "discovery_credentials")),
            Column::new("active", Holds::Switch("active")),
        ],
    }],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_http_connection",
    noun: "HTTP connection",
    subcategory: "Connections",
    schema: model::schema::<HttpConnection>,
    layout: &LAYOUT,
    natural_keys: &["name"],
    exclusive: Some(&native::CONNECTIONS),
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    notes: "## Replacing\n\nNames of connections are unique on an instance, and the `create_before_destroy` of an activation \
            extends to the connections that it points at: their replacement is created first. When `connection_alias_id` \
            of such a connection changes, give it another `name` in the same change.",
    ..Definition::PLAIN
};
