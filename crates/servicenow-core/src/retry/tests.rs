//! The policy as a table.

use super::*;
use crate::{Method, Request};

const BUDGET_MS: u64 = 600_000;

fn error(kind: Kind) -> ServiceError {
    ServiceError::new(kind, &Request::new(Method::Get, "/api/now/table/sys_alias"), "reason")
}

fn first(error: &ServiceError) -> Failure<'_> {
    Failure { attempt: 1, error, safe_to_repeat: true, elapsed_ms: 0, budget_ms: BUDGET_MS }
}

#[test]
fn only_failures_that_pass_are_worth_another_attempt() {
    for (kind, safe_to_repeat, expected) in [
        (Kind::Unreachable, true, Retry::Wait(250)),
        (Kind::Unreachable, false, Retry::Wait(250)),
        (Kind::Throttled, true, Retry::Wait(250)),
        (Kind::Throttled, false, Retry::Wait(250)),
        (Kind::Unavailable, true, Retry::Wait(250)),
        (Kind::Unavailable, false, Retry::GiveUp),
        (Kind::Lost, true, Retry::Wait(250)),
        (Kind::Lost, false, Retry::GiveUp),
        (Kind::Cancelled, true, Retry::Wait(250)),
        (Kind::Cancelled, false, Retry::GiveUp),
        (Kind::Server, true, Retry::GiveUp),
        (Kind::Unauthenticated, true, Retry::GiveUp),
        (Kind::Forbidden, true, Retry::GiveUp),
        (Kind::Refused, true, Retry::GiveUp),
        (Kind::Conflict, true, Retry::GiveUp),
        (Kind::NotFound, true, Retry::GiveUp),
        (Kind::InvalidTable, true, Retry::GiveUp),
        (Kind::BadRequest, true, Retry::GiveUp),
        (Kind::NotServiceNow, true, Retry::GiveUp),
        (Kind::Inconsistent, true, Retry::GiveUp),
        (Kind::Stopped, true, Retry::GiveUp),
    ] {
        let error = error(kind);
        let decided = decide(Failure { safe_to_repeat, ..first(&error) }, 0.5);
        assert_eq!(decided, expected, "{kind:?} {safe_to_repeat}");
    }
}

#[test]
fn waits_double_up_to_a_limit_and_are_spread_over_their_whole_length() {
    let error = error(Kind::Throttled);
    for (attempt, longest_ms) in [(1, 500), (2, 1_000), (3, 2_000), (6, 16_000), (7, 30_000), (11, 30_000)] {
        let failure = Failure { attempt, ..first(&error) };
        assert_eq!(decide(failure, 1.0), Retry::Wait(longest_ms), "attempt {attempt}");
        assert_eq!(decide(failure, 0.5), Retry::Wait(longest_ms / 2), "attempt {attempt}");
        assert_eq!(decide(failure, 0.0), Retry::Wait(0), "attempt {attempt}");
    }
}

#[test]
fn attempts_end() {
    for (kind, last) in [
        (Kind::Throttled, 12),
        (Kind::Unavailable, 6),
        (Kind::Lost, 4),
        (Kind::Unreachable, 4),
        (Kind::Cancelled, 2),
    ] {
        let error = error(kind);
        assert_ne!(decide(Failure { attempt: last - 1, ..first(&error) }, 0.0), Retry::GiveUp, "{kind:?}");
        assert_eq!(decide(Failure { attempt: last, ..first(&error) }, 0.0), Retry::GiveUp, "{kind:?}");
    }
}

#[test]
fn an_hour_of_quota_is_waited_for_when_the_budget_allows_it() {
    let error = ServiceError { retry_after_s: Some(3_600), ..error(Kind::Throttled) };
    let patient = Failure { budget_ms: 4_000_000, ..first(&error) };
    assert_eq!(decide(patient, 0.5), Retry::Wait(3_600_500));
    assert_eq!(decide(first(&error), 0.5), Retry::GiveUp);
}

#[test]
fn a_wait_that_would_exceed_the_budget_is_not_begun() {
    let error = error(Kind::Lost);
    let late = |elapsed_ms| decide(Failure { elapsed_ms, ..first(&error) }, 1.0);
    assert_eq!(late(BUDGET_MS - 500), Retry::Wait(500));
    assert_eq!(late(BUDGET_MS - 499), Retry::GiveUp);
    assert_eq!(late(u64::MAX), Retry::GiveUp);
}

#[test]
fn a_wrong_address_is_reported_quickly() {
    let error = error(Kind::Unreachable);
    assert_eq!(decide(Failure { attempt: 2, elapsed_ms: 20_000, ..first(&error) }, 0.5), Retry::GiveUp);
}

#[test]
fn a_hibernating_instance_is_not_asked_again() {
    let reason = format!("{}: wake it", crate::page::HIBERNATES);
    let error = ServiceError { reason, ..error(Kind::Unavailable) };
    assert_eq!(decide(first(&error), 0.5), Retry::GiveUp);
}

#[test]
fn nonsense_from_outside_does_no_harm() {
    let error = ServiceError { retry_after_s: Some(u64::MAX), ..error(Kind::Throttled) };
    assert_eq!(decide(first(&error), f64::NAN), Retry::GiveUp);
    assert_eq!(decide(Failure { attempt: u32::MAX, ..first(&error) }, 7.0), Retry::GiveUp);
}
