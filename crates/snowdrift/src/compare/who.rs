//! Who made a difference, and when: the audit of the very column where the table is audited, else the last write of the
//! record; and the update set that caught it. A few requests for all findings together.

use std::collections::{BTreeMap, BTreeSet};

use servicenow_core::{Query, Record as Row, TableName};

use super::findings::column;
use super::tables::Tables;
use crate::live::Live;
use crate::report::{Change, Evidence, Finding, Source};

/// Ids in one list: with their commas they have to fit into the address of a request.
const IDS_MAX: usize = 40;

/// The user of the platform itself.
const PLATFORM: &str = "system";

/// Fills in who changed the record of each finding.
pub async fn fill_in(live: &Live, findings: &mut [Finding], tables: &Tables) {
    let ids: BTreeSet<String> =
        findings.iter().filter_map(|it| it.record.as_ref()).map(|it| it.sys_id.clone()).collect();
    if ids.is_empty() {
        return;
    }
    let rows = rows(live, findings, tables).await;
    let columns: BTreeSet<&str> = findings
        .iter()
        .flat_map(|it| it.differences.iter().filter_map(|difference| column(&it.type_name, difference)))
        .map(|(_, column)| column)
        .collect();
    let audit = if columns.is_empty() { Vec::new() } else { audit(live, &ids).await };
    let sets = update_sets(live, findings).await;
    for finding in findings {
        let Some(record) = &finding.record else { continue };
        let set = sets.get(&format!("{}_{}", record.table, record.sys_id)).cloned();
        let audited = finding.differences.iter().filter_map(|it| {
            let (_, column) = column(&finding.type_name, it)?;
            let theirs = live.session.columns.shown(&record.table, column);
            audit
                .iter()
                .filter(|it| it.text("documentkey") == record.sys_id && it.text("fieldname") == theirs)
                .max_by_key(|it| it.text("sys_created_on"))
        });
        let latest = audited.max_by_key(|it| it.text("sys_created_on"));
        finding.change = match latest {
            Some(row) => change(row.text("user"), row.text("sys_created_on"), Evidence::Audit, set),
            None => rows.get(&record.sys_id).and_then(|row| {
                change(row.text("sys_updated_by"), row.text("sys_updated_on"), Evidence::Record, set)
            }),
        };
    }
}

fn change(by: &str, on: &str, evidence: Evidence, update_set: Option<String>) -> Option<Change> {
    if by.is_empty() || on.is_empty() {
        return None;
    }
    let source = Some(if by == PLATFORM { Source::Platform } else { Source::Manual });
    Some(Change { by: by.to_owned(), on: time(on), evidence, source, update_set })
}

/// A time of the instance, which is in UTC, as documents write it.
pub fn time(text: &str) -> String {
    match text.split_once(' ') {
        Some((day, time)) => format!("{day}T{time}Z"),
        None => text.to_owned(),
    }
}

/// The row of each finding's record: from what was read, and for the rest one list for each table.
async fn rows(live: &Live, findings: &[Finding], tables: &Tables) -> BTreeMap<String, Row> {
    let mut rows = BTreeMap::new();
    let mut unread: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for record in findings.iter().filter_map(|it| it.record.as_ref()) {
        match tables.row(&record.table, &record.sys_id) {
            Some(row) => drop(rows.insert(record.sys_id.clone(), row.clone())),
            None => drop(unread.entry(&record.table).or_default().insert(&record.sys_id)),
        }
    }
    for (table, ids) in unread {
        let ids: Vec<&str> = ids.into_iter().collect();
        for row in listed(live, table, "sys_id", &ids, &[]).await {
            rows.insert(row.text("sys_id").to_owned(), row);
        }
    }
    rows
}

async fn audit(live: &Live, ids: &BTreeSet<String>) -> Vec<Row> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    listed(live, "sys_audit", "documentkey", &ids, &["documentkey", "fieldname", "user", "sys_created_on"])
        .await
}

/// The newest update set that caught each record, by table and id as it names them.
async fn update_sets(live: &Live, findings: &[Finding]) -> BTreeMap<String, String> {
    let names =
        findings.iter().filter_map(|it| it.record.as_ref()).map(|it| format!("{}_{}", it.table, it.sys_id));
    let names: BTreeSet<String> = names.collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut found = listed(live, "sys_update_xml", "name", &names, &["name", "update_set.name"]).await;
    found.sort_by(|one, other| one.text("sys_updated_on").cmp(other.text("sys_updated_on")));
    let set = |it: &Row| (it.text("name").to_owned(), it.text("update_set.name").to_owned());
    found.iter().map(set).filter(|it| !it.1.is_empty()).collect()
}

/// Rows with one of those texts in a column. What this user may not read is left out: it would only say more.
async fn listed(live: &Live, table: &str, column: &str, texts: &[&str], columns: &[&str]) -> Vec<Row> {
    let Ok(table) = table.parse::<TableName>() else { return Vec::new() };
    let mut rows = Vec::new();
    for some in texts.chunks(IDS_MAX) {
        let Ok(query) = Query::new().is_in(column, some) else { continue };
        match live.session.client.list(&table, &query, columns).await {
            Ok(found) => rows.extend(found),
            // Who may not read the table once may not do so again.
            Err(_) => break,
        }
    }
    rows
}
