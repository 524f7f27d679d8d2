//! Messages about columns that are not as they were sent, or not there: each with its most likely cause, and no list of
//! everything that it could be.

use servicenow_core::{Dropped, DroppedKind, Suspicion};
use tf_core::Diagnostic;

use super::Doing;

/// A column that is not stored as it was sent, and why most likely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKept {
    /// What became of it.
    pub dropped: Dropped,
    /// The most likely reason.
    pub why: Suspicion,
}

/// A column that an answer does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The column.
    pub column: String,
    /// Why most likely.
    pub why: Suspicion,
}

/// Columns that the instance did not store as they were sent.
pub fn not_stored(doing: &Doing<'_>, table: &str, columns: &[NotKept]) -> Diagnostic {
    let list: Vec<String> = columns.iter().map(kept).collect();
    let mut ways: Vec<String> = Vec::new();
    for way in columns.iter().map(|it| way_out(table, &it.dropped.column, &it.why)) {
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    Diagnostic::error(
        format!("The {} \"{}\" is not stored as sent", doing.noun, doing.name),
        format!(
            "ServiceNow accepted the write to `{table}` and keeps something else: {}. What is stored now is in the state. \
             {} Then apply again.",
            list.join("; "),
            ways.join(" ")
        ),
    )
}

/// Columns that were written and that the answer does not show.
pub fn not_verified(table: &str, columns: &[Unseen]) -> Diagnostic {
    Diagnostic::warning(
        "It is not certain that everything was stored",
        format!(
            "ServiceNow accepted the write and its answer does not show {}. Everything else was stored as sent. {} This is \
             said once in a run.",
            named(table, columns),
            ways_to_see(table, columns)
        ),
    )
}

/// Columns that were not in an answer.
pub fn hidden_columns(noun: &str, name: &str, table: &str, columns: &[Unseen]) -> Diagnostic {
    Diagnostic::warning(
        format!("Part of the {noun} \"{name}\" is hidden"),
        format!(
            "The answer does not hold {}. What was known before is kept, so a change made elsewhere is not seen there. \
             {} This is said once in a run, and is true of every object with that column.",
            named(table, columns),
            ways_to_see(table, columns)
        ),
    )
}

/// What [`hidden_record`] says and no other message.
const HIDDEN: &str = "the user that signs in may not see it,";

/// Whether a message is that of a record that is there and hidden.
pub fn is_hidden_record(it: &Diagnostic) -> bool {
    it.detail.contains(HIDDEN)
}

/// A record that is there and that this user may not see.
pub fn hidden_record(doing: &Doing<'_>, table: &str, roles: &[String]) -> Diagnostic {
    let roles = match roles {
        [] => "read access to the table".to_owned(),
        roles => format!("a role that may read it, such as {}", any_of(roles)),
    };
    Diagnostic::error(
        doing.title(),
        format!(
            "The record exists in `{table}` and {HIDDEN} because a role or an access rule is missing. The state is unchanged and nothing was written. Check that the user has {roles}, then plan again."
        ),
    )
}

/// What became of a column and why, without its value.
fn kept(it: &NotKept) -> String {
    let Dropped { column, kind, sent, stored } = &it.dropped;
    let what = match (kind, stored) {
        (DroppedKind::Absent, _) | (_, None) => {
            format!("{sent} was sent and the answer does not show the column")
        }
        (_, Some(stored)) => format!("{sent} was sent and {stored} is stored"),
    };
    format!("in `{column}` {what}, most likely because {}", because(&it.why))
}

fn because(why: &Suspicion) -> String {
    match why {
        Suspicion::NoSuchColumn(similar) => {
            format!("the table has no such column{}", in_brackets(similar, "it has "))
        }
        Suspicion::NotReadable(_) => "the user may not read that column".to_owned(),
        Suspicion::NotInAnswer => "the column does not exist or the user may not read it".to_owned(),
        Suspicion::TooLong(length) => format!("the column holds {length} characters"),
        Suspicion::NoSuchChoice(choices) => {
            format!("the value is no choice of this column{}", in_brackets(choices, "it takes "))
        }
        Suspicion::WrongType(kind) => format!("the column holds values of the type `{kind}` and this is none"),
        Suspicion::ReadOnly => "the dictionary of the instance calls the column read-only".to_owned(),
        Suspicion::NotWritable(_) => "an access control does not let the user write that column".to_owned(),
        Suspicion::Kept => {
            "the user may not write that column or the value is none of its choices: the column kept what it held"
                .to_owned()
        }
        Suspicion::Replaced => {
            "a business rule puts another value in its place: it is neither the sent one nor the one before".to_owned()
        }
    }
}

fn way_out(table: &str, column: &str, why: &Suspicion) -> String {
    match why {
        Suspicion::NoSuchColumn(_) => format!(
            "Leave out what belongs to `{column}`, or say in `columns` of the provider block what it is called here."
        ),
        Suspicion::NotReadable(roles) => {
            format!(
                "Give the user read access to `{table}.{column}`{}.",
                in_brackets(roles, "roles that have it: ")
            )
        }
        Suspicion::NotInAnswer => {
            format!("Check that `{table}.{column}` exists and give the user read access to it.")
        }
        Suspicion::TooLong(length) => format!("Shorten the value of `{column}` to {length} characters."),
        Suspicion::NoSuchChoice(_) => format!("Choose one of the values that `{column}` takes."),
        Suspicion::WrongType(kind) => format!("Give `{column}` a value of the type `{kind}`."),
        Suspicion::ReadOnly => format!("Leave out what belongs to `{column}`."),
        Suspicion::NotWritable(roles) => {
            format!(
                "Give the user write access to `{table}.{column}`{}.",
                in_brackets(roles, "roles that have it: ")
            )
        }
        Suspicion::Kept => format!(
            "Give the user write access to `{table}.{column}` and check the value. With read access to `sys_dictionary`, \
             for example the role `personalize_dictionary`, the cause would be named exactly."
        ),
        Suspicion::Replaced => format!(
            "Find the business rule of `{table}` that sets `{column}`, and change it or declare the value that it sets."
        ),
    }
}

fn named(table: &str, columns: &[Unseen]) -> String {
    let list: Vec<String> =
        columns.iter().map(|it| format!("`{table}.{}`, because {}", it.column, because(&it.why))).collect();
    list.join("; and not ")
}

fn ways_to_see(table: &str, columns: &[Unseen]) -> String {
    columns.iter().map(|it| way_out(table, &it.column, &it.why)).collect::<Vec<_>>().join(" ")
}

/// Nothing for no names; otherwise those in brackets with what they are.
fn in_brackets(names: &[String], what: &str) -> String {
    if names.is_empty() { String::new() } else { format!(" ({what}{})", any_of(names)) }
}

fn any_of(names: &[String]) -> String {
    names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}
