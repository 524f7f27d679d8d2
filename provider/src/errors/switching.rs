//! Messages about which member of a group is active.

use std::collections::BTreeMap;

use servicenow_core::{ServiceError, SysId};
use tf_core::{Diagnostic, Diagnostics, Path};

use super::{Doing, remedy, why};
use crate::claims::Together;
use crate::dialects::Exclusive;
use crate::environment_hosts::Misfit;
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
        format!(
            "`{}` is true there, and choosing one would switch off the others that are meant to be active. Nothing was \
             changed. Set `multiple_connections = false` on the alias, or set `active` on each connection instead of \
             using this resource.",
            exclusive.group_allows_several
        ),
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

fn active_now(exclusive: &Exclusive, group: &SysId, active: Result<&[String], ()>) -> String {
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
            "{} is active, and `on_foreign_active` keeps it from being switched off. Nothing was changed. Name it in \
             `connection_id` if it is to stay active, or set `on_foreign_active = \"deactivate\"`, then apply again.",
            quoted(names)
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
            "{} was activated outside Terraform, and `on_foreign_active = \"adopt\"` keeps it active until \
             `connection_id` names another {noun} than before. To make it permanent, name it in `connection_id`.",
            quoted(names)
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

/// An endpoint that is not one of its environment.
pub fn endpoint_misfit(noun: &str, name: &str, misfit: &Misfit) -> Diagnostic {
    let Misfit { host, environment, belongs_to } = misfit;
    let belongs = if belongs_to.is_empty() {
        format!("`environment_hosts` does not name it for `{environment}`")
    } else {
        format!("`environment_hosts` names it for `{}`", belongs_to.join("`, `"))
    };
    Diagnostic::warning(
        format!("The endpoint of \"{name}\" does not fit its environment"),
        format!(
            "The {noun} leads to `{host}` and is to be active in the environment `{environment}`, but {belongs}. Messages \
             would go to the wrong system. Correct the endpoint, choose another {noun}, or add the host to \
             `environment_hosts` in the provider block."
        ),
    )
}

/// What a new environment will switch.
pub fn environment_will_switch(name: &str, lines: &BTreeMap<String, String>) -> Diagnostic {
    Diagnostic::warning(
        format!("The environment \"{name}\" will switch {}", integrations(lines.len())),
        format!(
            "As of now, from and to:\n{}\n\nWhat is switched is decided when the apply looks again.",
            list(lines)
        ),
    )
}

/// An environment goes and takes what is active with it.
pub fn environment_goes_dark(name: &str, lines: &BTreeMap<String, String>) -> Diagnostic {
    Diagnostic::warning(
        format!("The environment \"{name}\" goes dark"),
        format!(
            "`on_destroy = \"deactivate\"` switches off the active connection of {}:\n{}\n\nNothing is sent then. To \
             leave them active, set `on_destroy = \"keep\"` and apply before the destroy.",
            integrations(lines.len()),
            list(lines)
        ),
    )
}

/// One integration of an environment could not be switched.
pub fn environment_failed(
    name: &str,
    failed: &str,
    problems: &Diagnostics,
    lines: &BTreeMap<String, String>,
) -> Diagnostic {
    let why: Vec<String> = problems.0.iter().map(|it| it.detail.clone()).collect();
    Diagnostic::error(
        format!("Could not switch the environment \"{name}\" at \"{failed}\""),
        format!(
            "{}\n\nWhat became of each integration:\n{}\n\nSettle what stands in the way of \"{failed}\", then apply again: \
             what is right already is left alone.",
            why.join(" "),
            list(lines)
        ),
    )
    .at(Path::attribute("connections"))
}

/// An environment is imported by its name and its aliases.
pub fn bad_environment_import(id: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Could not import the environment \"{id}\""),
        "The id of an import is the name for people, a slash, and the aliases by sys_id or name with commas between, such as \
         `test/orders,invoices`. The state is unchanged. Import it again with such an id.",
    )
}

fn integrations(count: usize) -> String {
    if count == 1 { "1 integration".to_owned() } else { format!("{count} integrations") }
}

fn list(lines: &BTreeMap<String, String>) -> String {
    let lines: Vec<String> = lines.iter().map(|(name, line)| format!("- {name}: {line}")).collect();
    lines.join("\n")
}

fn quoted(names: &[String]) -> String {
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
    /// The statuses that were expected.
    pub expected: String,
    /// What came instead.
    pub reason: String,
}

/// What became of the way back after a switch that was found not to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedBack<'a> {
    /// What was active before; nothing, perhaps.
    pub to: Option<&'a str>,
    /// Whether it is as it was before.
    pub worked: bool,
}

