//! What is active now in all integrations of an environment: two kinds of lists, however many integrations there are.

use std::collections::BTreeMap;

use servicenow_core::{Kind, ServiceError, SysId};
use tf_core::{Diagnostics, Value};
use tf_plugin::{ReadOutcome, State};

use super::choices_of;
use super::memory::Memory;
use crate::dialects::{Exclusive, GROUPS};
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::{Groups, Row, within};

/// One integration as it is now: an alias, or what an application has in its place.
#[derive(Clone, Debug)]
pub struct Alias {
    /// The tables that it lives in.
    pub exclusive: &'static Exclusive,
    /// How people know it.
    pub name: String,
    /// Whether it may have several active connections.
    pub allows_several: bool,
    /// Whether its own flag says that it is active; true where it has none.
    pub is_on: bool,
    /// Its connections.
    pub rows: Vec<Row>,
}

/// The connections that are chosen, or were, by alias or integration: what is active in their domains counts.
pub type Choices = BTreeMap<SysId, Vec<SysId>>;

/// The choices, with what was chosen before in the same integrations.
pub fn choices(wishes: &BTreeMap<SysId, Option<SysId>>, before: &BTreeMap<SysId, Option<SysId>>) -> Choices {
    let of = |(alias, wish): (&SysId, &Option<SysId>)| {
        let before = before.get(alias).cloned().flatten();
        (alias.clone(), wish.iter().cloned().chain(before).collect())
    };
    wishes.iter().map(of).collect()
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

/// Every integration that is there, by its sys_id: what is no alias may be an integration of an application.
///
/// # Errors
/// A request failed.
pub async fn look(session: &Session, choices: &Choices) -> Result<BTreeMap<SysId, Alias>, ServiceError> {
    let ids: Vec<SysId> = choices.keys().cloned().collect();
    let mut seen = BTreeMap::new();
    for exclusive in GROUPS {
        let left: Vec<SysId> = ids.iter().filter(|it| !seen.contains_key(*it)).cloned().collect();
        if left.is_empty() {
            break;
        }
        let records = match (Groups { session, exclusive, ids: &left }).records().await {
            Ok(records) => records,
            // The application is not installed, or not for this user.
            Err(error) if exclusive.is_of_application && is_closed(&error) => continue,
            Err(error) => return Err(error),
        };
        let found: Vec<SysId> = records.keys().cloned().collect();
        if found.is_empty() {
            continue;
        }
        let mut rows = Groups { session, exclusive, ids: &found }.rows().await?;
        seen.extend(records.into_iter().map(|(id, record)| {
            let alias = Alias {
                exclusive,
                name: record.text(exclusive.group_name).to_owned(),
                allows_several: exclusive.allows_several(&record),
                is_on: exclusive.group_flag.is_none_or(|it| record.flag(it)),
                rows: within(
                    rows.remove(&id).unwrap_or_default(),
                    choices.get(&id).map(Vec::as_slice).unwrap_or_default(),
                ),
            };
            (id, alias)
        }));
    }
    Ok(seen)
}

fn is_closed(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Forbidden | Kind::InvalidTable | Kind::NotFound)
}

/// The names of everything that was seen.
pub fn remember(seen: &BTreeMap<SysId, Alias>) -> Memory {
    let mut memory = Memory::default();
    seen.iter().for_each(|(id, it)| memory.see(id, it));
    memory
}

/// The live winners. An alias that is not there any more has none.
///
/// # Errors
/// A request failed.
pub async fn read(session: &Session, state: State) -> Result<ReadOutcome, Diagnostics> {
    let declared = choices_of(&state.object);
    let name = state.object.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let doing = Doing { verb: "read", noun: "environment", name: &name };
    let seen = look(session, &choices(&declared, &BTreeMap::new()))
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
            diagnostics.push(errors::switched_outside(alias.exclusive, &alias.name, &known, &active));
        }
        let winner = winner.map_or(Value::Null, |it| Value::string(it.as_str()));
        connections.insert(id.to_string(), winner);
    }
    let mut object = state.object;
    object.insert("connections".to_owned(), Value::Map(connections));
    Ok(ReadOutcome { diagnostics, ..State { object, private: remember(&seen).bytes() }.into() })
}
