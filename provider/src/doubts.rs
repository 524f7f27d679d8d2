//! Columns in doubt: why one is not stored as it was sent, or does not show, from what the instance tells about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use servicenow_client::Access;
use servicenow_core::suspicion::{Evidence, Known};
use servicenow_core::{Description, Dropped, Record, Suspicion, TableName};

use crate::errors::{NotKept, Unseen};
use crate::session::Session;

/// A write and what became of it.
pub struct Outcome<'a> {
    /// The table.
    pub table: &'a str,
    /// What was sent.
    pub sent: &'a BTreeMap<String, String>,
    /// The record before; nothing when it is new.
    pub before: Option<&'a Record>,
    /// The record after.
    pub after: &'a Record,
}

impl Outcome<'_> {
    /// The columns that are not as they were sent, each with the most likely reason.
    pub async fn explained(&self, session: &Session, columns: Vec<Dropped>) -> Vec<NotKept> {
        let mut explained = Vec::new();
        for dropped in columns {
            let why = self.suspicion(session, &dropped.column).await;
            let column = session.columns.shown(self.table, &dropped.column);
            explained.push(NotKept { dropped: Dropped { column, ..dropped }, why });
        }
        explained
    }

    async fn suspicion(&self, session: &Session, column: &str) -> Suspicion {
        let (described, theirs) =
            (session.dictionary(self.table).await, session.columns.shown(self.table, column));
        let similar = described.as_deref().map(|it| similar(it, &theirs)).unwrap_or_default();
        let known = known(described.as_deref(), &theirs, &similar);
        let choices = match (known, self.table.parse::<TableName>()) {
            (Known::Column(it), Ok(table)) if it.takes_choices_only => {
                session.client.choices(&table, &theirs).await
            }
            _ => Arc::default(),
        };
        let suspicion = Evidence {
            sent: self.sent.get(column).map(String::as_str).unwrap_or_default(),
            stored: self.after.get(column),
            before: self.before.map(|it| it.text(column)),
            known,
            choices: &choices,
        }
        .suspicion();
        let access = if self.before.is_none() { Access::Create } else { Access::Write };
        with_roles(session, self.table, &theirs, suspicion, access).await
    }
}

/// Columns that an answer does not hold although they were asked for, each with the reason. Those that the table does not
/// have are left out: whoever wanted to write them has been told. Every column is told once in a run.
pub async fn unseen(session: &Session, table: &str, columns: &[&str]) -> Vec<Unseen> {
    let mut unseen = Vec::new();
    for column in columns.iter().map(|it| session.columns.shown(table, it)) {
        let described = session.dictionary(table).await;
        let why = match described.as_deref() {
            None => Suspicion::NotInAnswer,
            Some(description) if !description.has(&column) => continue,
            Some(_) => Suspicion::NotReadable(Vec::new()),
        };
        if session.is_first(&format!("{table}.{column}")) {
            let why = with_roles(session, table, &column, why, Access::Write).await;
            unseen.push(Unseen { column, why });
        }
    }
    unseen
}

/// The roles that may read a table: those that its access control asks for, or those that are documented.
pub async fn roles_to_read(session: &Session, table: &str, documented: &[&str]) -> Vec<String> {
    let named = match table.parse::<TableName>() {
        Ok(table) => session.client.roles_for(&table, None, Access::Read).await,
        Err(_) => Vec::new(),
    };
    if named.is_empty() { documented.iter().map(|it| (*it).to_owned()).collect() } else { named }
}

fn similar(description: &Description, column: &str) -> Vec<String> {
    description.similar(column).into_iter().map(str::to_owned).collect()
}

fn known<'a>(description: Option<&'a Description>, column: &str, similar: &'a [String]) -> Known<'a> {
    match description {
        None => Known::Nothing,
        Some(it) => it.column(column).map_or(Known::Missing(similar), Known::Column),
    }
}

/// The roles that an access control names, where one can be read. `write` is the kind of write that was tried.
async fn with_roles(
    session: &Session,
    table: &str,
    column: &str,
    why: Suspicion,
    write: Access,
) -> Suspicion {
    let Ok(table) = table.parse::<TableName>() else { return why };
    let roles = |access| session.client.roles_for(&table, Some(column), access);
    match why {
        Suspicion::NotReadable(_) => Suspicion::NotReadable(roles(Access::Read).await),
        Suspicion::NotWritable(_) => {
            let named = roles(write).await;
            // A new record is written by those who may change one, where nothing is said of creating.
            let named = if named.is_empty() { roles(Access::Write).await } else { named };
            Suspicion::NotWritable(named)
        }
        other => other,
    }
}