/// Another system does not answer as expected, before a switch or after it.
pub fn verify_failed(exclusive: &Exclusive, it: &Unverified, back: Option<&LedBack<'_>>) -> Diagnostic {
    let noun = exclusive.member_noun;
    let now = match back {
        None => "Nothing was changed.".to_owned(),
        Some(LedBack { to: Some(name), worked: true }) => {
            format!("It had been activated; \"{name}\" was activated again and is active now.")
        }
        Some(LedBack { to: None, worked: true }) => {
            format!("It had been activated and was deactivated again: as before, no {noun} is active.")
        }
        Some(LedBack { worked: false, .. }) => {
            "It had been activated, and the way back failed too: the next message says what is active now."
                .to_owned()
        }
    };
    Diagnostic::error(
        format!("The {noun} \"{}\" does not answer as expected", it.name),
        format!(
            "`{}` was sent from where Terraform runs, and {} was expected: {}. {now} Look at the other system and at `verify`, \
             then apply again.",
            it.question, it.expected, it.reason
        ),
    )
    .at(Path::attribute("verify"))
}

/// Two resources of one plan say which member of a group is active.
pub fn two_claims(
    exclusive: &Exclusive,
    together: Together,
    group: &str,
    first: &str,
    second: &str,
) -> Diagnostic {
    let (noun, group_noun) = (exclusive.member_noun, exclusive.group_noun);
    let summary = format!("Two resources choose the active {noun} of \"{group}\"");
    let both = format!("The {group_noun} \"{group}\" is claimed by {first} and by {second}.");
    let remedy = format!(
        "Keep one: a `servicenow_connection_activation` without `active` on the {noun}s, or `active` on one {noun} \
         without an activation."
    );
    match together {
        Together::Same => Diagnostic::warning(
            summary,
            format!(
                "{both} They agree now, and the first change of one of them makes them fight over the {group_noun}. \
                 {remedy}"
            ),
        ),
        Together::Open => Diagnostic::warning(
            summary,
            format!(
                "{both} Whether they agree is known when the {noun}s exist; if they do not, the apply stops at the \
                 second one, before it writes anything. {remedy}"
            ),
        ),
        _ => Diagnostic::error(
            summary,
            format!(
                "{both} Only one of them could hold, and the order of the run would decide which. {remedy}"
            ),
        ),
    }
}

/// What keeps an integration from going dark when its active member is deleted.
const REMEDIES: &str = "If another connection takes over, put `lifecycle { create_before_destroy = true }` on the \
    `servicenow_connection_activation`, so that it moves first. If everything is removed, set `on_destroy = \"deactivate\"` \
    on the activation and apply before the destroy. To delete it all the same, set `on_active_destroy = \"deactivate\"` here \
    and apply first.";

/// An active member is not deleted.
pub fn active_stays(doing: &Doing<'_>, exclusive: &Exclusive, group: &str) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "It is the active {} of the {} \"{group}\": without it nothing is sent. Nothing was changed, and it stays in \
             the state. {REMEDIES}",
            exclusive.member_noun, exclusive.group_noun
        ),
    )
}

/// A plan deletes what is active.
pub fn active_will_go(noun: &str, exclusive: &Exclusive, name: &str, deactivates: bool) -> Diagnostic {
    let summary = format!("The active {noun} \"{name}\" is to be deleted");
    let detail = if deactivates {
        format!(
            "It is switched off and deleted, because `on_active_destroy` says so. Its {} has no active {} then, unless \
             another one takes over in the same apply: nothing is sent.",
            exclusive.group_noun, exclusive.member_noun
        )
    } else {
        format!(
            "The apply deletes it if it is inactive when its turn comes, and refuses to otherwise. {REMEDIES}"
        )
    };
    Diagnostic::warning(summary, detail)
}

/// A plan switches off what is active.
pub fn member_goes_dark(noun: &str, exclusive: &Exclusive, name: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("The active {noun} \"{name}\" will be switched off"),
        format!(
            "Its {} has no active {} then, unless another one is activated in the same apply: nothing is sent.",
            exclusive.group_noun, exclusive.member_noun
        ),
    )
}

/// A pointer goes and takes the active member with it.
pub fn group_goes_dark(exclusive: &Exclusive, group: &str, member: &str) -> Diagnostic {
    let (noun, group_noun) = (exclusive.member_noun, exclusive.group_noun);
    Diagnostic::warning(
        format!("The {group_noun} \"{group}\" goes dark"),
        format!(
            "`on_destroy = \"deactivate\"` switches off \"{member}\", and no {noun} of the {group_noun} is active then: \
             nothing is sent. To leave it active, set `on_destroy = \"keep\"` and apply before the destroy."
        ),
    )
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
