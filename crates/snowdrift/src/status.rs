//! How integrations stand on an instance: connections, credentials and what other systems call, each with one of the five
//! statuses of ServiceNow's own overview.
//!
//! Tables are read in pages, and never a record alone, so that ten thousand connections take some dozen requests. How a
//! connection stands is derived by the rules of the provider's own data source.

pub mod document;
pub mod page;
pub mod select;
pub mod standing;
pub mod table;
pub mod text;

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::Record;
use terraform_provider_servicenow::data_sources::connection_status::derive::native::{Credential, Facts};
use terraform_provider_servicenow::data_sources::connection_status::derive::{
    Standing, Token, inbound, unifi,
};
use terraform_provider_servicenow::data_sources::connection_status::tokens_of;
use terraform_provider_servicenow::environment_hosts::EnvironmentHosts;
use terraform_provider_servicenow::outside::Outside;
use terraform_provider_servicenow::registry::DEFINITIONS;
use tf_core::Diagnostics;

use crate::live::Live;
use crate::progress::Watch;
use crate::report::{ConnectionLine, IntegrationLine, Status};
use document::{CredentialLine, InboundLine, StatusReport};
use table::Tables;

/// What every record tells of its last change.
const CHANGE: [&str; 2] = ["sys_updated_by", "sys_updated_on"];

const ALIASES: &str = "sys_alias";
const CONNECTIONS: &str = "sys_connection";
const CREDENTIALS: &str = "discovery_credentials";
const TOKENS: &str = "oauth_credential";
const INBOUND: &str = "sys_ws_definition";
const OPERATIONS: &str = "sys_ws_operation";
const UNIFI_INTEGRATIONS: &str = "x_snd_eb_integration";
const UNIFI_CONNECTIONS: &str = "x_snd_eb_connection";

/// What is asked of a connection.
const COLUMNS: [&str; 6] =
    ["name", "active", "connection_alias", "connection_url", "credential", "sys_class_name"];

/// The column of a token that leads to its credential.
const TOKEN_OWNER: &str = "oauth_requestor_profile.requestor";

/// What is asked of a token: what it is made of never.
const TOKEN: [&str; 4] = ["type", "expires", TOKEN_OWNER, "oauth_entity_profile"];

/// The column by which a connection of Unifi names its environment.
const ENVIRONMENT: &str = "environment.name";

/// The class of credentials that tokens belong to.
const OAUTH: &str = "oauth_2_0_credentials";

/// Every integration with its connections, by name.
///
/// # Errors
/// The instance does not answer. A table that is closed to this user counts as empty.
pub async fn inventory(live: &Live, watch: &dyn Watch) -> Result<Vec<IntegrationLine>, Diagnostics> {
    look(live, watch).await.map(|it| it.integrations)
}

/// Tables that are read: of those that are not there, or that nothing leads to, none is.
const TABLES_MAX: usize = 8;

/// Everything, with what could not be seen.
///
/// # Errors
/// The instance does not answer.
pub async fn look(live: &Live, watch: &dyn Watch) -> Result<StatusReport, Diagnostics> {
    watch.begins(&format!("tables of {}", live.name), TABLES_MAX);
    let mut tables = Tables::of(live, watch);
    let now = Outside::default().now();
    let aliases = tables.rows(ALIASES, &["name", "id"]).await?;
    let connections = tables.rows(CONNECTIONS, &COLUMNS).await?;
    let credentials = tables.rows(CREDENTIALS, &["name", "active", "sys_class_name"]).await?;
    let of_unifi = OfUnifi::read(&mut tables).await?;
    let has_oauth = credentials.iter().any(|it| it.text("sys_class_name") == OAUTH);
    let tokens =
        if has_oauth || of_unifi.needs_tokens() { Some(tables.rows(TOKENS, &TOKEN).await?) } else { None };
    let inbound = tables.rows(INBOUND, &["name", "active", "base_uri"]).await?;
    let operations =
        tables.rows(OPERATIONS, &["web_service_definition", inbound::OPERATION[0], "active"]).await?;
    let sees_operations = !tables.is_closed(OPERATIONS);
    let tokens = tokens.filter(|_| !tables.is_closed(TOKENS));
    let known = Known {
        now: now.clone(),
        hosts: live.session.environment_hosts.as_ref(),
        credentials: credentials.iter().map(|it| (it.text("sys_id"), it)).collect(),
        tokens: tokens.as_deref().map(by_owner),
        all_tokens: tokens.as_deref(),
    };
    let mut integrations = known.integrations(&aliases, &connections);
    integrations.extend(known.of_unifi(&of_unifi));
    integrations.sort_by(|one, other| (&one.name, &one.sys_id).cmp(&(&other.name, &other.sys_id)));
    Ok(StatusReport {
        format_version: document::FORMAT_VERSION,
        snowdrift_version: env!("CARGO_PKG_VERSION").to_owned(),
        looked_at: format!("{}Z", now.replace(' ', "T")),
        instance: live.name.clone(),
        url: live.url.clone(),
        user: live.user.clone(),
        credentials: known.credential_lines(&credentials, &connections),
        inbound: inbound_lines(&now, &inbound, sees_operations.then_some(operations.as_slice())),
        integrations,
        unseen: tables.unseen(),
    })
}

