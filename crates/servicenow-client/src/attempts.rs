//! One request, sent as often as it is safe and sensible, within the limits of the client.

use std::time::Duration;

use serde_json::Value;
use servicenow_core::retry::{self, Failure};
use servicenow_core::{Kind, Record, Request, Response, Retry, ServiceError, answer, rows};

use crate::TransportError;
use crate::client::batch;
use crate::line::Line;

/// How long an operation may take in all when nobody says otherwise: half of the time that Terraform's providers
/// usually allow, so that several requests fit into it.
pub(crate) const BUDGET_MS: u64 = 10 * 60 * 1_000;

/// How long an operation may take once the run was stopped, when it has to go on: a person waits for it.
const INSISTENCE_MS: u64 = 10_000;

/// How far an operation may go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Milliseconds of one call in all, repetitions and waits included.
    pub budget_ms: u64,
    /// When the operation has to be over that the call is a part of, on the transport's clock.
    pub ends_at_ms: Option<u64>,
    /// Whether it begins and goes on after a stop, for a few seconds.
    pub is_insistent: bool,
}

/// What an answer holds, and the number of rows that a list has in all.
pub(crate) struct Answer<T> {
    pub result: T,
    pub total: Option<u64>,
}

/// How an answer is read.
type Reading<T> = fn(&Request, &Response) -> Result<T, ServiceError>;

/// The attempts of one operation, counted together whatever they ask.
pub(crate) struct Attempts<'a> {
    line: &'a Line,
    limits: Limits,
    began_ms: u64,
    failures: u32,
    is_permanent: bool,
}

impl<'a> Attempts<'a> {
    pub fn new(line: &'a Line, limits: Limits) -> Attempts<'a> {
        let began_ms = line.transport.now_ms();
        Attempts { line, limits, began_ms, failures: 0, is_permanent: false }
    }

    /// Sends a request that may be repeated freely until an answer comes or patience ends.
    pub async fn persist(&mut self, request: &Request) -> Result<Answer<Value>, ServiceError> {
        self.persist_reading(request, answer::classify).await
    }

    /// The same for a list, whose rows are decoded one after the other.
    pub async fn persist_rows(&mut self, request: &Request) -> Result<Answer<Vec<Record>>, ServiceError> {
        self.persist_reading(request, rows::read).await
    }

    /// The same for several reads in one request.
    pub async fn persist_batch(&mut self, request: &Request) -> Result<Answer<Value>, ServiceError> {
        self.persist_reading(request, batch::read).await
    }

    async fn persist_reading<T>(
        &mut self,
        request: &Request,
        reading: Reading<T>,
    ) -> Result<Answer<T>, ServiceError> {
        loop {
            match self.once_reading(request, reading).await {
                Ok(answer) => return Ok(answer),
                Err(error) => self.again(error).await?,
            }
        }
    }

    /// Sends a request once.
    pub async fn once(&mut self, request: &Request) -> Result<Answer<Value>, ServiceError> {
        self.once_reading(request, answer::classify).await
    }

    /// The same for several writes in one request.
    pub async fn once_batch(&mut self, request: &Request) -> Result<Answer<Value>, ServiceError> {
        self.once_reading(request, batch::read).await
    }

    async fn once_reading<T>(
        &mut self,
        request: &Request,
        reading: Reading<T>,
    ) -> Result<Answer<T>, ServiceError> {
        let line = self.line;
        let turn = line.turn(request, self.limits).await?;
        if self.is_too_late() {
            let reason = "the time that the operation may take was over before this request";
            return Err(ServiceError::new(Kind::OutOfTime, request, reason));
        }
        let began_ms = line.transport.now_ms();
        let answered = tokio::select! {
            biased;
            answered = line.transport.send(request) => answered,
            () = line.end_of_grace() => return Err(cut_off(request)),
        };
        let duration_ms = line.transport.now_ms().saturating_sub(began_ms);
        let status = answered.as_ref().map_or(0, |it| it.status);
        tracing::debug!(method = %request.method, path = %request.path, status, duration_ms, "request");
        self.is_permanent = answered.as_ref().is_err_and(TransportError::is_permanent);
        let answer = answered
            .map_err(|error| error.into_service_error(request))
            .and_then(|response| Answer::read(request, &response, reading));
        turn.ends(request, answer.as_ref().map(|_| duration_ms));
        answer
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
        let until_end = self.limits.ends_at_ms.map_or(u64::MAX, |it| it.saturating_sub(self.began_ms));
        let budget_ms = self.limits.budget_ms.min(until_end);
        if self.line.is_stopped() { budget_ms.min(INSISTENCE_MS) } else { budget_ms }
    }

    fn is_too_late(&self) -> bool {
        self.limits.ends_at_ms.is_some_and(|it| self.line.transport.now_ms() >= it)
    }
}

impl<T> Answer<T> {
    fn read(request: &Request, response: &Response, reading: Reading<T>) -> Result<Answer<T>, ServiceError> {
        let result = reading(request, response)?;
        Ok(Answer { result, total: answer::total_count(response) })
    }
}

/// What a wait that was cut short by a stop ends with: a write that may have taken effect stays one.
fn interrupted(error: ServiceError) -> ServiceError {
    if !is_read(&error) && error.kind.may_have_taken_effect() {
        return error;
    }
    let reason = format!("the run was stopped while waiting to ask again after: {}", error.reason);
    ServiceError { kind: Kind::Stopped, reason, ..error }
}

/// What a request in flight ends with when its answer does not come in time after a stop.
fn cut_off(request: &Request) -> ServiceError {
    let kind = if request.is_read() { Kind::Stopped } else { Kind::Lost };
    ServiceError::new(kind, request, "the run was stopped before the answer came")
}

fn is_read(error: &ServiceError) -> bool {
    error.method.is_read() || error.path == Request::BATCH
}
