//! Messages about groups that are kept from sending while their active member is switched.

use std::collections::BTreeMap;

use servicenow_core::{QueryError, ServiceError, SysId};
use tf_core::{Diagnostic, Diagnostics, Path};

use super::{remedy, why};
use crate::dialects::Exclusive;

/// The attribute that asks for it.
const ATTRIBUTE: &str = "wait_until_inactive_drained";

/// Transactions that a message names at most: who has to look after many looks at the table.
const NAMED_MAX: usize = 3;

/// A transaction that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// How people know it.
    pub number: String,
    /// How far it is, as the instance has it.
    pub state: String,
    /// When it was created, in UTC.
    pub since: String,
}

/// Why a group could not be drained.
#[derive(Debug)]
pub enum Undrained {
    /// A request failed.
    Failed(ServiceError),
    /// It was said elsewhere.
    Ours(Diagnostics),
    /// The table of transactions has no such column.
    NoColumn {
        /// The table.
        table: &'static str,
        /// The column, as it was asked for.
        column: String,
    },
    /// No choice of the column is what a word says.
    NoState {
        /// The table and the column.
        column: &'static str,
        /// The key of the setting.
        key: &'static str,
        /// What was looked for.
        word: String,
        /// What there is.
        offered: Vec<String>,
    },
    /// Transactions are counted that the user may not see.
    Hidden {
        /// Their table.
        table: &'static str,
    },
    /// More than anybody would wait for.
    TooMany {
        /// Their table.
        table: &'static str,
        /// How many.
        counted: u64,
    },
    /// The group did not become paused, or not for long.
    NotKept {
        /// What was written.
        wanted: String,
        /// What is there.
        state: String,
    },
    /// It is paused and takes transactions into work.
    NotHeld {
        /// Those.
        left: Vec<Left>,
    },
    /// Transactions wait for the old one, and nobody here may let them go.
    Held {
        /// Those.
        left: Vec<Left>,
        /// Whether the group is paused; otherwise nothing of it is active.
        is_paused: bool,
    },
    /// It could not be resumed in between.
    NotResumed,
    /// The time is over.
    Late {
        /// Seconds that were allowed.
        longest_s: u64,
        /// How many are in which state.
        states: BTreeMap<String, usize>,
        /// The first that came.
        oldest: Option<Left>,
    },
}

impl From<ServiceError> for Undrained {
    fn from(error: ServiceError) -> Undrained {
        Undrained::Failed(error)
    }
}

impl From<Diagnostics> for Undrained {
    fn from(problems: Diagnostics) -> Undrained {
        Undrained::Ours(problems)
    }
}

impl From<QueryError> for Undrained {
    fn from(error: QueryError) -> Undrained {
        Undrained::Ours(super::bad_setting("unifi_states", &error.to_string()).into())
    }
}

/// A group that could not be drained, so that nothing was switched. `was_resumed`: it had been paused for it.
pub fn not_drained(exclusive: &Exclusive, name: &str, reason: &Undrained, was_resumed: bool) -> Diagnostic {
    if let Undrained::Ours(problems) = reason
        && let Some(problem) = problems.0.first()
    {
        return problem.clone();
    }
    let now = if was_resumed { " It had been paused for that, and was resumed." } else { "" };
    let (reason, way_out) = reason_and_way_out(reason);
    Diagnostic::error(
        format!("Could not drain the {} \"{name}\"", exclusive.group_noun),
        format!("{reason} Nothing was switched.{now} {way_out}"),
    )
    .at(Path::attribute(ATTRIBUTE))
}

fn reason_and_way_out(reason: &Undrained) -> (String, String) {
    match reason {
        Undrained::Failed(error) => (why(error), remedy(error, "the user that signs in")),
        Undrained::Ours(_) | Undrained::NotResumed => (
            "Transactions wait that were meant for the old connection, and it could not be resumed to let them go there."
                .to_owned(),
            "Look at the next message, then apply again.".to_owned(),
        ),
        Undrained::NoColumn { table, column } => (
            format!("The table `{table}` has no column `{column}` that the user may see."),
            format!("Name the column that is meant in the provider setting `columns`, by its name here (`{table}.…`), then apply again."),
        ),
        Undrained::NoState { column, key, word, offered } => (
            format!("\"{word}\" is no choice of `{column}`, which has {}.", offered.join(", ")),
            format!("Say in the provider setting `unifi_states` what is meant by `{key}`, then apply again."),
        ),
        Undrained::Hidden { table } => (
            format!("`{table}` counts transactions that are not at their end and that the user may not see, or does not count them."),
            "Give the user that signs in a role that reads all of them, such as `x_snd_eb.admin`, then apply again.".to_owned(),
        ),
        Undrained::TooMany { table, counted } => (
            format!("`{table}` has {counted} transactions that are not at their end."),
            FINISHED.to_owned(),
        ),
        Undrained::NotKept { wanted, state } => (
            format!("Its state was set to `{wanted}` and is `{state}`: the instance does not pause it that way, or somebody resumed it."),
            "Correct the column in the provider setting `columns` or the value in `unifi_states`; or pause it by hand, apply, \
             and resume it."
                .to_owned(),
        ),
        Undrained::NotHeld { left } => (
            format!("It was paused, and {} taken into work all the same.", were(left)),
            "Correct the value of `paused` in the provider setting `unifi_states`, or of `queued` where that is how a \
             transaction waits here."
                .to_owned(),
        ),
        Undrained::Held { left, is_paused } => held(left, *is_paused),
        Undrained::Late { longest_s, states, oldest } => (late(*longest_s, states, oldest.as_ref()), LONGER.to_owned()),
    }
}