fn by_owner(tokens: &[Record]) -> BTreeMap<&str, Vec<Token>> {
    let mut owners: BTreeMap<&str, Vec<Token>> = BTreeMap::new();
    for token in tokens {
        owners.entry(token.text(TOKEN_OWNER)).or_default().push(Token::of(token));
    }
    owners
}

/// What is known of the whole instance.
struct Known<'a> {
    now: String,
    hosts: &'a EnvironmentHosts,
    credentials: BTreeMap<&'a str, &'a Record>,
    /// Tokens by the credential that they belong to; `None` where they may not be read.
    tokens: Option<BTreeMap<&'a str, Vec<Token>>>,
    /// The same as they are.
    all_tokens: Option<&'a [Record]>,
}

impl Known<'_> {
    fn integrations(&self, aliases: &[Record], connections: &[Record]) -> Vec<IntegrationLine> {
        let mut members: BTreeMap<&str, Vec<ConnectionLine>> = BTreeMap::new();
        for it in connections {
            members.entry(it.text("connection_alias")).or_default().push(self.connection(it));
        }
        let line = |it: &Record| {
            let mut connections = members.remove(it.text("sys_id")).unwrap_or_default();
            connections.sort_by(|one, other| (&one.name, &one.sys_id).cmp(&(&other.name, &other.sys_id)));
            let name = it.text("name");
            IntegrationLine {
                name: if name.is_empty() { it.text("sys_id") } else { name }.to_owned(),
                table: ALIASES.to_owned(),
                sys_id: it.text("sys_id").to_owned(),
                address: None,
                connections,
            }
        };
        let mut lines: Vec<IntegrationLine> = aliases.iter().map(line).collect();
        // Connections of an alias that may not be seen, or that is gone, are still connections.
        lines.extend(members.into_iter().map(|(alias, connections)| IntegrationLine {
            name: if alias.is_empty() { "(no alias)".to_owned() } else { format!("(alias {alias})") },
            table: ALIASES.to_owned(),
            sys_id: alias.to_owned(),
            address: None,
            connections,
        }));
        lines
    }

    fn connection(&self, row: &Record) -> ConnectionLine {
        let endpoint = row.text("connection_url");
        let (status, reason) = self.standing(row);
        ConnectionLine {
            name: row.text("name").to_owned(),
            type_name: type_of(row.text("sys_class_name")),
            sys_id: row.text("sys_id").to_owned(),
            address: None,
            environment: environment(self.hosts, endpoint),
            endpoint: shown(endpoint),
            active: row.flag("active"),
            declared_active: None,
            status,
            status_reason: Some(reason),
            changed_by: Some(row.text(CHANGE[0]).to_owned()).filter(|it| !it.is_empty()),
            changed_on: moment(row.text(CHANGE[1])),
        }
    }

    /// How one connection stands: as an alias stands that has no other.
    fn standing(&self, row: &Record) -> (Status, String) {
        if !row.flag("active") {
            return stood(Standing::inactive(row));
        }
        let id = row.text("credential");
        let credential = (!id.is_empty()).then(|| self.credential(id));
        let is_oauth = matches!(&credential, Some(Credential::There { class, .. }) if class == OAUTH);
        let tokens = self.tokens.as_ref().filter(|_| is_oauth);
        let facts = Facts {
            now: self.now.clone(),
            connections: vec![row.clone()],
            credential,
            tokens: tokens.map(|it| it.get(id).cloned().unwrap_or_default()),
            probe: None,
        };
        stood(facts.standing())
    }

    fn credential(&self, id: &str) -> Credential {
        match self.credentials.get(id) {
            Some(row) => Credential::There {
                name: row.text("name").to_owned(),
                active: row.get("active").is_none_or(|_| row.flag("active")),
                class: row.text("sys_class_name").to_owned(),
            },
            None => Credential::Unseen,
        }
    }

    fn credential_lines(&self, credentials: &[Record], connections: &[Record]) -> Vec<CredentialLine> {
        let mut users: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for it in connections {
            users.entry(it.text("credential")).or_default().insert(it.text("name").to_owned());
        }
        let line = |it: &Record| {
            let (status, reason) = self.credential_standing(it);
            CredentialLine {
                name: it.text("name").to_owned(),
                type_name: type_of(it.text("sys_class_name")),
                sys_id: it.text("sys_id").to_owned(),
                status,
                status_reason: reason,
                used_by: users.remove(it.text("sys_id")).unwrap_or_default().into_iter().collect(),
                changed_by: Some(it.text(CHANGE[0]).to_owned()).filter(|it| !it.is_empty()),
                changed_on: moment(it.text(CHANGE[1])),
            }
        };
        let mut lines: Vec<CredentialLine> = credentials.iter().map(line).collect();
        lines.sort_by(|one, other| (&one.name, &one.sys_id).cmp(&(&other.name, &other.sys_id)));
        lines
    }

    /// A credential stands as a connection would that has an address and signs in with it.
    fn credential_standing(&self, row: &Record) -> (Status, String) {
        let is_oauth = row.text("sys_class_name") == OAUTH;
        let connection = [("name", row.text("name")), ("active", "true"), ("connection_url", "-")];
        let tokens = self.tokens.as_ref().filter(|_| is_oauth);
        let facts = Facts {
            now: self.now.clone(),
            connections: vec![Record::of(connection)],
            credential: Some(self.credential(row.text("sys_id"))),
            tokens: tokens.map(|it| it.get(row.text("sys_id")).cloned().unwrap_or_default()),
            probe: None,
        };
        match (status(facts.standing().status), is_oauth) {
            (Status::Deactivated, _) => (Status::Deactivated, "it is not active".to_owned()),
            (Status::Configured, false) => (
                Status::Configured,
                "it is active; whether its secret is right shows in use alone".to_owned(),
            ),
            (status, _) => (status, facts.standing().reason),
        }
    }

    fn of_unifi(&self, read: &OfUnifi) -> Vec<IntegrationLine> {
        let line = |it: &Record| {
            let own = read.connections.iter().filter(|row| row.text("integration") == it.text("sys_id"));
            IntegrationLine {
                name: it.text("name").to_owned(),
                table: UNIFI_INTEGRATIONS.to_owned(),
                sys_id: it.text("sys_id").to_owned(),
                address: None,
                connections: own.map(|row| self.unifi_connection(row, it)).collect(),
            }
        };
        read.integrations.iter().map(line).collect()
    }

    fn unifi_connection(&self, row: &Record, integration: &Record) -> ConnectionLine {
        let endpoint = row.text("endpoint_url");
        let (status, reason) = self.unifi_standing(row, integration);
        let named = Some(row.text(ENVIRONMENT).to_owned()).filter(|it| !it.is_empty());
        ConnectionLine {
            name: row.text("name").to_owned(),
            type_name: "servicenow_unifi_connection".to_owned(),
            sys_id: row.text("sys_id").to_owned(),
            address: None,
            environment: named.or_else(|| environment(self.hosts, endpoint)),
            endpoint: shown(endpoint),
            active: row.flag("active"),
            declared_active: None,
            status,
            status_reason: Some(reason),
            changed_by: Some(row.text(CHANGE[0]).to_owned()).filter(|it| !it.is_empty()),
            changed_on: moment(row.text(CHANGE[1])),
        }
    }

    /// How one connection stands: as its integration stands, which has no other active one.
    fn unifi_standing(&self, row: &Record, integration: &Record) -> (Status, String) {
        if !row.flag("active") {
            return stood(Standing::inactive(row));
        }
        let facts = unifi::Facts {
            now: self.now.clone(),
            integration: integration.clone(),
            connections: vec![row.clone()],
            tokens: self.all_tokens.filter(|_| unifi::has_tokens(row)).map(|it| tokens_of(row, it)),
            heartbeat: None,
            probe: None,
        };
        stood(facts.standing())
    }
}

