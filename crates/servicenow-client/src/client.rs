//! Records read and written one operation at a time; each ends in what is true on the instance or says what is unknown.

pub(crate) mod batch;
mod dictionary;
mod pages;
mod reads;
mod whole;

pub use batch::Update;
pub use dictionary::Access;
pub use pages::Pages;
pub use reads::{Freshness, ReadStrategy};
pub use whole::{Rows, Whole};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use servicenow_core::table_api::{self, Page, Write};
use servicenow_core::{Kind, Query, Record, Request, ServiceError, SysId, TableName, WriteStyle, dropped};

use self::dictionary::Dictionary;
use self::pages::checked_rows;
use self::reads::Reads;
use self::whole::Kept;
use crate::Transport;
use crate::attempts::{Attempts, BUDGET_MS, Limits};
use crate::line::{CONCURRENCY, Line};

/// Rows that are enough to tell whether a user sees anything of a table.
const GLIMPSE_ROWS: u64 = 20;

/// A client of one instance. Clones share its limits and its stop.
#[derive(Clone)]
pub struct Client {
    line: Arc<Line>,
    reads: Arc<Reads>,
    kept: Arc<Kept>,
    dictionary: Arc<Dictionary>,
    limits: Limits,
}

impl Client {
    /// A client that reaches its instance through this transport.
    pub fn new(transport: Arc<dyn Transport>) -> Client {
        let limits = Limits { budget_ms: BUDGET_MS, ends_at_ms: None, is_insistent: false };
        let reads = Arc::new(Reads::new(ReadStrategy::default()));
        Client {
            line: Arc::new(Line::new(transport, CONCURRENCY)),
            reads,
            kept: Arc::default(),
            dictionary: Arc::default(),
            limits,
        }
    }

    /// The same client with another number of requests at the same time at most; fewer where the instance asks for it.
    pub fn with_concurrency(&self, concurrency: usize) -> Client {
        let line = Line::new(Arc::clone(&self.line.transport), concurrency);
        Client { line: Arc::new(line), ..self.clone() }
    }

    /// The same client with another way to read, and nothing read yet.
    pub fn with_read_strategy(&self, strategy: ReadStrategy) -> Client {
        Client { reads: Arc::new(Reads::new(strategy)), ..self.clone() }
    }

    /// The same client with another limit for each operation, repetitions and waits included.
    pub fn with_budget_ms(&self, budget_ms: u64) -> Client {
        Client { limits: Limits { budget_ms, ..self.limits }, ..self.clone() }
    }

    /// The same client for one operation of several calls, all of which have to end within so many milliseconds from
    /// now. A request that is under way is not cut off; none begins later, and no wait goes beyond.
    pub fn for_operation(&self, budget_ms: u64) -> Client {
        let ends_at_ms = Some(self.line.transport.now_ms().saturating_add(budget_ms));
        Client { limits: Limits { budget_ms, ends_at_ms, ..self.limits }, ..self.clone() }
    }

    /// The same client for what has to follow a stop, such as undoing half a switch: its requests begin all the same,
    /// and each gets the few seconds that a request in flight gets. The end of an operation does not bind it either: what is
    /// half done has to be led to an end.
    pub fn insistent(&self) -> Client {
        let limits = Limits { budget_ms: BUDGET_MS, ends_at_ms: None, is_insistent: true };
        Client { limits, ..self.clone() }
    }

    /// An id for a record to create.
    pub fn new_sys_id(&self) -> SysId {
        self.line.transport.new_sys_id()
    }

    /// Starts no further request, ends every wait, and gives requests in flight a few more seconds.
    pub fn stop(&self) {
        self.line.stop();
    }

