//! Rules of connection and credential aliases.

use super::{Change, Verdict};
use crate::instance::{Instance, text};
use crate::records::WriteError;
use crate::settings::ALIAS_NAME_CHARACTERS;

/// What a child alias takes from its parent.
const INHERITED: &[&str] =
    &["type", "connection_type", "multiple_connections", "configuration_template", "retry_policy"];

/// Beside letters and digits, what newer releases allow in a name.
const WIDE: &str = "_ @./()#&+-=!*";

/// A new child takes five columns from its parent, whatever was sent.
pub fn inherit_from_parent(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.before.is_some() || change.text("parent").is_empty() {
        return Ok(Verdict::Go);
    }
    let parent = instance.store.find(&instance.dictionary, "sys_alias", change.text("parent"))?;
    if let Some((_, parent)) = parent {
        for column in INHERITED {
            change.fill(column, text(&parent, column).to_owned());
        }
    }
    Ok(Verdict::Go)
}

/// The parent of an alias stays what it was.
pub fn keep_parent(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    Ok(abort_if(change.before.is_some() && change.touches(&["parent"])))
}

/// The name has legal characters only.
pub fn legal_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let others = match instance.settings.text(ALIAS_NAME_CHARACTERS) {
        "word" => "_",
        "any" => return Ok(Verdict::Go),
        _ => WIDE,
    };
    let legal = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    Ok(abort_if(change.touches(&["name"]) && !change.text("name").chars().all(legal)))
}

/// No two aliases of a scope have the same name.
pub fn unique_name_in_scope(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if !change.touches(&["name"]) || change.text("name").is_empty() {
        return Ok(Verdict::Go);
    }
    let same = [("name", change.text("name")), ("sys_scope", change.text("sys_scope"))];
    let found = instance.store.matching(&instance.dictionary, "sys_alias", &same)?;
    Ok(abort_if(found.iter().any(|(_, row)| text(row, "sys_id") != change.text("sys_id"))))
}

/// The id is the name, with the scope before it unless that is the global one.
pub fn calculate_id(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let name = word(change.text("name"));
    let scope = change.text("sys_scope").to_owned();
    let found = instance.store.find(&instance.dictionary, "sys_scope", &scope)?;
    let scope = found.map_or(scope, |(_, row)| text(&row, "scope").to_owned());
    let id = if scope.is_empty() || scope == "global" { name } else { format!("{}.{name}", word(&scope)) };
    change.fill("id", id);
    Ok(Verdict::Go)
}

fn word(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}

fn abort_if(broken: bool) -> Verdict {
    if broken { Verdict::Abort } else { Verdict::Go }
}
