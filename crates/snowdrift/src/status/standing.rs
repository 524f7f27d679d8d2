//! How the connections of a comparison stand, by the rules of the inventory: from the tables that the comparison has read, and
//! from the few others that these rules look at.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Query, Record, TableName};
use terraform_provider_servicenow::data_sources::connection_status::derive::unifi;
use terraform_provider_servicenow::dialects::GROUPS;
use terraform_provider_servicenow::outside::Outside;

use super::{
    CHANGE, COLUMNS, CONNECTIONS, CREDENTIALS, Known, OAUTH, TOKEN, TOKENS, UNIFI_CONNECTIONS,
    UNIFI_INTEGRATIONS, by_owner, unifi_columns,
};
use crate::compare::tables::Tables;
use crate::live::Live;
use crate::report::{ConnectionLine, IntegrationLine};

/// Credentials up to which each is asked for by its id, so many in one request; beyond it the table is read.
const IDS_MAX: usize = 40;

/// Says of each connection how it stands, and why. A table that is closed to this user counts as empty.
pub async fn stand(live: &Live, lines: &mut [IntegrationLine], tables: &Tables) {
    let read = Read::of(live, lines, tables).await;
    let known = read.known(live, tables);
    for line in lines {
        let integration = read.integrations.get(&line.sys_id).cloned().unwrap_or_default();
        let is_unifi = line.table == UNIFI_INTEGRATIONS;
        for connection in &mut line.connections {
            let Some(row) = row(&line.table, connection, tables, &read) else { continue };
            let stood =
                if is_unifi { known.unifi_connection(row, &integration) } else { known.connection(row) };
            connection.status = stood.status;
            connection.status_reason = stood.status_reason;
            connection.endpoint = connection.endpoint.take().or(stood.endpoint);
        }
    }
}

/// The row of a connection: what was read for its status, else what was read for the comparison.
fn row<'a>(
    groups: &str,
    connection: &ConnectionLine,
    tables: &'a Tables,
    read: &'a Read,
) -> Option<&'a Record> {
    let compared = || compared(groups, connection, tables);
    read.connections.get(&connection.sys_id).or_else(compared)
}

/// The row that the comparison has read.
fn compared<'a>(groups: &str, connection: &ConnectionLine, tables: &'a Tables) -> Option<&'a Record> {
    let exclusive = GROUPS.iter().find(|it| it.groups == groups)?;
    tables.members(exclusive)?.row(&connection.sys_id)
}

/// What was read beside the tables of the comparison, by id.
#[derive(Default)]
struct Read {
    credentials: BTreeMap<String, Record>,
    tokens: Option<Vec<Record>>,
    integrations: BTreeMap<String, Record>,
    connections: BTreeMap<String, Record>,
}

impl Read {
    async fn of(live: &Live, lines: &[IntegrationLine], tables: &Tables) -> Read {
        let mut read = Read::default();
        let of_unifi: BTreeSet<&str> =
            lines.iter().filter(|it| it.table == UNIFI_INTEGRATIONS).map(|it| it.sys_id.as_str()).collect();
        if !of_unifi.is_empty() {
            read.integrations =
                chosen(live, UNIFI_INTEGRATIONS, "sys_id", &of_unifi, &unifi::INTEGRATION).await;
            let columns: Vec<&str> = unifi_columns().into_iter().chain(CHANGE).collect();
            read.connections = chosen(live, UNIFI_CONNECTIONS, "integration", &of_unifi, &columns).await;
        }
        let bare = bare(lines, tables);
        read.connections.extend(chosen(live, CONNECTIONS, "sys_id", &bare, &COLUMNS).await);
        let used = used(lines, tables);
        let unread: BTreeSet<&str> =
            used.iter().copied().filter(|it| credential(tables, it).is_none()).collect();
        read.credentials =
            chosen(live, CREDENTIALS, "sys_id", &unread, &["name", "active", "sys_class_name"]).await;
        let is_oauth = |id: &&str| {
            let row = credential(tables, id).or_else(|| read.credentials.get(*id));
            row.is_some_and(|it| it.text("sys_class_name") == OAUTH)
        };
        let has_profile = |it: &Record| it.flag("active") && unifi::has_tokens(it);
        if used.iter().any(is_oauth) || read.connections.values().any(has_profile) {
            read.tokens = tokens(live).await;
        }
        read
    }

