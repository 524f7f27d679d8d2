//! Carrying out a switch that was planned, and letting go.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Apply, State};

use super::Pointer;
use super::foreign::{self, OnForeign};
use super::memory::Memory;
use super::verify::Verify;
use crate::claims::member::id;
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::{OnConflict, Session};
use crate::switch::{self, Group, Row};

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// One change that was planned.
pub struct Work<'a> {
    /// What it points among.
    pub pointer: &'static Pointer,
    /// Talks to the instance.
    pub session: &'a Session,
    /// What Terraform asks for.
    pub change: &'a Apply,
}

impl Work<'_> {
    /// Makes the wished connection the only active one.
    ///
    /// # Errors
    /// One message that says what was refused and what is active now.
    pub async fn activate(&self, outside: &Outside, mut planned: Object) -> Result<State, Diagnostics> {
        let exclusive = self.pointer.exclusive;
        let (Some(group_id), Some(wish)) =
            (id(&planned, self.pointer.group_id), id(&planned, "connection_id"))
        else {
            return Err(errors::bug("a planned activation has no ids").into());
        };
        match switch::group(self.session, exclusive, &group_id).await? {
            None => {
                let attribute = self.pointer.group_id;
                return Err(errors::no_such_group(exclusive, attribute, group_id.as_str()).into());
            }
            Some(record) if exclusive.allows_several(&record) => {
                return Err(errors::several_allowed(exclusive, record.text(exclusive.group_name)).into());
            }
            Some(_) => {}
        }
        let group = Group::new(self.session, exclusive, group_id.clone());
        let doing = Doing {
            verb: "read the active connection of",
            noun: exclusive.group_noun,
            name: group_id.as_str(),
        };
        let before = group.rows().await.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
        let rivals: Vec<&Row> =
            before.iter().filter(|it| it.member.active && it.member.sys_id != wish).collect();
        self.as_planned(&planned, &rivals, group_id.as_str())?;
        let is_settled = rivals.is_empty() && before.iter().any(|it| it.member.active);
        let verify = Verify::of(&planned).filter(|_| !is_settled);
        if let Some(verify) = &verify {
            verify.before(outside, &group, &wish).await?;
        }
        let after = group.switch(Some(&wish)).await?;
        if let Some(verify) = &verify {
            verify.after(outside, &group, &wish, &before).await?;
        }
        self.fill(&mut planned, &rivals, &group_id).await?;
        let active: Vec<Row> = after.into_iter().filter(|it| it.member.active).collect();
        let declared =
            self.change.config.as_ref().and_then(|it| it.get("connection_id")?.as_str().map(str::to_owned));
        Ok(State { object: planned, private: Memory::seen(&active, declared).bytes() })
    }

    /// What could not be promised before.
    async fn fill(&self, planned: &mut Object, rivals: &[&Row], group: &SysId) -> Result<(), Diagnostics> {
        planned.insert("id".to_owned(), Value::string(group.as_str()));
        let is_open = |planned: &Object, name: &str| planned.get(name).is_none_or(Value::is_unknown);
        if is_open(planned, "deactivates") {
            let names = rivals.iter().map(|it| Value::string(it.name.clone()));
            planned.insert("deactivates".to_owned(), Value::List(names.collect()));
        }
        if is_open(planned, "previous_connection_id") {
            let previous = rivals.first().map_or(Value::Null, |it| Value::string(it.member.sys_id.as_str()));
            planned.insert("previous_connection_id".to_owned(), previous);
        }
        let (Some(attribute), Some(column)) = (self.pointer.group_active, self.pointer.exclusive.group_flag)
        else {
            return Ok(());
        };
        let Some(record) = switch::group(self.session, self.pointer.exclusive, group).await? else {
            return Ok(());
        };
        if !record.flag(column) {
            let name = record.text(self.pointer.exclusive.group_name);
            self.session.say(errors::group_does_not_follow(self.pointer.exclusive, name));
        }
        if is_open(planned, attribute) {
            self.pointer.show_group(planned, &record);
        }
        Ok(())
    }

    /// Nothing is switched off that the plan could not have named.
    fn as_planned(&self, planned: &Object, rivals: &[&Row], group: &str) -> Result<(), Diagnostics> {
        let exclusive = self.pointer.exclusive;
        if self.change.prior.is_none() {
            let names: Vec<String> = rivals.iter().map(|it| it.name.clone()).collect();
            let problems = foreign::before_create(exclusive, OnForeign::of(planned), group, &names);
            return if problems.has_errors() { Err(problems) } else { Ok(()) };
        }
        let wish = planned.get("connection_id").and_then(Value::as_str).unwrap_or_default();
        let memory = Memory::of(&self.change.private);
        if OnForeign::of(planned) == OnForeign::Error {
            let is_foreign = |it: &&&Row| Some(it.member.sys_id.as_str()) != memory.declared.as_deref();
            let names: Vec<String> = rivals.iter().filter(is_foreign).map(|it| it.name.clone()).collect();
            let problems = foreign::before_create(exclusive, OnForeign::Error, group, &names);
            if problems.has_errors() {
                return Err(problems);
            }
        }
        let new = foreign::since_the_plan(rivals.iter().copied(), &memory, wish);
        if new.is_empty() || self.session.on_conflict == OnConflict::Overwrite {
            return Ok(());
        }
        Err(errors::activated_meanwhile(exclusive, group, &new).into())
    }
}

/// Lets go of the group: what was declared stays active, or is switched off.
///
/// # Errors
/// It could not be switched off.
pub async fn destroy(
    pointer: &'static Pointer,
    session: &Session,
    prior: &Object,
) -> Result<(), Diagnostics> {
    if prior.get("on_destroy").and_then(Value::as_str) != Some("deactivate") {
        return Ok(());
    }
    let (Some(group), Some(declared)) = (id(prior, pointer.group_id), id(prior, "connection_id")) else {
        return Ok(());
    };
    // A replacement that was created first has chosen it again, or another resource has taken over.
    if session.claims.is_chosen(&group, &declared) {
        return Ok(());
    }
    Group::new(session, pointer.exclusive, group).switch_off(&declared).await
}
