//! How many requests at the same time, and whether any at all: what the last answers say about an instance. Pure; time is
//! an argument.
//!
//! Three things are kept here. The number of requests at the same time halves when the instance says that it is too much
//! and when answers become slow, and grows back one by one. What a rate limit asked to wait for is remembered, so that the
//! next request of its kind does not ask for the same refusal. And when nothing answers any more, nothing is sent for a
//! while, then one request to see.

use std::collections::BTreeMap;

use crate::{Kind, Request, ServiceError};

/// Failures in a row after which an instance counts as gone.
const FAILURES_MAX: u32 = 8;

/// The least time over which those failures lie: a moment without network makes many requests fail at once.
const FAILING_MS: u64 = 3_000;

/// How long nothing is sent at first, and at most: a restart takes minutes, and a person waits.
const REST_FIRST_MS: u64 = 15_000;
const REST_MAX_MS: u64 = 120_000;

/// Answers below this are never slow: a simple request takes 50 to 300 ms, a create up to 3 s.
const SLOW_MS: u64 = 3_000;

/// How many times as long as usual makes an answer slow.
const SLOW_FACTOR: f64 = 4.0;

/// How much of a new duration goes into what counts as usual.
const LEARNING: f64 = 0.2;

/// How long after a reduction the next one may come: answers to requests that were sent before still arrive.
const REDUCTION_MS: u64 = 1_000;

/// Whether a request may be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Now.
    Go,
    /// In so many milliseconds: a rate limit asked for it.
    Wait(u64),
    /// Not for so many milliseconds, for this reason: nothing answers.
    Refused(u64, String),
}

/// What is known of an instance's patience.
#[derive(Debug)]
pub struct Pace {
    limit_max: f64,
    limit: f64,
    usual_ms: Option<f64>,
    reduced_at_ms: Option<u64>,
    waits: BTreeMap<String, u64>,
    failures: u32,
    failing_since_ms: u64,
    last_reason: String,
    rest: Option<Rest>,
    rest_ms: u64,
}

/// While nothing is sent.
#[derive(Debug)]
struct Rest {
    until_ms: u64,
    is_probing: bool,
}

impl Pace {
    /// So many requests at the same time at most, beginning with all of them.
    pub fn new(limit_max: usize) -> Pace {
        let limit = limit_max.max(1) as f64;
        Pace {
            limit_max: limit,
            limit,
            usual_ms: None,
            reduced_at_ms: None,
            waits: BTreeMap::new(),
            failures: 0,
            failing_since_ms: 0,
            last_reason: String::new(),
            rest: None,
            rest_ms: REST_FIRST_MS,
        }
    }

    /// Requests at the same time.
    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// Whether this request may be sent. After a rest the first one may, and everybody else waits for its outcome.
    pub fn admit(&mut self, request: &Request, now_ms: u64) -> Admission {
        if let Some(rest) = &mut self.rest {
            if rest.is_probing || now_ms < rest.until_ms {
                let reason = format!(
                    "nothing is sent for a while, because the last {} requests got no answer; the last one: {}",
                    self.failures, self.last_reason
                );
                return Admission::Refused(rest.until_ms.saturating_sub(now_ms), reason);
            }
            rest.is_probing = true;
            return Admission::Go;
        }
        match self.waits.get(&kind_of(request)) {
            Some(until_ms) if *until_ms > now_ms => Admission::Wait(until_ms - now_ms),
            _ => Admission::Go,
        }
    }

    /// A request was answered after so many milliseconds.
    pub fn answered(&mut self, duration_ms: u64, now_ms: u64) {
        self.lives();
        let duration = duration_ms as f64;
        let usual = *self.usual_ms.get_or_insert(duration);
        if duration_ms > SLOW_MS && duration > usual * SLOW_FACTOR {
            self.reduce(now_ms);
        } else {
            self.limit = (self.limit + 1.0 / self.limit).min(self.limit_max);
        }
        self.usual_ms = Some(usual + (duration - usual) * LEARNING);
    }

    /// A request failed.
    pub fn failed(&mut self, request: &Request, error: &ServiceError, now_ms: u64) {
        match error.kind {
            Kind::Unreachable | Kind::Unavailable | Kind::Lost => self.got_nothing(error, now_ms),
            Kind::Throttled => {
                self.lives();
                self.reduce(now_ms);
                if let Some(after_s) = error.retry_after_s {
                    let until_ms = now_ms.saturating_add(after_s.saturating_mul(1_000));
                    self.waits.insert(kind_of(request), until_ms);
                }
            }
            Kind::Stopped | Kind::OutOfTime | Kind::GivenUp => self.abandoned(),
            _ => self.lives(),
        }
    }

    /// A request was given up before anything was known of it.
    pub fn abandoned(&mut self) {
        if let Some(rest) = &mut self.rest {
            rest.is_probing = false;
        }
    }

    fn lives(&mut self) {
        self.failures = 0;
        self.rest = None;
        self.rest_ms = REST_FIRST_MS;
    }

    fn got_nothing(&mut self, error: &ServiceError, now_ms: u64) {
        if self.failures == 0 {
            self.failing_since_ms = now_ms;
        }
        self.failures = self.failures.saturating_add(1);
        self.last_reason.clone_from(&error.reason);
        let was_probe = self.rest.as_ref().is_some_and(|it| it.is_probing);
        let lasts = now_ms.saturating_sub(self.failing_since_ms) >= FAILING_MS;
        if was_probe || (self.rest.is_none() && lasts && self.failures >= FAILURES_MAX) {
            self.rest = Some(Rest { until_ms: now_ms.saturating_add(self.rest_ms), is_probing: false });
            self.rest_ms = (self.rest_ms * 2).min(REST_MAX_MS);
        }
    }

    fn reduce(&mut self, now_ms: u64) {
        let is_recent = self.reduced_at_ms.is_some_and(|it| now_ms < it.saturating_add(REDUCTION_MS));
        if !is_recent {
            self.limit = (self.limit / 2.0).max(1.0);
            self.reduced_at_ms = Some(now_ms);
        }
    }
}

/// What a rate limit counts together, as far as a caller can tell: one verb on one table.
fn kind_of(request: &Request) -> String {
    let path: Vec<&str> = request.path.split('/').take(5).collect();
    format!("{} {}", request.method, path.join("/"))
}

#[cfg(test)]
mod tests;
