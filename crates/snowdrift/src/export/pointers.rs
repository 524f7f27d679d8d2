//! Which connection of an integration is active, as objects of their own: they are no records, so that they follow from
//! the connections that were read.

use std::collections::BTreeMap;
use std::sync::Arc;

use tf_core::{Object, Value};
use tokio::task::JoinSet;

use super::collect::{Collected, Item};
use super::document::{Reason, Skipped};
use crate::live::Live;

/// Pointers that are read at the same time: enough that their reads become few requests.
const AT_ONCE: usize = 200;

/// The attribute of a pointer that names several connections in their order.
const SEVERAL: &str = "connection_ids";

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

/// Adds the pointers. Where several connections may be active the pointer names those that are, in their order; where none of
/// them is, there is nothing to point to, and each says for itself that it is not.
pub async fn add(live: &Arc<Live>, collected: &mut Collected) {
    for kind in KINDS {
        let groups: Vec<Item> =
            collected.items.iter().filter(|it| it.type_name == kind.group).cloned().collect();
        let (several, one): (Vec<Item>, Vec<Item>) =
            groups.into_iter().partition(|it| flag(&it.object, "multiple_connections"));
        let mut chosen = chosen(live, kind.type_name, &several).await;
        for group in several {
            match chosen.remove(&group.id) {
                Some(ids) => {
                    let several = Value::List(ids.into_iter().map(Value::string).collect());
                    let pointer = pointer(&kind, &group, (SEVERAL, several));
                    collected.items.push(pointer);
                }
                None => say_active(&mut collected.items, kind.group_id, &group.id),
            }
        }
        one.iter().for_each(|it| point(collected, &kind, it));
    }
}

/// The connections that are active in each of these groups, in the order in which a pointer that was taken over shows them.
async fn chosen(live: &Arc<Live>, type_name: &'static str, groups: &[Item]) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for chunk in groups.chunks(AT_ONCE) {
        let mut reads = JoinSet::new();
        for id in chunk.iter().map(|it| it.id.clone()) {
            let live = live.clone();
            reads.spawn(async move {
                let ids = active(&live, type_name, &id).await;
                (id, ids)
            });
        }
        while let Some(read) = reads.join_next().await {
            // Without an answer each connection says for itself whether it is active, which the proof looks at as well.
            let Ok((id, Some(ids))) = read else { continue };
            all.insert(id, ids);
        }
    }
    all
}

async fn active(live: &Live, type_name: &str, group: &str) -> Option<Vec<String>> {
    let state = live.read(type_name, live.import(type_name, group).await.ok()?).await.state?;
    let ids = state.object.get(SEVERAL)?.as_elements()?.iter();
    let ids: Vec<String> = ids.map(|it| it.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    // A pointer names at least one, and not more than it takes.
    let mut config = live.as_written(type_name, &state.object);
    config.insert(SEVERAL.to_owned(), Value::List(ids.iter().map(Value::string).collect()));
    (!ids.is_empty() && !live.validate(type_name, &config).has_errors()).then_some(ids)
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

/// A pointer among the members of a group, with what it names.
fn pointer(kind: &Kind, group: &Item, (name, chosen): (&str, Value)) -> Item {
    let group_id = (kind.group_id.to_owned(), Value::string(group.id.as_str()));
    let config = Object::from([group_id, (name.to_owned(), chosen)]);
    Item {
        type_name: kind.type_name.to_owned(),
        table: group.table,
        id: group.id.clone(),
        label: group.label.clone(),
        object: config.clone(),
        config,
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
            let pointer = pointer(kind, group, ("connection_id", Value::string(id.as_str())));
            collected.items.push(pointer);
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
