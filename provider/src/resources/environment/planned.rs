//! What a plan promises: from which connection to which one, for each integration.

use std::collections::BTreeMap;

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Planning, State};

use super::memory::Memory;
use super::{Environments, choices_of, live};
use crate::claims::{self, Claim, member};
use crate::dialects::{GROUPS, native};
use crate::errors::{self, Doing};
use crate::outside::Outside;
use crate::session::Session;
use crate::switch::Fitness;

/// The plan. What the refreshed state does not know is not promised: Terraform would refuse what does not hold.
pub async fn adjust(
    session: Option<&Session>,
    outside: &Outside,
    planning: &mut Planning<'_>,
) -> Diagnostics {
    if let Some(prior) = planning.prior {
        let memory = Memory::of(&planning.private);
        let (switches, previous) = promised(prior, &planning.plan.planned, &memory);
        planning.plan.planned.insert("switches".to_owned(), switches);
        planning.plan.planned.insert("previous".to_owned(), previous);
    }
    let Some(session) = session else { return Diagnostics::none() };
    let known = match known(session, planning).await {
        Ok(known) => known,
        Err(problems) => return session.redacted(problems, &[]),
    };
    let mut problems = claim(session, &known, planning).await;
    let is_open = planning.plan.planned.get("switches").is_none_or(Value::is_unknown);
    if is_open && !problems.has_errors() {
        problems.extend(announce(&known, &planning.plan.planned));
    }
    problems.extend(fit(session, outside, &known, planning).await);
    session.redacted(problems, &[])
}

/// What is remembered of the integrations, or what a look shows where one of them is new.
async fn known(session: &Session, planning: &Planning<'_>) -> Result<Memory, Diagnostics> {
    let memory = Memory::of(&planning.private);
    let wishes = choices_of(&planning.plan.planned);
    if planning.prior.is_some() && wishes.keys().all(|it| memory.0.contains_key(it.as_str())) {
        return Ok(memory);
    }
    let name = planning.plan.planned.get("name").and_then(Value::as_str).unwrap_or_default();
    let doing = Doing { verb: "plan", noun: "environment", name };
    let before = planning.prior.map(choices_of).unwrap_or_default();
    let seen = live::look(session, &live::choices(&wishes, &before)).await;
    let seen = seen.map_err(|error| errors::service(&doing, &error, "Nothing was changed."))?;
    Ok(live::remember(&seen))
}

/// What will be switched, and what was there before.
fn promised(prior: &Object, planned: &Object, memory: &Memory) -> (Value, Value) {
    let is_known = planned.get("connections").is_some_and(Value::is_wholly_known);
    let (before, wishes) = (choices_of(prior), choices_of(planned));
    let changed: Vec<(&SysId, &Option<SysId>)> =
        wishes.iter().filter(|(alias, wish)| before.get(*alias) != Some(*wish)).collect();
    if !is_known || changed.iter().any(|(alias, _)| !memory.0.contains_key(alias.as_str())) {
        return (Value::unknown(), Value::unknown());
    }
    let kept = |name: &str| {
        let value = prior.get(name).cloned().filter(|it| !it.is_null());
        value.unwrap_or(Value::Map(Object::new()))
    };
    if changed.is_empty() {
        return (kept("switches"), kept("previous"));
    }
    let from = |alias: &SysId| before.get(alias).cloned().flatten();
    let switches = changed.iter().map(|(alias, wish)| {
        let line = memory.switch(alias, from(alias).as_ref(), wish.as_ref());
        (memory.alias(alias), Value::string(line))
    });
    let mut previous = kept("previous").as_object().cloned().unwrap_or_default();
    previous.retain(|alias, _| wishes.keys().any(|it| it.as_str() == alias));
    for (alias, _) in &changed {
        match from(alias) {
            Some(id) => previous.insert(alias.to_string(), Value::string(id.as_str())),
            None => previous.remove(alias.as_str()),
        };
    }
    (Value::Map(switches.collect()), Value::Map(previous))
}

/// Nobody else says which connection of one of the integrations is active.
async fn claim(session: &Session, known: &Memory, planning: &mut Planning<'_>) -> Diagnostics {
    let name = planning.plan.planned.get("name").and_then(Value::as_str).map(str::to_owned);
    let claim = |(group, member): (SysId, Option<SysId>)| Claim {
        group,
        kind: claims::Kind::Environment,
        type_name: Environments::TYPE_NAME,
        name: name.clone(),
        members: member.map(|it| vec![it]),
    };
    let claims: Vec<Claim> = choices_of(&planning.plan.planned).into_iter().map(claim).collect();
    let exclusive_of = |id: &SysId| known.0.get(id.as_str()).map_or(&native::CONNECTIONS, |it| it.exclusive);
    member::make(session, &exclusive_of, claims, planning).await
}

/// What cannot be promised is told: the switches as they would be now.
fn announce(known: &Memory, planned: &Object) -> Diagnostics {
    let name = planned.get("name").and_then(Value::as_str).unwrap_or_default();
    let line = |(alias, wish): (SysId, Option<SysId>)| {
        let active = &known.0.get(alias.as_str())?.active;
        let from = active.iter().find(|it| Some(it.as_str()) != wish.as_ref().map(SysId::as_str))?;
        let from = from.parse().ok();
        Some((known.alias(&alias), known.switch(&alias, from.as_ref(), wish.as_ref())))
    };
    let lines: BTreeMap<String, String> = choices_of(planned).into_iter().filter_map(line).collect();
    if lines.is_empty() { Diagnostics::none() } else { errors::environment_will_switch(name, &lines).into() }
}

/// What speaks against the connections that will be activated.
async fn fit(session: &Session, outside: &Outside, known: &Memory, planning: &Planning<'_>) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let before = planning.prior.map(choices_of).unwrap_or_default();
    for exclusive in GROUPS {
        let chosen = choices_of(&planning.plan.planned).into_iter().filter_map(|(alias, wish)| {
            let is_ours =
                known.0.get(alias.as_str()).is_some_and(|it| std::ptr::eq(it.exclusive, *exclusive));
            wish.filter(|it| is_ours && before.get(&alias) != Some(&Some(it.clone())))
        });
        let chosen: Vec<SysId> = chosen.collect();
        let fitness = Fitness { session, exclusive, now: outside.now() };
        problems.extend(fitness.of_chosen(&chosen).await);
        problems.extend(fitness.of_next(&chosen).await);
    }
    problems
}

/// An environment that takes the active connections with it says so before it goes.
pub fn goes_dark(state: &State) -> Diagnostics {
    let deactivates = state.object.get("on_destroy").and_then(Value::as_str) == Some("deactivate");
    let memory = Memory::of(&state.private);
    let active = choices_of(&state.object).into_iter().filter_map(|(alias, it)| Some((alias, it?)));
    let lines: BTreeMap<String, String> =
        active.map(|(alias, it)| (memory.alias(&alias), memory.connection(&alias, Some(&it)))).collect();
    if !deactivates || lines.is_empty() {
        return Diagnostics::none();
    }
    let name = state.object.get("name").and_then(Value::as_str).unwrap_or_default();
    errors::environment_goes_dark(name, &lines).into()
}
