//! `servicenow_jdbc_connection`: a database that an integration queries.

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Value, check, model};
use tf_plugin::Planning;

use super::{connection, mid, sys_id};
use crate::definition::{Definition, Roles};
use crate::dialects::native;
use crate::errors;

/// A database that an integration queries, in one environment. A new connection is inactive, so that nothing is sent to
/// it before it is chosen: let [`servicenow_connection_activation`](connection_activation.md) choose, or set `active`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct JdbcConnection {
    /// Which connection it is.
    #[tf(flatten())]
    pub named: connection::Named,
    /// The sys_id of the alias that the connection belongs to; its `connection_type` is `jdbc_connection`.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// How it signs in, and whether it is in use.
    #[tf(flatten())]
    pub in_use: connection::Use,
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
    /// How it is reached through a MID server.
    #[tf(flatten())]
    pub mid: mid::Mid,
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
            connection::ID,
            connection::NAME,
            connection::ALIAS,
            connection::CREDENTIAL,
            connection::ACTIVE,
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
    warn: Some(mid::status::warn),
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
