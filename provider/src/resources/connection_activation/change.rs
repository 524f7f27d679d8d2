//! Carrying out a switch that was planned, and letting go.

use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Apply, State};

use super::EXCLUSIVE;
use super::foreign::{self, OnForeign};
use super::memory::Memory;
use super::verify::Verify;
use crate::claims::member::id;
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::{OnConflict, Session};
use crate::switch::{self, Group, Row};

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// Makes the wished connection the only active one.
///
/// # Errors
/// One message that says what was refused and what is active now.
pub async fn activate(
    session: &Session,
    outside: &Outside,
    change: &Apply,
    mut planned: Object,
) -> Result<State, Diagnostics> {
    let (Some(alias), Some(wish)) = (id(&planned, "connection_alias_id"), id(&planned, "connection_id"))
    else {
        return Err(errors::bug("a planned activation has no ids").into());
    };
    match switch::group(session, EXCLUSIVE, &alias).await? {
        None => return Err(errors::no_such_group(EXCLUSIVE, "connection_alias_id", alias.as_str()).into()),
        Some(record) if record.flag(EXCLUSIVE.group_allows_several) => {
            return Err(errors::several_allowed(EXCLUSIVE, record.text(EXCLUSIVE.group_name)).into());
        }
        Some(_) => {}
    }
    let group = Group::new(session, EXCLUSIVE, alias.clone());
    let doing =
        Doing { verb: "read the active connection of", noun: EXCLUSIVE.group_noun, name: alias.as_str() };
    let before = group.rows().await.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
    let rivals: Vec<&Row> = before.iter().filter(|it| it.member.active && it.member.sys_id != wish).collect();
    as_planned(session, change, &planned, &rivals, alias.as_str())?;
    let is_settled = rivals.is_empty() && before.iter().any(|it| it.member.active);
    let verify = Verify::of(&planned).filter(|_| !is_settled);
    if let Some(verify) = &verify {
        verify.before(outside, &group, &wish).await?;
    }
    let after = group.switch(Some(&wish)).await?;
    if let Some(verify) = &verify {
        verify.after(outside, &group, &wish, &before).await?;
    }
    let active: Vec<Row> = after.into_iter().filter(|it| it.member.active).collect();
    if planned.get("deactivates").is_none_or(Value::is_unknown) {
        let names = rivals.iter().map(|it| Value::string(it.name.clone()));
        planned.insert("deactivates".to_owned(), Value::List(names.collect()));
    }
    planned.insert("id".to_owned(), Value::string(alias.as_str()));
    let declared = change.config.as_ref().and_then(|it| it.get("connection_id")?.as_str().map(str::to_owned));
    Ok(State { object: planned, private: Memory::seen(&active, declared).bytes() })
}

/// Nothing is switched off that the plan could not have named.
fn as_planned(
    session: &Session,
    change: &Apply,
    planned: &Object,
    rivals: &[&Row],
    group: &str,
) -> Result<(), Diagnostics> {
    if change.prior.is_none() {
        let names: Vec<String> = rivals.iter().map(|it| it.name.clone()).collect();
        let problems = foreign::before_create(OnForeign::of(planned), group, &names);
        return if problems.has_errors() { Err(problems) } else { Ok(()) };
    }
    let wish = planned.get("connection_id").and_then(Value::as_str).unwrap_or_default();
    let memory = Memory::of(&change.private);
    if OnForeign::of(planned) == OnForeign::Error {
        let is_foreign = |it: &&&Row| Some(it.member.sys_id.as_str()) != memory.declared.as_deref();
        let names: Vec<String> = rivals.iter().filter(is_foreign).map(|it| it.name.clone()).collect();
        let problems = foreign::before_create(OnForeign::Error, group, &names);
        if problems.has_errors() {
            return Err(problems);
        }
    }
    let new = foreign::since_the_plan(rivals.iter().copied(), &memory, wish);
    if new.is_empty() || session.on_conflict == OnConflict::Overwrite {
        return Ok(());
    }
    Err(errors::activated_meanwhile(EXCLUSIVE, group, &new).into())
}

/// Lets go of the alias: what was declared stays active, or is switched off.
///
/// # Errors
/// It could not be switched off.
pub async fn destroy(session: &Session, prior: &Object) -> Result<(), Diagnostics> {
    if prior.get("on_destroy").and_then(Value::as_str) != Some("deactivate") {
        return Ok(());
    }
    let (Some(alias), Some(declared)) = (id(prior, "connection_alias_id"), id(prior, "connection_id")) else {
        return Ok(());
    };
    // A replacement that was created first has chosen it again, or another resource has taken over.
    if session.claims.is_chosen(&alias, &declared) {
        return Ok(());
    }
    Group::new(session, EXCLUSIVE, alias).switch_off(&declared).await
}
