//! What is active now, as a refresh sees it.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Value};
use tf_plugin::{ReadOutcome, State};

use super::Pointer;
use super::memory::Memory;
use crate::claims::member::id;
use crate::doubts;
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::{self, Group, Row};
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
    let rows = Group::new(session, exclusive, group).rows().await;
    let rows = rows.map_err(|error| errors::service(&doing, &error, "The state is unchanged."))?;
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
    let mut object = state.object.clone();
    object.insert("connection_id".to_owned(), winner.map_or(Value::Null, |it| Value::string(it.as_str())));
    pointer.show_group(&mut object, &record);
    // What was declared is known from the last apply, or, of an older state, from what it says.
    let declared = Memory::of(&state.private).declared.or(declared.map(|it| it.to_string()));
    let state = State { object, private: Memory::seen(&active, declared).bytes() };
    Ok(ReadOutcome { diagnostics, ..state.into() })
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
