//! Which connection of an integration is active, as objects of their own: they are no records, so that they follow from
//! the connections that were read.

use tf_core::{Object, Value};

use super::collect::{Collected, Item};
use super::document::{Reason, Skipped};

/// How one kind of pointer follows from the rest.
struct Kind {
    /// Its type.
    type_name: &'static str,
    /// The type of the group among whose members it chooses.
    group: &'static str,
    /// The attribute, of the pointer and of the members, that names the group.
    group_id: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        type_name: "servicenow_connection_activation",
        group: "servicenow_connection_alias",
        group_id: "connection_alias_id",
    },
    Kind {
        type_name: "servicenow_unifi_activation",
        group: "servicenow_unifi_integration",
        group_id: "integration_id",
    },
];

/// Whether a type chooses the active one of a group.
pub fn is_pointer(type_name: &str) -> bool {
    KINDS.iter().any(|it| it.type_name == type_name)
}

/// Adds the pointers. Where several connections may be active nobody chooses one, and each says for itself whether it is.
pub fn add(collected: &mut Collected) {
    for kind in KINDS {
        let groups: Vec<Item> =
            collected.items.iter().filter(|it| it.type_name == kind.group).cloned().collect();
        for group in groups {
            if flag(&group.object, "multiple_connections") {
                say_active(&mut collected.items, kind.group_id, &group.id);
            } else {
                point(collected, &kind, &group);
            }
        }
    }
}

fn flag(object: &Object, name: &str) -> bool {
    object.get(name).and_then(Value::as_bool).unwrap_or_default()
}

fn is_member(item: &Item, group_id: &str, group: &str) -> bool {
    !is_pointer(&item.type_name) && item.object.get(group_id).and_then(Value::as_str) == Some(group)
}

fn say_active(items: &mut [Item], group_id: &str, group: &str) {
    for item in items.iter_mut().filter(|it| is_member(it, group_id, group)) {
        let is_active = Value::Bool(flag(&item.object, "active"));
        item.config.insert("active".to_owned(), is_active);
    }
}

fn point(collected: &mut Collected, kind: &Kind, group: &Item) {
    let all = collected.items.iter().chain(&collected.invalid);
    let members = all.filter(|it| is_member(it, kind.group_id, &group.id));
    let active: Vec<(String, String)> =
        members.filter(|it| flag(&it.object, "active")).map(|it| (it.id.clone(), it.label.clone())).collect();
    match active.as_slice() {
        [] => {}
        [(id, _)] => {
            let members = [(kind.group_id, group.id.as_str()), ("connection_id", id)];
            let config: Object =
                members.into_iter().map(|(name, it)| (name.to_owned(), Value::string(it))).collect();
            collected.items.push(Item {
                type_name: kind.type_name.to_owned(),
                table: group.table,
                id: group.id.clone(),
                label: group.label.clone(),
                object: config.clone(),
                config,
            });
        }
        several => {
            let names: Vec<String> = several.iter().map(|it| format!("\"{}\"", it.1)).collect();
            collected.skipped.push(Skipped {
                reason: Reason::SeveralActive,
                type_name: Some(kind.type_name.to_owned()),
                table: group.table.to_owned(),
                id: Some(group.id.clone()),
                name: Some(group.label.clone()),
                count: 1,
                detail: format!(
                    "The connections {} of \"{}\" are all active, and one may be. A resource that chooses one would switch the \
                     others off. Decide which it is, and declare `{}` by hand.",
                    names.join(" and "),
                    group.label,
                    kind.type_name
                ),
            });
        }
    }
}
