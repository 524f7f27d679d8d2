//! Whole tables, for who looks at everything that is there and writes nothing: each is read once, in parts side by side, and
//! is then asked instead of the instance.
//!
//! A list that goes on behind the last id is no moment in time either: each row is seen once, at some moment of the read.
//! That stays true when several parts, which lie between ids, are read at the same time: a row never changes its id, so
//! that it is in one part alone, and no part can push a row of another one out of sight.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use servicenow_core::query::folded;
use servicenow_core::table_api::{self, ALWAYS, Page};
use servicenow_core::{Query, Record, ServiceError, SysId, TableName};
use tokio::task::JoinSet;

use super::Client;
use super::pages::checked_rows;

/// Rows per request of a whole table: of a dozen columns they take an instance some seconds, far from the minute that it gives
/// a request, and a way of a hundred milliseconds is gone less often than with the pages of a plain list.
const PAGE_ROWS: u64 = 2_500;

/// Rows of a page that a part is meant to have: ids are spread by chance, and a part with one row too many takes two pages.
const PART_ROWS: u64 = PAGE_ROWS / 10 * 9;

/// Parts of a table at most; beyond it each has several pages.
const PARTS_MAX: u64 = 64;

/// Digits of an id that parts are told apart by: four thousand million borders are more than enough.
const BORDER_DIGITS: usize = 8;

/// Rows by their ids in small letters.
pub type Rows = Arc<HashMap<String, Record>>;

/// A whole table, or all of it that a query selects.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The rows that this user sees, with the columns that were asked for.
    pub rows: Rows,
    /// How many rows there are, those that are hidden from this user included.
    pub total: u64,
}

/// The tables that are asked instead of the instance.
#[derive(Default)]
pub(super) struct Kept(Mutex<HashMap<TableName, Arc<Table>>>, AtomicBool);

struct Table {
    columns: HashSet<String>,
    parts: Vec<Rows>,
    is_complete: bool,
    indices: Mutex<HashMap<String, Arc<Index>>>,
}

/// The ids of the rows that hold a text in a column, by [`folded`] text.
type Index = HashMap<String, Vec<String>>;

impl Client {
    /// All rows that a query selects, with those columns; `None` if there are more than `rows_max`, hidden ones included.
    /// Without an order of its own, several pages are read at the same time.
    ///
    /// # Errors
    /// The table is not there or not for this user, or the request failed.
    pub async fn whole(
        &self,
        table: &TableName,
        query: &Query,
        columns: &[&str],
        rows_max: u64,
    ) -> Result<Option<Whole>, ServiceError> {
        let request = table_api::list(table, query, columns, Page { limit: PAGE_ROWS, offset: 0 });
        let answer = self.attempts().persist_rows(&request).await?;
        let total = answer.total.unwrap_or(u64::MAX);
        if total > rows_max {
            return Ok(None);
        }
        let mut rows = checked_rows(&request, query, answer.result)?;
        if total > PAGE_ROWS {
            let last = rows.last().map(|it| it.text("sys_id").to_lowercase());
            let parts = last.filter(|_| !query.is_ordered()).and_then(|it| parts(query, &it, total));
            match parts {
                Some(parts) => rows.extend(self.side_by_side(table, parts, columns).await?),
                // Of a page without a visible row nothing is known behind which to go on.
                None => rows = self.list_by(PAGE_ROWS, table, query, columns).await?,
            }
        }
        let by_id = rows.into_iter().filter_map(|row| Some((row.get("sys_id")?.to_lowercase(), row)));
        Ok(Some(Whole { rows: Arc::new(by_id.collect()), total }))
    }

    async fn side_by_side(
        &self,
        table: &TableName,
        parts: Vec<Query>,
        columns: &[&str],
    ) -> Result<Vec<Record>, ServiceError> {
        let columns: Arc<[String]> = columns.iter().map(|it| (*it).to_owned()).collect();
        let mut tasks = JoinSet::new();
        for query in parts {
            let (client, table, columns) = (self.clone(), table.clone(), Arc::clone(&columns));
            tasks.spawn(async move {
                let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
                client.list_by(PAGE_ROWS, &table, &query, &columns).await
            });
        }
        let mut rows = Vec::new();
        for part in tasks.join_all().await {
            rows.extend(part?);
        }
        Ok(rows)
    }

