//! The kinds of connections as data: which table shows them, and which column says what.

use servicenow_core::Record;
use tf_core::Attr;

use super::Connection;
use crate::registry::DEFINITIONS;
use crate::session::Session;

/// ServiceNow begins.
pub const OUTBOUND: &str = "outbound";

/// The other system begins.
pub const INBOUND: &str = "inbound";

/// Connections that one table shows.
#[derive(Debug)]
pub struct Kind {
    /// The table that shows all of them, whatever their class.
    pub table: &'static str,
    /// Who begins.
    pub direction: &'static str,
    /// The column that refers to an alias.
    pub alias: Option<&'static str>,
    /// The column that refers to an integration of Unifi.
    pub integration: Option<&'static str>,
    /// The column that names the environment.
    environment: Option<&'static str>,
    /// The column of the address.
    url: &'static str,
    /// The column that names a MID server.
    mid_server: Option<&'static str>,
}

/// What people call an alias and an integration of Unifi.
const ALIAS_NAME: &str = "connection_alias.id";
const INTEGRATION_NAME: &str = "integration.name";

/// The column of the application.
const SCOPE: &str = "sys_scope.scope";

/// All of them.
pub const KINDS: &[Kind] = &[
    Kind {
        table: "sys_connection",
        direction: OUTBOUND,
        alias: Some("connection_alias"),
        integration: None,
        environment: None,
        url: "connection_url",
        mid_server: Some("mid_server.name"),
    },
    Kind {
        table: "x_snd_eb_connection",
        direction: OUTBOUND,
        alias: None,
        integration: Some("integration"),
        environment: Some("environment.name"),
        url: "endpoint_url",
        mid_server: Some("mid_server.name"),
    },
    Kind {
        table: "sys_ws_definition",
        direction: INBOUND,
        alias: None,
        integration: None,
        environment: None,
        url: "base_uri",
        mid_server: None,
    },
];

/// The table of a type of resource.
pub fn table_of(type_name: &str) -> Option<&'static str> {
    let definition = DEFINITIONS.iter().find(|it| it.type_name == type_name)?;
    definition.layout.main().map(|it| it.table)
}

impl Kind {
    /// The types of resources that are of this kind.
    pub fn types(&self) -> Vec<&'static str> {
        let is_of = |table: &str, members: Option<&str>| table == self.table || members == Some(self.table);
        DEFINITIONS
            .iter()
            .filter(|it| {
                it.layout.main().is_some_and(|main| is_of(main.table, it.exclusive.map(|it| it.members)))
            })
            .map(|it| it.type_name)
            .collect()
    }

    /// Whether the table shows several classes.
    pub fn is_of_classes(&self) -> bool {
        self.alias.is_some()
    }

    /// The columns that are read.
    pub fn columns(&self) -> Vec<&'static str> {
        let names =
            [self.alias.map(|_| ALIAS_NAME), self.integration.map(|_| INTEGRATION_NAME), self.environment];
        let own = [self.alias, self.integration, self.mid_server].into_iter().chain(names).flatten();
        ["name", "active", self.url, SCOPE, "sys_class_name", "sys_updated_by", "sys_updated_on"]
            .into_iter()
            .chain(own)
            .collect()
    }

    /// A connection, from its row.
    pub fn connection(&self, session: &Session, row: &Record) -> Connection {
        let table = if self.is_of_classes() { row.text("sys_class_name") } else { self.table };
        let own = |column: Option<&str>| column.map_or(Attr::Null, |it| text(row.text(it)));
        let url = row.text(self.url);
        let url = match self.direction {
            INBOUND if !url.is_empty() => format!("{}{url}", session.instance),
            _ => url.to_owned(),
        };
        let by_host = || session.environment_hosts.environment_of(&url).map_or(Attr::Null, text);
        let environment = match self.environment {
            Some(column) if !row.text(column).is_empty() => text(row.text(column)),
            _ if self.direction == OUTBOUND => by_host(),
            _ => Attr::Null,
        };
        let type_name = DEFINITIONS.iter().find(|it| it.layout.main().is_some_and(|it| it.table == table));
        Connection {
            id: text(row.text("sys_id")),
            name: text(row.text("name")),
            resource_type: type_name.map_or(Attr::Null, |it| text(it.type_name)),
            table: text(table),
            direction: text(self.direction),
            connection_alias_id: own(self.alias),
            connection_alias: own(self.alias.map(|_| ALIAS_NAME)),
            unifi_integration_id: own(self.integration),
            unifi_integration: own(self.integration.map(|_| INTEGRATION_NAME)),
            environment,
            active: row.get("active").map_or(Attr::Null, |_| Attr::Known(row.flag("active"))),
            url: text(&url),
            mid_server: own(self.mid_server),
            application: text(row.text(SCOPE)),
            updated_by: text(row.text("sys_updated_by")),
            updated_on: text(row.text("sys_updated_on")),
        }
    }
}

/// A text; null where there is none.
fn text(it: &str) -> Attr<String> {
    if it.is_empty() { Attr::Null } else { Attr::Known(it.to_owned()) }
}