    /// Whether [`Client::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.line.is_stopped()
    }

    /// Waits. A stop ends the wait, and so does the end of the operation; the next request says so.
    pub async fn wait_ms(&self, wait_ms: u64) {
        let left_ms =
            self.limits.ends_at_ms.map_or(u64::MAX, |it| it.saturating_sub(self.line.transport.now_ms()));
        tokio::select! {
            biased;
            () = self.line.transport.sleep(Duration::from_millis(wait_ms.min(left_ms))) => {}
            () = self.line.end_of_patience(self.limits) => {}
        }
    }

    /// Asks something that changes nothing and is no read of records, as patiently as any read.
    pub async fn ask(&self, question: &Request) -> Result<Value, ServiceError> {
        self.attempts().persist(question).await.map(|it| it.result)
    }

    /// Reads one record; `None` when it does not exist or this user may not see it.
    pub async fn get(
        &self,
        table: &TableName,
        id: &SysId,
        columns: &[&str],
    ) -> Result<Option<Record>, ServiceError> {
        let request = table_api::get(table, id, columns);
        let result = match self.attempts().persist(&request).await {
            Ok(answer) => answer.result,
            Err(error) if error.kind == Kind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let record = one_record(&request, id, &result)?;
        if record.text("sys_id").eq_ignore_ascii_case(id.as_str()) {
            return Ok(Some(record));
        }
        Err(ServiceError::new(
            Kind::Inconsistent,
            &request,
            "the answer is another record than the one asked for",
        ))
    }

    /// Whether a record that was not found may exist and be hidden from this user. The platform counts rows before it
    /// hides them, and a user who sees no row of a table that has some cannot know about one; where it cannot be told,
    /// the record counts as hidden.
    pub async fn is_hidden(&self, table: &TableName, id: &SysId) -> Result<bool, ServiceError> {
        let everything = Query::new();
        let itself = everything.clone().equals("sys_id", id.as_str()).unwrap_or_default();
        let (seen, total) = match self.glimpse(table, &itself).await {
            Err(error) if error.kind == Kind::Forbidden => return Ok(true),
            glimpse => glimpse?,
        };
        if seen > 0 || total > 0 {
            return Ok(true);
        }
        let (seen, total) = self.glimpse(table, &everything).await?;
        Ok(seen == 0 && total > 0)
    }

    /// How many of the first few rows of a table this user sees, and how many rows the table has.
    ///
    /// # Errors
    /// The table is not there or not for this user, or the request failed.
    pub async fn sees(&self, table: &TableName) -> Result<(usize, u64), ServiceError> {
        self.glimpse(table, &Query::new()).await
    }

    /// How many rows of the first few a query shows, and how many it counts.
    async fn glimpse(&self, table: &TableName, query: &Query) -> Result<(usize, u64), ServiceError> {
        let request = table_api::list(table, query, &[], Page { limit: GLIMPSE_ROWS, offset: 0 });
        let answer = self.attempts().persist_rows(&request).await?;
        let rows = checked_rows(&request, query, answer.result)?;
        Ok((rows.len(), answer.total.unwrap_or_default()))
    }

    /// A write begins: what was read before may not be true any more.
    pub(super) fn forget_for_good(&self) {
        self.reads.forget_for_good();
        self.kept.forget_for_good();
    }

    /// Creates a record under an id chosen before, so that it is created once whatever happens to the answers. The
    /// record that is returned holds its true id.
    pub async fn create(
        &self,
        table: &TableName,
        id: &SysId,
        cells: &BTreeMap<String, String>,
        columns: &[&str],
    ) -> Result<Record, ServiceError> {
        self.forget_for_good();
        let write = Write { cells, columns, style: WriteStyle::ActualValues };
        let request = table_api::create(table, id, write);
        let mut attempts = self.attempts();
        let mut is_uncertain = false;
        loop {
            let answered = attempts.once(&request).await;
            let error = match answered.and_then(|it| one_record(&request, id, &it.result)) {
                Ok(record) => return Ok(record),
                Err(error) => error,
            };
            let is_lost = error.kind.may_have_taken_effect();
            is_uncertain |= is_lost;
            // Creating is refused although it happened when the user may write the record and not read it; an id that
            // is taken is our own when an earlier answer was lost.
            let look =
                is_lost || error.kind == Kind::Forbidden || (is_uncertain && error.kind == Kind::Conflict);
            if look {
                match self.get(table, id, &with_sent(columns, cells)).await {
                    Ok(Some(record)) => return Ok(record),
                    Ok(None) => {}
                    Err(_) if !is_uncertain => return Err(error),
                    Err(second) => return Err(unknown(error, &second)),
                }
            }
            attempts.again(error).await.map_err(|it| still_lost(it, is_uncertain))?;
        }
    }

    /// Changes columns of a record. Sending it twice ends in the same record, so a lost answer is looked up and the
    /// change sent again where the look does not show it; secrets do not read back and are always sent again.
    pub async fn update(
        &self,
        table: &TableName,
        id: &SysId,
        cells: &BTreeMap<String, String>,
        columns: &[&str],
        style: WriteStyle,
    ) -> Result<Record, ServiceError> {
        self.forget_for_good();
        let request = table_api::update(table, id, Write { cells, columns, style });
        let mut attempts = self.attempts();
        let mut is_uncertain = false;
        loop {
            let answered = attempts.once(&request).await;
            let error = match answered.and_then(|it| one_record(&request, id, &it.result)) {
                Ok(record) => return Ok(record),
                Err(error) => error,
            };
            let is_lost = error.kind.may_have_taken_effect();
            is_uncertain |= is_lost;
            if is_lost && style == WriteStyle::ActualValues {
                match self.get(table, id, &with_sent(columns, cells)).await {
                    Ok(Some(record)) if dropped(cells, &record).is_empty() => return Ok(record),
                    Ok(Some(_)) => {}
                    Ok(None) => return Err(gone(error)),
                    Err(second) => return Err(unknown(error, &second)),
                }
            }
            attempts.again(error).await.map_err(|it| still_lost(it, is_uncertain))?;
        }
    }

    /// Removes a record and says whether it was there.
    pub async fn delete(&self, table: &TableName, id: &SysId) -> Result<bool, ServiceError> {
        self.forget_for_good();
        let request = table_api::delete(table, id);
        let mut attempts = self.attempts();
        let mut is_uncertain = false;
        loop {
            let error = match attempts.once(&request).await {
                Ok(_) => return Ok(true),
                // After a lost answer the record is missing because that request removed it.
                Err(error) if error.kind == Kind::NotFound => return Ok(is_uncertain),
                Err(error) => error,
            };
            if error.kind.may_have_taken_effect() {
                is_uncertain = true;
                match self.get(table, id, &[]).await {
                    Ok(None) => return Ok(true),
                    Ok(Some(_)) => {}
                    Err(second) => return Err(unknown(error, &second)),
                }
            }
            attempts.again(error).await.map_err(|it| still_lost(it, is_uncertain))?;
        }
    }

    fn attempts(&self) -> Attempts<'_> {
        Attempts::new(&self.line, self.limits)
    }
}

