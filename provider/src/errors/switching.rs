//! Messages about which member of a group is active.

use servicenow_core::{ServiceError, SysId};
use tf_core::{Diagnostic, Path};

use super::{Doing, remedy, why};
use crate::dialects::Exclusive;
use crate::switch::Row;

/// A member that belongs to no group cannot be the active one of it.
pub fn no_group(doing: &Doing<'_>, exclusive: &Exclusive) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`active = true` makes it the active one of its {}, and it belongs to none. It was written and is inactive. \
             Name the {} it belongs to, then apply again.",
            exclusive.group_noun, exclusive.group_noun
        ),
    )
}

/// The wished member is not of the group.
pub fn no_member(exclusive: &Exclusive, group: &SysId, wish: &SysId) -> Diagnostic {
    Diagnostic::error(
        format!("Could not activate the {} \"{wish}\"", exclusive.member_noun),
        format!(
            "No {} of the {} `{group}` that the user may see has this sys_id, so activating it could only switch the \
             others off. Nothing was changed. Refer to the `id` of a {} that belongs to this {}, then apply again.",
            exclusive.member_noun, exclusive.group_noun, exclusive.member_noun, exclusive.group_noun
        ),
    )
    .at(Path::attribute("connection_id"))
}

/// A group that is not there.
pub fn no_such_group(exclusive: &Exclusive, attribute: &str, group: &str) -> Diagnostic {
    Diagnostic::error(
        format!("There is no {} \"{group}\"", exclusive.group_noun),
        format!(
            "`GET /api/now/table/{}/{group}` finds no record: it does not exist, or the user that signs in may not see \
             it. Nothing was changed. Refer to the `id` of the {} that is meant, then apply again.",
            exclusive.groups, exclusive.group_noun
        ),
    )
    .at(Path::attribute(attribute))
}

/// A group in which several may be active has no pointer.
pub fn several_allowed(exclusive: &Exclusive, name: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The {} \"{name}\" may have several active ones", exclusive.group_noun),
        "`multiple_connections` is true there, and choosing one would switch off the others that are meant to be active. \
         Nothing was changed. Name all that are meant to be active in `connection_ids` of a \
         `servicenow_connection_activation`, or set `active` on each connection instead, or set `multiple_connections = false` \
         on the alias.",
    )
}

/// Somebody else is switching the same group.
pub fn unsteady(exclusive: &Exclusive, group: &SysId) -> Diagnostic {
    Diagnostic::error(
        format!("The {} \"{group}\" does not come to rest", exclusive.group_noun),
        format!(
            "Each time its active {} was switched, another one was active on the next look: somebody or something else \
             switches at the same time. Find out who (`sys_updated_by` of the records tells), then apply again.",
            exclusive.member_noun
        ),
    )
}

/// A switch that failed before anything was switched off by us.
pub fn switch_failed(
    exclusive: &Exclusive,
    group: &SysId,
    wished: &str,
    error: &ServiceError,
    active: Result<&[String], ()>,
) -> Diagnostic {
    Diagnostic::error(
        format!("Could not switch the active {} to \"{wished}\"", exclusive.member_noun),
        format!(
            "{} Nothing had been switched off for it. {} {}",
            why(error),
            active_now(exclusive, group, active),
            remedy(error, "the user that signs in")
        ),
    )
}

/// A switch whose second half failed.
pub fn swap_failed(
    exclusive: &Exclusive,
    group: &SysId,
    wished: &str,
    error: &ServiceError,
    back: Option<(&str, Option<&ServiceError>)>,
    active: Result<&[String], ()>,
) -> Diagnostic {
    let back = match back {
        None => String::new(),
        Some((name, None)) => format!(" \"{name}\" had been switched off for it and was activated again."),
        Some((name, Some(error))) => {
            format!(
                " \"{name}\" had been switched off for it, and activating it again failed too: {}",
                why(error)
            )
        }
    };
    Diagnostic::error(
        format!("Could not switch the active {} to \"{wished}\"", exclusive.member_noun),
        format!(
            "{}{back} {} {}",
            why(error),
            active_now(exclusive, group, active),
            remedy(error, "the user that signs in")
        ),
    )
}

pub(super) fn active_now(exclusive: &Exclusive, group: &SysId, active: Result<&[String], ()>) -> String {
    let (group_noun, noun) = (exclusive.group_noun, exclusive.member_noun);
    match active {
        Err(()) => format!(
            "What is active now could not be read; look at the {noun}s of the {group_noun} `{group}`."
        ),
        Ok([]) => format!("Now no {noun} of the {group_noun} `{group}` is active: nothing is sent."),
        Ok([name]) => format!("Now \"{name}\" is active."),
        Ok(several) => format!("Now {} are active.", quoted(several)),
    }
}

/// A connection that somebody else activated stops the plan.
pub fn foreign_active(exclusive: &Exclusive, group: &str, names: &[String]) -> Diagnostic {
    let noun = exclusive.member_noun;
    Diagnostic::error(
        format!("Another {noun} of \"{group}\" is active"),
        format!(
            "{} is active, and `on_foreign_active` keeps it from being switched off. Nothing was changed. Name it in {} if it \
             is to stay active, or set `on_foreign_active = \"deactivate\"`, then apply again.",
            quoted(names),
            choosing(exclusive)
        ),
    )
    .at(Path::attribute("on_foreign_active"))
}