    /// From now on, what can be answered from these rows of a table is not asked of the instance: single reads, and lists by
    /// what columns hold. For a process that writes nothing; its first write ends it. `is_complete` says that no row is
    /// hidden from this user, so that a row which is not here is nowhere.
    pub fn keep(&self, table: &TableName, columns: &[&str], parts: Vec<Rows>, is_complete: bool) {
        let columns = columns.iter().chain(&ALWAYS).map(|it| (*it).to_owned()).collect();
        let kept = Table { columns, parts, is_complete, indices: Mutex::default() };
        let mut tables = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        tables.insert(table.clone(), Arc::new(kept));
    }

    /// The rows of a list, if they are at hand.
    pub(super) fn list_kept(
        &self,
        table: &TableName,
        query: &Query,
        columns: &[&str],
    ) -> Option<Vec<Record>> {
        let kept = self.kept.of(table)?;
        let names = columns.iter().copied().chain(query.columns());
        if !query.is_plain() || !kept.has(names) {
            return None;
        }
        let ids: BTreeSet<String> = match query.sought() {
            Some((column, texts)) => {
                let index = kept.index(column);
                texts.iter().filter_map(|it| index.get(it)).flatten().cloned().collect()
            }
            None => kept.parts.iter().flat_map(|it| it.keys()).cloned().collect(),
        };
        let rows = ids.iter().filter_map(|it| kept.row(it));
        Some(rows.filter(|it| query.matches(it)).cloned().collect())
    }

    /// A row, if it is at hand; `Some(None)` if it is certain that this user sees no such row.
    pub(super) fn read_kept(
        &self,
        table: &TableName,
        id: &SysId,
        columns: &[&str],
    ) -> Option<Option<Record>> {
        let kept = self.kept.of(table)?;
        if !kept.has(columns.iter().copied()) {
            return None;
        }
        match kept.row(id.as_str()) {
            Some(row) => Some(Some(row.clone())),
            None => kept.is_complete.then_some(None),
        }
    }
}

impl Kept {
    /// Forgets everything, and keeps nothing any more: this process writes.
    pub(super) fn forget_for_good(&self) {
        if !self.1.swap(true, Ordering::SeqCst) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    fn of(&self, table: &TableName) -> Option<Arc<Table>> {
        if self.1.load(Ordering::SeqCst) {
            return None;
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(table).cloned()
    }
}

impl Table {
    fn has<'a>(&self, mut columns: impl Iterator<Item = &'a str>) -> bool {
        columns.all(|it| self.columns.contains(it))
    }

    fn row(&self, id: &str) -> Option<&Record> {
        self.parts.iter().find_map(|it| it.get(id))
    }

    fn index(&self, column: &str) -> Arc<Index> {
        let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = indices.get(column) {
            return Arc::clone(index);
        }
        let mut index = Index::new();
        for (id, row) in self.parts.iter().flat_map(|it| it.iter()) {
            if let Some(text) = row.get(column) {
                index.entry(folded(text)).or_default().push(id.clone());
            }
        }
        let index = Arc::new(index);
        indices.insert(column.to_owned(), Arc::clone(&index));
        index
    }
}

/// The rest of a list behind an id, in parts of about the same size; `None` if the id is none. Ids are spread evenly; where
/// they are not, some parts have more pages than others and nothing else is different.
fn parts(query: &Query, after: &str, total: u64) -> Option<Vec<Query>> {
    let digits = after.get(..BORDER_DIGITS)?;
    let first = u64::from(u32::from_str_radix(digits, 16).ok()?);
    let count = total.saturating_sub(PAGE_ROWS).div_ceil(PART_ROWS).clamp(1, PARTS_MAX);
    let step = ((1_u64 << 32) - first) / count;
    let border = |part: u64| format!("{:0BORDER_DIGITS$x}", first + step * part);
    let part = |part: u64| {
        let lower = if part == 0 { after.to_owned() } else { border(part) };
        let begun = query.clone().comes_after("sys_id", &lower).ok()?;
        if part + 1 == count { Some(begun) } else { begun.comes_before("sys_id", &border(part + 1)).ok() }
    };
    // Where nothing is left between the last id and the end of all ids, borders would be no ids.
    if step == 0 {
        return query.clone().comes_after("sys_id", after).ok().map(|it| vec![it]);
    }
    (0..count).map(part).collect()
}

#[cfg(test)]
mod tests;
