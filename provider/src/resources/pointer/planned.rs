//! What a plan promises and what it says beside: who else claims the group, what will be switched off, what does not fit.

use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Planning, State};

use super::Pointer;
use super::foreign::{self, OnForeign};
use super::memory::Memory;
use super::verify::Verify;
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
    if planning.prior.is_none() && !said.has_errors() {
        said.extend(announce(pointer, session, &planning.plan.planned).await);
    }
    if let Some(wish) = id(&planning.plan.planned, "connection_id") {
        let fitness = Fitness { session, exclusive: pointer.exclusive, now: outside.now() };
        let wishes = [wish];
        said.extend(fitness.of_chosen(&wishes).await);
        if planning.prior.is_none_or(|it| moves(it, &planning.plan.planned)) {
            said.extend(fitness.of_next(&wishes).await);
        }
    }
    problems.extend(session.redacted(said, &[]));
    problems
}

fn moves(prior: &Object, planned: &Object) -> bool {
    prior.get("connection_id") != planned.get("connection_id")
}

/// What follows from the refreshed state and the wish.
fn promise(pointer: &Pointer, prior: &Object, planned: &mut Object, memory: &Memory) {
    let moves = moves(prior, planned);
    let kept = |name: &str| prior.get(name).cloned().unwrap_or(Value::Null);
    let deactivates = if moves {
        memory.rivals(planned.get("connection_id").and_then(Value::as_str))
    } else {
        Some(kept("deactivates")).filter(|it| !it.is_null()).unwrap_or(Value::List(Vec::new()))
    };
    planned.insert("deactivates".to_owned(), deactivates);
    let previous = kept(if moves { "connection_id" } else { "previous_connection_id" });
    planned.insert("previous_connection_id".to_owned(), previous);
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
        member: id(&planning.plan.planned, "connection_id"),
    };
    member::make(session, &|_| pointer.exclusive, vec![claim], planning).await
}

/// Before a pointer is created, its plan says what is active already.
async fn announce(pointer: &'static Pointer, session: &Session, planned: &Object) -> Diagnostics {
    let exclusive = pointer.exclusive;
    let wish = id(planned, "connection_id");
    let Some(group) = id(planned, pointer.group_id) else { return Diagnostics::none() };
    let name = group.to_string();
    match Group::new(session, exclusive, group).rows().await {
        Ok(rows) => {
            let rivals =
                rows.into_iter().filter(|it| it.member.active && Some(&it.member.sys_id) != wish.as_ref());
            let names: Vec<String> = rivals.map(|it| it.name).collect();
            foreign::before_create(exclusive, OnForeign::of(planned), &name, &names)
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
    let ids = (id(&state.object, pointer.group_id), id(&state.object, "connection_id"));
    let (true, (Some(group), Some(declared))) = (deactivates, ids) else { return Diagnostics::none() };
    let record = switch::group(session, exclusive, &group).await.ok().flatten();
    let group = record.map_or_else(|| group.to_string(), |it| it.text(exclusive.group_name).to_owned());
    let name = Memory::of(&state.private).name(&declared);
    errors::group_goes_dark(exclusive, &group, &name).into()
}
