//! What is active now in all integrations of an environment: two kinds of lists, however many integrations there are.

use std::collections::BTreeMap;

use servicenow_client::Client;
use servicenow_core::{ServiceError, SysId};
use tf_core::{Diagnostics, Value};
use tf_plugin::{ReadOutcome, State};

use super::memory::Memory;
use super::{EXCLUSIVE, choices_of};
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::{Groups, Row};

/// One alias as it is now.
#[derive(Clone, Debug)]
pub struct Alias {
    /// How people know it.
    pub name: String,
    /// Whether it may have several active connections.
    pub allows_several: bool,
    /// Its connections.
    pub rows: Vec<Row>,
}

impl Alias {
    /// The only active connection. With several active ones it is one that `declared` does not name, so that a plan shows
    /// a change.
    pub fn winner(&self, declared: Option<&SysId>) -> Option<SysId> {
        let active = || self.rows.iter().filter(|it| it.member.active).map(|it| &it.member.sys_id);
        active().find(|it| Some(*it) != declared).or(active().next()).cloned()
    }

    /// Whether this one is active and no other.
    pub fn is_settled_on(&self, wish: &SysId) -> bool {
        self.rows.iter().filter(|it| it.member.active).all(|it| it.member.sys_id == *wish)
            && self.rows.iter().any(|it| it.member.active)
    }
}

/// Every alias that is there, by its sys_id.
///
/// # Errors
/// A request failed.
pub async fn look(client: &Client, ids: &[SysId]) -> Result<BTreeMap<SysId, Alias>, ServiceError> {
    let groups = Groups { client, exclusive: EXCLUSIVE, ids };
    let mut rows = groups.rows().await?;
    let alias = |(id, record): (SysId, servicenow_core::Record)| {
        let rows = rows.remove(&id).unwrap_or_default();
        let name = record.text(EXCLUSIVE.group_name).to_owned();
        let allows_several = record.flag(EXCLUSIVE.group_allows_several);
        (id, Alias { name, allows_several, rows })
    };
    Ok(groups.records().await?.into_iter().map(alias).collect())
}

/// The names of everything that was seen.
pub fn remember(seen: &BTreeMap<SysId, Alias>) -> Memory {
    let mut memory = Memory::default();
    seen.iter().for_each(|(id, it)| memory.see(id, &it.name, &it.rows));
    memory
}

/// The live winners. An alias that is not there any more has none.
///
/// # Errors
/// A request failed.
pub async fn read(session: &Session, state: State) -> Result<ReadOutcome, Diagnostics> {
    let declared = choices_of(&state.object);
    let ids: Vec<SysId> = declared.keys().cloned().collect();
    let name = state.object.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let doing = Doing { verb: "read", noun: "environment", name: &name };
    let seen = look(&session.client, &ids)
        .await
        .map_err(|error| errors::service(&doing, &error, "The state is unchanged."))?;
    let before = Memory::of(&state.private);
    let mut diagnostics = Diagnostics::none();
    let mut connections = tf_core::Object::new();
    for (id, declared) in &declared {
        let winner = seen.get(id).and_then(|it| it.winner(declared.as_ref()));
        if let (Some(alias), Some(declared)) = (seen.get(id), declared)
            && winner.as_ref() != Some(declared)
        {
            let active: Vec<Row> = alias.rows.iter().filter(|it| it.member.active).cloned().collect();
            let known = before.connection(id, Some(declared));
            diagnostics.push(errors::switched_outside(EXCLUSIVE, &alias.name, &known, &active));
        }
        let winner = winner.map_or(Value::Null, |it| Value::string(it.as_str()));
        connections.insert(id.to_string(), winner);
    }
    let mut object = state.object;
    object.insert("connections".to_owned(), Value::Map(connections));
    Ok(ReadOutcome { diagnostics, ..State { object, private: remember(&seen).bytes() }.into() })
}
