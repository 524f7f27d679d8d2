//! Messages of a plan about who chooses the active member of a group, what goes dark, and what speaks against a choice.

use tf_core::Diagnostic;

use super::Doing;
use super::switching::quoted;
use crate::claims::Together;
use crate::dialects::Exclusive;
use crate::environment_hosts::Misfit;

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
        "Keep one: a `{}` without `active` on the {noun}s, or `active` on one {noun} without an activation.",
        exclusive.pointer
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
                "{both} Only one of them could hold, and the order of the run would decide which. Nothing was changed for \
                 this one; where the other one was applied before, what it chose is active. {remedy}"
            ),
        ),
    }
}

/// What keeps an integration from going dark when its active member is deleted.
fn remedies(exclusive: &Exclusive) -> String {
    format!(
        "If another connection takes over, put `lifecycle {{ create_before_destroy = true }}` on the `{}`, so that it moves \
         first. If everything is removed, set `on_destroy = \"deactivate\"` on the activation and apply before the destroy. \
         To delete it all the same, set `on_active_destroy = \"deactivate\"` here and apply first.",
        exclusive.pointer
    )
}

/// An active member is not deleted.
pub fn active_stays(doing: &Doing<'_>, exclusive: &Exclusive, group: &str) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "It is the active {} of the {} \"{group}\": without it nothing is sent. Nothing was changed, and it stays in \
             the state. {}",
            exclusive.member_noun,
            exclusive.group_noun,
            remedies(exclusive)
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
            "The apply deletes it if it is inactive when its turn comes, and refuses to otherwise. {}",
            remedies(exclusive)
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
pub fn group_goes_dark(exclusive: &Exclusive, group: &str, members: &[String]) -> Diagnostic {
    let (noun, group_noun) = (exclusive.member_noun, exclusive.group_noun);
    let (members, them) = (quoted(members), if members.len() == 1 { "it" } else { "them" });
    Diagnostic::warning(
        format!("The {group_noun} \"{group}\" goes dark"),
        format!(
            "`on_destroy = \"deactivate\"` switches off {members}, and no {noun} of the {group_noun} is active then: \
             nothing is sent. To leave {them} active, set `on_destroy = \"keep\"` and apply before the destroy."
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

/// A connection that another instance alone may send through.
pub fn pinned_elsewhere(noun: &str, name: &str, pinned: &str, own: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("The {noun} \"{name}\" is for another instance"),
        format!(
            "Its instance name is `{pinned}`, and this instance calls itself `{own}`: while the connection is active, every \
             message of its integration fails. If this is the right instance, set `instance_name = \"{own}\"` on the {noun}; \
             otherwise check `instance` in the provider block before the apply."
        ),
    )
}

/// What is known of a connection lets doubt that it works once it is active.
pub fn winner_doubtful(noun: &str, name: &str, status: &str, reason: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("The {noun} \"{name}\" may not work once it is active"),
        format!(
            "Its status would be {status}: {reason}. The plan goes on. Obtain a token or correct the credential first, or add \
             `verify`, so that a switch that does not work leads back."
        ),
    )
}

/// A connection that is to become active lacks what it cannot work without.
pub fn winner_unable(exclusive: &Exclusive, name: &str, lacks: &[&str]) -> Diagnostic {
    let noun = exclusive.member_noun;
    let columns: Vec<String> = lacks.iter().map(|it| format!("`{it}`")).collect();
    let or_receive = match exclusive.caller {
        Some(caller) if lacks.contains(&exclusive.address) => {
            format!(" One that only receives needs `{caller}` instead.")
        }
        _ => String::new(),
    };
    Diagnostic::error(
        format!("The {noun} \"{name}\" could not work once it is active"),
        format!(
            "It has no {}, so that nothing could be sent through it.{or_receive} Nothing was changed. Set what is missing, or \
             choose another {noun}, then plan again.",
            columns.join(" and no ")
        ),
    )
}

/// The flag of a group does not say what its members say.
pub fn group_does_not_follow(exclusive: &Exclusive, group: &str) -> Diagnostic {
    let (noun, group_noun) = (exclusive.member_noun, exclusive.group_noun);
    Diagnostic::warning(
        format!("The {group_noun} \"{group}\" is not active"),
        format!(
            "A {noun} of it is active, and the {group_noun} did not follow: rules of the application did not run, or \
             something else switched it off. Nothing is sent while it is not active. Open it on the instance and look at its \
             state; activating the {noun} there once more lets the rules run."
        ),
    )
}
