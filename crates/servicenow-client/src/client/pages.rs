//! Lists, page after page: each page begins after the last row of the one before, so that rows which come or go in the
//! meantime neither shift a row out of sight nor show one twice.

use std::collections::BTreeSet;

use serde_json::Value;
use servicenow_core::table_api::{self, Page};
use servicenow_core::{Kind, Method, Query, Record, Request, ServiceError, TableName};

use super::Client;

/// Rows per request of a list: a page stays well below the instance's limit of a minute per request.
const PAGE_ROWS: u64 = 1_000;

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
        let mut walk = Walk::new(query);
        let mut records = Vec::new();
        for _ in 0..PAGES_MAX {
            let asked = walk.query();
            let request = table_api::list(table, &asked, columns, walk.page());
            let answer = self.attempts().persist(&request).await?;
            let rows = checked_rows(&request, &asked, &answer.result)?;
            let goes_on = walk.advance(&rows, answer.total);
            records.extend(rows.into_iter().filter(|it| walk.is_new(it)));
            if !goes_on {
                return Ok(records);
            }
        }
        let request = Request::new(Method::Get, format!("/api/now/table/{table}"));
        let reason = format!("more than {} records match", PAGES_MAX * PAGE_ROWS);
        Err(ServiceError::new(Kind::Inconsistent, &request, reason))
    }
}

/// How far a list has been read.
struct Walk<'a> {
    query: &'a Query,
    /// The id of the last row of the page before.
    after: Option<String>,
    offset: u64,
    seen: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn new(query: &'a Query) -> Walk<'a> {
        Walk { query, after: None, offset: 0, seen: BTreeSet::new() }
    }

    fn query(&self) -> Query {
        let after = self.after.as_deref().map(|id| self.query.clone().comes_after("sys_id", id));
        after.and_then(Result::ok).unwrap_or_else(|| self.query.clone())
    }

    fn page(&self) -> Page {
        Page { limit: PAGE_ROWS, offset: self.offset }
    }

    /// Moves behind a page and says whether there is another one. Rows that the user may not see are taken out of a page
    /// afterwards, so that only the count tells the end.
    fn advance(&mut self, rows: &[Record], total: Option<u64>) -> bool {
        let goes_on = match total {
            Some(total) => self.offset + PAGE_ROWS < total,
            None => !rows.is_empty(),
        };
        let last = rows.last().and_then(|it| it.get("sys_id")).filter(|_| !self.query.is_ordered());
        match last {
            Some(id) => {
                self.after = Some(id.to_owned());
                self.offset = 0;
            }
            // A page of hidden rows alone has no last one to go on from.
            None => self.offset += PAGE_ROWS,
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
    result: &Value,
) -> Result<Vec<Record>, ServiceError> {
    let Some(rows) = result.as_array() else {
        return Err(ServiceError::new(Kind::Inconsistent, request, "the answer holds no list of records"));
    };
    let records: Vec<Record> = rows.iter().map(Record::from_json).collect();
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
