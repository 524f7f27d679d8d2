//! One request, sent as often as it is safe and sensible, within the limits of the client.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use servicenow_core::retry::{self, Failure};
use servicenow_core::{Kind, Request, Response, Retry, ServiceError, answer};
use tokio::sync::{Semaphore, watch};

use crate::Transport;

/// Requests at the same time: an instance serves integrations with four threads per node.
const CONCURRENCY_MAX: usize = 4;

/// How long a request in flight may still take after a stop: most answers come within it, and a person waits for it.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// How long an operation may take in all when nobody says otherwise: half of the time that Terraform's providers
/// usually allow, so that several requests fit into it.
pub(crate) const BUDGET_MS: u64 = 10 * 60 * 1_000;

/// How long an operation may take once the run was stopped, when it has to go on: a person waits for it.
const INSISTENCE_MS: u64 = 10_000;

/// How far an operation may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Milliseconds in all, repetitions and waits included.
    pub budget_ms: u64,
    /// Whether it begins and goes on after a stop, for a few seconds.
    pub is_insistent: bool,
}

/// What all clones of a client share.
pub(crate) struct Line {
    pub transport: Arc<dyn Transport>,
    permits: Semaphore,
    stop: watch::Sender<bool>,
}

/// The result of an answer and the number of rows that a list has in all.
pub(crate) struct Answer {
    pub result: Value,
    pub total: Option<u64>,
}

/// The attempts of one operation, counted together whatever they ask.
pub(crate) struct Attempts<'a> {
    line: &'a Line,
    limits: Limits,
    began_ms: u64,
    failures: u32,
    is_permanent: bool,
}

impl Line {
    pub fn new(transport: Arc<dyn Transport>) -> Line {
        Line { transport, permits: Semaphore::new(CONCURRENCY_MAX), stop: watch::Sender::new(false) }
    }

    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    pub fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    async fn stopped(&self) {
        // The sender lives as long as this line, so waiting for it cannot fail.
        let _ = self.stop.subscribe().wait_for(|it| *it).await;
    }

    /// When nothing new may begin: at the stop, or a little later for what has to go on.
    async fn end_of_patience(&self, limits: Limits) {
        if limits.is_insistent { self.end_of_grace().await } else { self.stopped().await }
    }

    async fn end_of_grace(&self) {
        self.stopped().await;
        self.transport.sleep(STOP_GRACE).await;
    }
}

impl<'a> Attempts<'a> {
    pub fn new(line: &'a Line, limits: Limits) -> Attempts<'a> {
        let began_ms = line.transport.now_ms();
        Attempts { line, limits, began_ms, failures: 0, is_permanent: false }
    }

    /// Sends a request that may be repeated freely until an answer comes or patience ends.
    pub async fn persist(&mut self, request: &Request) -> Result<Answer, ServiceError> {
        loop {
            match self.once(request).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.again(error).await?,
            }
        }
    }

    /// Sends a request once.
    pub async fn once(&mut self, request: &Request) -> Result<Answer, ServiceError> {
        let response = self.exchange(request).await?;
        let result = answer::classify(request, &response)?;
        Ok(Answer { result, total: answer::total_count(&response) })
    }

    /// Waits until the request may be sent again, or returns the failure when it may not. Whoever calls this has made
    /// sure that sending it again does no harm.
    pub async fn again(&mut self, error: ServiceError) -> Result<(), ServiceError> {
        self.failures += 1;
        let failure = Failure {
            attempt: self.failures,
            error: &error,
            safe_to_repeat: true,
            elapsed_ms: self.line.transport.now_ms().saturating_sub(self.began_ms),
            budget_ms: self.budget_ms(),
        };
        let wait_ms = match retry::decide(failure, self.line.transport.random()) {
            Retry::Wait(wait_ms) if !self.is_permanent => wait_ms,
            _ => return Err(error),
        };
        tracing::debug!(method = %error.method, path = %error.path, kind = ?error.kind, wait_ms, "asking again");
        if self.must_end() {
            return Err(interrupted(error));
        }
        tokio::select! {
            biased;
            () = self.line.transport.sleep(Duration::from_millis(wait_ms)) => Ok(()),
            () = self.line.end_of_patience(self.limits) => Err(interrupted(error)),
        }
    }

    fn must_end(&self) -> bool {
        self.line.is_stopped() && !self.limits.is_insistent
    }

    fn budget_ms(&self) -> u64 {
        if self.line.is_stopped() { self.limits.budget_ms.min(INSISTENCE_MS) } else { self.limits.budget_ms }
    }

    async fn exchange(&mut self, request: &Request) -> Result<Response, ServiceError> {
        let line = self.line;
        let not_begun =
            || ServiceError::new(Kind::Stopped, request, "the run was stopped before this request");
        let permit = tokio::select! {
            biased;
            permit = line.permits.acquire() => permit.map_err(|_| not_begun())?,
            () = line.end_of_patience(self.limits) => return Err(not_begun()),
        };
        if self.must_end() {
            return Err(not_begun());
        }
        let began_ms = line.transport.now_ms();
        let answered = tokio::select! {
            biased;
            answered = line.transport.send(request) => answered,
            () = line.end_of_grace() => return Err(cut_off(request)),
        };
        drop(permit);
        let duration_ms = line.transport.now_ms().saturating_sub(began_ms);
        let status = answered.as_ref().map_or(0, |it| it.status);
        tracing::debug!(method = %request.method, path = %request.path, status, duration_ms, "request");
        answered.map_err(|error| {
            self.is_permanent = error.is_permanent();
            error.into_service_error(request)
        })
    }
}

/// What a wait that was cut short by a stop ends with: a write that may have taken effect stays one.
fn interrupted(error: ServiceError) -> ServiceError {
    if !error.method.is_read() && error.kind.may_have_taken_effect() {
        return error;
    }
    let reason = format!("the run was stopped while waiting to ask again after: {}", error.reason);
    ServiceError { kind: Kind::Stopped, reason, ..error }
}

/// What a request in flight ends with when its answer does not come in time after a stop.
fn cut_off(request: &Request) -> ServiceError {
    let kind = if request.method.is_read() { Kind::Stopped } else { Kind::Lost };
    ServiceError::new(kind, request, "the run was stopped before the answer came")
}
