//! What a plan promises and what it says beside: who else claims the alias, what will be switched off, what does not fit.

use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Planning, State};

use super::foreign::{self, OnForeign};
use super::memory::Memory;
use super::{ConnectionActivation, EXCLUSIVE};
use crate::claims::member::{self, id};
use crate::claims::{self, Claim};
use crate::errors::{self, Doing};
use crate::session::Session;
use crate::switch::{self, Group};

/// The plan. What else is active may change until the apply, and Terraform would refuse a promise that does not hold: what
/// will be switched off is taken from the refreshed state.
pub async fn adjust(session: Option<&Session>, planning: &mut Planning<'_>) -> Diagnostics {
    let mut problems = Diagnostics::none();
    if let Some(prior) = planning.prior {
        let memory = Memory::of(&planning.private);
        problems.extend(foreign::before_update(prior, planning, &memory));
        let planned = &mut planning.plan.planned;
        let names = if prior.get("connection_id") == planned.get("connection_id") {
            prior.get("deactivates").cloned().filter(|it| !it.is_null())
        } else {
            Some(memory.rivals(planned.get("connection_id").and_then(Value::as_str)))
        };
        planned.insert("deactivates".to_owned(), names.unwrap_or(Value::List(Vec::new())));
    }
    let Some(session) = session else { return problems };
    let mut said = claim(session, planning).await;
    if planning.prior.is_none() && !said.has_errors() {
        said.extend(announce(session, &planning.plan.planned).await);
    }
    said.extend(fits(session, &planning.plan.planned).await);
    problems.extend(session.redacted(said, &[]));
    problems
}

/// Nobody else says which connection of the alias is active.
async fn claim(session: &Session, planning: &mut Planning<'_>) -> Diagnostics {
    let Some(group) = id(&planning.plan.planned, "connection_alias_id") else { return Diagnostics::none() };
    let claim = Claim {
        group,
        kind: claims::Kind::Pointer,
        type_name: ConnectionActivation::TYPE_NAME,
        name: None,
        member: id(&planning.plan.planned, "connection_id"),
    };
    member::make(session, EXCLUSIVE, vec![claim], planning).await
}

/// Before a pointer is created, its plan says what is active already.
async fn announce(session: &Session, planned: &Object) -> Diagnostics {
    let wish = id(planned, "connection_id");
    let Some(alias) = id(planned, "connection_alias_id") else { return Diagnostics::none() };
    let name = alias.to_string();
    match Group::new(session, EXCLUSIVE, alias).rows().await {
        Ok(rows) => {
            let rivals =
                rows.into_iter().filter(|it| it.member.active && Some(&it.member.sys_id) != wish.as_ref());
            let names: Vec<String> = rivals.map(|it| it.name).collect();
            foreign::before_create(OnForeign::of(planned), &name, &names)
        }
        Err(error) => {
            let doing =
                Doing { verb: "read the active connection of", noun: EXCLUSIVE.group_noun, name: &name };
            errors::service(&doing, &error, "Nothing was changed.").into()
        }
    }
}

/// The endpoint of the wished connection is one of its environment.
async fn fits(session: &Session, planned: &Object) -> Diagnostics {
    let ids = (id(planned, "connection_alias_id"), id(planned, "connection_id"));
    let (false, (Some(alias), Some(wish))) = (session.environment_hosts.is_empty(), ids) else {
        return Diagnostics::none();
    };
    match Group::new(session, EXCLUSIVE, alias).misfit(&wish).await {
        Ok(Some((name, misfit))) => errors::endpoint_misfit(EXCLUSIVE.member_noun, &name, &misfit).into(),
        // What cannot be read is told by whoever needs it; this is a warning only.
        Ok(None) | Err(_) => Diagnostics::none(),
    }
}

/// A pointer that takes the active connection with it says so before it goes.
pub async fn goes_dark(session: &Session, state: &State) -> Diagnostics {
    let deactivates = state.object.get("on_destroy").and_then(Value::as_str) == Some("deactivate");
    let ids = (id(&state.object, "connection_alias_id"), id(&state.object, "connection_id"));
    let (true, (Some(alias), Some(declared))) = (deactivates, ids) else { return Diagnostics::none() };
    let record = switch::group(session, EXCLUSIVE, &alias).await.ok().flatten();
    let group = record.map_or_else(|| alias.to_string(), |it| it.text(EXCLUSIVE.group_name).to_owned());
    let name = Memory::of(&state.private).name(&declared);
    errors::group_goes_dark(EXCLUSIVE, &group, &name).into()
}
