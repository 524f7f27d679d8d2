//! What is known of the credentials of connections before they become active: a few lists, however many there are.

use std::collections::BTreeMap;

use servicenow_core::{Query, Record, ServiceError, SysId};

use super::derive::Token;
use super::derive::native::{Credential, Facts};
use super::looking::is_closed;
use super::looking::native::{OAUTH, REQUESTOR, TOKEN};
use crate::session::Session;
use crate::tables::Table;

/// Ids in one list: their commas and digits have to fit into the address of a request.
const IDS_MAX: usize = 50;

/// Why a connection may not work once it is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// How people know the connection.
    pub name: String,
    /// The state that it would be in.
    pub status: &'static str,
    /// What that was derived from.
    pub reason: String,
}

/// The doubts about connections, from their credentials and tokens. What may not be read casts none.
///
/// # Errors
/// A request failed.
pub async fn doubts(session: &Session, now: &str, ids: &[SysId]) -> Result<Vec<Doubt>, ServiceError> {
    let connections =
        records(session, "sys_connection", "sys_id", &texts(ids), &["name", "credential"]).await?;
    let used: Vec<String> =
        connections.iter().map(|it| it.text("credential").to_owned()).filter(|it| !it.is_empty()).collect();
    let columns = ["name", "active", "sys_class_name"];
    let credentials = records(session, "discovery_credentials", "sys_id", &used, &columns).await?;
    let credentials: BTreeMap<&str, &Record> = credentials.iter().map(|it| (it.text("sys_id"), it)).collect();
    let oauth = credentials.iter().filter(|(_, it)| it.text("sys_class_name") == OAUTH);
    let oauth: Vec<String> = oauth.map(|(id, _)| (*id).to_owned()).collect();
    let columns: Vec<&str> = TOKEN.iter().copied().chain([REQUESTOR]).collect();
    let tokens = match records(session, "oauth_credential", REQUESTOR, &oauth, &columns).await {
        Ok(tokens) => Some(tokens),
        Err(error) if is_closed(&error) => None,
        Err(error) => return Err(error),
    };
    let doubt = |connection: &Record| {
        let credential = credentials.get(connection.text("credential"))?;
        doubt(now, connection, credential, tokens.as_deref())
    };
    Ok(connections.iter().filter_map(doubt).collect())
}

fn doubt(now: &str, connection: &Record, credential: &Record, tokens: Option<&[Record]>) -> Option<Doubt> {
    let mut connection = connection.clone();
    connection.put("active", "true");
    let name = connection.text("name").to_owned();
    let id = credential.text("sys_id");
    let is_oauth = credential.text("sys_class_name") == OAUTH;
    let own = |tokens: &[Record]| -> Vec<Token> {
        tokens.iter().filter(|it| it.text(REQUESTOR) == id).map(Token::of).collect()
    };
    let tokens = tokens.filter(|_| is_oauth).map(own);
    let has_none = tokens.as_ref().is_some_and(Vec::is_empty);
    let facts = Facts {
        now: now.to_owned(),
        connections: vec![connection],
        credential: Some(Credential::There {
            name: credential.text("name").to_owned(),
            active: credential.get("active").is_none_or(|_| credential.flag("active")),
            class: credential.text("sys_class_name").to_owned(),
        }),
        tokens,
        probe: None,
    };
    let standing = facts.standing();
    // What is only configured is in no doubt, unless it shows that nobody ever signed in with it.
    let is_doubtful = match standing.status {
        "Connected" => false,
        "Configured" => has_none,
        _ => true,
    };
    is_doubtful.then_some(Doubt { name, status: standing.status, reason: standing.reason })
}

fn texts(ids: &[SysId]) -> Vec<String> {
    ids.iter().map(SysId::to_string).collect()
}

async fn records(
    session: &Session,
    table: &str,
    column: &str,
    values: &[String],
    columns: &[&str],
) -> Result<Vec<Record>, ServiceError> {
    let mut records = Vec::new();
    // A name that is not legal is found by a test of the registry.
    let Ok(table) = Table::of(session, table) else { return Ok(records) };
    for values in values.chunks(IDS_MAX) {
        let Ok(query) = Query::new().is_in(&table.column(column), values) else { continue };
        records.extend(table.list(&query, columns).await?);
    }
    Ok(records)
}
