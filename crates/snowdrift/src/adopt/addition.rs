//! What is live and nowhere declared: the blocks that take it over, by the writer of `snowdrift export`.
//!
//! A connection goes to the end of the file that declares its integration, where a person would look for it and a reviewer
//! sees it beside its siblings; whatever belongs to none goes to a file of its own. Each is imported, read and planned first:
//! blocks that would change what they take over are not offered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tf_core::{Object, Value};

use super::locate;
use super::outline::{Outline, is_json};
use crate::export::arrange::BELONGS_BY;
use crate::export::collect::{Collected, Item, chosen};
use crate::export::document::WouldChange;
use crate::export::references::{Addresses, Writing, circles, ids, names};
use crate::export::render::{Block, Secrets, secrets};
use crate::export::{identifier, prove};
use crate::live::Live;

/// The file for what belongs to no integration that a file declares.
pub const FILE_NAME: &str = "adopted.tf";

/// The blocks that take over one record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// The file at whose end they go.
    pub file: String,
    /// Both blocks.
    pub text: String,
    /// The ids of other records that they refer to and that have to be taken over as well.
    pub with: BTreeSet<String>,
}

/// What the blocks go into.
pub struct Soil<'a> {
    /// The files of the folder.
    pub outline: &'a Outline<'a>,
    /// The address that declares each record, by its id.
    pub addresses: &'a Addresses,
    /// Types and names that are taken.
    pub taken: &'a BTreeSet<(String, String)>,
    /// The alias of the provider block that the blocks are under.
    pub provider: Option<&'a str>,
    /// The file for what belongs to no integration that a file declares.
    pub file: String,
}

/// What takes over each of these records, whose types are given by their ids; `Err` is why nothing does, in whole sentences.
pub async fn additions(
    live: &Arc<Live>,
    wanted: &BTreeMap<String, String>,
    soil: &Soil<'_>,
) -> BTreeMap<String, Result<Addition, String>> {
    let mut collected = collected(live, wanted).await;
    let mut refused: BTreeMap<String, String> = BTreeMap::new();
    let items = std::mem::take(&mut collected.items);
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for item in &items {
        match home(item, soil) {
            Ok(file) => drop(homes.insert(item.id.clone(), file)),
            Err(reason) => drop(refused.insert(item.id.clone(), reason)),
        }
    }
    for (item, changes) in items.iter().zip(prove::apart(live, &items).await) {
        if let Some(reason) = would_change(changes) {
            refused.entry(item.id.clone()).or_insert(reason);
        }
    }
    let items: Vec<Item> = items.into_iter().filter(|it| !refused.contains_key(&it.id)).collect();
    let mut written = written(live, &items, &homes, soil).await;
    let mut all = BTreeMap::new();
    for id in wanted.keys() {
        let addition = match (written.remove(id), refused.remove(id)) {
            (Some(addition), _) => Ok(addition),
            (None, Some(reason)) => Err(reason),
            (None, None) => Err(unread(&collected, id)),
        };
        all.insert(id.clone(), addition);
    }
    all
}

/// The records as objects, type by type.
async fn collected(live: &Arc<Live>, wanted: &BTreeMap<String, String>) -> Collected {
    let mut by_type: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, type_name) in wanted {
        by_type.entry(type_name).or_default().push(id);
    }
    let mut collected = Collected::default();
    for (type_name, ids) in by_type {
        // What cannot be read is told of each record.
        let _ = chosen(live, type_name, &ids, &mut collected).await;
    }
    collected.items.sort_by(|one, other| (&one.label, &one.id).cmp(&(&other.label, &other.id)));
    collected
}

fn unread(collected: &Collected, id: &str) -> String {
    let told = collected.skipped.iter().find(|it| it.id.as_deref() == Some(id));
    told.map_or_else(
        || "It could not be read whole, or the provider has no resource for it.".to_owned(),
        |it| it.detail.clone(),
    )
}

/// Why blocks would not leave a record as it is; nothing if they do.
fn would_change(changes: Result<Vec<WouldChange>, String>) -> Option<String> {
    match changes {
        Ok(changes) if changes.is_empty() => None,
        Ok(changes) => {
            let names: Vec<String> = changes.iter().map(|it| format!("`{}`", it.attribute)).collect();
            Some(format!("Its blocks would change {} of it: write them by hand.", names.join(", ")))
        }
        Err(reason) => Some(format!("No plan of it could be made: {reason}")),
    }
}

/// The file that the blocks of a record go into.
fn home(item: &Item, soil: &Soil<'_>) -> Result<String, String> {
    let owner = BELONGS_BY.iter().find_map(|it| item.config.get(*it).and_then(Value::as_str));
    let Some(address) = owner.and_then(|it| soil.addresses.get(it)) else { return Ok(soil.file.clone()) };
    if !locate::is_plain(address) {
        return Err(format!(
            "Its integration is declared as `{address}`, whose block stands for more than that one: add it there by hand."
        ));
    }
    let declaring = soil.outline.declaring(address);
    let file = declaring.first().map(|it| it.file).filter(|it| !is_json(it));
    Ok(file.map_or_else(|| soil.file.clone(), str::to_owned))
}

/// The blocks of records that may be taken over, by their ids.
async fn written(
    live: &Arc<Live>,
    items: &[Item],
    homes: &BTreeMap<String, String>,
    soil: &Soil<'_>,
) -> BTreeMap<String, Addition> {
    let wanted: Vec<identifier::Wanted<'_>> = items
        .iter()
        .map(|it| identifier::Wanted { kind: &it.type_name, label: &it.label, id: &it.id })
        .collect();
    let assigned = identifier::assign(&wanted, soil.taken);
    let new: Addresses = items
        .iter()
        .zip(&assigned)
        .map(|(it, name)| (it.id.clone(), format!("{}.{name}", it.type_name)))
        .collect();
    // What a module declares cannot be referred to from outside.
    let declared = soil.addresses.iter().filter(|(_, it)| !it.starts_with("module."));
    let mut addresses: Addresses = declared.map(|(id, it)| (id.clone(), it.clone())).collect();
    addresses.extend(new.clone());
    let names = names(live, items, &addresses).await;
    let cuts = circles(items, &addresses);
    let mut all = BTreeMap::new();
    for ((item, name), cut) in items.iter().zip(&assigned).zip(&cuts) {
        let (Some(schema), Some(file)) = (live.schema(&item.type_name), homes.get(&item.id)) else {
            continue;
        };
        let is_allowed = |config: &Object| !live.validate(&item.type_name, config).has_errors();
        let secrets = secrets(schema, &item.config, &is_allowed);
        let block = Block { item, name, schema, secrets: &secrets, provider: soil.provider };
        let text = block.text(&Writing { addresses: &addresses, names: &names, cut }, Secrets::Comments);
        let with = ids(&item.config).into_iter().map(|it| it.1);
        let with = with.filter(|it| new.contains_key(it) && !cut.contains(it) && *it != item.id).collect();
        all.insert(item.id.clone(), Addition { file: file.clone(), text, with });
    }
    all
}
