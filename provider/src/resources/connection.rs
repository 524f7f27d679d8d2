//! What every kind of connection has: its name, its place among those of its alias, how it signs in.

use reconcile::{Column, Holds};
use tf_core::{Attr, Model, check};

use super::{not_blank, sys_id};

/// Which connection it is.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Named {
    /// The sys_id of the connection.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the connection, unique on the instance.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
}

/// How the connection signs in, and whether it is in use.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Use {
    /// The sys_id of the credential that the connection signs in with.
    #[tf(optional().check(sys_id()))]
    pub credential_id: Attr<String>,
    /// Whether the connection is the active one of its alias. Leave it out where a
    /// `servicenow_connection_activation` chooses: it then shows what is. `true` deactivates the other connections of
    /// the alias.
    #[tf(optional_computed())]
    pub active: Attr<bool>,
}

/// The certificate that a connection shows.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct MutualAuth {
    /// Whether the connection shows a certificate to the other system.
    #[tf(optional().default(false))]
    pub mutual_auth: Attr<bool>,
    /// The protocol profile that holds the certificate for mutual authentication: its name or its sys_id.
    #[tf(optional())]
    pub protocol_profile: Attr<String>,
}

/// The column of the id.
pub const ID: Column = Column::new("sys_id", Holds::SysId("id"));

/// The column of the name.
pub const NAME: Column = Column::new("name", Holds::Text("name"));

/// The column of the alias that the connection belongs to.
pub const ALIAS: Column =
    Column::new("connection_alias", Holds::Reference("connection_alias_id", "sys_alias"));

/// The column of the credential.
pub const CREDENTIAL: Column =
    Column::new("credential", Holds::Reference("credential_id", "discovery_credentials"));

/// The column that says whether it is in use.
pub const ACTIVE: Column = Column::new("active", Holds::Switch("active"));
