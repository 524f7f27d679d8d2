//! Connections that somebody else activated: what the attribute `on_foreign_active` makes of them.

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::Planning;

use super::Pointer;
use super::memory::Memory;
use super::wish;
use crate::dialects::Exclusive;
use crate::errors;
use crate::switch::Row;

/// What happens to a connection that somebody else activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnForeign {
    /// It is switched off.
    Deactivate,
    /// It stays, until another one is declared.
    Adopt,
    /// Nothing is done.
    Error,
}

impl OnForeign {
    /// What an object says.
    pub fn of(object: &Object) -> OnForeign {
        match object.get("on_foreign_active").and_then(Value::as_str) {
            Some("adopt") => OnForeign::Adopt,
            Some("error") => OnForeign::Error,
            _ => OnForeign::Deactivate,
        }
    }
}

/// Before a pointer is created, whatever else is active is somebody else's.
pub fn before_create(exclusive: &Exclusive, planned: &Object, group: &str, rivals: &[String]) -> Diagnostics {
    match OnForeign::of(planned) {
        _ if rivals.is_empty() => Diagnostics::none(),
        OnForeign::Deactivate => errors::will_deactivate(exclusive, group, rivals).into(),
        OnForeign::Adopt | OnForeign::Error => errors::foreign_active(exclusive, group, rivals).into(),
    }
}

/// An existing pointer that finds another active one than it made active.
pub fn before_update(
    pointer: &Pointer,
    prior: &Object,
    planning: &mut Planning<'_>,
    memory: &Memory,
) -> Diagnostics {
    let (Some(declared), Some(active)) = (memory.declared.as_ref(), memory.active.as_ref()) else {
        return Diagnostics::none();
    };
    let planned = &mut planning.plan.planned;
    let wish: Vec<String> = wish::known(pointer, planned).iter().map(SysId::to_string).collect();
    let attribute = wish::attribute(pointer, planned);
    let is_ours = |id: &String| declared.contains(id) || wish.contains(id);
    let strangers: Vec<String> =
        active.iter().filter(|(id, _)| !is_ours(id)).map(|it| it.1.clone()).collect();
    let group = prior.get(pointer.group_id).and_then(Value::as_str).unwrap_or_default();
    match OnForeign::of(planned) {
        _ if strangers.is_empty() => Diagnostics::none(),
        OnForeign::Deactivate => Diagnostics::none(),
        OnForeign::Error => errors::foreign_active(pointer.exclusive, group, &strangers).into(),
        // Two active ones where one may be are no choice that could be adopted, and a new declaration ends the adoption.
        OnForeign::Adopt if attribute == wish::ONE && active.len() > 1 || wish != *declared => {
            Diagnostics::none()
        }
        OnForeign::Adopt => {
            let live = prior.get(attribute).cloned().unwrap_or(Value::Null);
            planned.insert(attribute.to_owned(), live);
            errors::foreign_adopted(pointer.exclusive, group, &strangers).into()
        }
    }
}

/// Those that became active after the plan was made, which therefore never named them. `memory` is what the plan saw.
pub fn since_the_plan<'a>(
    active: impl Iterator<Item = &'a Row>,
    memory: &Memory,
    wish: &[SysId],
) -> Vec<&'a Row> {
    let Some(planned) = &memory.active else { return Vec::new() };
    let is_known = |it: &&Row| {
        let id = it.member.sys_id.as_str();
        wish.contains(&it.member.sys_id) || memory.declares(id) || planned.contains_key(id)
    };
    active.filter(|it| !is_known(it)).collect()
}