/// A connection that somebody else activated stays active.
pub fn foreign_adopted(exclusive: &Exclusive, group: &str, names: &[String]) -> Diagnostic {
    let noun = exclusive.member_noun;
    Diagnostic::warning(
        format!("Another {noun} of \"{group}\" is active and stays so"),
        format!(
            "{} was activated outside Terraform, and `on_foreign_active = \"adopt\"` keeps it active until another {noun} \
             than before is declared. To make it permanent, name it in {}.",
            quoted(names),
            choosing(exclusive)
        ),
    )
    .at(Path::attribute("on_foreign_active"))
}

/// A connection became active between plan and apply.
pub fn activated_meanwhile(exclusive: &Exclusive, group: &str, rows: &[&Row]) -> Diagnostic {
    let (noun, group_noun) = (exclusive.member_noun, exclusive.group_noun);
    let who: Vec<String> = rows
        .iter()
        .map(|it| {
            format!("\"{}\" is active, last changed by {} at {} UTC", it.name, it.updated_by, it.updated_on)
        })
        .collect();
    Diagnostic::error(
        format!("The active {noun} was switched since the plan was made"),
        format!(
            "In the {group_noun} `{group}` {}. The plan did not know of it and could not say that it will be switched off. \
             Nothing was changed. Plan again to see it, or set `on_conflict = \"overwrite\"` in the provider block to go \
             on all the same.",
            who.join("; ")
        ),
    )
}

/// The attributes by which a pointer chooses.
fn choosing(exclusive: &Exclusive) -> &'static str {
    match exclusive.group_allows_several {
        Some(_) => "`connection_id`, or in `connection_ids` where several are declared",
        None => "`connection_id`",
    }
}

pub(super) fn quoted(names: &[String]) -> String {
    let list: Vec<String> = names.iter().map(|it| format!("\"{it}\"")).collect();
    list.join(" and ")
}

/// What another system did instead of answering as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    /// How people know the connection.
    pub name: String,
    /// The method and the address, without a query.
    pub question: String,
    /// To where it went, or from where.
    pub sent: &'static str,
    /// The statuses that were expected.
    pub expected: String,
    /// What came instead.
    pub reason: String,
}

/// What became of the way back after a switch that was found not to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedBack<'a> {
    /// The names of what was active before; none, perhaps.
    pub to: &'a [String],
    /// Whether it is as it was before.
    pub worked: bool,
}

/// Another system does not answer as expected, before a switch or after it.
pub fn verify_failed(exclusive: &Exclusive, it: &Unverified, back: Option<&LedBack<'_>>) -> Diagnostic {
    let noun = exclusive.member_noun;
    let now = match back {
        None => "Nothing was changed.".to_owned(),
        Some(LedBack { to: [name], worked: true }) => {
            format!("It had been activated; \"{name}\" was activated again and is active now.")
        }
        Some(LedBack { to: [], worked: true }) => {
            format!("It had been activated and was deactivated again: as before, no {noun} is active.")
        }
        Some(LedBack { to: several, worked: true }) => {
            format!("It had been activated; as before, {} are active now.", quoted(several))
        }
        Some(LedBack { worked: false, .. }) => {
            "It had been activated, and the way back failed too: the next message says what is active now."
                .to_owned()
        }
    };
    Diagnostic::error(
        format!("The {noun} \"{}\" does not answer as expected", it.name),
        format!(
            "`{}` was sent {}, and {} was expected: {}. {now} Look at the other system and at `verify`, then apply again.",
            it.question,
            it.sent,
            it.expected,
            it.reason.trim_end_matches('.')
        ),
    )
    .at(Path::attribute("verify"))
}

/// Somebody switched by hand.
pub fn switched_outside(exclusive: &Exclusive, group: &str, declared: &str, rows: &[Row]) -> Diagnostic {
    let who: Vec<String> = rows
        .iter()
        .map(|it| {
            format!("\"{}\" is active, last changed by {} at {} UTC", it.name, it.updated_by, it.updated_on)
        })
        .collect();
    let noun = exclusive.member_noun;
    let seen = if who.is_empty() { format!("No {noun} is active: nothing is sent") } else { who.join("; ") };
    Diagnostic::warning(
        format!("The active {noun} of \"{group}\" was switched outside Terraform"),
        format!(
            "The state says that \"{declared}\" is active. {seen}. An apply makes the declared {noun} the active one \
             again; to keep what is there, name it in `connection_id`."
        ),
    )
}

/// What a new pointer will switch off.
pub fn will_deactivate(exclusive: &Exclusive, group: &str, names: &[String]) -> Diagnostic {
    Diagnostic::warning(
        format!("An active {} of \"{group}\" will be switched off", exclusive.member_noun),
        format!(
            "{} is active now. The {} that is declared here takes its place on apply.",
            quoted(names),
            exclusive.member_noun
        ),
    )
}

/// A record of the trial that could not be removed.
pub fn trial_record_stays(table: &str, id: &SysId, error: &ServiceError) -> Diagnostic {
    Diagnostic::warning(
        "A trial record stays on the instance",
        format!(
            "To find out who keeps the one-active rule, two connection records of an alias that does not exist were \
             created and removed again. Removing `{id}` from `{table}` failed. {} Nothing uses the record: delete it by \
             hand, and set `one_active_rule` in the provider block, so that the trial is not made again.",
            why(error)
        ),
    )
}
