//! Rules of connection and credential aliases.

use super::{Change, Moment, Rule, Verdict, abort_if, is_alone};
use crate::instance::{Instance, text};
use crate::records::WriteError;
use crate::settings::{ALIAS_NAME_CHARACTERS, CHILD_ALIAS_FOLLOWS};

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Inherit values from parent",
        sys_id: "b1a5000000000000000000000000a001",
        table: "sys_alias",
        moment: Moment::Computes(inherit_from_parent),
    },
    Rule {
        name: "Prevent parent change",
        sys_id: "b1a5000000000000000000000000a002",
        table: "sys_alias",
        moment: Moment::Before(keep_parent),
    },
    Rule {
        name: "Validate alias name",
        sys_id: "b1a5000000000000000000000000a003",
        table: "sys_alias",
        moment: Moment::Before(legal_name),
    },
    Rule {
        name: "Ensure unique alias name in scope",
        sys_id: "b1a5000000000000000000000000a004",
        table: "sys_alias",
        moment: Moment::Before(unique_name_in_scope),
    },
    Rule {
        name: "Calculate alias ID",
        sys_id: "b1a5000000000000000000000000a005",
        table: "sys_alias",
        moment: Moment::Computes(calculate_id),
    },
    Rule {
        name: "Pass values to child aliases",
        sys_id: "b1a5000000000000000000000000a006",
        table: "sys_alias",
        moment: Moment::After(pass_to_children),
    },
];

/// What a child alias takes from its parent.
const INHERITED: &[&str] =
    &["type", "connection_type", "multiple_connections", "configuration_template", "retry_policy"];

/// Beside letters and digits, what newer releases allow in a name.
const WIDE: &str = "_ @./()#&+-=!*";

/// A new child takes five columns from its parent, whatever was sent.
fn inherit_from_parent(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
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
fn keep_parent(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    Ok(abort_if(change.before.is_some() && change.touches(&["parent"])))
}

/// The name has legal characters only.
fn legal_name(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let others = match instance.settings.text(ALIAS_NAME_CHARACTERS) {
        "word" => "_",
        "any" => return Ok(Verdict::Go),
        _ => WIDE,
    };
    let legal = |it: char| it.is_ascii_alphanumeric() || others.contains(it);
    Ok(abort_if(change.touches(&["name"]) && !change.text("name").chars().all(legal)))
}

/// No two aliases of a scope have the same name.
fn unique_name_in_scope(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if !change.touches(&["name"]) || change.text("name").is_empty() {
        return Ok(Verdict::Go);
    }
    let same = [("name", change.text("name")), ("sys_scope", change.text("sys_scope"))];
    Ok(abort_if(!is_alone(instance, change, "sys_alias", &same)?))
}

/// Children take later changes of their parent too, if the setting says so.
fn pass_to_children(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if change.before.is_none() || instance.settings.text(CHILD_ALIAS_FOLLOWS) == "never" {
        return Ok(());
    }
    let below = [("parent", change.text("sys_id"))];
    for (table, child) in instance.store.matching(&instance.dictionary, "sys_alias", &below)? {
        let inherited: Vec<(&str, &str)> = INHERITED.iter().map(|it| (*it, change.text(it))).collect();
        instance.save(change.writer, table, &child, &inherited)?;
    }
    Ok(())
}

/// The id is the name, with the scope before it unless that is the global one.
fn calculate_id(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
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
