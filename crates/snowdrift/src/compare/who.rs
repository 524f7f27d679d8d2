//! Who made a difference, and when: the audit of the very column where the table is audited, else the last write of the
//! record; and the update set that caught it. A few requests for all findings together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use servicenow_core::{Query, Record as Row, TableName};
use terraform_provider_servicenow::dialects::{Exclusive, GROUPS};
use tokio::task::JoinSet;

use super::findings::column;
use super::tables::Tables;
use crate::live::Live;
use crate::report::{Change, Class, Difference, Evidence, Finding, Source, Values};

/// Ids in one list: with their commas they have to fit into the address of a request.
const IDS_MAX: usize = 40;

/// The user of the platform itself.
const PLATFORM: &str = "system";

/// Fills in who brought each finding about.
pub async fn fill_in(live: &Live, findings: &mut [Finding], tables: &Tables) {
    let traces: Vec<Trace> = findings.iter().map(|it| Trace::of(live, it, tables)).collect();
    if traces.iter().all(|it| it.ids.is_empty()) {
        return;
    }
    let rows = rows(live, findings, tables).await;
    let audited = traces.iter().filter(|it| !it.columns.is_empty()).flat_map(|it| it.ids.iter().cloned());
    let audited: BTreeSet<String> = audited.collect();
    let (audit, sets) = tokio::join!(audit(live, &audited), update_sets(live, findings));
    let mut audit_of: HashMap<&str, Vec<&Row>> = HashMap::new();
    for row in &audit {
        audit_of.entry(row.text("documentkey")).or_default().push(row);
    }
    for (finding, trace) in findings.iter_mut().zip(&traces) {
        let Some(record) = &finding.record else { continue };
        let set = sets.get(&format!("{}_{}", record.table, record.sys_id)).cloned();
        let of_record = trace.ids.iter().filter_map(|id| audit_of.get(id.as_str())).flatten();
        let of_column = of_record.filter(|it| trace.columns.contains(it.text("fieldname")));
        let latest = of_column.max_by_key(|it| it.text("sys_created_on"));
        let of_records = trace.ids.iter().filter_map(|id| member(tables, id).map(|it| it.1).or(rows.get(id)));
        finding.change = match latest {
            Some(row) => change(row.text("user"), row.text("sys_created_on"), Evidence::Audit, set),
            None => of_records.max_by_key(|it| it.text("sys_updated_on")).and_then(|row| {
                change(row.text("sys_updated_by"), row.text("sys_updated_on"), Evidence::Record, set)
            }),
        };
    }
}

/// Where it shows who brought a finding about.
struct Trace {
    /// The records: that of the finding, or, of a choice among connections, the connections. The integration itself is not
    /// written when another connection of it is switched on.
    ids: Vec<String>,
    /// Those of their columns that differ, as the instance calls them.
    columns: BTreeSet<String>,
}

impl Trace {
    fn of(live: &Live, finding: &Finding, tables: &Tables) -> Trace {
        let chosen: Vec<String> = finding.differences.iter().filter_map(|it| chosen(it, tables)).collect();
        let ids = if chosen.is_empty() { in_question(finding, tables) } else { chosen };
        let flag = |id: &String| {
            member(tables, id)
                .map(|(exclusive, _)| live.session.columns.shown(exclusive.members, exclusive.flag))
        };
        if !ids.is_empty() {
            return Trace { columns: ids.iter().filter_map(flag).collect(), ids };
        }
        let Some(record) = &finding.record else { return Trace { ids, columns: BTreeSet::new() } };
        let column = |it: &Difference| {
            Some(live.session.columns.shown(&record.table, column(&finding.type_name, it)?.1))
        };
        let columns = finding.differences.iter().filter_map(column).collect();
        Trace { ids: vec![record.sys_id.clone()], columns }
    }
}

/// The connection that a difference is about: the one that is chosen now, else the one that should be.
fn chosen(difference: &Difference, tables: &Tables) -> Option<String> {
    let Values::Shown { declared, live } = &difference.values else { return None };
    let ids = [live, declared].into_iter().filter_map(|it| it.as_str());
    ids.filter(|id| member(tables, id).is_some()).map(str::to_owned).next()
}

/// All connections of the integration that a finding is about, where none or several of them are active.
fn in_question(finding: &Finding, tables: &Tables) -> Vec<String> {
    let is_about_all = matches!(finding.class, Class::NoneActive | Class::SeveralActive);
    let Some(group) = finding.record.as_ref().filter(|_| is_about_all) else { return Vec::new() };
    let members = GROUPS.iter().filter_map(|it| Some((it, tables.members(it)?)));
    members.flat_map(|(exclusive, seen)| seen.holding(exclusive.group, &group.sys_id)).collect()
}

/// The row of a connection, with what is known of its kind.
fn member<'a>(tables: &'a Tables, id: &str) -> Option<(&'static Exclusive, &'a Row)> {
    GROUPS.iter().find_map(|it| Some((*it, tables.members(it)?.row(id)?)))
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
    if ids.is_empty() {
        return Vec::new();
    }
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

/// Rows with one of those texts in a column. What this user may not read is left out: it would only say more. Lists are asked
/// for side by side, as many as the client sends at a time.
async fn listed(
    live: &Live,
    table: &str,
    column: &str,
    texts: &[&str],
    columns: &'static [&'static str],
) -> Vec<Row> {
    let Ok(table) = table.parse::<TableName>() else { return Vec::new() };
    let mut queries = texts.chunks(IDS_MAX).filter_map(|it| Query::new().is_in(column, it).ok());
    let Some(first) = queries.next() else { return Vec::new() };
    // Who may not read the table once may not do so again.
    let Ok(mut rows) = live.session.client.list(&table, &first, columns).await else { return Vec::new() };
    let mut lists = JoinSet::new();
    for (place, query) in queries.enumerate() {
        let (client, table) = (live.session.client.clone(), table.clone());
        lists.spawn(async move { (place, client.list(&table, &query, columns).await) });
    }
    let mut found = lists.join_all().await;
    found.sort_unstable_by_key(|it| it.0);
    rows.extend(found.into_iter().flat_map(|(_, rows)| rows.unwrap_or_default()));
    rows
}
