//! How much an instance takes: rate limits by the hour, the threads of a node, and one transaction at a time in a session.
//!
//! Nothing waits here. Each request is told by the instance's clock how long it would have waited.

mod limits;

use std::collections::BTreeMap;

use servicenow_core::Response;

use crate::answer::{failures, pages};
use crate::arrival::Arrival;
use crate::instance::Instance;
use crate::settings::{
    QUEUE_FULL_BODY, SEMAPHORE_QUEUE, SEMAPHORE_THREADS, SESSION_WAIT_MAX_MS, SESSION_WAITERS_MAX,
    TRANSACTION_QUOTA_MS,
};
use crate::sign_in::Caller;
use limits::Limits;

/// The path of everything that the integration threads of a node serve.
const INTEGRATIONS: &str = "/api/";

/// What is going on at an instance.
#[derive(Debug, Default)]
pub struct Traffic {
    /// The counters of the rate-limit rules.
    pub limits: Limits,
    /// Milliseconds that the current request takes beyond what every request takes.
    pub spent_ms: u64,
    threads: Line,
    sessions: BTreeMap<String, Line>,
}

/// Transactions that go on or wait, by the moments at which they end.
#[derive(Debug, Default)]
struct Line {
    ends_ms: Vec<u64>,
}

/// A place in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The transaction begins after so many milliseconds.
    After(u64),
    /// The line is full.
    Full,
}

impl Line {
    /// Stands in line for as many transactions at a time, behind so many others at most.
    fn stand(&mut self, now_ms: u64, at_a_time: usize, waiting_max: usize) -> Place {
        self.ends_ms.retain(|it| *it > now_ms);
        self.ends_ms.sort_unstable();
        let ahead = self.ends_ms.len();
        if ahead >= at_a_time.saturating_add(waiting_max) {
            return Place::Full;
        }
        let begins_ms = ahead.checked_sub(at_a_time).and_then(|it| self.ends_ms.get(it)).copied();
        Place::After(begins_ms.unwrap_or(now_ms) - now_ms)
    }

    fn enter(&mut self, ends_ms: u64) {
        self.ends_ms.push(ends_ms);
    }

    fn is_empty(&self, now_ms: u64) -> bool {
        self.ends_ms.iter().all(|it| *it <= now_ms)
    }
}

impl Traffic {
    /// How long a request that takes `work_ms` waits before its work begins, or why it is sent away undone.
    pub fn admit(
        &mut self,
        instance: &Instance,
        arrival: &Arrival,
        caller: &Caller,
        work_ms: u64,
    ) -> Result<u64, Response> {
        // A request that takes no time is over before the next one comes.
        if work_ms == 0 || !arrival.takes_time || !arrival.request.path.starts_with(INTEGRATIONS) {
            return Ok(0);
        }
        let now_ms = instance.clock.unix_ms();
        self.sessions.retain(|_, line| !line.is_empty(now_ms));
        let session_ms = self.wait_in_session(instance, caller, now_ms)?;
        let thread_ms = self.wait_for_thread(instance, now_ms)?;
        let waits_ms = session_ms.max(thread_ms);
        let ends_ms = now_ms + waits_ms + work_ms;
        self.threads.enter(ends_ms);
        if !caller.session.is_new {
            self.sessions.entry(caller.session.id.clone()).or_default().enter(ends_ms);
        }
        Ok(waits_ms)
    }

    fn wait_in_session(
        &mut self,
        instance: &Instance,
        caller: &Caller,
        now_ms: u64,
    ) -> Result<u64, Response> {
        if caller.session.is_new {
            return Ok(0);
        }
        let waiters_max = count(instance, SESSION_WAITERS_MAX);
        let line = self.sessions.entry(caller.session.id.clone()).or_default();
        match line.stand(now_ms, 1, waiters_max) {
            Place::After(ms) if ms <= instance.settings.milliseconds(SESSION_WAIT_MAX_MS) => Ok(ms),
            Place::After(_) | Place::Full => Err(failures::empty(202)),
        }
    }

    fn wait_for_thread(&mut self, instance: &Instance, now_ms: u64) -> Result<u64, Response> {
        let threads = count(instance, SEMAPHORE_THREADS);
        if threads == 0 {
            return Ok(0);
        }
        match self.threads.stand(now_ms, threads, count(instance, SEMAPHORE_QUEUE)) {
            Place::After(ms) => Ok(ms),
            Place::Full => Err(queue_full(instance)),
        }
    }
}

/// An answer that takes longer than the quota of its transaction is cut off: its status stays, an error is appended.
pub fn cut_off(instance: &Instance, arrival: &Arrival, response: Response, work_ms: u64) -> (Response, u64) {
    let path = arrival.request.path.as_str();
    // A batch keeps its own quota, item by item.
    let quota_ms = match path {
        _ if !path.starts_with(INTEGRATIONS) || path.ends_with("/batch") => return (response, work_ms),
        _ => instance.settings.milliseconds(TRANSACTION_QUOTA_MS),
    };
    if work_ms <= quota_ms || response.status >= 300 {
        return (response, work_ms);
    }
    (failures::cancelled(response), quota_ms)
}

fn count(instance: &Instance, setting: &str) -> usize {
    usize::try_from(instance.settings.number(setting)).unwrap_or(usize::MAX)
}

/// No header tells when to come again: that is how this 429 differs from that of a rate limit.
fn queue_full(instance: &Instance) -> Response {
    match instance.settings.text(QUEUE_FULL_BODY) {
        "html" => pages::html(429, "Too many requests", "The queue of this node is full."),
        _ => failures::empty(429),
    }
}

#[cfg(test)]
mod tests;
