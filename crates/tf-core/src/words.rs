//! What the behaviors of an attribute mean for its users, in sentences: the same on pages and in JSON schemas.

use crate::wire::json;
use crate::{Attribute, Mode, Relation, Replace};

/// One sentence for each behavior.
pub(crate) fn notes(attribute: &Attribute, relations: &[Relation]) -> Vec<String> {
    let behavior = &attribute.behavior;
    let mut notes = Vec::new();
    if attribute.write_only {
        notes.push("Never stored; needs Terraform 1.11 or later.".to_owned());
    }
    notes.extend(behavior.version.as_ref().map(|it| format!("Written again when `{it}` changes.")));
    notes.extend(behavior.checks.iter().map(|it| format!("Must be {}.", it.demand)));
    notes.extend(across(&attribute.name, relations));
    if let Some(default) = &behavior.default
        && let Ok(default) = json::encode(default, &attribute.ty.implied_type())
    {
        notes.push(format!("Default: `{default}`."));
    }
    notes.extend(behavior.form.as_ref().map(|it| format!("Compared {}.", it.words)));
    match &behavior.replaces {
        Replace::Never => {}
        Replace::Always => notes.push("Changing this forces a new resource.".to_owned()),
        Replace::When(condition) => {
            notes.push(format!("Changing this forces a new resource if {}.", condition.words));
        }
    }
    match behavior.mode {
        Mode::Computed if behavior.stable => notes.push("Stays the same once it is known.".to_owned()),
        Mode::OptionalComputed if behavior.stable => notes.push("Left out, it stays as it is.".to_owned()),
        _ => {}
    }
    notes
}

/// What the rules across attributes mean for one of them.
pub(crate) fn across(name: &str, relations: &[Relation]) -> Vec<String> {
    relations.iter().filter(|it| it.names().contains(&name)).filter_map(|it| relation(name, it)).collect()
}

fn relation(name: &str, relation: &Relation) -> Option<String> {
    match relation {
        Relation::Conflicts(names) => Some(format!("Excludes {}.", list(&others(name, names)))),
        Relation::ExactlyOne(names) => Some(format!("Exactly one of {} must be set.", list(names))),
        Relation::AtLeastOne(names) => Some(format!("At least one of {} must be set.", list(names))),
        Relation::Requires(first, needs) if first == name => Some(format!("Needs {}.", list(needs))),
        Relation::Requires(..) => None,
    }
}

fn others<'a>(name: &str, names: &'a [String]) -> Vec<&'a String> {
    names.iter().filter(|it| *it != name).collect()
}

fn list<T: AsRef<str>>(names: &[T]) -> String {
    names.iter().map(|it| format!("`{}`", it.as_ref())).collect::<Vec<_>>().join(", ")
}
