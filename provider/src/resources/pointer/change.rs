//! Carrying out a switch that was planned, and letting go.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Apply, State};

use super::drain;
use super::foreign::{self, OnForeign};
use super::memory::Memory;
use super::verify::Verify;
use super::wish::{self, Wish};
use super::{PREVIOUS, PREVIOUS_SEVERAL, Pointer};
use crate::claims::member::id;
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::{OnConflict, Session};
use crate::switch::{self, Group, Row, in_order};

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
    /// Makes the wished connections the only active ones. Besides the state there is what has to be said all the same.
    ///
    /// # Errors
    /// One message that says what was refused and what is active now.
    pub async fn activate(
        &self,
        outside: &Outside,
        mut planned: Object,
    ) -> Result<(State, Diagnostics), Diagnostics> {
        let exclusive = self.pointer.exclusive;
        let (Some(group_id), Some(wish)) =
            (id(&planned, self.pointer.group_id), Wish::of(self.pointer, &planned))
        else {
            return Err(errors::bug("a planned activation has no ids").into());
        };
        let name = self.fits(&group_id, &wish).await?;
        let of = [wish.ids().to_vec(), self.chosen_before()].concat();
        let group = Group::new(self.session, exclusive, group_id.clone()).among(&of);
        let doing = Doing {
            verb: "read the active connection of",
            noun: exclusive.group_noun,
            name: group_id.as_str(),
        };
        let before = match &wish {
            Wish::One(_) => group.rows().await,
            Wish::Several(_) => group.placed_rows().await,
        };
        let before = before.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
        let rivals: Vec<&Row> =
            before.iter().filter(|it| it.member.active && !wish.ids().contains(&it.member.sys_id)).collect();
        self.as_planned(&planned, &rivals, group_id.as_str())?;
        let step = Step { outside, group: &group, planned: &planned, before: &before, rivals: &rivals };
        let (after, said) = match &wish {
            Wish::One(wish) => step.to_one(self, &name, wish).await?,
            Wish::Several(wish) => (step.to_several(self.session, wish).await?, Diagnostics::none()),
        };
        if let Err(mut problems) = self.fill(&mut planned, (&before, &rivals), &group_id, &wish).await {
            problems.extend(said);
            return Err(problems);
        }
        let active: Vec<Row> = after.into_iter().filter(|it| it.member.active).collect();
        let declared = self.change.config.as_ref().map(|it| wish::known(self.pointer, it));
        let declared = declared.map(|it| it.iter().map(SysId::to_string).collect());
        Ok((State { object: planned, private: Memory::seen(&active, declared).bytes() }, said))
    }

    /// What the state before says to be active, in whose domains something may have to be switched off.
    fn chosen_before(&self) -> Vec<SysId> {
        self.change.prior.as_ref().map(|it| wish::known(self.pointer, it)).unwrap_or_default()
    }

    /// The group is there, and one connection is wished for where one may be active, several where several may. Gives its name.
    async fn fits(&self, group: &SysId, wish: &Wish) -> Result<String, Diagnostics> {
        let exclusive = self.pointer.exclusive;
        let Some(record) = switch::group(self.session, exclusive, group).await? else {
            let attribute = self.pointer.group_id;
            return Err(errors::no_such_group(exclusive, attribute, group.as_str()).into());
        };
        let name = record.text(exclusive.group_name);
        match (wish, exclusive.allows_several(&record)) {
            (Wish::One(_), true) => Err(errors::several_allowed(exclusive, name).into()),
            (Wish::Several(_), false) => Err(errors::one_allowed(exclusive, name).into()),
            _ => Ok(name.to_owned()),
        }
    }

    /// What could not be promised before.
    async fn fill(
        &self,
        planned: &mut Object,
        (before, rivals): (&[Row], &[&Row]),
        group: &SysId,
        wish: &Wish,
    ) -> Result<(), Diagnostics> {
        planned.insert("id".to_owned(), Value::string(group.as_str()));
        let is_open = |planned: &Object, name: &str| planned.get(name).is_none_or(Value::is_unknown);
        if is_open(planned, "deactivates") {
            let names = rivals.iter().map(|it| Value::string(it.name.clone()));
            planned.insert("deactivates".to_owned(), Value::List(names.collect()));
        }
        let is_one = matches!(wish, Wish::One(_));
        if is_open(planned, PREVIOUS) {
            let previous = rivals.first().filter(|_| is_one);
            let previous = previous.map_or(Value::Null, |it| Value::string(it.member.sys_id.as_str()));
            planned.insert(PREVIOUS.to_owned(), previous);
        }
        if self.pointer.several.is_some() && is_open(planned, PREVIOUS_SEVERAL) {
            let previous = if is_one { Value::Null } else { active_before(before, wish.ids()) };
            planned.insert(PREVIOUS_SEVERAL.to_owned(), previous);
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
            let problems = foreign::before_create(exclusive, planned, group, &names);
            return if problems.has_errors() { Err(problems) } else { Ok(()) };
        }
        let wish = wish::known(self.pointer, planned);
        let memory = Memory::of(&self.change.private);
        if OnForeign::of(planned) == OnForeign::Error {
            let is_foreign = |it: &&&Row| !memory.declares(it.member.sys_id.as_str());
            let names: Vec<String> = rivals.iter().filter(is_foreign).map(|it| it.name.clone()).collect();
            let problems = foreign::before_create(exclusive, planned, group, &names);
            if problems.has_errors() {
                return Err(problems);
            }
        }
        let new = foreign::since_the_plan(rivals.iter().copied(), &memory, &wish);
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
    let Some(group) = id(prior, pointer.group_id) else { return Ok(()) };
    let group_of = Group::new(session, pointer.exclusive, group.clone());
    // The one that is taken first goes last.
    for declared in wish::known(pointer, prior).iter().rev() {
        // A replacement that was created first has chosen it again, or another resource has taken over.
        if !session.claims.is_chosen(&group, declared) {
            group_of.switch_off(declared).await?;
        }
    }
    Ok(())
}

