//! Many single reads, few requests. Reads of one table that are asked for at the same time become one list by id; a
//! refresh that keeps asking for rows of one table reads that table once and is answered from what was read.
//!
//! Nothing is believed that could be old: what has to be true now is always answered by a request that begins after it
//! was asked; a survey of a table serves a refresh alone, for a short time, and never after a write of this process has
//! begun. A row that an answer does not hold is asked for alone before anybody calls it missing.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use servicenow_core::table_api::{self, Page};
use servicenow_core::{Kind, Query, Record, Request, ServiceError, SysId, TableName, rows};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Client;
use super::batch::PARTS_MAX;
use super::pages::checked_rows;
use crate::attempts::Limits;

/// How long a read waits for company: Terraform asks for ten objects within a millisecond or two.
const GATHER: Duration = Duration::from_millis(4);

/// The longest path and query of a request: everything on the way to an instance takes 2048 characters, and the address
/// comes before them.
const TARGET_MAX: usize = 1_900;

/// Characters that one more id adds to a query: its digits and an encoded comma.
const ID_CHARACTERS: usize = 35;

/// Lists that are sent in one request from so many on: two of them come back sooner side by side.
const BATCH_FROM: usize = 3;

/// Reads of one table by a refresh after which it is worth looking at the whole table.
const SURVEY_AFTER: u64 = 16;

/// Rows of a table per read that was asked for, up to which reading it whole is cheaper than going on one by one.
const ROWS_PER_READ: u64 = 50;

/// Rows that a survey keeps at most: some twenty megabytes.
const SURVEY_ROWS_MAX: u64 = 20_000;

/// How long a survey serves: a refresh of thousands of objects ends within it, and what it shows is hardly older than
/// what a refresh one by one would have shown.
const SURVEY_AGE_MAX_MS: u64 = 60_000;

/// How single records are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadStrategy {
    /// Together where that takes fewer requests.
    #[default]
    Together,
    /// One request for each.
    Single,
}

/// How true an answer has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// As it is after the question.
    Now,
    /// As it was at some time during this run.
    ThisRun,
}

/// What all clones of a client have read.
pub(super) struct Reads {
    strategy: ReadStrategy,
    has_written: AtomicBool,
    lanes: Mutex<HashMap<LaneKey, Lane>>,
    /// Several reads in one request do not work for this user.
    is_batch_refused: AtomicBool,
}

/// Reads that one list can answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct LaneKey {
    table: TableName,
    columns: Vec<String>,
}

#[derive(Default)]
struct Lane {
    waiting: Vec<Waiter>,
    is_draining: bool,
    /// Reads of a refresh so far.
    asked: u64,
    /// Rows of the table, when somebody has looked.
    rows: Option<u64>,
    /// Lists of this table do not work for this user.
    is_alone: bool,
    survey: Option<Survey>,
}

struct Waiter {
    id: SysId,
    freshness: Freshness,
    limits: Limits,
    answer: oneshot::Sender<Outcome>,
}

/// A whole table as it was read.
struct Survey {
    rows: Arc<HashMap<String, Record>>,
    read_at_ms: u64,
}

enum Outcome {
    Row(Record),
    /// Not among the rows, or no list could be had: to be asked for alone.
    Alone,
    Failed(ServiceError),
}

impl Reads {
    pub(super) fn new(strategy: ReadStrategy) -> Reads {
        Reads {
            strategy,
            has_written: AtomicBool::new(false),
            lanes: Mutex::default(),
            is_batch_refused: AtomicBool::new(false),
        }
    }

    /// A write begins: what was read before may not be true any more, and this process goes on to write.
    pub(super) fn forget_for_good(&self) {
        if !self.has_written.swap(true, Ordering::SeqCst) {
            for lane in self.lanes().values_mut() {
                lane.survey = None;
            }
        }
    }

    fn may_survey(&self) -> bool {
        !self.has_written.load(Ordering::SeqCst)
    }

