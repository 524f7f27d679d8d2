//! The tables that a comparison is made from, each read once: every row that this user sees, and how many there are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use reconcile::{Holds, RecordLayout};
use servicenow_client::Whole;
use servicenow_core::{Kind, Record, ServiceError, TableName};
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::dialects::{Exclusive, GROUPS};
use terraform_provider_servicenow::registry::DEFINITIONS;
use tokio::task::JoinSet;

use super::Options;
use crate::config::Unmanaged;
use crate::declared::Declared;
use crate::live::Live;
use crate::report::{Finding, Problem};

/// Rows of a table that are read whole however few are declared.
const ROWS_MIN: u64 = 1_000;

/// Rows per declared object up to which a table is read whole; beyond it, objects are asked for by name.
const ROWS_PER_OBJECT: u64 = 50;

/// Rows that are read whole at most: some twenty megabytes.
const ROWS_MAX: u64 = 20_000;

/// The tables, read.
#[derive(Debug, Default)]
pub struct Tables {
    types: BTreeMap<String, Look>,
    members: BTreeMap<&'static str, Look>,
    /// What stands in the way of the whole comparison.
    pub problems: Vec<Problem>,
}

/// One look at a table.
#[derive(Debug)]
pub enum Look {
    /// It was read.
    Seen(Seen),
    /// It has too many rows: objects are asked for one by one.
    TooMany,
    /// It is not there or not for this user, with the reason.
    Hidden(String),
    /// It could not be asked, with the reason.
    Failed(String),
}

/// A table that was read.
#[derive(Debug)]
pub struct Seen {
    /// The table.
    pub table: &'static str,
    /// Its rows, with the names of the instance.
    pub whole: Whole,
    indices: OnceLock<BTreeMap<String, HashMap<String, Vec<String>>>>,
}

impl Seen {
    /// Rows that this user does not see.
    pub fn hidden(&self) -> u64 {
        self.whole.total.saturating_sub(u64::try_from(self.whole.rows.len()).unwrap_or(u64::MAX))
    }

    /// A row by its id.
    pub fn row(&self, id: &str) -> Option<&Record> {
        self.whole.rows.get(&id.to_lowercase())
    }

    /// The ids of the rows that hold a text in one of the columns that people name them by.
    pub fn named(&self, columns: &[&str], column: &str, text: &str) -> &[String] {
        let indices = self
            .indices
            .get_or_init(|| columns.iter().map(|it| ((*it).to_owned(), self.index(it))).collect());
        indices.get(column).and_then(|it| it.get(text)).map(Vec::as_slice).unwrap_or_default()
    }

    fn index(&self, column: &str) -> HashMap<String, Vec<String>> {
        let mut index: HashMap<String, Vec<String>> = HashMap::new();
        for (id, row) in self.whole.rows.iter() {
            index.entry(row.text(column).to_owned()).or_default().push(id.clone());
        }
        index.values_mut().for_each(|it| it.sort());
        index
    }
}

impl Tables {
    /// Reads the tables that what is declared lives in, side by side.
    pub async fn look(live: &Arc<Live>, declared: &Declared, options: &Options) -> Tables {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for resource in &declared.resources {
            *counts.entry(resource.type_name.as_str()).or_default() += 1;
        }
        let mut jobs = JoinSet::new();
        for definition in DEFINITIONS {
            let everything = options.unmanaged == Unmanaged::All;
            let count = counts.get(definition.type_name).copied();
            let Some(count) = count.or(everything.then_some(0)) else { continue };
            let Some(main) = definition.layout.main() else { continue };
            let (live, columns) = (live.clone(), columns(live, main));
            let rows_max =
                if everything { ROWS_MAX } else { (count * ROWS_PER_OBJECT).clamp(ROWS_MIN, ROWS_MAX) };
            jobs.spawn(async move {
                let look = read(&live, main.table, &columns, rows_max).await;
                (Some(definition.type_name), main.table, look)
            });
        }
        for exclusive in GROUPS.iter().filter(|it| concerns(it, &counts, options)) {
            let (live, columns) = (live.clone(), member_columns(exclusive));
            jobs.spawn(async move {
                let look = read(&live, exclusive.members, &columns, ROWS_MAX).await;
                (None, exclusive.members, look)
            });
        }
        let mut tables = Tables::default();
        for (type_name, table, look) in jobs.join_all().await {
            if let Look::Failed(reason) = &look {
                tables.problems.push(Problem {
                    summary: format!("Could not read `{table}`"),
                    detail: format!(
                        "{reason} Nothing is known of what is in it. Look again when the instance answers."
                    ),
                });
            }
            match type_name {
                Some(it) => drop(tables.types.insert(it.to_owned(), look)),
                None => drop(tables.members.insert(table, look)),
            }
        }
        tables
    }

