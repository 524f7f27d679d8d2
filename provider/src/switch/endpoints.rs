//! Where members lead to, and what speaks against activating one.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Query, Record, ServiceError, SysId};

use super::groups::IDS_MAX;
use crate::dialects::Exclusive;
use crate::session::Session;
use crate::tables::Table;

/// Where a member leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// How people know the member.
    pub name: String,
    /// The address of the other system.
    pub address: String,
    /// The columns that are empty and without which it cannot work.
    pub lacks: Vec<&'static str>,
    /// The environment that the member itself names.
    pub environment: Option<String>,
    /// The only instance that may send through it.
    pub instance_name: Option<String>,
}

/// Where members lead to, read from the tables of their classes. A member that is not there has none.
///
/// # Errors
/// A request failed.
pub async fn endpoints(
    session: &Session,
    exclusive: &Exclusive,
    ids: &[SysId],
) -> Result<BTreeMap<SysId, Endpoint>, ServiceError> {
    let mut endpoints = BTreeMap::new();
    for (class, ids) in classes(session, exclusive, ids).await? {
        let columns: Vec<&str> = [exclusive.name, exclusive.address]
            .into_iter()
            .chain(exclusive.caller)
            .chain(exclusive.takes.iter().flat_map(|it| [it.0, it.2]))
            .chain(exclusive.environment)
            .chain(exclusive.instance_name)
            .collect();
        for record in records(session, &class, "sys_id", &ids, &columns).await? {
            let Ok(id) = record.text("sys_id").parse() else { continue };
            endpoints.insert(id, endpoint(exclusive, &class, &record));
        }
    }
    Ok(endpoints)
}

/// The members by the table of their class.
async fn classes(
    session: &Session,
    exclusive: &Exclusive,
    ids: &[SysId],
) -> Result<BTreeMap<String, Vec<SysId>>, ServiceError> {
    if exclusive.members == exclusive.concrete {
        return Ok([(exclusive.concrete.to_owned(), ids.to_vec())].into());
    }
    let mut classes: BTreeMap<String, Vec<SysId>> = BTreeMap::new();
    for record in records(session, exclusive.members, "sys_id", ids, &["sys_class_name"]).await? {
        let class = record.text("sys_class_name");
        let class = if class.is_empty() { exclusive.concrete } else { class };
        if let Ok(id) = record.text("sys_id").parse() {
            classes.entry(class.to_owned()).or_default().push(id);
        }
    }
    Ok(classes)
}

fn endpoint(exclusive: &Exclusive, class: &str, record: &Record) -> Endpoint {
    let text = |column: Option<&str>| column.map(|it| record.text(it).to_owned()).filter(|it| !it.is_empty());
    Endpoint {
        name: record.text(exclusive.name).to_owned(),
        address: record.text(exclusive.address).to_owned(),
        // Other classes lead elsewhere by columns of their own, and inherit these empty.
        lacks: if class == exclusive.concrete { lacks(exclusive, record) } else { Vec::new() },
        environment: text(exclusive.environment),
        instance_name: text(exclusive.instance_name),
    }
}

/// What a member cannot work without. A column that is not in the answer is none of its class, or hidden, and says nothing.
fn lacks(exclusive: &Exclusive, record: &Record) -> Vec<&'static str> {
    let is_empty = |column: &str| record.get(column).is_some_and(str::is_empty);
    let receives = exclusive.caller.is_some_and(|it| !record.text(it).is_empty());
    let address = Some(exclusive.address).filter(|it| is_empty(it) && !receives);
    let holds = |column: &str, word: &str| record.text(column).to_lowercase().contains(word);
    let taken = exclusive.takes.iter().filter(|it| holds(it.0, it.1) && is_empty(it.2));
    address.into_iter().chain(taken.map(|it| it.2)).collect()
}

/// The records of a table of which a column holds one of these ids, in as many lists as their addresses need.
///
/// # Errors
/// A request failed.
pub(super) async fn records(
    session: &Session,
    table: &str,
    column: &str,
    ids: &[SysId],
    columns: &[&str],
) -> Result<Vec<Record>, ServiceError> {
    let mut records = Vec::new();
    // A name that is not legal is found by a test of the registry.
    let Ok(table) = Table::of(session, table) else { return Ok(records) };
    let ids: BTreeSet<&str> = ids.iter().map(SysId::as_str).collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    for ids in ids.chunks(IDS_MAX) {
        let Ok(query) = Query::new().is_in(&table.column(column), ids) else { continue };
        records.extend(table.list(&query, columns).await?);
    }
    Ok(records)
}