/// The tables of Unifi, empty where there are none.
struct OfUnifi {
    integrations: Vec<Record>,
    connections: Vec<Record>,
}

impl OfUnifi {
    async fn read(tables: &mut Tables<'_>) -> Result<OfUnifi, Diagnostics> {
        let integrations = tables.rows_if_any(UNIFI_INTEGRATIONS, &unifi::INTEGRATION).await?;
        let connections = match integrations.is_empty() {
            true => Vec::new(),
            false => tables.rows_if_any(UNIFI_CONNECTIONS, &unifi_columns()).await?,
        };
        Ok(OfUnifi { integrations, connections })
    }

    fn needs_tokens(&self) -> bool {
        self.connections.iter().any(|it| it.flag("active") && unifi::has_tokens(it))
    }
}

/// What is asked of a connection of Unifi.
fn unifi_columns() -> Vec<&'static str> {
    unifi::CONNECTION.into_iter().chain(["integration", ENVIRONMENT]).collect()
}

/// How something stands, for a report.
fn stood(standing: Standing) -> (Status, String) {
    (status(standing.status), standing.reason)
}

/// The APIs; `operations` are all there are, `None` where they may not be seen. Nobody looks who called.
fn inbound_lines(now: &str, definitions: &[Record], operations: Option<&[Record]>) -> Vec<InboundLine> {
    let mut owned: BTreeMap<&str, Vec<Record>> = BTreeMap::new();
    for it in operations.into_iter().flatten() {
        owned.entry(it.text("web_service_definition")).or_default().push(it.clone());
    }
    let line = |row: &Record| {
        let facts = inbound::Facts {
            now: now.to_owned(),
            definition: row.clone(),
            operations: operations.map(|_| owned.remove(row.text("sys_id")).unwrap_or_default()),
            keys: None,
            calls: None,
        };
        let (status, reason) = stood(facts.standing());
        InboundLine {
            name: row.text("name").to_owned(),
            sys_id: row.text("sys_id").to_owned(),
            status,
            status_reason: Some(reason),
            path: Some(row.text("base_uri").to_owned()).filter(|it| !it.is_empty()),
            changed_by: Some(row.text(CHANGE[0]).to_owned()).filter(|it| !it.is_empty()),
            changed_on: moment(row.text(CHANGE[1])),
        }
    };
    definitions.iter().map(line).collect()
}

