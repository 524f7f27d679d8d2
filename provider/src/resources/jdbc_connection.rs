//! `servicenow_jdbc_connection`: a database that an integration queries.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Value, check, model};
use tf_plugin::Planning;

use super::{mid, not_blank, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;
use crate::errors;

/// A database that an integration queries, in one environment. A new connection is inactive, so that nothing is sent to
/// it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct JdbcConnection {
    /// The sys_id of the connection.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the connection, unique on the instance.
    #[tf(required().check(not_blank()).check(check::length(0, 100)))]
    pub name: Attr<String>,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `jdbc_connection`.
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
    /// Kind of the database. For `mysql`, `oracle` and `sqlserver` the instance makes the URL; for the others, and where
    /// nothing is given, `connection_url` says it. The instance cannot take a format away: set `none` to go back to a URL
    /// of one's own.
    #[tf(optional_computed().stable().check(check::one_of(&["mysql", "oracle", "sqlserver", "sybase", "db2", "none"])))]
    pub format: Attr<String>,
    /// JDBC URL of the database, such as `jdbc:mysql://db.example:3306/orders`.
    #[tf(optional_computed().check(check::length(1, 1_024)))]
    pub connection_url: Attr<String>,
    /// Host of the database.
    #[tf(optional().check(check::length(1, 255)))]
    pub host: Attr<String>,
    /// Port of the database.
    #[tf(optional().check(check::range(1, 65_535)))]
    pub port: Attr<i64>,
    /// Name of the database.
    #[tf(optional().check(check::length(1, 255)))]
    pub database_name: Attr<String>,
    /// Name of the instance of an SQL Server.
    #[tf(optional().check(check::length(1, 255)))]
    pub instance_name: Attr<String>,
    /// SID of an Oracle database. `orcl` when nothing is given.
    #[tf(optional_computed().stable().check(check::length(1, 40)))]
    pub oracle_sid: Attr<String>,
    /// Port of an Oracle database. 1521 when nothing is given.
    #[tf(optional_computed().stable().check(check::range(1, 65_535)))]
    pub oracle_port: Attr<i64>,
    /// Class of the driver.
    #[tf(optional().check(check::length(1, 255)))]
    pub jdbc_driver: Attr<String>,
    /// Seconds that a query may take. Without it the instance decides.
    #[tf(optional().check(check::at_least(1)))]
    pub query_timeout_seconds: Attr<i64>,
    /// Seconds until connecting is given up. Without it the instance decides.
    #[tf(optional().check(check::at_least(1)))]
    pub connection_timeout_seconds: Attr<i64>,
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
    /// What a MID server has to be capable of: names such as `JDBC`, or sys_ids.
    #[tf(optional())]
    pub mid_capabilities: Attr<SetOf<String>>,
}

const LAYOUT: Layout = Layout {
    records: &[RecordLayout {
        slot: "connection",
        table: "jdbc_connection",
        exists: Exists::Always,
        columns: &[
            Column::new("sys_id", Holds::SysId("id")),
            Column::new("name", Holds::Text("name")),
            Column::new("connection_alias", Holds::Reference("connection_alias_id", "sys_alias")),
            Column::new("credential", Holds::Reference("credential_id", "discovery_credentials")),
            Column::new("active", Holds::Switch("active")),
            Column::new("format", Holds::Text("format")).assumed(),
            Column::new("connection_url", Holds::Text("connection_url")),
            Column::new("host", Holds::Text("host")),
            Column::new("port", Holds::Number("port")),
            Column::new("database_name", Holds::Text("database_name")),
            Column::new("instance_name", Holds::Text("instance_name")).assumed(),
            Column::new("oracle_sid", Holds::Text("oracle_sid")).assumed(),
            Column::new("oracle_port", Holds::Number("oracle_port")).assumed(),
            Column::new("jdbc_driver", Holds::Text("jdbc_driver")),
            Column::new("query_timeout", Holds::Number("query_timeout_seconds")).assumed(),
            Column::new("connection_timeout", Holds::Number("connection_timeout_seconds")).assumed(),
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
    type_name: "servicenow_jdbc_connection",
    noun: "JDBC connection",
    subcategory: "Connections",
    schema: model::schema::<JdbcConnection>,
    layout: &LAYOUT,
    exclusive: Some(&native::CONNECTIONS),
    check: fits_together,
    adjust,
    roles: Roles { read: &["connection_admin"], write: &["connection_admin"] },
    ..Definition::PLAIN
};

/// The formats whose URL the instance makes.
const BUILT: [&str; 3] = ["mysql", "oracle", "sqlserver"];

fn fits_together(config: &Object) -> Diagnostics {
    let mut problems = mid::check(config);
    let is_null = |name: &str| config.get(name).is_none_or(Value::is_null);
    let format = config.get("format");
    if format.is_some_and(Value::is_unknown) {
        return problems;
    }
    let is_built = format.and_then(Value::as_str).is_some_and(|it| BUILT.contains(&it));
    if is_built && !is_null("connection_url") {
        let reason = "The instance makes the URL of databases of this `format`.";
        let remedy = "Remove `connection_url`, or remove `format`.";
        problems.push(errors::out_of_place("connection_url", reason, remedy));
    }
    if is_built && is_null("host") {
        problems.push(errors::lacking("host", "The URL of a database of this `format` is made of its host."));
    }
    if !is_built && is_null("connection_url") {
        let reason =
            "A connection needs the address that it leads to, unless its `format` has the instance make it.";
        problems.push(errors::lacking("connection_url", reason));
    }
    problems
}

/// A URL that the instance makes changes with its parts alone.
fn adjust(planning: &mut Planning<'_>) -> Diagnostics {
    let parts = ["format", "host", "port", "database_name", "instance_name", "oracle_sid", "oracle_port"];
    if planning.config.get("connection_url").is_none_or(Value::is_null) {
        super::keep_unless_changed(planning, "connection_url", &parts);
    }
    Diagnostics::none()
}
