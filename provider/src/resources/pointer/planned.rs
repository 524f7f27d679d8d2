//! What a plan promises and what it says beside: who else claims the group, what will be switched off, what does not fit.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Path, Value};
use tf_plugin::{Planning, State};

use super::memory::Memory;
use super::verify::Verify;
use super::wish::{self, Wish};
use super::{PREVIOUS, PREVIOUS_SEVERAL, Pointer, foreign};
use crate::claims::member::{self, id};
use crate::claims::{self, Claim};
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::Session;
use crate::switch::{self, Fitness, Group};

/// The plan. What else is active may change until the apply, and Terraform would refuse a promise that does not hold: what
/// will be switched off is taken from the refreshed state.
pub async fn adjust(
    pointer: &'static Pointer,
    session: Option<&Session>,
    outside: &Outside,
    planning: &mut Planning<'_>,
) -> Diagnostics {
    let mut problems = Verify::misfit(&planning.plan.planned);
    if let Some(prior) = planning.prior {
        let memory = Memory::of(&planning.private);
        problems.extend(foreign::before_update(pointer, prior, planning, &memory));
        promise(pointer, prior, &mut planning.plan.planned, &memory);
    }
    let Some(session) = session else { return problems };
    let mut said = claim(pointer, session, planning).await;
    said.extend(fits(pointer, session, &planning.plan.planned).await);
    if planning.prior.is_none() && !said.has_errors() {
        said.extend(announce(pointer, session, &planning.plan.planned).await);
    }
    let planned = &planning.plan.planned;
    let wishes = wish::known(pointer, planned);
    let fitness = Fitness { session, exclusive: pointer.exclusive, now: outside.now() };
    said.extend(fitness.of_chosen(&wishes).await);
    if planning.prior.is_none_or(|it| wish::differs(pointer, it, planned)) {
        let before = planning.prior.map(|it| wish::known(pointer, it)).unwrap_or_default();
        let next: Vec<SysId> = wishes.into_iter().filter(|it| !before.contains(it)).collect();
        said.extend(fitness.of_next(&next).await);
    }
    problems.extend(session.redacted(said, &[]));
    problems
}

/// What follows from the refreshed state and the wish.
fn promise(pointer: &Pointer, prior: &Object, planned: &mut Object, memory: &Memory) {
    let moves = wish::differs(pointer, prior, planned);
    let kept = |name: &str| prior.get(name).cloned().unwrap_or(Value::Null);
    // Of a list that is not known yet nobody knows who stays.
    let is_open = wish::attribute(pointer, planned) != wish::ONE
        && planned.get(wish::attribute(pointer, planned)).is_some_and(Value::is_unknown);
    let deactivates = match moves {
        true if is_open => Value::unknown(),
        true => memory.rivals(&wish::known(pointer, planned)),
        false => Some(kept("deactivates")).filter(|it| !it.is_null()).unwrap_or(Value::List(Vec::new())),
    };
    planned.insert("deactivates".to_owned(), deactivates);
    let chosen = [(wish::ONE, PREVIOUS)].into_iter().chain(pointer.several.map(|it| (it, PREVIOUS_SEVERAL)));
    for (attribute, previous) in chosen {
        let value = kept(if moves { attribute } else { previous });
        // To none there is no way back.
        let is_none = value.as_elements().is_some_and(<[Value]>::is_empty);
        planned.insert(previous.to_owned(), if is_none { Value::Null } else { value });
    }
    if let Some(attribute) = pointer.group_active {
        // What the instance makes of its own flag is seen afterwards.
        let shown = if moves { Value::unknown() } else { kept(attribute) };
        planned.insert(attribute.to_owned(), shown);
    }
}

/// Nobody else says which connection of the group is active.
async fn claim(pointer: &'static Pointer, session: &Session, planning: &mut Planning<'_>) -> Diagnostics {
    let Some(group) = id(&planning.plan.planned, pointer.group_id) else { return Diagnostics::none() };
    let claim = Claim {
        group,
        kind: claims::Kind::Pointer,
        type_name: pointer.type_name,
        name: None,
        members: Wish::of(pointer, &planning.plan.planned).map(|it| it.ids().to_vec()),
    };
    member::make(session, &|_| pointer.exclusive, vec![claim], planning).await
}

/// One connection is chosen where one may be active, and several where several may. What is planned for the group counts; a
/// group that is not there, or not yet, is another matter.
async fn fits(pointer: &'static Pointer, session: &Session, planned: &Object) -> Diagnostics {
    let Some(group) = id(planned, pointer.group_id) else { return Diagnostics::none() };
    let is_one = wish::attribute(pointer, planned) == wish::ONE;
    let exclusive = pointer.exclusive;
    let named = |several: bool, name: &str| match (is_one, several) {
        (true, true) => errors::several_allowed(exclusive, name).at(Path::attribute(wish::ONE)).into(),
        (false, false) => errors::one_allowed(exclusive, name).into(),
        _ => Diagnostics::none(),
    };
    match session.claims.planned_several(&group) {
        Some(several) => named(several, group.as_str()),
        // Of one connection the apply finds it out, with the look that it takes anyway.
        None if is_one => Diagnostics::none(),
        None => match switch::group(session, exclusive, &group).await {
            Ok(Some(record)) => named(exclusive.allows_several(&record), record.text(exclusive.group_name)),
            Ok(None) => Diagnostics::none(),
            Err(problems) => problems,
        },
    }
}

/// Before a pointer is created, its plan says what is active already.
async fn announce(pointer: &'static Pointer, session: &Session, planned: &Object) -> Diagnostics {
    let exclusive = pointer.exclusive;
    let wish = wish::known(pointer, planned);
    let Some(group) = id(planned, pointer.group_id) else { return Diagnostics::none() };
    let name = group.to_string();
    match Group::new(session, exclusive, group).among(&wish).rows().await {
        Ok(rows) => {
            let rivals = rows.into_iter().filter(|it| it.member.active && !wish.contains(&it.member.sys_id));
            let names: Vec<String> = rivals.map(|it| it.name).collect();
            foreign::before_create(exclusive, planned, &name, &names)
        }
        Err(error) => {
            let doing =
                Doing { verb: "read the active connection of", noun: exclusive.group_noun, name: &name };
            errors::service(&doing, &error, "Nothing was changed.").into()
        }
    }
}

/// A pointer that takes the active connection with it says so before it goes.
pub async fn goes_dark(pointer: &'static Pointer, session: &Session, state: &State) -> Diagnostics {
    let exclusive = pointer.exclusive;
    let deactivates = state.object.get("on_destroy").and_then(Value::as_str) == Some("deactivate");
    let declared = wish::known(pointer, &state.object);
    let (true, Some(group)) = (deactivates && !declared.is_empty(), id(&state.object, pointer.group_id))
    else {
        return Diagnostics::none();
    };
    let record = switch::group(session, exclusive, &group).await.ok().flatten();
    let group = record.map_or_else(|| group.to_string(), |it| it.text(exclusive.group_name).to_owned());
    let memory = Memory::of(&state.private);
    let names: Vec<String> = declared.iter().map(|it| memory.name(it)).collect();
    errors::group_goes_dark(exclusive, &group, &names).into()
}
