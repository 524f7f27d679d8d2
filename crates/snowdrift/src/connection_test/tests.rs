//! Where a URL leads, which connections are meant, and what each stage comes to.

use servicenow_core::Response;
use terraform_provider_servicenow::target::{Class, Look};

use super::certificate::Certificate;
use super::judge::{Ways, judge};
use super::*;
use crate::report::Status;

#[test]
fn a_url_leads_to_a_host_and_a_port() {
    for (url, expected) in [
        ("https://a.example/b", Some(("a.example", 443, true, true))),
        ("http://u:p@a.example:8080?x", Some(("a.example", 8080, true, false))),
        ("https://[::1]:9/x", Some(("::1", 9, true, true))),
        ("jdbc:mysql://db.example:3306/orders", Some(("db.example", 3306, false, false))),
        ("jdbc:sqlserver://db.example:1433;x=y", Some(("db.example", 1433, false, false))),
        ("jdbc:mysql://db.example/orders", None),
        ("https://{host}/x", None),
        ("", None),
        ("orders", None),
    ] {
        let place = Place::of(url);
        let found = place.as_ref().map(|it| (it.host.as_str(), it.port, it.is_http, it.is_encrypted));
        assert_eq!(found, expected, "{url}");
    }
}

#[test]
fn a_name_is_of_a_connection_or_of_an_integration_whose_active_ones_are_meant() {
    let line = |name: &str, active: bool| ConnectionLine {
        name: name.to_owned(),
        type_name: "servicenow_http_connection".to_owned(),
        sys_id: format!("id of {name}"),
        address: None,
        environment: None,
        endpoint: None,
        active,
        declared_active: None,
        status: Status::Configured,
        status_reason: None,
        changed_by: None,
        changed_on: None,
    };
    let integration = |name: &str, connections| IntegrationLine {
        name: name.to_owned(),
        table: "sys_alias".to_owned(),
        sys_id: format!("id of {name}"),
        address: None,
        connections,
    };
    let all = [
        integration("Orders", vec![line("blue", true), line("green", false)]),
        integration("Jira", vec![line("jira", true)]),
    ];
    for (name, inactive, expected) in [
        (None, false, vec!["blue", "jira"]),
        (None, true, vec!["blue", "green", "jira"]),
        (Some("Orders"), false, vec!["blue"]),
        (Some("green"), false, vec!["green"]),
        (Some("id of green"), false, vec!["green"]),
        (Some("nobody"), true, vec![]),
    ] {
        let found = chosen(&all, name, inactive);
        assert_eq!(found.iter().map(|it| it.1.name.as_str()).collect::<Vec<_>>(), expected, "{name:?}");
    }
}

fn answered(status: u16, kind: &str) -> Result<Response, Look> {
    Ok(Response { status, headers: vec![("Content-Type".to_owned(), kind.to_owned())], body: Vec::new() })
}

fn refused(class: Class, reason: &str) -> Result<Response, Look> {
    Err(Look { class, passed: false, status: None, reason: reason.to_owned() })
}

/// The outcome of each stage from TLS on, by its first letter; `.` for those that are missing.
fn check(ways: &Ways<'_>, ends: Option<&str>, answer: &Result<Response, Look>, expected: &str, words: &str) {
    let seen = ends.map(|ends| Ok(Certificate { ends: ends.to_owned() }));
    let steps = judge(ways, seen.as_ref(), answer);
    let letter = |stage: &Stage| {
        let step = steps.iter().find(|it| it.stage == *stage);
        step.map_or('.', |it| match it.outcome {
            Outcome::Passed => 'p',
            Outcome::Failed => 'F',
            Outcome::Open => 'o',
            Outcome::Skipped => '-',
            Outcome::NotReached => 'n',
        })
    };
    let letters: String = Stage::ALL[2..].iter().map(letter).collect();
    assert_eq!(letters, expected, "{steps:?}");
    assert!(steps.iter().any(|it| it.detail.contains(words)), "{words}: {steps:?}");
}

#[test]
fn every_stage_comes_to_what_was_met_there() {
    let now = "2026-01-31 12:00:00";
    let plain = Ways { is_encrypted: false, proxy: None, signs_in: false, now };
    let encrypted = Ways { is_encrypted: true, proxy: None, signs_in: false, now };
    let known = Ways { is_encrypted: true, proxy: Some("p:3128"), signs_in: true, now };
    let (past, future) = (Some("2026-01-30 00:00:00"), Some("2027-01-01 00:00:00"));
    let json = "application/json";
    check(&plain, None, &answered(200, json), "--ppp", "answers with 200");
    check(&encrypted, future, &answered(204, ""), "p-ppp", "until 2027-01-01");
    check(&encrypted, past, &refused(Class::Tls, "expired"), "F....", "ran out at 2026-01-30");
    check(
        &encrypted,
        future,
        &refused(Class::Tls, "of another host"),
        "F....",
        "of another host; the certificate lasts",
    );
    check(&encrypted, None, &refused(Class::Tls, "unknown authority"), "F....", "unknown authority");
    check(&encrypted, future, &answered(401, json), "p-ooo", "asks for a sign-in");
    check(&encrypted, future, &answered(403, json), "p-ooo", "refuses with 403");
    check(&known, None, &answered(401, json), "ppF..", "refused the sign-in");
    check(&known, None, &answered(403, json), "pppF.", "knows who asks");
    check(&known, None, &answered(200, json), "ppppp", "sign-in was accepted");
    check(&known, None, &answered(407, json), "pF...", "`p:3128` wants to know");
    check(&known, None, &refused(Class::Proxy, "the proxy does not answer"), "pF...", "does not answer");
    check(&encrypted, future, &answered(200, "text/html; charset=utf-8"), "p-ppF", "web page");
    check(&encrypted, future, &answered(302, ""), "p-ppF", "elsewhere");
    check(&encrypted, future, &answered(404, json), "p-ppF", "nothing at this address");
    check(&encrypted, future, &answered(503, json), "p-ppF", "fault of its own");
    check(&plain, None, &refused(Class::Network, "no answer in time"), "--..F", "no answer in time");
}
