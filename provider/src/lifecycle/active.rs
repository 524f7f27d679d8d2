//! Deleting the active member of a group: refused unless somebody asked for it, because what depends on it goes dark.

use reconcile::{Found, Holds};
use serde_json::{Value as Json, json};
use servicenow_core::{Record, SysId};
use tf_core::{Attribute, AttributeType, Behavior, Diagnostics, Object, Schema, Type, Value, check};
use tf_plugin::Planning;

use super::label;
use crate::definition::Definition;
use crate::dialects::Exclusive;
use crate::errors::{self, Doing};
use crate::private;
use crate::session::Session;
use crate::switch::{self, Group};

/// The attribute that every member of a group has besides its own.
pub const ATTRIBUTE: &str = "on_active_destroy";

/// The member of the private bytes of a plan that says which active member it plans for.
const MEMBER: &str = "plans_for_active";

/// The value that asks for the deletion of an active member.
const DEACTIVATE: &str = "deactivate";

/// A schema with the attribute.
pub fn with_attribute(mut schema: Schema, exclusive: &Exclusive) -> Schema {
    schema.block.attributes.push(Attribute {
        name: ATTRIBUTE.to_owned(),
        doc: format!(
            "What happens when the {} is destroyed while it is active: `refuse`, which is used when nothing is given, ends \
             with an error that says what to do; `deactivate` switches it off first, and then nothing is sent. It counts \
             once it is applied.",
            exclusive.member_noun
        ),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { checks: vec![check::one_of(&["refuse", DEACTIVATE])], ..Behavior::default() },
    });
    schema
}

/// Makes sure that a member is not active when it is deleted.
///
/// # Errors
/// It is active and is to stay, or it could not be switched off.
pub async fn stand_down(
    definition: &'static Definition,
    session: &Session,
    object: &Object,
    found: &Found,
    doing: &Doing<'_>,
) -> Result<(), Diagnostics> {
    let Some((exclusive, row)) = definition.exclusive.zip(main_row(definition, found)) else { return Ok(()) };
    let ids = (row.text(exclusive.group).parse::<SysId>(), row.text("sys_id").parse::<SysId>());
    let (true, (Ok(group), Ok(id))) = (row.flag(exclusive.flag), ids) else { return Ok(()) };
    if deactivates(object) {
        return Group::new(session, exclusive, group).switch_off(&id).await;
    }
    match switch::group(session, exclusive, &group).await? {
        Some(record) => Err(errors::active_stays(doing, exclusive, record.text(exclusive.group_name)).into()),
        // Nothing resolves a member of a group that is gone.
        None => Ok(()),
    }
}

/// What a plan says about deleting what the state knows as active.
pub fn planned_deletion(definition: &Definition, prior: &Object) -> Diagnostics {
    match definition.exclusive.filter(|_| is_active(definition, prior)) {
        Some(exclusive) => {
            errors::active_will_go(definition.noun, exclusive, &label(prior), deactivates(prior)).into()
        }
        None => Diagnostics::none(),
    }
}

/// What a plan says about replacing or switching off what the state knows as active. A replacement that a person asked for
/// shows itself in the second plan alone, which begins without a state and with the private bytes of the first.
pub fn planned_change(definition: &Definition, planning: &mut Planning<'_>) -> Diagnostics {
    let Some(exclusive) = definition.exclusive else { return Diagnostics::none() };
    let Some(prior) = planning.prior else {
        return match private::get(&planning.private, MEMBER)
            .as_ref()
            .and_then(Json::as_array)
            .map(Vec::as_slice)
        {
            Some([Json::String(name), Json::Bool(deactivates)]) => {
                errors::active_will_go(definition.noun, exclusive, name, *deactivates).into()
            }
            _ => Diagnostics::none(),
        };
    };
    if !planning.plan.requires_replace.is_empty() {
        return planned_deletion(definition, prior);
    }
    if is_active(definition, prior) {
        let active = json!([label(prior), deactivates(prior)]);
        planning.private = private::with(&planning.private, MEMBER, active);
    }
    if is_active(definition, prior) && !is_active(definition, &planning.plan.planned) {
        return errors::member_goes_dark(definition.noun, exclusive, &label(prior)).into();
    }
    Diagnostics::none()
}

fn deactivates(object: &Object) -> bool {
    object.get(ATTRIBUTE).and_then(Value::as_str) == Some(DEACTIVATE)
}

/// Whether an object says that it is active. What is not known yet may stay as it is.
fn is_active(definition: &Definition, object: &Object) -> bool {
    let columns = definition.layout.main().map(|it| it.columns).unwrap_or_default();
    columns.iter().any(|it| match it.holds {
        Holds::Switch(path) => object.get(path).is_some_and(|it| *it == Value::Bool(true) || it.is_unknown()),
        _ => false,
    })
}

fn main_row<'a>(definition: &Definition, found: &'a Found) -> Option<&'a Record> {
    definition.layout.main().and_then(|it| found.one(it.slot))
}