const FINISHED: &str = "Name the states in which a transaction is at its end as `finished` in the provider setting \
                        `unifi_states`, then apply again.";

const LONGER: &str = "Apply again when less is sent, or give `longest_wait` more time. If what waits may go to the new \
                      connection, set `queued = \"send_to_new\"`. If one of these states is an end, name it as `finished` in \
                      the provider setting `unifi_states`.";

fn held(left: &[Left], is_paused: bool) -> (String, String) {
    let send = "If they may go to the new connection, set `queued = \"send_to_new\"`.";
    if is_paused {
        let reason = format!(
            "Somebody paused it, and {} that came before: a switch would send them to the new connection.",
            wait(left)
        );
        return (reason, format!("Resume it, so that they go to the old one, then apply again. {send}"));
    }
    let reason = format!(
        "No connection is active, and {}: a switch would send them to the new connection.",
        wait(left)
    );
    (reason, format!("Settle them on the instance, then apply again. {send}"))
}

fn late(longest_s: u64, states: &BTreeMap<String, usize>, oldest: Option<&Left>) -> String {
    let total: usize = states.values().sum();
    let states: Vec<String> = states.iter().map(|(state, count)| format!("{count} `{state}`")).collect();
    let oldest =
        oldest.map_or_else(String::new, |it| format!(" The oldest is {}, from {} UTC.", it.number, it.since));
    match total {
        0 => {
            format!("In {} there was no moment at which nothing was on its way.", super::duration(longest_s))
        }
        _ => format!(
            "After {} there {} on the way: {}.{oldest}",
            super::duration(longest_s),
            if total == 1 {
                "is still one transaction".to_owned()
            } else {
                format!("are still {total} transactions")
            },
            states.join(", ")
        ),
    }
}

fn named(left: &[Left]) -> String {
    let names: Vec<&str> = left.iter().take(NAMED_MAX).map(|it| it.number.as_str()).collect();
    let more = left.len().saturating_sub(NAMED_MAX);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    match left.len() {
        1 => format!("the transaction {}", names.join("")),
        _ => format!("the transactions {}{more}", names.join(", ")),
    }
}

fn wait(left: &[Left]) -> String {
    format!("{} {}", named(left), if left.len() == 1 { "waits" } else { "wait" })
}

fn were(left: &[Left]) -> String {
    format!("{} {}", named(left), if left.len() == 1 { "was" } else { "were" })
}

/// Transactions that waited for the old one and go to the new one, because somebody says so.
pub fn waiting_goes_to_new(exclusive: &Exclusive, name: &str, left: &[Left]) -> Diagnostic {
    Diagnostic::warning(
        format!("Transactions of the {} \"{name}\" go to the new connection", exclusive.group_noun),
        format!(
            "When it was switched, {}, and `queued = \"send_to_new\"` sends on what waits. Look at these transactions if one \
             of them was meant for the old connection.",
            wait(left)
        ),
    )
    .at(Path::attribute(ATTRIBUTE))
}

/// Why a group that was paused for a switch stays paused.
#[derive(Debug)]
pub enum Why {
    /// What is there could not be read.
    Unread(ServiceError),
    /// The write was refused.
    Refused(ServiceError),
    /// The write was accepted, and nothing changed.
    NotKept,
    /// So many are active, and not one.
    Active(usize),
}

/// A group that was paused for a switch and does not send again.
pub fn still_paused(
    exclusive: &Exclusive,
    (name, id): (&str, &SysId),
    before: &str,
    reason: &Why,
) -> Diagnostic {
    let reason = match reason {
        Why::Unread(error) => format!("whether it may be resumed could not be seen. {}", why(error)),
        Why::Refused(error) => format!("resuming it failed. {}", why(error)),
        Why::NotKept => "resuming it was accepted and changed nothing.".to_owned(),
        Why::Active(0) => {
            format!(
                "it was not resumed, because no {} is active and what waits would fail.",
                exclusive.member_noun
            )
        }
        Why::Active(count) => format!(
            "it was not resumed, because {count} {}s are active and what waits could go astray.",
            exclusive.member_noun
        ),
    };
    Diagnostic::error(
        format!("The {} \"{name}\" may still be paused", exclusive.group_noun),
        format!(
            "It was paused for a switch, and {reason} While it is paused its messages wait and nothing is sent. Look at its \
             active {} and set its state back to `{before}` on the instance: `{}`, record `{id}`.",
            exclusive.member_noun, exclusive.groups
        ),
    )
    .at(Path::attribute(ATTRIBUTE))
}

/// A group that is found paused.
pub fn group_is_paused(exclusive: &Exclusive, name: &str, id: &SysId) -> Diagnostic {
    Diagnostic::warning(
        format!("The {} \"{name}\" is paused", exclusive.group_noun),
        format!(
            "Its messages wait, and nothing is sent. Somebody paused it, or a switch that waited for its messages was killed \
             before it could resume it. Set its state back on the instance when it is to send again: `{}`, record `{id}`.",
            exclusive.groups
        ),
    )
    .at(Path::attribute(ATTRIBUTE))
}
