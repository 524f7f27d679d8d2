//! The tables that a comparison is made from, each read once: every row that this user sees, and how many there are.

pub mod asked;
pub mod meanings;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use reconcile::Holds;
use servicenow_client::{Rows, Whole};
use servicenow_core::{Kind, Query, Record, ServiceError, TableName};
use terraform_provider_servicenow::definition::Definition;
use terraform_provider_servicenow::dialects::Exclusive;
use terraform_provider_servicenow::registry::DEFINITIONS;
use tokio::task::JoinSet;

use super::Options;
use crate::declared::Counts;
use crate::live::Live;
use crate::report::{Finding, Problem};
use asked::{Asked, Wanted};
use meanings::Meanings;

/// The column that tells a row of a table from one of a table that extends it.
const CLASS: &str = "sys_class_name";

/// The tables, read.
#[derive(Debug, Default)]
pub struct Tables {
    looks: BTreeMap<&'static str, Look>,
    types: Vec<&'static str>,
    /// What names of records that are referred to stand for.
    pub meanings: Meanings,
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
    /// Its rows, with the names of the instance; each is in one part.
    parts: Vec<Rows>,
    total: u64,
    indices: Mutex<HashMap<String, Arc<Index>>>,
}

/// The ids of the rows that hold a text in a column, in their order.
type Index = HashMap<String, Vec<String>>;

impl Seen {
    fn of(table: &'static str, whole: Whole) -> Seen {
        Seen { table, parts: vec![whole.rows], total: whole.total, indices: Mutex::default() }
    }

    /// Rows that this user sees.
    pub fn count(&self) -> usize {
        self.parts.iter().map(|it| it.len()).sum()
    }

    /// Rows that this user does not see.
    pub fn hidden(&self) -> u64 {
        self.total.saturating_sub(u64::try_from(self.count()).unwrap_or(u64::MAX))
    }

    /// A row by its id.
    pub fn row(&self, id: &str) -> Option<&Record> {
        let id = id.to_lowercase();
        self.parts.iter().find_map(|it| it.get(&id))
    }

    /// Every row with its id.
    pub fn rows(&self) -> impl Iterator<Item = (&String, &Record)> {
        self.parts.iter().flat_map(|it| it.iter())
    }

    /// The ids of the rows that hold a text in a column.
    pub fn holding(&self, column: &str, text: &str) -> Vec<String> {
        self.index(column).get(text).cloned().unwrap_or_default()
    }

    fn index(&self, column: &str) -> Arc<Index> {
        let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indices.get(column) {
            return Arc::clone(index);
        }
        let mut index = Index::new();
        for (id, row) in self.rows() {
            index.entry(row.text(column).to_owned()).or_default().push(id.clone());
        }
        index.values_mut().for_each(|it| it.sort());
        let index = Arc::new(index);
        indices.insert(column.to_owned(), Arc::clone(&index));
        index
    }
}

impl Tables {
    /// Reads the tables that what is declared lives in, side by side. From then on they are asked instead of the instance.
    pub async fn look(live: &Arc<Live>, counts: &Counts, options: &Options) -> Tables {
        let wanted = Wanted::of(live, counts, options);
        let mut jobs = JoinSet::new();
        for (table, asked) in &wanted.tables {
            let (live, table, asked) = (live.clone(), *table, asked.clone());
            jobs.spawn(async move { (table, read(&live, table, &asked).await) });
        }
        let mut tables = Tables { types: wanted.types, ..Tables::default() };
        options.watch.0.begins("Reading tables", jobs.len());
        while let Some(job) = jobs.join_next().await {
            options.watch.0.advances(1);
            // A task that panicked leaves its table unread, which is asked object by object then.
            tables.looks.extend(job);
        }
        for (table, asked) in wanted.tables.iter().filter(|it| !it.1.besides.is_empty()) {
            tables.join(live, table, asked).await;
        }
        for (table, look) in &tables.looks {
            match look {
                Look::Failed(reason) => tables.problems.push(unread(table, reason)),
                Look::Seen(seen) => keep(live, seen, wanted.tables.get(table)),
                Look::TooMany | Look::Hidden(_) => {}
            }
        }
        tables
    }