    /// The look at the table of a type.
    pub fn of(&self, type_name: &str) -> Option<&Look> {
        self.types.get(type_name)
    }

    /// The table of a type, if it was read.
    pub fn seen_of(&self, type_name: &str) -> Option<&Seen> {
        self.of(type_name).and_then(Look::seen)
    }

    /// Every type whose table was read.
    pub fn types(&self) -> impl Iterator<Item = (&str, &Seen)> {
        self.types.iter().filter_map(|(name, it)| Some((name.as_str(), it.seen()?)))
    }

    /// The members of all groups of a kind, if they were read.
    pub fn members(&self, exclusive: &Exclusive) -> Option<&Seen> {
        self.members.get(exclusive.members).and_then(Look::seen)
    }

    /// A row of any table that was read.
    pub fn row(&self, table: &str, id: &str) -> Option<&Record> {
        let all = self.types.values().chain(self.members.values()).filter_map(Look::seen);
        all.filter(|it| it.table == table).find_map(|it| it.row(id))
    }

    /// Records of the types of this provider that were seen.
    pub fn seen(&self) -> usize {
        self.types.values().filter_map(Look::seen).map(|it| it.whole.rows.len()).sum()
    }

    /// The findings about what was written since a time, where one is given. What has no record is always kept.
    pub fn since(&self, options: &Options, findings: Vec<Finding>) -> Vec<Finding> {
        let Some(since) = &options.since else { return findings };
        let is_new = |it: &Finding| {
            let row = it.record.as_ref().and_then(|it| self.row(&it.table, &it.sys_id));
            row.is_none_or(|it| it.text("sys_updated_on") >= since.as_str())
        };
        findings.into_iter().filter(is_new).collect()
    }
}

impl Look {
    /// What was seen.
    pub fn seen(&self) -> Option<&Seen> {
        match self {
            Look::Seen(it) => Some(it),
            _ => None,
        }
    }
}

/// The columns that a read of the type asks for, so that it is answered from the same rows.
fn columns(live: &Live, main: &'static RecordLayout) -> Vec<String> {
    let theirs = |it: &'static str| live.session.columns.theirs(main.table, it).map(str::to_owned);
    main.readable().into_iter().filter_map(theirs).collect()
}

fn member_columns(exclusive: &Exclusive) -> Vec<String> {
    let columns = [exclusive.name, exclusive.flag, exclusive.group, "credential"];
    let columns: BTreeSet<&str> = columns.into_iter().filter(|it| !it.contains('.')).collect();
    columns.into_iter().chain(exclusive.environment).map(str::to_owned).collect()
}

/// Whether anything that is declared belongs to groups of this kind.
fn concerns(exclusive: &Exclusive, counts: &BTreeMap<&str, u64>, options: &Options) -> bool {
    let table_of = |type_name: &str| definition(type_name).and_then(|it| it.layout.main()).map(|it| it.table);
    let is_of = |type_name: &str| {
        table_of(type_name).is_some_and(|it| it == exclusive.groups)
            || definition(type_name)
                .and_then(|it| it.exclusive)
                .is_some_and(|it| it.members == exclusive.members)
    };
    counts.keys().copied().any(is_of)
        || (options.unmanaged == Unmanaged::All && exclusive.members == "sys_connection")
}

/// The definition of a type.
pub fn definition(type_name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|it| it.type_name == type_name).copied()
}

/// The column that holds an attribute of a type, and its table.
pub fn column_of(type_name: &str, attribute: &str) -> Option<(&'static str, &'static str)> {
    let records = definition(type_name)?.layout.records;
    records.iter().find_map(|record| {
        let holds = |it: &Holds| it.attributes().contains(&attribute);
        record.columns.iter().find(|it| holds(&it.holds)).map(|it| (record.table, it.name))
    })
}

async fn read(live: &Live, table: &'static str, columns: &[String], rows_max: u64) -> Look {
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let Ok(name) = table.parse::<TableName>() else { return Look::TooMany };
    match live.session.client.whole(&name, &columns, rows_max).await {
        Ok(Some(whole)) => Look::Seen(Seen { table, whole, indices: OnceLock::new() }),
        Ok(None) => Look::TooMany,
        Err(error) if is_hidden(&error) => Look::Hidden(reason(live, &error)),
        Err(error) => Look::Failed(reason(live, &error)),
    }
}

fn is_hidden(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Forbidden | Kind::NotFound | Kind::InvalidTable)
}

/// What the instance says, without what proves who asks.
pub fn reason(live: &Live, error: &ServiceError) -> String {
    let mut text = format!("ServiceNow answered `{}` with: \"{}\".", error.path, error.reason);
    live.session.transport.redact(&mut text);
    text
}
