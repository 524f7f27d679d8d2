//! What is active now, as a refresh sees it.

use servicenow_core::{Record, SysId};
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{ReadOutcome, State};

use super::Pointer;
use super::drain;
use super::memory::Memory;
use super::wish;
use crate::claims::member::id;
use crate::dialects::Exclusive;
use crate::doubts;
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::{self, Group, Row, in_order, name_of, paused};
use crate::tables;

/// The live winner. With several active ones it is one that the state does not know, so that the plan shows a change.
pub async fn read(
    pointer: &'static Pointer,
    session: &Session,
    state: State,
) -> Result<ReadOutcome, Diagnostics> {
    let exclusive = pointer.exclusive;
    let Some(group) = id(&state.object, pointer.group_id) else {
        return Err(errors::bug("an activation has no group").into());
    };
    let Some(record) = switch::group(session, exclusive, &group).await? else {
        return gone(pointer, session, &group).await;
    };
    let name = record.text(exclusive.group_name).to_owned();
    let doing = Doing { verb: "read the active connection of", noun: exclusive.group_noun, name: &name };
    let failed = |error| Diagnostics::from(errors::service(&doing, &error, "The state is unchanged."));
    let group = Group::new(session, exclusive, group).among(&wish::known(pointer, &state.object));
    if let Some(attribute) = several(pointer, &state.object, &record) {
        let rows = group.placed_rows().await.map_err(failed)?;
        return Ok(read_several(pointer, attribute, &state, &name, &rows));
    }
    let rows = group.rows().await.map_err(failed)?;
    let declared = id(&state.object, "connection_id");
    let active: Vec<Row> = rows.iter().filter(|it| it.member.active).cloned().collect();
    let stranger = active.iter().find(|it| Some(&it.member.sys_id) != declared.as_ref());
    let winner = stranger.or(active.first()).map(|it| it.member.sys_id.clone());
    let mut diagnostics = Diagnostics::none();
    if let Some(declared) = declared.as_ref().filter(|it| winner.as_ref() != Some(it)) {
        let before = rows.iter().find(|it| it.member.sys_id == *declared);
        let before = before.map_or(declared.to_string(), |it| it.name.clone());
        diagnostics.push(errors::switched_outside(exclusive, &name, &before, &active));
    }
    if is_paused(session, exclusive, &state.object, &record).await {
        diagnostics.push(errors::group_is_paused(exclusive, &name, &group.id));
    }
    let mut object = state.object.clone();
    object.insert("connection_id".to_owned(), winner.map_or(Value::Null, |it| Value::string(it.as_str())));
    pointer.show_group(&mut object, &record);
    // What was declared is known from the last apply, or, of an older state, from what it says.
    let declared = Memory::of(&state.private).declared.or(declared.map(|it| vec![it.to_string()]));
    let state = State { object, private: Memory::seen(&active, declared).bytes() };
    Ok(ReadOutcome { diagnostics, ..state.into() })
}

/// Whether the group is paused, where a switch of ours may have left it so: a process that was killed says nothing. What the
/// instance calls that state is of no importance to anything else here, so that a failure to find out is none.
async fn is_paused(session: &Session, exclusive: &Exclusive, object: &Object, group: &Record) -> bool {
    let Some(traffic) = exclusive.traffic.filter(|_| drain::of(object).is_some()) else { return false };
    let state = group.text(traffic.state.column);
    paused(session, traffic).await.is_ok_and(|it| it == state)
}

/// The attribute that shows several, where the state declares several. A state that declares nothing, as after an import,
/// shows what the group allows.
fn several(pointer: &'static Pointer, object: &Object, group: &Record) -> Option<&'static str> {
    let is_set = |name: &str| object.get(name).is_some_and(|it| !it.is_null());
    let allows = pointer.exclusive.allows_several(group) && !is_set(wish::ONE);
    pointer.several.filter(|it| is_set(it) || allows)
}

/// The live winners in the order in which the instance has them.
fn read_several(
    pointer: &'static Pointer,
    attribute: &'static str,
    state: &State,
    name: &str,
    rows: &[Row],
) -> ReadOutcome {
    let known = wish::known(pointer, &state.object);
    let active: Vec<Row> = in_order(rows, &known).into_iter().filter(|it| it.member.active).collect();
    let live: Vec<SysId> = active.iter().map(|it| it.member.sys_id.clone()).collect();
    let mut diagnostics = Diagnostics::none();
    if !known.is_empty() && known != live {
        let names = known.iter().map(|id| name_of(rows, id)).collect::<Vec<_>>();
        diagnostics.push(errors::several_switched_outside(pointer.exclusive, name, &names, &active));
    }
    let mut object = state.object.clone();
    object.insert(wish::ONE.to_owned(), Value::Null);
    let ids = live.iter().map(|it| Value::string(it.as_str())).collect();
    object.insert(attribute.to_owned(), Value::List(ids));
    let known: Vec<String> = known.iter().map(SysId::to_string).collect();
    let declared = Memory::of(&state.private).declared.or(Some(known).filter(|it| !it.is_empty()));
    let state = State { object, private: Memory::seen(&active, declared).bytes() };
    ReadOutcome { diagnostics, ..state.into() }
}

/// The group does not answer: gone, or hidden from this user. A hidden one must not be dropped from the state.
async fn gone(
    pointer: &'static Pointer,
    session: &Session,
    group: &SysId,
) -> Result<ReadOutcome, Diagnostics> {
    let exclusive = pointer.exclusive;
    let doing = Doing { verb: "read", noun: exclusive.group_noun, name: group.as_str() };
    let table = tables::table(exclusive.groups)?;
    match session.client.is_hidden(&table, group).await {
        Ok(false) => Ok(ReadOutcome::default()),
        Ok(true) => {
            let roles = doubts::roles_to_read(session, exclusive.groups, exclusive.roles).await;
            Err(errors::hidden_record(&doing, exclusive.groups, &roles).into())
        }
        Err(error) => Err(errors::service(&doing, &error, "The state is unchanged.").into()),
    }
}
