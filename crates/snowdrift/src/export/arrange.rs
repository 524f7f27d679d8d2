//! Which file an object belongs in: that of the one integration that it serves, or one for what several share.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::Item;
use super::identifier::{Wanted, assign};
use super::references;
use super::selection::{Selection, is_integration};

/// The attributes by which an object belongs to an integration.
pub const BELONGS_BY: [&str; 2] = ["connection_alias_id", "integration_id"];

/// Integrations that each object serves, by place: those that it belongs to, and those of what refers to it.
pub fn served(items: &[Item]) -> Vec<BTreeSet<usize>> {
    let place: BTreeMap<&str, usize> = records(items);
    let mut served: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); items.len()];
    for (at, item) in items.iter().enumerate() {
        let mut own = BTreeSet::new();
        if is_integration(&item.type_name) && is_record(item) {
            own.insert(at);
        } else {
            for (path, id) in references::ids(&item.config) {
                let Some(to) = place.get(id.as_str()) else { continue };
                let belongs = path
                    .first()
                    .is_some_and(|it| BELONGS_BY.contains(&it.as_str()) || it == "credential_alias_ids");
                if belongs && items.get(*to).is_some_and(|it| is_integration(&it.type_name)) {
                    own.insert(*to);
                }
            }
        }
        if let Some(slot) = served.get_mut(at) {
            *slot = own;
        }
    }
    spread(items, &place, &mut served);
    served
}

/// What an object serves is served by what it refers to as well, until nothing is added.
fn spread(items: &[Item], place: &BTreeMap<&str, usize>, served: &mut [BTreeSet<usize>]) {
    let mut open: Vec<usize> = (0..items.len()).collect();
    while let Some(at) = open.pop() {
        let (Some(item), Some(of_it)) = (items.get(at), served.get(at).cloned()) else { continue };
        for (_, id) in references::ids(&item.config) {
            let Some(to) = place.get(id.as_str()).copied() else { continue };
            // An integration stands for itself alone.
            if items.get(to).is_none_or(|it| is_integration(&it.type_name)) {
                continue;
            }
            if let Some(slot) = served.get_mut(to) {
                let before = slot.len();
                slot.extend(of_it.iter().copied());
                if slot.len() > before {
                    open.push(to);
                }
            }
        }
    }
}

fn is_record(item: &Item) -> bool {
    super::collect::definition(&item.type_name).is_some()
}

fn records(items: &[Item]) -> BTreeMap<&str, usize> {
    items.iter().enumerate().filter(|(_, it)| is_record(it)).map(|(at, it)| (it.id.as_str(), at)).collect()
}

/// Whether each object is wanted: for its own sake, as part of an integration that is, or because something wanted refers
/// to it.
pub fn wanted(items: &[Item], selection: &Selection) -> Vec<bool> {
    let place = records(items);
    let mut wanted: Vec<bool> = items
        .iter()
        .map(|it| {
            let names = ["name", "qualified_name"]
                .map(|name| it.object.get(name).and_then(|it| it.as_str()).unwrap_or_default());
            selection.is_wanted(&it.type_name, &names)
        })
        .collect();
    if selection.is_by_integration() {
        let roots: BTreeSet<&str> = items
            .iter()
            .zip(&wanted)
            .filter(|it| *it.1 && is_record(it.0))
            .map(|it| it.0.id.as_str())
            .collect();
        let belongs = |item: &Item| {
            BELONGS_BY.iter().any(|it| {
                item.config.get(*it).and_then(|it| it.as_str()).is_some_and(|id| roots.contains(id))
            })
        };
        items.iter().zip(&mut wanted).for_each(|(item, slot)| *slot |= belongs(item));
    }
    let mut open: Vec<usize> = (0..items.len()).filter(|at| wanted.get(*at) == Some(&true)).collect();
    while let Some(at) = open.pop() {
        let Some(item) = items.get(at).filter(|_| selection.is_by_integration()) else { break };
        for (_, id) in references::ids(&item.config) {
            let Some(to) = place.get(id.as_str()).copied() else { continue };
            if let Some(slot) = wanted.get_mut(to).filter(|it| !**it) {
                *slot = true;
                open.push(to);
            }
        }
    }
    items.iter().zip(&mut wanted).for_each(|(item, slot)| *slot &= selection.has_type(&item.type_name));
    wanted
}

/// The stem of the file of each object.
pub fn files(items: &[Item], served: &[BTreeSet<usize>]) -> Vec<String> {
    let integrations: Vec<usize> = (0..items.len())
        .filter(|at| items.get(*at).is_some_and(|it| is_integration(&it.type_name) && is_record(it)))
        .collect();
    let wanted: Vec<Wanted<'_>> = integrations
        .iter()
        .filter_map(|at| items.get(*at))
        .map(|it| Wanted { kind: "integration", label: &it.label, id: &it.id })
        .collect();
    let names: BTreeMap<usize, String> =
        integrations.iter().copied().zip(assign(&wanted, &BTreeSet::new())).collect();
    let inbound: Vec<(usize, &Item)> =
        items.iter().enumerate().filter(|(_, it)| it.type_name == INBOUND).collect();
    let wanted: Vec<Wanted<'_>> =
        inbound.iter().map(|(_, it)| Wanted { kind: "inbound", label: &it.label, id: &it.id }).collect();
    let doors: BTreeMap<usize, String> =
        inbound.iter().map(|(at, _)| *at).zip(assign(&wanted, &BTreeSet::new())).collect();
    let stem = |(at, item): (usize, &Item)| {
        let served: Vec<usize> = served.get(at).into_iter().flatten().copied().collect();
        match (served.as_slice(), doors.get(&at)) {
            (_, Some(name)) => safe(format!("inbound_{name}")),
            // What tells connections apart is shared by nature.
            _ if item.type_name == ENVIRONMENT => group(item),
            ([one], _) => names.get(one).map_or_else(|| group(item), |it| safe(format!("integration_{it}"))),
            _ => group(item),
        }
    };
    items.iter().enumerate().map(stem).collect()
}

const INBOUND: &str = "servicenow_inbound_endpoint";

const ENVIRONMENT: &str = "servicenow_unifi_environment";

/// A file whose name ends like this overrides others.
fn safe(stem: String) -> String {
    if stem.ends_with("_override") { format!("{stem}_") } else { stem }
}

/// The file for what several share and for what nothing uses, by what it is.
fn group(item: &Item) -> String {
    let kind = item.type_name.trim_start_matches("servicenow_");
    let stem = match kind {
        it if it.ends_with("_credential") => "credentials",
        it if it.starts_with("oauth_") => "oauth",
        it if it.ends_with("_connection") => "connections",
        "retry_policy" => "retry_policies",
        "integration_user" => "integration_users",
        "unifi_environment" => "unifi_environments",
        other => other,
    };
    format!("shared_{stem}")
}
