//! Messages about the records of a resource: columns, names, secrets, and attributes that belong together.

use reconcile::Lookup;
use servicenow_core::Record;
use tf_core::{Diagnostic, Path};

use super::{Doing, names};

/// A column that a layout assumes and that the instance does not have.
pub fn no_such_column(noun: &str, table: &str, column: &str, similar: &[&str]) -> Diagnostic {
    Diagnostic::warning(
        format!("This instance has no column `{table}.{column}`"),
        format!(
            "The {noun} is kept in `{table}`, and the name of this column is assumed. The dictionary of the instance \
             does not hold it{}. The attribute that it carries keeps what was known before, and a change made elsewhere \
             is not seen there. {}",
            suggestion(similar),
            correction(table, column)
        ),
    )
}

/// An attribute whose column the instance does not have.
pub fn no_column_to_write(
    doing: &Doing<'_>,
    attribute: &str,
    table: &str,
    column: &str,
    similar: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` is set, and this instance has no column `{table}.{column}` to keep it in: its dictionary does \
             not hold it{}. ServiceNow would have accepted the write and dropped the value without a word. Nothing was changed. {} Otherwise leave `{attribute}` out.",
            suggestion(similar),
            correction(table, column)
        ),
    )
    .at(Path::attribute(attribute))
}

/// A record of a table that the instance does not have.
pub fn no_such_table(doing: &Doing<'_>, table: &str, similar: &[String]) -> Diagnostic {
    let similar: Vec<&str> = similar.iter().map(String::as_str).collect();
    Diagnostic::error(
        doing.title(),
        format!(
            "`table` is `{table}`, and the instance has no such table{}. Nothing was changed. Correct the name, or install \
             the application that brings the table.",
            suggestion(&similar)
        ),
    )
    .at(Path::attribute("table"))
}

/// A field of a record of any table that the table does not have.
pub fn no_such_field(
    doing: &Doing<'_>,
    attribute: &str,
    table: &str,
    column: &str,
    similar: &[&str],
) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` names `{column}`, and the dictionary of the instance has no such column of `{table}`{}. \
             ServiceNow would have dropped the value without a word. Nothing was changed. Correct the name, then apply again.",
            suggestion(similar)
        ),
    )
    .at(Path::attribute(attribute))
}

fn suggestion(similar: &[&str]) -> String {
    if similar.is_empty() {
        return String::new();
    }
    let names: Vec<String> = similar.iter().map(|it| format!("`{it}`")).collect();
    format!("; it holds {}", names.join(", "))
}

fn correction(table: &str, column: &str) -> String {
    format!(
        "Where it is called otherwise, set `columns = {{ \"{table}.{column}\" = \"…\" }}` in the provider block; with an \
         empty name the column is not asked for any more."
    )
}

/// A name that no record has.
pub fn unknown_name(
    doing: &Doing<'_>,
    attribute: &str,
    lookup: &Lookup,
    (name, others): (&str, &[String]),
    now: &str,
) -> Diagnostic {
    let keys: Vec<String> = lookup.keys.iter().map(|it| (*it).to_owned()).collect();
    let others: Vec<String> = others.iter().map(|it| format!("\"{it}\"")).collect();
    let others = if others.is_empty() { String::new() } else { format!(" There is {}.", others.join(", ")) };
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` names `{name}`, and no record of `{}` that the user may see has this {}.{others} {now} Check \
             the spelling, upper and lower case included, or give the sys_id, then apply again.",
            lookup.table,
            names(&keys)
        ),
    )
    .at(Path::attribute(attribute))
}

/// A name that several records have.
pub fn ambiguous_name(
    doing: &Doing<'_>,
    attribute: &str,
    name: &str,
    ids: &[String],
    now: &str,
) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` names `{name}`, and several records have that name: {}. {now} Give the sys_id of the one that \
             is meant, then apply again.",
            ids.join(", ")
        ),
    )
    .at(Path::attribute(attribute))
}

/// What state things are in when a plan tells of an error that its apply would end with.
pub const STILL: &str = "Nothing was changed, and the plan goes on: what is missing may be there when it is applied. \
    Otherwise the apply ends with an error here.";

/// What would end the apply of a plan, from the error that it would end with.
pub fn foretold(attribute: &str, spelling: &str, problem: Diagnostic) -> Diagnostic {
    Diagnostic::warning(format!("`{attribute}` cannot be applied as `{spelling}`"), problem.detail)
        .at(Path::attribute(attribute))
}

/// A word that is none of those that the instance keeps for a column, or that could be several of them.
pub fn unknown_choice(
    doing: &Doing<'_>,
    attribute: &str,
    word: &str,
    choices: &[String],
    now: &str,
) -> Diagnostic {
    Diagnostic::error(
        doing.title(),
        format!(
            "`{attribute}` is `{word}`, which stands for no single choice that the instance offers. It offers {}. {now} \
             Write one of them, by its label or its value, then apply again.",
            choices.join(", ")
        ),
    )
    .at(Path::attribute(attribute))
}

/// A record with a secret was changed after this configuration had written the secret.
pub fn secret_may_differ(noun: &str, name: &str, attribute: &str, version: &str, row: &Record) -> Diagnostic {
    let who = match row.text("sys_updated_by") {
        "" => "Somebody".to_owned(),
        name => format!("`{name}`"),
    };
    let when = match row.text("sys_updated_on") {
        "" => String::new(),
        time => format!(" at {time} UTC"),
    };
    Diagnostic::warning(
        format!("The secret of the {noun} \"{name}\" may have been changed"),
        format!(
            "{who} changed the record{when}, after this configuration had written `{attribute}`. An instance never shows \
             a secret, so that nobody can see whether it is still the declared one. Nothing was changed. Change \
             `{version}` to write it again once, set `reassert_secret = true` to have it written again after every such \
             change, or `reassert_secret = false` to hear no more of it."
        ),
    )
    .at(Path::attribute(attribute))
}

/// An attribute that means nothing beside the others.
pub fn out_of_place(attribute: &str, reason: &str, remedy: &str) -> Diagnostic {
    Diagnostic::error(
        format!("`{attribute}` does not fit the other attributes"),
        format!("{reason} Nothing was changed. {remedy}"),
    )
    .at(Path::attribute(attribute))
}

/// An attribute that the others need.
pub fn lacking(attribute: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("`{attribute}` is needed"),
        format!("{reason} Nothing was changed. Set `{attribute}`."),
    )
    .at(Path::attribute(attribute))
}

/// A combination that is allowed and seldom works.
pub fn doubtful(attribute: &str, title: &str, reason: &str) -> Diagnostic {
    Diagnostic::warning(title, reason).at(Path::attribute(attribute))
}