/// The record in an answer. A user who may not read the id still knows it, having asked for it.
fn one_record(request: &Request, id: &SysId, result: &Value) -> Result<Record, ServiceError> {
    if !result.is_object() {
        return Err(ServiceError::new(Kind::Inconsistent, request, "the answer holds no single record"));
    }
    let mut record = Record::from_json(result);
    if record.get("sys_id").is_none() {
        record.put("sys_id", id.as_str());
    }
    Ok(record)
}

/// The columns of an answer with those that were sent, so that both can be compared.
fn with_sent<'a>(columns: &[&'a str], cells: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    columns.iter().copied().chain(cells.keys().map(String::as_str)).collect()
}

/// A record that is missing when a change of it is looked up.
fn gone(error: ServiceError) -> ServiceError {
    let reason = format!("{}; the record does not exist any more, or this user may not see it", error.reason);
    ServiceError { kind: Kind::NotFound, reason, ..error }
}

/// A write whose outcome nobody could look up. Its kind stays when looking met the same obstacle, which names it best.
fn unknown(error: ServiceError, second: &ServiceError) -> ServiceError {
    let kind = if error.kind == second.kind { error.kind } else { Kind::Lost };
    let words = if error.reason == second.reason {
        " for the same reason".to_owned()
    } else {
        format!(": {}", second.reason)
    };
    let reason = format!(
        "{}; whether it happened is unknown, because reading the record failed too{words}",
        error.reason
    );
    ServiceError { kind, reason, ..error }
}

/// A write that ends without being executed may have been executed by an earlier attempt whose answer was lost.
fn still_lost(error: ServiceError, is_uncertain: bool) -> ServiceError {
    let not_executed = matches!(
        error.kind,
        Kind::Stopped | Kind::Throttled | Kind::Unreachable | Kind::OutOfTime | Kind::GivenUp
    );
    if !(is_uncertain && not_executed) {
        return error;
    }
    let reason = format!("an earlier answer was lost, and then: {}", error.reason);
    ServiceError { kind: Kind::Lost, reason, ..error }
}

#[cfg(test)]
mod tests;
