//! What each trouble does to the work and to the answer, without a socket.

use serde_json::{Value, json};
use servicenow_core::{Method, Request};

use super::*;
use crate::answer::tests::open_empty;
use crate::faults::{Headers, Page};
use crate::{Fault, Simulator, WrongCertificate};

fn asked(simulator: &Simulator, method: Method, target: &str, body: &str) -> Exchange {
    let mut request = Request::new(method, target);
    request.headers.push(simulator.authorization());
    request.headers.push(answer::header("Content-Type", "application/json"));
    request.body = Some(body.to_owned()).filter(|it| !it.is_empty());
    simulator.exchange(&Arrival::plain(&request))
}

fn create(simulator: &Simulator) -> Exchange {
    asked(simulator, Method::Post, "/api/now/table/sys_alias", r#"{"name":"orders"}"#)
}

/// Whether the record is there afterwards, the status that a client without a socket gets, and the journal's.
#[track_caller]
fn check(kind: FaultKind, done: bool, status: u16) -> Exchange {
    let simulator = open_empty(&[]);
    let name = kind.name();
    simulator.fault(Fault::next(kind).on_table("sys_alias"));
    let exchange = create(&simulator);
    assert_eq!(simulator.rows("sys_alias").len(), usize::from(done), "{name}");
    let journal = simulator.journal();
    let last = journal.as_array().and_then(|it| it.last()).cloned().unwrap_or_default();
    assert_eq!((&last["status"], &last["fault"]), (&json!(status), &json!(name)));
    let received = Exchange { response: exchange.response.clone(), ..exchange };
    assert_eq!(received.received().status, status, "{name}");
    exchange
}

#[test]
fn a_trouble_says_whether_the_work_was_done_and_what_the_client_gets() {
    let headers = Headers::from([("X-Reason".to_owned(), "drill".to_owned())]);
    let body = "{}".to_owned();
    for (kind, done, status) in [
        (FaultKind::RefusedBefore { status: 403, body: body.clone() }, false, 403),
        (FaultKind::Answer { status: 418, headers: headers.clone(), body: body.clone() }, false, 418),
        (FaultKind::Replaced { status: 403, headers, body }, true, 403),
        (FaultKind::Status { status: 503, retry_after_s: None }, false, 503),
        (FaultKind::Html { status: 200 }, false, 200),
        (FaultKind::Page(Page::Hibernating), false, 200),
        (FaultKind::Page(Page::Login), false, 200),
        (FaultKind::Page(Page::Maintenance), false, 503),
        (FaultKind::LostBefore, false, 0),
        (FaultKind::LostAfter, true, 0),
        (FaultKind::ResetBefore, false, 0),
        (FaultKind::ResetAfter, true, 0),
        (FaultKind::CutBody { after_bytes: None }, true, 0),
        (FaultKind::TruncatedBody, true, 201),
        (FaultKind::ErrorInBody, true, 200),
        (FaultKind::Delay { ms: 1, jitter_ms: 0 }, true, 201),
        (FaultKind::Drip { bytes: 1, every_ms: 1 }, true, 201),
        (FaultKind::StaleRead, true, 201),
    ] {
        check(kind, done, status);
    }
}

#[test]
fn a_trouble_says_how_the_answer_travels() {
    let drip = check(FaultKind::Drip { bytes: 7, every_ms: 3 }, true, 201);
    assert_eq!(drip.delivery, Delivery::Drip { bytes: 7, every_ms: 3 });
    let cut = check(FaultKind::CutBody { after_bytes: None }, true, 0);
    assert_eq!(cut.delivery, Delivery::Cut { after_bytes: cut.response.body.len() / 2 });
    assert_eq!(check(FaultKind::ResetAfter, true, 0).delivery, Delivery::Reset);
    assert_eq!(check(FaultKind::LostAfter, true, 0).delivery, Delivery::Lost);
}

#[test]
fn an_answer_of_ones_own_has_its_headers_and_its_body() {
    let headers = Headers::from([("Location".to_owned(), "https://elsewhere.example".to_owned())]);
    let exchange = check(FaultKind::Answer { status: 302, headers, body: "gone".to_owned() }, false, 302);
    assert!(exchange.response.headers.contains(&answer::header("Location", "https://elsewhere.example")));
    assert_eq!(exchange.response.body, b"gone");
}

#[test]
fn a_jitter_stays_within_its_bounds_and_can_be_had_again() {
    let waits = |seed| {
        let simulator = open_empty(&[("semaphore_threads", "0")]);
        let kind = FaultKind::Delay { ms: 100, jitter_ms: 50 };
        simulator.fault(Fault { seed: Some(seed), ..Fault::next(kind).times(20) });
        let wait = |_| asked(&simulator, Method::Get, "/api/now/table/sys_alias", "").delay_ms;
        (0..20).map(wait).collect::<Vec<u64>>()
    };
    let first = waits(1);
    assert!(first.iter().all(|it| (100..=150).contains(it)), "{first:?}");
    assert!(first.iter().any(|it| *it != first[0]), "{first:?}");
    assert_eq!(waits(1), first);
    assert_ne!(waits(2), first);
}

#[test]
fn latency_with_jitter_is_a_setting() {
    let simulator =
        open_empty(&[("latency_ms", "20"), ("latency_jitter_ms", "30"), ("semaphore_threads", "0")]);
    let wait = |_| asked(&simulator, Method::Get, "/api/now/table/sys_alias", "").delay_ms;
    let waits: Vec<u64> = (0..20).map(wait).collect();
    assert!(
        waits.iter().all(|it| (20..=50).contains(it)) && waits.iter().any(|it| *it != waits[0]),
        "{waits:?}"
    );
}

#[test]
fn a_node_that_lags_behind_answers_reads_from_earlier_rows_and_takes_writes() {
    let simulator = open_empty(&[]);
    let count = || {
        let listed = asked(&simulator, Method::Get, "/api/now/table/sys_alias", "").response;
        let body: Value = serde_json::from_slice(&listed.body).unwrap();
        body["result"].as_array().unwrap().len()
    };
    simulator.fault(Fault::next(FaultKind::StaleRead).on_table("sys_alias").times(3));
    assert_eq!(create(&simulator).response.status, 201);
    assert_eq!((count(), count()), (0, 0), "the node has not heard of it");
    assert_eq!(count(), 1, "the other node has");
    assert_eq!(simulator.rows("sys_alias").len(), 1);
}

#[test]
fn a_seed_is_chosen_where_none_is_given_and_told() {
    let simulator = open_empty(&[]);
    let planned =
        asked(&simulator, Method::Post, "/_sim/faults", r#"{"kind":"lost_after","probability":0.5}"#);
    let body: Value = serde_json::from_slice(&planned.response.body).unwrap();
    assert!(body[0]["seed"].is_u64(), "{body}");
    simulator.clear_faults();
    simulator.fault(Fault::next(FaultKind::Handshake(WrongCertificate::Expired)));
    assert_eq!(simulator.handshake(), Some(WrongCertificate::Expired));
}
