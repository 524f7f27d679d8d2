//! Messages about what was looked up and not found.

use tf_core::{Diagnostic, Path};

use super::sentence;

/// How many of those that were found are named.
const NAMED_MAX: usize = 10;

/// Nothing meets the conditions.
pub fn nothing_found(noun: &str, table: &str, conditions: &[String], similar: &[String]) -> Diagnostic {
    let meant = match similar {
        [] => "Check the spelling, which is case-sensitive, and that the user that signs in may see it."
            .to_owned(),
        names => format!(
            "There are similar names: {}. Correct the name, or check that the user that signs in may see what is meant.",
            quoted(names)
        ),
    };
    Diagnostic::error(
        format!("There is no such {noun}"),
        format!(
            "No record of `{table}` that the user may see meets the conditions: {}. Nothing was changed. {meant}",
            all(conditions)
        ),
    )
}

/// Several things meet the conditions, each with how people know it and its id.
pub fn several_found(noun: &str, conditions: &[String], found: &[(&str, &str)]) -> Diagnostic {
    let named = found.iter().take(NAMED_MAX).map(|(label, id)| format!("\"{label}\" (sys_id {id})"));
    let named: Vec<String> = named.collect();
    let more = if found.len() > NAMED_MAX { ", and more" } else { "" };
    Diagnostic::error(
        format!("More than one {noun} was found"),
        format!(
            "The conditions are met by {}{more}; they are: {}. Nothing was changed. Give another condition, or the `id` \
             of the one that is meant.",
            named.join(", "),
            all(conditions)
        ),
    )
}

/// A data source that says nothing of what it is to find.
pub fn no_condition(noun: &str, names: &[&str]) -> Diagnostic {
    let names: Vec<String> = names.iter().map(|it| format!("`{it}`")).collect();
    Diagnostic::error(
        format!("Nothing says which {noun} is meant"),
        format!("Set `id`, or one or more of {}. Nothing was changed.", names.join(", ")),
    )
}

/// A data source that names an id and something else.
pub fn id_and_condition(noun: &str, other: &str) -> Diagnostic {
    Diagnostic::error(
        format!("Two things say which {noun} is meant"),
        format!("`id` names exactly one, so that `{other}` could only contradict it. Nothing was changed. Remove one of the two."),
    )
    .at(Path::attribute(other))
}

/// A condition that cannot be sent.
pub fn bad_condition(noun: &str, attribute: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The {noun} cannot be looked up like this"),
        format!("The value of `{attribute}` cannot be asked for: {} Nothing was changed.", sentence(reason)),
    )
    .at(Path::attribute(attribute))
}

/// The instance did not understand a condition and answered with more than was asked for.
pub fn condition_left_out(noun: &str, table: &str, column: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The {noun} cannot be looked up by `{column}`"),
        format!(
            "The answer does not hold `{column}` of `{table}`: the column does not exist there, or the user that signs in may \
             not read it. ServiceNow leaves such a condition out and answers with everything. Nothing was changed. Use \
             another condition, or give the user read access."
        ),
    )
}

/// What was found a moment ago is not there any more.
pub fn gone_again(noun: &str, label: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The {noun} \"{label}\" is gone"),
        "It was found and could not be read a moment later: somebody deleted it in the meantime, or the user that signs in \
         may list it and not read it. Nothing was changed. Run Terraform again to see what is there.",
    )
}

/// Columns that were asked for and that no answer shows.
pub fn fields_missing(table: &str, fields: &[String]) -> Diagnostic {
    let fields: Vec<String> = fields.iter().map(|it| format!("`{it}`")).collect();
    Diagnostic::warning(
        format!("Columns of `{table}` are not shown"),
        format!(
            "The answer does not hold {}: the table has no such column, or the user that signs in may not read it. They are \
             shown as empty. Correct the names in `fields`, or give the user read access.",
            fields.join(", ")
        ),
    )
    .at(Path::attribute("fields"))
}

/// A name that is no type of this provider.
pub fn unknown_type(name: &str, known: &[&str]) -> Diagnostic {
    let known: Vec<String> = known.iter().map(|it| format!("`{it}`")).collect();
    Diagnostic::error(
        format!("There is no resource type `{name}`"),
        format!("These are backed by records: {}. Nothing was changed. Correct the name.", known.join(", ")),
    )
}

/// The class of outcomes in which nothing was asked.
const UNASKABLE: &str = "url";

/// Connections of a kind are not shown to this user, or not all that there is of it.
pub fn kind_unseen(table: &str, reason: &str) -> Diagnostic {
    Diagnostic::warning(
        format!("Connections in `{table}` are not shown"),
        format!(
            "{} They are missing from the answer; the others are complete. Give the user that signs in a role that may read \
             the table, or name the kinds that are meant in `types`.",
            sentence(reason)
        ),
    )
}

/// Another system did not answer as it should.
pub fn test_failed(name: &str, class: &str, reason: &str) -> Diagnostic {
    let how = match class {
        UNASKABLE => {
            "The URL cannot be asked from the machine where Terraform runs, and nothing was sent".to_owned()
        }
        class => {
            format!("Asked with `GET` from the machine where Terraform runs, the outcome is about `{class}`")
        }
    };
    Diagnostic::error(
        format!("The test of \"{name}\" failed"),
        format!(
            "{how}: {} Nothing was \
             changed. Where the instance reaches the system by another way, such as a MID server, this machine may see \
             something else than the instance does.",
            sentence(reason)
        ),
    )
}

/// A token was asked for, and none is valid.
pub fn no_token(credential: &str, ended: Option<&str>) -> Diagnostic {
    let found = match ended {
        Some(time) => format!("its newest access token ran out at {time} UTC"),
        None => "it has no access token".to_owned(),
    };
    Diagnostic::error(
        "The instance obtained no token",
        format!(
            "The operation answered as if all were well, and of the credential `{credential}` {found}. Nothing else was \
             changed. Look at the instance's log for what the other system answered, then invoke the action again."
        ),
    )
}

/// A grant needs something that is not given.
pub fn grant_lacks(grant: &str, attribute: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The grant `{grant}` needs `{attribute}`"),
        format!(
            "Without `{attribute}` there is nothing that entitles to a token. Nothing was changed. Set it."
        ),
    )
    .at(Path::attribute(attribute))
}

/// The instance issues no token.
pub fn token_refused(client_id: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        "The instance issues no token",
        format!(
            "It refused the application `{client_id}`: {} It says so for nearly every cause. Nothing was changed. Check the \
             client id and secret, that the application is active in the instance's registry, that the grant is allowed, and \
             for `client_credentials` that the application names a user.",
            sentence(reason)
        ),
    )
}

/// An identity means an object on another instance.
pub fn other_instance(id: &str, wanted: &str, here: &str) -> Diagnostic {
    Diagnostic::error(
        "The identity belongs to another instance",
        format!(
            "It names the record `{id}` on `{wanted}`, and the provider talks to `{here}`. After a clone both may have a \
             record of that sys_id, so it was not looked up. The state is unchanged. Use the provider configuration of \
             `{wanted}`, or leave `instance` out of the identity to import from `{here}`."
        ),
    )
    .at(Path::attribute("instance"))
}

fn all(conditions: &[String]) -> String {
    if conditions.is_empty() { "(none)".to_owned() } else { conditions.join(" and ") }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}