/// One switch, between what was and what is wished.
struct Step<'a> {
    outside: &'a Outside,
    group: &'a Group<'a>,
    planned: &'a Object,
    before: &'a [Row],
    /// The active ones that are not wished for.
    rivals: &'a [&'a Row],
}

impl Step<'_> {
    async fn to_one(
        &self,
        work: &Work<'_>,
        name: &str,
        wish: &SysId,
    ) -> Result<(Vec<Row>, Diagnostics), Diagnostics> {
        let is_settled = self.rivals.is_empty() && self.before.iter().any(|it| it.member.active);
        let verify = Verify::of(self.planned).filter(|_| !is_settled);
        if let Some(verify) = &verify {
            verify.before(self.outside, self.group, wish).await?;
        }
        let switch = async {
            let after = self.group.switch(Some(wish)).await?;
            if let Some(verify) = &verify {
                verify.after(self.outside, self.group, wish, self.before).await?;
            }
            Ok(after)
        };
        match drain::of(self.planned).filter(|_| !is_settled) {
            None => switch.await.map(|after| (after, Diagnostics::none())),
            Some(drain) => {
                // Much may have happened while messages came to their end.
                let switch = async {
                    self.is_still_as_planned(work, wish).await?;
                    switch.await
                };
                self.group.drained(name, drain, switch).await
            }
        }
    }

    /// What is active is still what was when the waiting began.
    async fn is_still_as_planned(&self, work: &Work<'_>, wish: &SysId) -> Result<(), Diagnostics> {
        let exclusive = self.group.exclusive;
        let name = self.group.id.as_str();
        let doing = Doing { verb: "read the active connection of", noun: exclusive.group_noun, name };
        let rows = self.group.rows().await;
        let rows = rows.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
        let was_active = |it: &Row| {
            self.before.iter().any(|old| old.member.active && old.member.sys_id == it.member.sys_id)
        };
        let new: Vec<&Row> = rows
            .iter()
            .filter(|it| it.member.active && it.member.sys_id != *wish && !was_active(it))
            .collect();
        if new.is_empty() || work.session.on_conflict == OnConflict::Overwrite {
            return Ok(());
        }
        Err(errors::activated_meanwhile(exclusive, name, &new).into())
    }

    async fn to_several(&self, session: &Session, wish: &[SysId]) -> Result<Vec<Row>, Diagnostics> {
        let is_active =
            |id: &&SysId| self.before.iter().any(|it| it.member.active && it.member.sys_id == **id);
        let new: Vec<SysId> = wish.iter().filter(|it| !is_active(it)).cloned().collect();
        let verify = Verify::of(self.planned);
        if let Some(verify) = &verify {
            for id in &new {
                verify.before(self.outside, self.group, id).await?;
            }
        }
        let after = self.group.switch_several(self.before.to_vec(), wish).await?;
        if let Some(verify) = &verify {
            verify.after_several(self.outside, self.group, &new, self.before).await?;
        }
        if wish.len() > 1 && after.iter().all(|it| it.place.is_none()) && session.is_first("no places") {
            session.say(errors::order_not_kept(self.group.exclusive));
        }
        Ok(after)
    }
}

/// The active ones before a switch, in their order; nothing where they are those that were wished for, or none was.
fn active_before(before: &[Row], wish: &[SysId]) -> Value {
    let active = in_order(before, &[]).into_iter().filter(|it| it.member.active);
    let ids: Vec<SysId> = active.map(|it| it.member.sys_id).collect();
    let is_same = ids.len() == wish.len() && ids.iter().all(|it| wish.contains(it));
    if is_same || ids.is_empty() {
        return Value::Null;
    }
    Value::List(ids.iter().map(|it| Value::string(it.as_str())).collect())
}