    fn known<'a>(&'a self, live: &'a Live, tables: &'a Tables) -> Known<'a> {
        let own = self.credentials.iter().map(|(id, it)| (id.as_str(), it));
        let compared = tables.types().filter(|it| it.0.ends_with("_credential"));
        let compared = compared.flat_map(|it| it.1.rows()).map(|(id, it)| (id.as_str(), it));
        Known {
            now: Outside::default().now(),
            hosts: live.session.environment_hosts.as_ref(),
            credentials: own.chain(compared).collect(),
            tokens: self.tokens.as_deref().map(by_owner),
            all_tokens: self.tokens.as_deref(),
        }
    }
}

/// Active connections of classes that nothing declares: the comparison has not read where they lead.
fn bare<'a>(lines: &'a [IntegrationLine], tables: &Tables) -> BTreeSet<&'a str> {
    let native = lines.iter().filter(|it| it.table != UNIFI_INTEGRATIONS);
    let active =
        native.flat_map(|line| line.connections.iter().filter(|it| it.active).map(move |it| (line, it)));
    let is_bare = |line: &IntegrationLine, it: &ConnectionLine| {
        compared(&line.table, it, tables).is_some_and(|it| it.get("connection_url").is_none())
    };
    active.filter(|(line, it)| is_bare(line, it)).map(|(_, it)| it.sys_id.as_str()).collect()
}

/// The credentials that active connections use: of the others nothing is asked.
fn used<'a>(lines: &[IntegrationLine], tables: &'a Tables) -> BTreeSet<&'a str> {
    let rows = lines.iter().flat_map(|line| {
        let active = line.connections.iter().filter(|it| it.active);
        active.filter_map(|it| compared(&line.table, it, tables))
    });
    rows.map(|it| it.text("credential")).filter(|it| !it.is_empty()).collect()
}

/// A credential that the comparison has read.
fn credential<'a>(tables: &'a Tables, id: &str) -> Option<&'a Record> {
    let types = tables.types().filter(|it| it.0.ends_with("_credential"));
    types.filter_map(|it| it.1.row(id)).next()
}

/// The rows that hold one of these ids in a column, by their own; of many the whole table.
async fn chosen(
    live: &Live,
    table: &str,
    column: &str,
    ids: &BTreeSet<&str>,
    columns: &[&str],
) -> BTreeMap<String, Record> {
    let rows = if ids.is_empty() {
        Some(Vec::new())
    } else if ids.len() > IDS_MAX {
        whole(live, table, columns).await
    } else {
        let ids: Vec<&str> = ids.iter().copied().collect();
        match (table.parse::<TableName>(), Query::new().is_in(column, &ids)) {
            (Ok(table), Ok(query)) => live.session.client.list(&table, &query, columns).await.ok(),
            _ => None,
        }
    };
    rows.unwrap_or_default().into_iter().map(|it| (it.text("sys_id").to_owned(), it)).collect()
}

/// Every token; nothing where they are not for this user.
async fn tokens(live: &Live) -> Option<Vec<Record>> {
    let rows = whole(live, TOKENS, &TOKEN).await?;
    let table = TOKENS.parse::<TableName>().ok()?;
    let is_hidden = rows.is_empty() && matches!(live.session.client.sees(&table).await, Ok((0, 1..)));
    (!is_hidden).then_some(rows)
}

async fn whole(live: &Live, table: &str, columns: &[&str]) -> Option<Vec<Record>> {
    live.session.client.list(&table.parse::<TableName>().ok()?, &Query::new(), columns).await.ok()
}