    /// Those who wait for requests, and whether the table is worth being read whole for them. Nobody: the lane rests.
    fn next_round(&self, key: &LaneKey, now_ms: u64) -> Option<(Vec<Waiter>, bool)> {
        let may_survey = self.may_survey();
        let mut lanes = self.lanes();
        let lane = lanes.entry(key.clone()).or_default();
        let mut waiting = std::mem::take(&mut lane.waiting);
        if waiting.is_empty() {
            lane.is_draining = false;
            return None;
        }
        if let Some(survey) = lane.surveyed(now_ms).filter(|_| may_survey) {
            // It was read while they were waiting.
            waiting = serve(survey, waiting);
        }
        let is_refreshing = waiting.iter().any(|it| it.freshness == Freshness::ThisRun);
        Some((waiting, is_refreshing && may_survey && lane.wants_survey()))
    }

    fn lanes(&self) -> MutexGuard<'_, HashMap<LaneKey, Lane>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lane {
    /// Whether what is known of the table makes reading it whole worth the while.
    fn wants_survey(&self) -> bool {
        let affordable = self.asked.saturating_mul(ROWS_PER_READ).min(SURVEY_ROWS_MAX);
        self.asked >= SURVEY_AFTER && self.rows.is_none_or(|it| it <= affordable)
    }

    fn surveyed(&self, now_ms: u64) -> Option<&Survey> {
        self.survey.as_ref().filter(|it| now_ms.saturating_sub(it.read_at_ms) <= SURVEY_AGE_MAX_MS)
    }
}

impl Client {
    /// Reads one record together with others that are asked for at the same time; `None` when it does not exist or this
    /// user may not see it.
    ///
    /// # Errors
    /// The request failed, whether for this record alone or for all of them.
    pub async fn read(
        &self,
        table: &TableName,
        id: &SysId,
        columns: &[&str],
        freshness: Freshness,
    ) -> Result<Option<Record>, ServiceError> {
        if let Some(kept) = self.read_kept(table, id, columns) {
            return Ok(kept);
        }
        let key =
            LaneKey { table: table.clone(), columns: columns.iter().map(|it| (*it).to_owned()).collect() };
        let outcome = match self.joined(key, id, freshness) {
            Joined::Answer(outcome) => outcome,
            Joined::Wait(answer) => answer.await.unwrap_or(Outcome::Alone),
        };
        match outcome {
            Outcome::Row(record) => Ok(Some(record)),
            Outcome::Alone => self.get(table, id, columns).await,
            Outcome::Failed(error) => Err(error),
        }
    }

    fn joined(&self, key: LaneKey, id: &SysId, freshness: Freshness) -> Joined {
        // What has to go on after a stop waits for nobody.
        if self.reads.strategy == ReadStrategy::Single || self.limits.is_insistent {
            return Joined::Answer(Outcome::Alone);
        }
        let mut lanes = self.reads.lanes();
        let lane = lanes.entry(key.clone()).or_default();
        if lane.is_alone {
            return Joined::Answer(Outcome::Alone);
        }
        if freshness == Freshness::ThisRun && self.reads.may_survey() {
            lane.asked += 1;
            if let Some(survey) = lane.surveyed(self.line.transport.now_ms()) {
                return Joined::Answer(survey.outcome(id));
            }
        }
        let (answer, wait) = oneshot::channel();
        lane.waiting.push(Waiter { id: id.clone(), freshness, limits: self.limits, answer });
        if !lane.is_draining {
            lane.is_draining = true;
            tokio::spawn(drain(self.clone(), key));
        }
        Joined::Wait(wait)
    }

    /// How many rows a table has, taken before access rules filter them.
    async fn count(&self, key: &LaneKey) -> Result<u64, ServiceError> {
        let counted = table_api::list(&key.table, &Query::new(), &[], Page { limit: 1, offset: 0 });
        Ok(self.attempts().persist_rows(&counted).await?.total.unwrap_or(u64::MAX))
    }

    async fn read_whole(&self, key: &LaneKey) -> Result<Survey, ServiceError> {
        let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
        let read_at_ms = self.line.transport.now_ms();
        let rows = self.list(&key.table, &Query::new(), &columns).await?;
        tracing::debug!(table = %key.table, rows = rows.len(), "read the whole table for the rest of the refresh");
        let by_id = |row: Record| Some((row.get("sys_id")?.to_lowercase(), row));
        Ok(Survey { rows: Arc::new(rows.into_iter().filter_map(by_id).collect()), read_at_ms })
    }

