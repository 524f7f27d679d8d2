//! Pace against instances that are slow, full, limited or gone.

use super::*;
use crate::Method;

fn get() -> Request {
    Request::new(Method::Get, "/api/now/table/sys_alias/0123")
}

fn error(kind: Kind) -> ServiceError {
    ServiceError::new(kind, &get(), "no answer came")
}

fn throttled(after_s: u64) -> ServiceError {
    ServiceError { retry_after_s: Some(after_s), ..error(Kind::Throttled) }
}

/// A pace after so many failures, half a second apart; the time of the last one.
fn failing(times: u64) -> (Pace, u64) {
    let mut pace = Pace::new(4);
    for number in 1..=times {
        pace.failed(&get(), &error(Kind::Unavailable), number * 500);
    }
    (pace, times * 500)
}

fn is_refused(pace: &mut Pace, now_ms: u64) -> bool {
    matches!(pace.admit(&get(), now_ms), Admission::Refused(..))
}

#[test]
fn too_much_halves_and_answers_bring_it_back() {
    let mut pace = Pace::new(4);
    assert_eq!(pace.limit(), 4);
    pace.failed(&get(), &error(Kind::Throttled), 0);
    assert_eq!(pace.limit(), 2);
    // Refusals of requests that were on their way say nothing new.
    pace.failed(&get(), &error(Kind::Throttled), 999);
    assert_eq!(pace.limit(), 2);
    pace.failed(&get(), &error(Kind::Throttled), 1_000);
    pace.failed(&get(), &error(Kind::Throttled), 2_000);
    assert_eq!(pace.limit(), 1, "never none");
    let mut grown = Vec::new();
    for now_ms in 0..12 {
        pace.answered(100, 10_000 + now_ms);
        grown.push(pace.limit());
    }
    assert_eq!(grown.last(), Some(&4), "{grown:?}");
    assert!(grown.is_sorted() && grown.first() == Some(&2), "{grown:?}");
}

#[test]
fn slow_answers_reduce_and_slow_instances_do_not() {
    let mut pace = Pace::new(4);
    for now_ms in 0..10 {
        pace.answered(200, now_ms);
    }
    pace.answered(5_000, 1_000);
    assert_eq!(pace.limit(), 2);
    let mut always_slow = Pace::new(4);
    for now_s in 0..10 {
        always_slow.answered(5_000, now_s * 5_000);
    }
    assert_eq!(always_slow.limit(), 4, "it is not slower than usual");
}

#[test]
fn a_rate_limit_holds_its_own_kind_of_request_and_no_other() {
    let mut pace = Pace::new(4);
    let post = Request::new(Method::Post, "/api/now/table/sys_alias");
    pace.failed(&post, &throttled(60), 1_000);
    assert_eq!(pace.admit(&post, 31_000), Admission::Wait(30_000));
    assert_eq!(pace.admit(&get(), 31_000), Admission::Go);
    assert_eq!(pace.admit(&Request::new(Method::Post, "/api/now/table/other"), 31_000), Admission::Go);
    assert_eq!(pace.admit(&post, 61_000), Admission::Go);
}

#[test]
fn many_failures_in_a_row_end_in_silence() {
    let (mut pace, now_ms) = failing(7);
    assert!(!is_refused(&mut pace, now_ms), "seven are bad luck");
    let (mut pace, now_ms) = failing(8);
    let Admission::Refused(wait_ms, reason) = pace.admit(&get(), now_ms) else { panic!("it is sent") };
    assert_eq!(wait_ms, 15_000);
    assert!(reason.contains("8 requests") && reason.contains("no answer came"), "{reason}");
}

#[test]
fn a_burst_of_failures_at_once_is_one_event() {
    let mut pace = Pace::new(4);
    for _ in 0..100 {
        pace.failed(&get(), &error(Kind::Unreachable), 1_000);
    }
    assert!(!is_refused(&mut pace, 1_000));
}

#[test]
fn any_answer_of_the_instance_ends_the_row() {
    for kind in [Kind::Forbidden, Kind::NotFound, Kind::Throttled, Kind::Refused, Kind::Unauthenticated] {
        let (mut pace, now_ms) = failing(7);
        pace.failed(&get(), &error(kind), now_ms);
        pace.failed(&get(), &error(Kind::Lost), now_ms + 10_000);
        assert!(!is_refused(&mut pace, now_ms + 10_000), "{kind:?}");
    }
}

#[test]
fn after_the_silence_one_request_looks() {
    let (mut pace, now_ms) = failing(8);
    let later_ms = now_ms + 15_000;
    assert_eq!(pace.admit(&get(), later_ms), Admission::Go);
    assert!(is_refused(&mut pace, later_ms), "the others wait for its outcome");
    pace.failed(&get(), &error(Kind::Unavailable), later_ms);
    assert!(is_refused(&mut pace, later_ms + 29_999), "longer than before");
    assert_eq!(pace.admit(&get(), later_ms + 30_000), Admission::Go);
    pace.answered(100, later_ms + 30_100);
    assert_eq!(pace.admit(&get(), later_ms + 30_100), Admission::Go);
    assert_eq!(pace.admit(&get(), later_ms + 30_100), Admission::Go);
}

#[test]
fn a_look_that_was_given_up_does_not_keep_the_others_out() {
    let (mut pace, now_ms) = failing(8);
    assert_eq!(pace.admit(&get(), now_ms + 15_000), Admission::Go);
    pace.abandoned();
    assert_eq!(pace.admit(&get(), now_ms + 15_000), Admission::Go);
}
