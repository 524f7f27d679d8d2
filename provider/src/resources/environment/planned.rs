//! What a plan promises: from which connection to which one, for each integration.

use std::collections::BTreeMap;

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Planning, State};

use super::memory::Memory;
use super::{EXCLUSIVE, Environments, choices_of, live};
use crate::claims::{self, Claim, member};
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::Group;

/// The plan. What the refreshed state does not know is not promised: Terraform would refuse what does not hold.
pub async fn adjust(session: Option<&Session>, planning: &mut Planning<'_>) -> Diagnostics {
    if let Some(prior) = planning.prior {
        let memory = Memory::of(&planning.private);
        let (switches, previous) = promised(prior, &planning.plan.planned, &memory);
        planning.plan.planned.insert("switches".to_owned(), switches);
        planning.plan.planned.insert("previous".to_owned(), previous);
    }
    let Some(session) = session else { return Diagnostics::none() };
    let mut problems = claim(session, planning).await;
    let is_open = planning.plan.planned.get("switches").is_none_or(Value::is_unknown);
    if is_open && !problems.has_errors() {
        problems.extend(announce(session, &planning.plan.planned).await);
    }
    problems.extend(fit(session, planning).await);
    session.redacted(problems, &[])
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

/// Nobody else says which connection of one of the aliases is active.
async fn claim(session: &Session, planning: &mut Planning<'_>) -> Diagnostics {
    let name = planning.plan.planned.get("name").and_then(Value::as_str).map(str::to_owned);
    let claim = |(group, member): (SysId, Option<SysId>)| Claim {
        group,
        kind: claims::Kind::Environment,
        type_name: Environments::TYPE_NAME,
        name: name.clone(),
        member,
    };
    let claims: Vec<Claim> = choices_of(&planning.plan.planned).into_iter().map(claim).collect();
    member::make(session, EXCLUSIVE, claims, planning).await
}

/// What cannot be promised is told: the switches as they would be now.
async fn announce(session: &Session, planned: &Object) -> Diagnostics {
    let wishes = choices_of(planned);
    let ids: Vec<SysId> = wishes.keys().cloned().collect();
    let name = planned.get("name").and_then(Value::as_str).unwrap_or_default();
    let seen = match live::look(&session.client, &ids).await {
        Ok(seen) => seen,
        Err(error) => {
            let doing = Doing { verb: "plan", noun: "environment", name };
            return errors::service(&doing, &error, "Nothing was changed.").into();
        }
    };
    let memory = live::remember(&seen);
    let lines: BTreeMap<String, String> = seen
        .iter()
        .filter_map(|(alias, it)| {
            let wish = wishes.get(alias).cloned().flatten();
            let from = it.winner(wish.as_ref()).filter(|from| Some(from) != wish.as_ref())?;
            Some((memory.alias(alias), memory.switch(alias, Some(&from), wish.as_ref())))
        })
        .collect();
    if lines.is_empty() { Diagnostics::none() } else { errors::environment_will_switch(name, &lines).into() }
}

/// The endpoints of the connections that will be activated are those of their environment.
async fn fit(session: &Session, planning: &Planning<'_>) -> Diagnostics {
    let mut problems = Diagnostics::none();
    if session.environment_hosts.is_empty() {
        return problems;
    }
    let before = planning.prior.map(choices_of).unwrap_or_default();
    for (alias, wish) in choices_of(&planning.plan.planned) {
        let Some(wish) = wish.filter(|it| before.get(&alias) != Some(&Some(it.clone()))) else { continue };
        let Ok(Some(misfit)) = Group::new(session, EXCLUSIVE, alias).misfit(&wish).await else { continue };
        problems.push(errors::endpoint_misfit(EXCLUSIVE.member_noun, &misfit.0, &misfit.1));
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
