//! Messages about groups in which several members are active by declaration.

use servicenow_core::{ServiceError, SysId};
use tf_core::{Diagnostic, Path};

use super::switching::{active_now, quoted};
use super::{remedy, why};
use crate::dialects::Exclusive;
use crate::switch::Row;

/// What became of the way back.
#[derive(Clone, Copy, Debug)]
pub enum WayBack<'a> {
    /// There was nothing to lead back.
    NothingDone,
    /// All is as it was.
    AsBefore,
    /// It failed too.
    Failed(&'a ServiceError),
    /// It was not tried, or not any further.
    Stopped,
}

/// Several are declared where one may be active.
pub fn one_allowed(exclusive: &Exclusive, name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The {} \"{name}\" may have one active {}", exclusive.group_noun, exclusive.member_noun),
        format!(
            "`connection_ids` names several, and `multiple_connections` is not true there: the instance would refuse the \
             second one, or switch the first one off. Nothing was changed. Set `multiple_connections = true` on the {}, or \
             name one in `connection_id`.",
            exclusive.group_noun
        ),
    )
    .at(Path::attribute("connection_ids"))
}

/// A switch of several that did not come to its end.
pub fn several_failed(
    exclusive: &Exclusive,
    group: &SysId,
    wished: &[String],
    error: &ServiceError,
    (back, active): (WayBack<'_>, Result<&[String], ()>),
) -> Diagnostic {
    let back = match back {
        WayBack::NothingDone => "Nothing had been changed for it.".to_owned(),
        WayBack::AsBefore => "What had been changed for it was changed back.".to_owned(),
        WayBack::Failed(second) => {
            format!("Changing back what had been changed for it failed too: {}", why(second))
        }
        WayBack::Stopped => "Nothing more was changed after that.".to_owned(),
    };
    let wished = if wished.is_empty() { "none".to_owned() } else { quoted(wished) };
    Diagnostic::error(
        format!("Could not switch several active {}s", exclusive.member_noun),
        format!(
            "{wished} had to be active. {} {back} {} {}",
            why(error),
            active_now(exclusive, group, active),
            remedy(error, "the user that signs in")
        ),
    )
}

/// Somebody changed by hand which ones are active, or in which order.
pub fn several_switched_outside(
    exclusive: &Exclusive,
    group: &str,
    declared: &[String],
    rows: &[Row],
) -> Diagnostic {
    let noun = exclusive.member_noun;
    let who: Vec<String> = rows
        .iter()
        .map(|it| format!("\"{}\", last changed by {} at {} UTC", it.name, it.updated_by, it.updated_on))
        .collect();
    let seen = if who.is_empty() {
        format!("No {noun} is active: nothing is sent")
    } else {
        format!("In the order of the instance these are active: {}", who.join("; "))
    };
    Diagnostic::warning(
        format!("The active {noun}s of \"{group}\" were switched outside Terraform"),
        format!(
            "The state says that {} are active, in this order. {seen}. An apply makes it so again; to keep what is there, \
             name it in `connection_ids`.",
            quoted(declared)
        ),
    )
}

/// An instance that shows no order.
pub fn order_not_kept(exclusive: &Exclusive) -> Diagnostic {
    let column = exclusive.place.unwrap_or_default();
    let table = exclusive.members;
    Diagnostic::warning(
        format!("The order of the active {}s is not kept", exclusive.member_noun),
        format!(
            "`connection_ids` is an order, and this instance shows no column `{table}.{column}` to keep it in: the name is \
             assumed, or the user that signs in may not read it. Exactly the declared ones are active; which of them comes \
             first is left to the instance. If the column has another name, say so in the provider block: \
             `columns = {{ \"{table}.{column}\" = \"...\" }}`."
        ),
    )
}
