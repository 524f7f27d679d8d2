//! What is on the instance and nowhere declared: records within the declared integrations, or everywhere.

use std::collections::{BTreeSet, HashSet};

use servicenow_core::Record as Row;
use terraform_provider_servicenow::dialects::GROUPS;
use terraform_provider_servicenow::registry::DEFINITIONS;

use super::findings::{found, record};
use super::tables::{Seen, Tables, column_of, definition};
use super::{Compared, Options};
use crate::config::Unmanaged;
use crate::live::Live;
use crate::report::{Class, Finding, Remedy};

/// The type whose records are people as well: only users for machines count as unmanaged.
const USERS: &str = "servicenow_integration_user";

/// The column that tells a user for machines.
const FOR_MACHINES: &str = "web_service_access_only";

/// Every finding about a record that nothing declares.
pub fn look(live: &Live, compared: &Compared, tables: &Tables, options: &Options) -> Vec<Finding> {
    let declared: HashSet<&str> = compared.pairs.iter().filter_map(|it| it.id.as_deref()).collect();
    match options.unmanaged {
        Unmanaged::None => Vec::new(),
        Unmanaged::Managed => members(live, tables, &declared),
        Unmanaged::All => {
            let used = used(tables);
            let rows = tables.types().flat_map(|(type_name, seen)| {
                let rows =
                    seen.rows().filter(|(id, row)| !declared.contains(id.as_str()) && counts(type_name, row));
                rows.map(move |(id, row)| (type_name, seen, id, row))
            });
            rows.map(|(type_name, seen, id, row)| unmanaged(live, &used, type_name, seen, id, row)).collect()
        }
    }
}

fn counts(type_name: &str, row: &Row) -> bool {
    // A row of a table that extends this one belongs to another type.
    let main = definition(type_name).and_then(|it| it.layout.main());
    let class = row.text("sys_class_name");
    let is_own = class.is_empty() || main.is_none_or(|it| it.table == class);
    is_own && (type_name != USERS || row.flag(FOR_MACHINES))
}

/// Connections of declared integrations.
fn members(live: &Live, tables: &Tables, declared: &HashSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for exclusive in GROUPS {
        let Some(seen) = tables.members(exclusive) else { continue };
        for (id, row) in seen.rows() {
            let is_within = declared.contains(row.text(exclusive.group));
            if !is_within || declared.contains(id.as_str()) {
                continue;
            }
            let class = row.text("sys_class_name");
            let own = DEFINITIONS.iter().find(|it| it.layout.main().is_some_and(|it| it.table == class));
            let (type_name, table) = own.map_or((class, class), |it| (it.type_name, class));
            let table = if table.is_empty() { exclusive.members } else { table };
            let name = row.text(exclusive.name);
            let group = tables.row(exclusive.groups, row.text(exclusive.group));
            let group = group.map_or("", |it| it.text(exclusive.group_name));
            let state = if row.flag(exclusive.flag) { "active " } else { "" };
            let words = format!(
                "The {state}{} \"{name}\" of the integration \"{group}\" is declared nowhere.",
                exclusive.member_noun
            );
            let record = record(live, table, id, name);
            let remedy = ways_out(type_name, &record.sys_id);
            findings.push(Finding { remedy, ..found(live, Class::Unmanaged, words, type_name, record) });
        }
    }
    findings
}

fn ways_out(type_name: &str, id: &str) -> Remedy {
    let by_hand = format!(
        "Adopt it with `import {{ to = {type_name}.NAME, id = \"{id}\" }}` and a resource block, which `snowdrift export` \
         writes, or delete the record on the instance."
    );
    Remedy { by_hand: Some(by_hand), ..Remedy::default() }
}

/// The ids of credentials that a connection uses. `None`: that is not known.
fn used(tables: &Tables) -> Option<BTreeSet<String>> {
    let mut used = BTreeSet::new();
    let native = GROUPS.iter().find(|it| it.members == "sys_connection")?;
    let seen = tables.members(native).filter(|it| it.hidden() == 0)?;
    used.extend(seen.rows().map(|(_, it)| it.text("credential").to_owned()));
    Some(used)
}

fn unmanaged(
    live: &Live,
    used: &Option<BTreeSet<String>>,
    type_name: &str,
    seen: &Seen,
    id: &str,
    row: &Row,
) -> Finding {
    let keys = definition(type_name).map(|it| it.natural_keys).unwrap_or_default();
    let name = keys.iter().map(|it| row.text(it)).find(|it| !it.is_empty()).unwrap_or(id);
    let noun = definition(type_name).map_or(type_name, |it| it.noun);
    let record = record(live, seen.table, id, name);
    let is_orphan = is_credential(type_name)
        && !is_tagged(type_name, row)
        && used.as_ref().is_some_and(|it| !it.contains(id));
    if is_orphan {
        let words = format!("No connection uses the {noun} \"{name}\", and it is declared nowhere.");
        let by_hand =
            "Delete it if nothing else uses it, and revoke what it holds at the other system.".to_owned();
        let remedy = Remedy { by_hand: Some(by_hand), ..Remedy::default() };
        return Finding { remedy, ..found(live, Class::OrphanedCredential, words, type_name, record) };
    }
    let words = format!("The {noun} \"{name}\" is declared nowhere.");
    let remedy = ways_out(type_name, id);
    Finding { remedy, ..found(live, Class::Unmanaged, words, type_name, record) }
}

/// Whether connections refer to records of a type as their credential.
fn is_credential(type_name: &str) -> bool {
    type_name.ends_with("_credential")
}

/// Whether a credential is found through an alias, without a connection.
fn is_tagged(type_name: &str, row: &Row) -> bool {
    let column = column_of(type_name, "credential_alias_ids");
    column.is_some_and(|(_, column)| !row.text(column).is_empty())
}