    /// The rows of a whole table, if there are few enough of them.
    async fn survey(&self, key: &LaneKey) -> Result<Option<Survey>, ServiceError> {
        let rows = self.count(key).await?;
        let is_worth_it = {
            let mut lanes = self.reads.lanes();
            let lane = lanes.entry(key.clone()).or_default();
            lane.rows = Some(rows);
            lane.wants_survey()
        };
        if !is_worth_it {
            return Ok(None);
        }
        self.read_whole(key).await.map(Some)
    }

    /// Asks for these records with one request.
    async fn read_list(&self, key: &LaneKey, ids: &[SysId]) -> Result<Vec<Record>, ServiceError> {
        let (request, query) = list_by_id(key, ids);
        let answer = self.attempts().persist_rows(&request).await?;
        checked_rows(&request, &query, answer.result)
    }
}

enum Joined {
    Answer(Outcome),
    Wait(oneshot::Receiver<Outcome>),
}

impl Survey {
    fn outcome(&self, id: &SysId) -> Outcome {
        self.rows.get(id.as_str()).map_or(Outcome::Alone, |it| Outcome::Row(it.clone()))
    }
}

/// Answers everybody who waits in a lane, until nobody does.
async fn drain(client: Client, key: LaneKey) {
    loop {
        client.line.transport.sleep(GATHER).await;
        let Some((waiting, wants_survey)) = client.reads.next_round(&key, client.line.transport.now_ms())
        else {
            return;
        };
        // Whoever has the most patience decides for all: nobody is given up too early.
        let patience = |it: &Waiter| (it.limits.ends_at_ms.unwrap_or(u64::MAX), it.limits.budget_ms);
        let limits = waiting.iter().max_by_key(|it| patience(it)).map_or(client.limits, |it| it.limits);
        let client = Client { limits, ..client.clone() };
        let waiting = if wants_survey { survey(&client, &key, waiting).await } else { waiting };
        lists(&client, &key, waiting).await;
    }
}

/// Reads the whole table and answers a refresh from it. Who is left over still waits.
async fn survey(client: &Client, key: &LaneKey, waiting: Vec<Waiter>) -> Vec<Waiter> {
    let survey = match client.survey(key).await {
        Ok(Some(survey)) => survey,
        Ok(None) => return waiting,
        Err(error) => {
            // Whatever the reason, the table is not read whole again in this run.
            client.reads.lanes().entry(key.clone()).or_default().rows = Some(u64::MAX);
            tracing::debug!(table = %key.table, reason = %error.reason, "the table cannot be read whole");
            return if is_about_the_list(error.kind) { waiting } else { fail(waiting, &error) };
        }
    };
    let left = serve(&survey, waiting);
    if client.reads.may_survey() {
        client.reads.lanes().entry(key.clone()).or_default().survey = Some(survey);
    }
    left
}

/// Answers a refresh from what was read. Who has to know what is true now is left over.
fn serve(survey: &Survey, waiting: Vec<Waiter>) -> Vec<Waiter> {
    let (served, left): (Vec<Waiter>, Vec<Waiter>) =
        waiting.into_iter().partition(|it| it.freshness == Freshness::ThisRun);
    for waiter in served {
        let outcome = survey.outcome(&waiter.id);
        send(waiter, outcome);
    }
    left
}

/// Answers everybody with lists by id: a few at the same time, or many of them in one request.
async fn lists(client: &Client, key: &LaneKey, waiting: Vec<Waiter>) {
    let mut chunks = chunks(key, waiting);
    if chunks.len() >= BATCH_FROM && !client.reads.is_batch_refused.load(Ordering::SeqCst) {
        chunks = in_one_request(client, key, chunks).await;
    }
    let mut tasks = JoinSet::new();
    for chunk in chunks {
        tasks.spawn(answer_list(client.clone(), key.clone(), chunk));
    }
    while tasks.join_next().await.is_some() {}
}

