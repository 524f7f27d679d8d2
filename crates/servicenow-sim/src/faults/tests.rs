//! Which requests a fault meets, and how it is written.

use servicenow_core::Method;

use super::*;

fn requests() -> Vec<(Request, &'static str)> {
    let mut queried = Request::new(Method::Get, "/api/now/v2/table/http_connection");
    queried.query.push(("sysparm_query".to_owned(), "name=order intake".to_owned()));
    vec![
        (Request::new(Method::Get, "/api/now/table/sys_alias"), "admin"),
        (Request::new(Method::Post, "/api/now/table/sys_alias"), "integration"),
        (Request::new(Method::Post, "/api/now/table/http_connection"), "integration"),
        (Request::new(Method::Post, "/api/now/table/http_connection/5f0"), ""),
        (queried, "admin"),
    ]
}

fn happened(fault: Fault) -> (Vec<bool>, Faults) {
    let mut faults = Faults::default();
    faults.add(fault);
    let met = requests()
        .iter()
        .map(|(request, user)| faults.take(Asker { request, user, place: Place::Alone }).is_some())
        .collect();
    (met, faults)
}

#[track_caller]
fn check(fault: Fault, expected: &[bool]) {
    let (met, faults) = happened(fault);
    assert_eq!(met, expected);
    assert!(faults.pending().is_empty(), "a fault that is over is forgotten");
}

#[test]
fn a_fault_happens_to_the_matching_request_that_it_names() {
    let lost = FaultKind::LostAfter;
    check(Fault::next(lost.clone()), &[true, false, false, false, false]);
    check(Fault::nth(3, lost.clone()), &[false, false, true, false, false]);
    check(Fault::next(lost.clone()).on_method("POST"), &[false, true, false, false, false]);
    check(Fault::next(lost.clone()).on_path("http_connection"), &[false, false, true, false, false]);
    check(Fault::nth(2, lost.clone()).on_method("post").times(2), &[false, false, true, true, false]);
    check(Fault::next(lost.clone()).on_table("http_connection").times(3), &[false, false, true, true, true]);
    check(Fault::next(lost.clone()).of_user("admin").times(2), &[true, false, false, false, true]);
    check(Fault::next(lost.clone()).on_query("name=order intake"), &[false, false, false, false, true]);
    check(Fault::next(lost).times(5), &[true; 5]);
}

#[test]
fn a_probable_fault_follows_from_its_seed() {
    let half = Probability::percent(50);
    let (first, faults) = happened(Fault::sometimes(half, 3, FaultKind::LostAfter));
    assert_eq!(happened(Fault::sometimes(half, 3, FaultKind::LostAfter)).0, first);
    assert_eq!(faults.pending().len(), 1, "chance has no end");
    let outcomes: std::collections::BTreeSet<Vec<bool>> =
        (0..20).map(|seed| happened(Fault::sometimes(half, seed, FaultKind::LostAfter)).0).collect();
    assert!(outcomes.len() > 5, "{outcomes:?}");
}

#[test]
fn a_fault_of_the_handshake_is_met_by_handshakes_only() {
    let (met, mut faults) = happened(Fault::next(FaultKind::Handshake(WrongCertificate::Expired)));
    assert_eq!(met, [false; 5]);
    assert_eq!(faults.take_handshake(), Some(WrongCertificate::Expired));
    assert_eq!(faults.take_handshake(), None);
}

#[test]
fn the_table_of_a_request_is_found_in_every_kind_of_path() {
    for (path, table) in [
        ("/api/now/table/sys_alias", Some("sys_alias")),
        ("/api/now/v1/table/sys_alias/5f0", Some("sys_alias")),
        ("/api/now/stats/incident", Some("incident")),
        ("/api/now/v2/import/imp_user", Some("imp_user")),
        ("/incident.do", Some("incident")),
        ("/api/now/batch", None),
        ("/", None),
    ] {
        assert_eq!(table_of(path), table, "{path}");
    }
}

#[test]
fn a_fault_is_written_as_json() {
    let json = r#"{"kind":{"status":{"status":429,"retry_after_s":1}},"method":"POST"}"#;
    let fault: Fault = serde_json::from_str(json).unwrap();
    let kind = FaultKind::Status { status: 429, retry_after_s: Some(1) };
    assert_eq!(fault, Fault::next(kind).on_method("POST"));
    let lost: Fault = serde_json::from_str(r#"{"kind":"lost_after","at":2}"#).unwrap();
    assert_eq!(lost, Fault::nth(2, FaultKind::LostAfter));
    let chance: Fault =
        serde_json::from_str(r#"{"kind":{"page":"login"},"probability":0.1,"seed":7}"#).unwrap();
    assert_eq!(chance, Fault::sometimes(Probability::percent(10), 7, FaultKind::Page(Page::Login)));
    assert_eq!(
        serde_json::to_string(&chance).unwrap(),
        r#"{"at":1,"kind":{"page":"login"},"times":4294967295,"probability":0.1,"seed":7}"#
    );
}

#[test]
fn a_fault_that_makes_no_sense_is_refused_with_a_reason() {
    for (json, reason) in [
        (r#"{"kind":"lost_after","when":2}"#, "unknown field `when`"),
        (r#"{"kind":"lost_after","at":0}"#, "count from 1"),
        (r#"{"kind":"lost_after","times":0}"#, "count from 1"),
        (r#"{"kind":"lost_after","probability":2}"#, "above 0 and at most 1"),
        (r#"{"kind":{"html":{"status":99}}}"#, "from 200 to 599"),
        (r#"{"kind":{"delay":{"ms":3600000,"jitter_ms":1}}}"#, "at most 3600000 milliseconds"),
        (r#"{"kind":{"drip":{"bytes":0,"every_ms":1}}}"#, "at least one byte"),
        (r#"{"kind":{"answer":{"status":302,"headers":{"Loca tion":"x"}}}}"#, "`Loca tion` cannot be sent"),
        (r#"{"kind":"earthquake"}"#, "unknown variant `earthquake`"),
    ] {
        let error = serde_json::from_str::<Fault>(json).unwrap_err().to_string();
        assert!(error.contains(reason), "{json}: {error}");
    }
}