/// The Terraform type of a class; the class itself where there is none.
fn type_of(class: &str) -> String {
    let definition = DEFINITIONS.iter().find(|it| it.layout.main().is_some_and(|it| it.table == class));
    definition.map_or(class, |it| it.type_name).to_owned()
}

/// The environment whose rule names the host of an endpoint.
fn environment(hosts: &EnvironmentHosts, endpoint: &str) -> Option<String> {
    hosts.environment_of(endpoint).map(str::to_owned)
}

/// An endpoint without a user and a password, and without what could be a key in a query.
fn shown(endpoint: &str) -> Option<String> {
    let endpoint = endpoint.split(['?', '#']).next().filter(|it| !it.is_empty())?;
    let Some((scheme, rest)) = endpoint.split_once("://") else { return Some(endpoint.to_owned()) };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    Some(format!("{scheme}://{host}{path}"))
}

/// `2026-01-31 12:00:00` as `2026-01-31T12:00:00Z`.
fn moment(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| format!("{}Z", text.replace(' ', "T")))
}

/// A status by ServiceNow's own words.
fn status(words: &str) -> Status {
    let all =
        [Status::Configured, Status::Connected, Status::Expired, Status::NotConfigured, Status::Deactivated];
    all.into_iter().find(|it| it.title() == words).unwrap_or(Status::Unknown)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test writes the folder that it looks at")]
mod tests;
