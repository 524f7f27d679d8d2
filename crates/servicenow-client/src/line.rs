//! The way to an instance that all clones of a client share: turns, the pace, and the stop.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use servicenow_core::pace::{Admission, Pace};
use servicenow_core::{Kind, Request, ServiceError};
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use crate::Transport;
use crate::attempts::Limits;

/// Requests at the same time: an instance serves integrations with four threads per node.
pub(crate) const CONCURRENCY: usize = 4;

/// How long a request in flight may still take after a stop: most answers come within it, and a person waits for it.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// What all clones of a client share.
pub(crate) struct Line {
    pub transport: Arc<dyn Transport>,
    permits: Semaphore,
    gate: Mutex<Gate>,
    stop: watch::Sender<bool>,
}

/// The pace, and the turns that it has been translated into.
struct Gate {
    pace: Pace,
    turns: usize,
}

/// The right to send one request.
pub(crate) struct Turn<'a> {
    line: &'a Line,
    permit: Option<SemaphorePermit<'a>>,
}

impl Line {
    pub fn new(transport: Arc<dyn Transport>, concurrency: usize) -> Line {
        let pace = Pace::new(concurrency);
        let turns = pace.limit();
        Line {
            transport,
            permits: Semaphore::new(turns),
            gate: Mutex::new(Gate { pace, turns }),
            stop: watch::Sender::new(false),
        }
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
    pub async fn end_of_patience(&self, limits: Limits) {
        if limits.is_insistent { self.end_of_grace().await } else { self.stopped().await }
    }

    /// When a request in flight is given up.
    pub async fn end_of_grace(&self) {
        self.stopped().await;
        self.transport.sleep(STOP_GRACE).await;
    }

    /// Waits for a turn. Nothing is sent without one.
    ///
    /// # Errors
    /// The run was stopped, or the pace does not allow the request now.
    pub async fn turn(&self, request: &Request, limits: Limits) -> Result<Turn<'_>, ServiceError> {
        let not_begun =
            || ServiceError::new(Kind::Stopped, request, "the run was stopped before this request");
        let permit = tokio::select! {
            biased;
            permit = self.permits.acquire() => permit.map_err(|_| not_begun())?,
            () = self.end_of_patience(limits) => return Err(not_begun()),
        };
        if self.is_stopped() && !limits.is_insistent {
            return Err(not_begun());
        }
        // What has to be led to an end is tried whatever the last answers were.
        if !limits.is_insistent {
            self.admit(request)?;
        }
        Ok(Turn { line: self, permit: Some(permit) })
    }

    fn admit(&self, request: &Request) -> Result<(), ServiceError> {
        let refused = |kind, wait_ms: u64, reason: &str| ServiceError {
            retry_after_s: Some(wait_ms.div_ceil(1_000)),
            ..ServiceError::new(kind, request, reason)
        };
        let admission = self.gate().pace.admit(request, self.transport.now_ms());
        match admission {
            Admission::Go => Ok(()),
            Admission::Wait(wait_ms) => {
                let reason = "the rate limit that an earlier request met is not over yet";
                Err(refused(Kind::Throttled, wait_ms, reason))
            }
            Admission::Refused(wait_ms, reason) => Err(refused(Kind::GivenUp, wait_ms, &reason)),
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn<'_> {
    /// Says what became of the request.
    pub fn ends(mut self, request: &Request, outcome: Result<u64, &ServiceError>) {
        let now_ms = self.line.transport.now_ms();
        let mut gate = self.line.gate();
        match outcome {
            Ok(duration_ms) => gate.pace.answered(duration_ms, now_ms),
            Err(error) => gate.pace.failed(request, error, now_ms),
        }
        let limit = gate.pace.limit();
        let permit = self.permit.take();
        if gate.turns > limit {
            // The turn is not handed on.
            gate.turns -= 1;
            permit.into_iter().for_each(SemaphorePermit::forget);
        } else {
            self.line.permits.add_permits(limit - gate.turns);
            gate.turns = limit;
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if self.permit.is_some() {
            self.line.gate().pace.abandoned();
        }
    }
}