/// Answers with many lists in one request, and returns those whose list got no answer of its own.
async fn in_one_request(client: &Client, key: &LaneKey, chunks: Vec<Vec<Waiter>>) -> Vec<Vec<Waiter>> {
    let mut left = Vec::new();
    let mut chunks = chunks.into_iter().peekable();
    while chunks.peek().is_some() {
        let some: Vec<Vec<Waiter>> = chunks.by_ref().take(PARTS_MAX).collect();
        let questions: Vec<(Request, Query)> = some.iter().map(|it| list_by_id(key, &ids(it))).collect();
        let requests: Vec<Request> = questions.iter().map(|it| it.0.clone()).collect();
        match client.read_in_one(&requests).await {
            Ok(answers) => {
                for ((waiters, (request, query)), answer) in some.into_iter().zip(&questions).zip(answers) {
                    let rows = answer.and_then(|it| rows::read(request, &it).ok());
                    match rows.and_then(|it| checked_rows(request, query, it).ok()) {
                        Some(rows) => answer_from(&rows, waiters),
                        None => left.push(waiters),
                    }
                }
            }
            Err(error) if is_about_the_list(error.kind) => {
                client.reads.is_batch_refused.store(true, Ordering::SeqCst);
                tracing::debug!(reason = %error.reason, "several reads in one request do not work here");
                left.extend(some);
            }
            Err(error) => some.into_iter().for_each(|it| drop(fail(it, &error))),
        }
    }
    left
}

/// Parts of those who wait, each with as many ids as a query takes.
fn chunks(key: &LaneKey, waiting: Vec<Waiter>) -> Vec<Vec<Waiter>> {
    let shortest = waiting.first().map(|it| list_by_id(key, std::slice::from_ref(&it.id)));
    let base = shortest.map_or(TARGET_MAX, |(request, _)| request.target().len());
    let size = 1 + TARGET_MAX.saturating_sub(base) / ID_CHARACTERS;
    let mut chunks = Vec::new();
    let mut rest = waiting.into_iter().peekable();
    while rest.peek().is_some() {
        chunks.push(rest.by_ref().take(size).collect());
    }
    chunks
}

async fn answer_list(client: Client, key: LaneKey, waiters: Vec<Waiter>) {
    let ids = ids(&waiters);
    if ids.len() == 1 && waiters.len() == 1 {
        return waiters.into_iter().for_each(|it| send(it, Outcome::Alone));
    }
    match client.read_list(&key, &ids).await {
        Ok(rows) => answer_from(&rows, waiters),
        Err(error) if is_about_the_list(error.kind) => {
            client.reads.lanes().entry(key).or_default().is_alone = true;
            tracing::debug!(path = %error.path, reason = %error.reason, "lists do not work here: reading one by one");
            waiters.into_iter().for_each(|it| send(it, Outcome::Alone));
        }
        Err(error) => drop(fail(waiters, &error)),
    }
}

/// Answers from the rows of a list. Who is not among them is asked for alone.
fn answer_from(rows: &[Record], waiters: Vec<Waiter>) {
    let find = |id: &SysId| rows.iter().find(|it| it.text("sys_id").eq_ignore_ascii_case(id.as_str()));
    for waiter in waiters {
        let outcome = find(&waiter.id).map_or(Outcome::Alone, |it| Outcome::Row(it.clone()));
        send(waiter, outcome);
    }
}

/// The ids that are asked for, each once.
fn ids(waiters: &[Waiter]) -> Vec<SysId> {
    waiters.iter().map(|it| it.id.clone()).collect::<BTreeSet<SysId>>().into_iter().collect()
}

/// The list of some records, and the question that it answers.
fn list_by_id(key: &LaneKey, ids: &[SysId]) -> (Request, Query) {
    let texts: Vec<&str> = ids.iter().map(SysId::as_str).collect();
    let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
    let query = Query::new().is_in("sys_id", &texts).unwrap_or_default();
    let page = Page { limit: ids.len() as u64, offset: 0 };
    (table_api::list(&key.table, &query, &columns, page), query)
}

/// Whether a failure says something about the list, so that a single read may do better.
fn is_about_the_list(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::Unreachable
            | Kind::Lost
            | Kind::Unauthenticated
            | Kind::Throttled
            | Kind::Unavailable
            | Kind::Stopped
            | Kind::OutOfTime
            | Kind::GivenUp
    )
}

fn fail(waiting: Vec<Waiter>, error: &ServiceError) -> Vec<Waiter> {
    waiting.into_iter().for_each(|it| send(it, Outcome::Failed(error.clone())));
    Vec::new()
}

fn send(waiter: Waiter, outcome: Outcome) {
    // Whoever asked may have gone away in the meantime; then nobody needs the answer.
    let _ = waiter.answer.send(outcome);
}

#[cfg(test)]
mod tests;
