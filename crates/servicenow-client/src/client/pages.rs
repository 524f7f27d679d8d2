//! Lists, page after page: each page begins after the last row of the one before, so that rows which come or go in the
//! meantime neither shift a row out of sight nor show one twice.

use std::collections::BTreeSet;

use servicenow_core::table_api::{self, Page};
use servicenow_core::{Kind, Method, Query, Record, Request, ServiceError, TableName};

use super::Client;

/// Rows per request of a list: a page stays well below the instance's limit of a minute per request.
pub(super) const PAGE_ROWS: u64 = 1_000;

/// Pages of one list at most: a million rows is no list of integrations but a condition that got lost.
const PAGES_MAX: u64 = 1_000;

impl Client {
    /// Reads all records that a query selects. A record that the query does not select is an error, because the
    /// instance leaves out conditions that it does not understand and then answers with the whole table.
    pub async fn list(
        &self,
        table: &TableName,
        query: &Query,
        columns: &[&str],
    ) -> Result<Vec<Record>, ServiceError> {
        if let Some(kept) = self.list_kept(table, query, columns) {
            return Ok(kept);
        }
        self.pages(table, query, columns, None).all().await
    }

    /// The same in pages of another size, and always from the instance.
    pub(super) async fn list_by(
        &self,
        page_rows: u64,
        table: &TableName,
        query: &Query,
        columns: &[&str],
    ) -> Result<Vec<Record>, ServiceError> {
        Pages { page_rows, ..self.pages(table, query, columns, None) }.all().await
    }

    /// The records that a query selects, page after page, as whoever reads them goes on asking; no more than `rows_max` of
    /// them where that is given.
    pub fn pages(
        &self,
        table: &TableName,
        query: &Query,
        columns: &[&str],
        rows_max: Option<u64>,
    ) -> Pages<'_> {
        let columns = columns.iter().map(|it| (*it).to_owned()).collect();
        let walk = Walk::new(query.clone());
        Pages {
            client: self,
            table: table.clone(),
            columns,
            walk,
            page_rows: PAGE_ROWS,
            pages: 0,
            left: rows_max,
            goes_on: true,
            counted: None,
        }
    }
}

/// A list that is read page by page.
pub struct Pages<'a> {
    client: &'a Client,
    table: TableName,
    columns: Vec<String>,
    walk: Walk,
    page_rows: u64,
    pages: u64,
    /// How many rows are still wanted; `None` for all of them.
    left: Option<u64>,
    goes_on: bool,
    counted: Option<u64>,
}

impl Pages<'_> {
    /// How many records the query selects, those included that this user may not see: what the answer to the first page
    /// said. `None` before that, and where the instance does not say.
    pub fn counted(&self) -> Option<u64> {
        self.counted
    }

    /// The records of all pages.
    async fn all(mut self) -> Result<Vec<Record>, ServiceError> {
        let mut records = Vec::new();
        while let Some(rows) = self.next().await? {
            records.extend(rows);
        }
        Ok(records)
    }

    /// The records of the next page, which may be none when all of a page is hidden from this user; `None` at the end.
    ///
    /// # Errors
    /// The request failed, the instance answered something else than was asked, or there is no end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, ServiceError> {
        if !self.goes_on || self.left == Some(0) {
            return Ok(None);
        }
        self.pages += 1;
        if self.pages > PAGES_MAX {
            let request = Request::new(Method::Get, format!("/api/now/table/{}", self.table));
            let reason = format!("more than {} records match", PAGES_MAX * self.page_rows);
            return Err(ServiceError::new(Kind::Inconsistent, &request, reason));
        }
        let asked = self.walk.query();
        let columns: Vec<&str> = self.columns.iter().map(String::as_str).collect();
        let page = self.walk.page(self.left, self.page_rows);
        let request = table_api::list(&self.table, &asked, &columns, page);
        let answer = self.client.attempts().persist_rows(&request).await?;
        let mut rows = checked_rows(&request, &asked, answer.result)?;
        if self.pages == 1 {
            self.counted = answer.total;
        }
        self.goes_on = self.walk.advance(&rows, page.limit, answer.total);
        rows.retain(|it| self.walk.is_new(it));
        if let Some(left) = &mut self.left {
            rows.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
            *left = left.saturating_sub(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        }
        Ok(Some(rows))
    }
}

/// How far a list has been read.
struct Walk {
    query: Query,
    /// The id of the last row of the page before.
    after: Option<String>,
    offset: u64,
    seen: BTreeSet<String>,
}

impl Walk {
    fn new(query: Query) -> Walk {
        Walk { query, after: None, offset: 0, seen: BTreeSet::new() }
    }

    fn query(&self) -> Query {
        let after = self.after.as_deref().map(|id| self.query.clone().comes_after("sys_id", id));
        after.and_then(Result::ok).unwrap_or_else(|| self.query.clone())
    }

    fn page(&self, left: Option<u64>, rows: u64) -> Page {
        Page { limit: left.unwrap_or(rows).clamp(1, rows), offset: self.offset }
    }

    /// Moves behind a page and says whether there is another one. Rows that the user may not see are taken out of a page
    /// afterwards, so that only the count tells the end.
    fn advance(&mut self, rows: &[Record], limit: u64, total: Option<u64>) -> bool {
        let goes_on = match total {
            Some(total) => self.offset + limit < total,
            None => !rows.is_empty(),
        };
        let last = rows.last().and_then(|it| it.get("sys_id")).filter(|_| !self.query.is_ordered());
        match last {
            Some(id) => {
                self.after = Some(id.to_owned());
                self.offset = 0;
            }
            // A page of hidden rows alone has no last one to go on from.
            None => self.offset += limit,
        }
        goes_on
    }

    fn is_new(&mut self, row: &Record) -> bool {
        row.get("sys_id").is_none_or(|id| self.seen.insert(id.to_owned()))
    }
}

/// The records of a page, each one held against the question.
pub(super) fn checked_rows(
    request: &Request,
    query: &Query,
    records: Vec<Record>,
) -> Result<Vec<Record>, ServiceError> {
    match records.iter().find_map(|it| query.unmet(it)) {
        None => Ok(records),
        Some(column) => {
            let reason = format!(
                "the answer holds records that were not asked for: the instance left out the condition on `{column}`, \
                 as it does when the column does not exist or this user may not read it"
            );
            Err(ServiceError::new(Kind::Inconsistent, request, reason))
        }
    }
}