    /// Puts the rows of tables that extend one to its own. If one of these could not be read, it is read with all of them.
    async fn join(&mut self, live: &Live, table: &'static str, asked: &Asked) {
        let others: Vec<&Seen> = asked.besides.iter().filter_map(|it| self.looks.get(it)?.seen()).collect();
        if others.len() < asked.besides.len() {
            let whole = Asked { besides: Vec::new(), ..asked.clone() };
            let look = read(live, table, &whole).await;
            self.looks.insert(table, look);
            return;
        }
        let parts: Vec<Rows> = others.iter().flat_map(|it| it.parts.iter().cloned()).collect();
        let total: u64 = others.iter().map(|it| it.total).sum();
        if let Some(Look::Seen(seen)) = self.looks.get_mut(table) {
            // A class that extends a class which was left out is in the rows of both.
            let is_new = |id: &String| parts.iter().all(|it| !it.contains_key(id));
            let own: HashMap<String, Record> =
                seen.rows().filter(|it| is_new(it.0)).map(|(id, row)| (id.clone(), row.clone())).collect();
            let twice = seen.count() - own.len();
            seen.total = (seen.total + total).saturating_sub(u64::try_from(twice).unwrap_or_default());
            seen.parts = std::iter::once(Arc::new(own)).chain(parts).collect();
        }
    }

    /// The look at the table of a type.
    pub fn of(&self, type_name: &str) -> Option<&Look> {
        let main = definition(type_name).filter(|it| self.types.contains(&it.type_name))?.layout.main()?;
        self.looks.get(main.table)
    }

    /// Every type whose table was read.
    pub fn types(&self) -> impl Iterator<Item = (&str, &Seen)> {
        self.types.iter().filter_map(|name| Some((*name, self.of(name)?.seen()?)))
    }

    /// The members of all groups of a kind, if they were read.
    pub fn members(&self, exclusive: &Exclusive) -> Option<&Seen> {
        self.looks.get(exclusive.members).and_then(Look::seen)
    }

    /// A row of any table that was read.
    pub fn row(&self, table: &str, id: &str) -> Option<&Record> {
        self.looks.get(table)?.seen()?.row(id)
    }

    /// Records of the types of this provider that were seen.
    pub fn seen(&self) -> usize {
        self.types().map(|(_, it)| it.count()).sum()
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

fn unread(table: &str, reason: &str) -> Problem {
    let detail = format!("{reason} Nothing is known of what is in it. Look again when the instance answers.");
    Problem { summary: format!("Could not read `{table}`"), detail }
}

/// Has single reads and lists of a table answered from what was read of it: nothing is written here.
fn keep(live: &Live, seen: &Seen, asked: Option<&Asked>) {
    let (Ok(table), Some(asked)) = (seen.table.parse::<TableName>(), asked) else { return };
    let columns: Vec<&str> = asked.columns.iter().map(String::as_str).collect();
    live.session.client.keep(&table, &columns, seen.parts.clone(), seen.hidden() == 0);
}

/// The definition of a type.
pub fn definition(type_name: &str) -> Option<&'static Definition> {
    static BY_NAME: LazyLock<HashMap<&'static str, &'static Definition>> =
        LazyLock::new(|| DEFINITIONS.iter().map(|it| (it.type_name, *it)).collect());
    BY_NAME.get(type_name).copied()
}

/// The column that holds an attribute of a type, and its table.
pub fn column_of(type_name: &str, attribute: &str) -> Option<(&'static str, &'static str)> {
    let records = definition(type_name)?.layout.records;
    records.iter().find_map(|record| {
        let holds = |it: &Holds| it.attributes().contains(&attribute);
        record.columns.iter().find(|it| holds(&it.holds)).map(|it| (record.table, it.name))
    })
}

async fn read(live: &Live, table: &'static str, asked: &Asked) -> Look {
    let columns: Vec<&str> = asked.columns.iter().map(String::as_str).collect();
    let Ok(name) = table.parse::<TableName>() else { return Look::TooMany };
    let own = asked.besides.iter().try_fold(Query::new(), |query, it| query.not_equals(CLASS, it));
    match live.session.client.whole(&name, &own.unwrap_or_default(), &columns, asked.rows_max).await {
        Ok(Some(whole)) => Look::Seen(Seen::of(table, whole)),
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
