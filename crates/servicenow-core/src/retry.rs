//! When to ask again: a pure policy whose time and randomness are arguments.

use crate::{Kind, ServiceError};

/// The longest first wait: shorter than a person notices, longer than a request takes.
const WAIT_FIRST_MAX_MS: u64 = 500;

/// The longest wait that is chosen without the instance asking for it: it drains a full queue of 50 requests.
const WAIT_MAX_MS: u64 = 30_000;

/// Added at random to a wait that the instance asked for, so that waiting clients do not come back together.
const SPREAD_MS: u64 = 1_000;

/// Whether and when to repeat a failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Ask again after so many milliseconds.
    Wait(u64),
    /// Report the failure.
    GiveUp,
}

/// A failed request on its way to a decision.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    /// How often it was sent, the first time included.
    pub attempt: u32,
    /// What went wrong the last time.
    pub error: &'a ServiceError,
    /// Whether sending it again does no harm even if the instance executed it.
    pub safe_to_repeat: bool,
    /// Milliseconds since the operation began.
    pub elapsed_ms: u64,
    /// Milliseconds that the operation may take in all, waits included.
    pub budget_ms: u64,
}

/// Decides with exponential backoff and full jitter; `random` lies between 0 and 1.
pub fn decide(failure: Failure<'_>, random: f64) -> Retry {
    let Failure { attempt, error, safe_to_repeat, elapsed_ms, budget_ms } = failure;
    let not_executed = matches!(error.kind, Kind::Throttled | Kind::Unreachable);
    if attempt >= attempts_max(error) || !(safe_to_repeat || not_executed) {
        return Retry::GiveUp;
    }
    let wait_ms = wait_ms(attempt, error.retry_after_s, random.clamp(0.0, 1.0));
    if elapsed_ms.saturating_add(wait_ms) > budget_ms.min(patience_ms(error.kind)) {
        return Retry::GiveUp;
    }
    Retry::Wait(wait_ms)
}

/// How often a request is sent in all when it fails like this.
fn attempts_max(error: &ServiceError) -> u32 {
    match error.kind {
        // Waking a hibernating instance takes a person.
        Kind::Unavailable if error.is_hibernating() => 1,
        // A full queue drains within minutes; the budget of the operation ends it earlier if it is smaller.
        Kind::Throttled => 12,
        Kind::Unavailable => 6,
        Kind::Lost | Kind::Unreachable => 4,
        // It ran into the instance's limit of a minute and most probably will again.
        Kind::Cancelled => 2,
        _ => 1,
    }
}

/// Milliseconds after which a failure like this is no passing one. A wrong address is reported quickly.
fn patience_ms(kind: Kind) -> u64 {
    if kind == Kind::Unreachable { 15_000 } else { u64::MAX }
}

fn wait_ms(attempt: u32, retry_after_s: Option<u64>, random: f64) -> u64 {
    if let Some(asked_s) = retry_after_s {
        return asked_s.saturating_mul(1_000).saturating_add(share(SPREAD_MS, random));
    }
    let doublings = attempt.saturating_sub(1).min(16);
    share(WAIT_MAX_MS.min(WAIT_FIRST_MAX_MS << doublings), random)
}

fn share(whole_ms: u64, random: f64) -> u64 {
    (whole_ms as f64 * random) as u64
}

#[cfg(test)]
mod tests;
