//! Waiting and being refused, by the clock.

use serde_json::json;
use servicenow_core::{Method, Request, Response};

use crate::answer::header;
use crate::answer::tests::{Asking, NOW_MS, open_empty};
use crate::arrival::Arrival;
use crate::{Clock, Fixture, Options, Simulator};

const LIST: &str = "/api/now/table/sys_alias";

fn with_clock(settings: &[(&str, &str)]) -> (Simulator, Clock) {
    let now = Clock::manual(NOW_MS);
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let options = Options { fixture: Fixture::Empty, now: now.clone(), settings, ..Options::default() };
    (Simulator::open(options).unwrap(), now)
}

/// An answer and how long it is held back.
fn get(simulator: &Simulator, cookie: Option<&str>) -> (Response, u64) {
    let mut request = Request::new(Method::Get, LIST);
    request.headers.push(simulator.authorization());
    request.headers.extend(cookie.map(|it| header("Cookie", it)));
    let exchange = simulator.exchange(&Arrival::plain(&request));
    (exchange.response, exchange.delay_ms)
}

#[test]
fn a_rule_counts_by_the_hour_and_refuses_with_its_headers() {
    let (simulator, now) = with_clock(&[]);
    let admin = Asking::administrator(&simulator);
    admin.user("robot", &["connection_admin"]);
    let robot = Asking { simulator: &simulator, user_name: "robot".into(), password: "user-secret".into() };
    let user =
        simulator.rows("sys_user").iter().find(|it| it["user_name"] == "robot").unwrap()["sys_id"].clone();
    let all = admin.create("sys_rate_limit_rules", r#"{"name":"all","rate_limit":"1000"}"#);
    let body = json!({"name": "robot", "rate_limit": "2", "type": "user", "user": user, "request_resource": "/api/now/table"});
    let rule = admin.create("sys_rate_limit_rules", &body.to_string());
    let ask = || robot.ask(Method::Get, LIST, "");
    for _ in 0..2 {
        let answer = ask();
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("X-RateLimit-Limit"),
            Some("2"),
            "one for the user comes before one for all"
        );
        assert_eq!(answer.header("X-RateLimit-Rule"), Some(rule.as_str()));
    }
    let answer = ask();
    // 03:04:05 on the clock: the hour ends in 3355 seconds.
    let reset = (NOW_MS / 1000 + 3355).to_string();
    assert_eq!(answer.status, 429);
    assert_eq!(answer.header("Retry-After"), Some("3355"));
    assert_eq!(answer.header("X-RateLimit-Reset"), Some(reset.as_str()));
    let detail = "Rate limit of 2 requests per hour for Table API exceeded";
    let expected =
        json!({"error": {"message": "Rate limit exceeded", "detail": detail}, "status": "failure"});
    assert_eq!(serde_json::from_slice::<serde_json::Value>(&answer.body).unwrap(), expected);
    assert_eq!(admin.ask(Method::Get, LIST, "").header("X-RateLimit-Rule"), Some(all.as_str()));
    now.advance_ms(3_355_000);
    assert_eq!(ask().status, 200, "a new hour");
    assert_eq!((ask().status, ask().status), (200, 429));
    let one = format!("/api/now/table/sys_rate_limit_rules/{rule}");
    assert_eq!(admin.status(Method::Patch, &one, r#"{"rate_limit":"1"}"#), 200);
    assert_eq!((ask().status, ask().status), (200, 429), "an edited rule counts anew");
}

#[test]
fn of_several_rules_for_roles_the_lowest_limit_counts() {
    let (simulator, _) = with_clock(&[]);
    let admin = Asking::administrator(&simulator);
    let robot = admin.user("robot", &["connection_admin", "credential_admin"]);
    for (name, limit) in [("connection_admin", "5"), ("credential_admin", "3"), ("user_admin", "1")] {
        let path = "/api/now/table/sys_rate_limit_rules?sysparm_input_display_value=true";
        let body = json!({"name": name, "rate_limit": limit, "type": "Role", "role": name}).to_string();
        assert_eq!(admin.status(Method::Post, path, &body), 201);
    }
    assert_eq!(robot.ask(Method::Get, LIST, "").header("X-RateLimit-Limit"), Some("3"));
    assert_eq!(admin.ask(Method::Get, LIST, "").header("X-RateLimit-Limit"), None, "no role of these");
}

#[test]
fn a_node_tells_late_what_it_counted() {
    let (simulator, now) = with_clock(&[("rate_limit_lag_ms", "30000")]);
    let admin = Asking::administrator(&simulator);
    admin.create("sys_rate_limit_rules", r#"{"name":"all","rate_limit":"1"}"#);
    let ask = || admin.status(Method::Get, LIST, "");
    assert_eq!((ask(), ask(), ask()), (200, 200, 200));
    now.advance_ms(30_000);
    assert_eq!(ask(), 429);
}

#[test]
fn the_requests_in_a_batch_are_counted() {
    let (simulator, _) = with_clock(&[]);
    let admin = Asking::administrator(&simulator);
    let body = json!({"name": "table", "rate_limit": "1", "rest_api_name": "Table API"}).to_string();
    admin.create("sys_rate_limit_rules", &body);
    let one = |id: &str| json!({"id": id, "method": "GET", "url": LIST});
    let body = json!({"rest_requests": [one("1"), one("2")]}).to_string();
    let answer = admin.json(Method::Post, "/api/now/batch", &body);
    assert_eq!(answer["serviced_requests"][0]["status_code"], 200);
    assert_eq!(answer["serviced_requests"][1]["status_code"], 429);
}

#[test]
fn a_node_works_on_four_requests_and_fifty_wait() {
    for (setting, kind) in [("empty", None), ("html", Some("text/html;charset=UTF-8"))] {
        let (simulator, now) = with_clock(&[("latency_ms", "1000"), ("queue_full_body", setting)]);
        let mut waits = Vec::new();
        for _ in 0..54 {
            let (response, delay_ms) = get(&simulator, None);
            assert_eq!(response.status, 200);
            waits.push(delay_ms);
        }
        assert_eq!(waits[..5], [1000, 1000, 1000, 1000, 2000]);
        assert_eq!(waits[53], 14_000, "fifty requests are thirteen rounds");
        let (response, delay_ms) = get(&simulator, None);
        assert_eq!((response.status, delay_ms), (429, 0));
        assert_eq!((response.header("Retry-After"), response.header("X-RateLimit-Limit")), (None, None));
        assert_eq!(response.header("Content-Type"), kind);
        now.advance_ms(1000);
        assert_eq!(get(&simulator, None).0.status, 200, "four are through");
    }
    let (simulator, _) = with_clock(&[("latency_ms", "1000"), ("semaphore_threads", "0")]);
    assert!((0..100).all(|_| get(&simulator, None).1 == 1000), "no bound");
}

#[test]
fn a_session_has_one_transaction_at_a_time() {
    let (simulator, now) = with_clock(&[("latency_ms", "0"), ("semaphore_threads", "0")]);
    let cookie = get(&simulator, None).0.header("Set-Cookie").unwrap().split(';').next().unwrap().to_owned();
    simulator.set("latency_ms", "5000").unwrap();
    let waits: Vec<u64> = (0..11).map(|_| get(&simulator, Some(&cookie)).1).collect();
    assert_eq!(waits[..3], [5000, 10_000, 15_000]);
    let (response, _) = get(&simulator, Some(&cookie));
    assert_eq!((response.status, response.body.len()), (202, 0), "ten wait already");
    assert_eq!(get(&simulator, None).1, 5000, "without the cookie nothing waits");
    now.advance_ms(55_000);
    simulator.set("latency_ms", "50000").unwrap();
    let statuses: Vec<u16> = (0..4).map(|_| get(&simulator, Some(&cookie)).0.status).collect();
    assert_eq!(statuses, [200, 200, 200, 202], "nobody waits longer than two minutes");
}

#[test]
fn work_that_is_not_admitted_is_not_done() {
    let (simulator, _) =
        with_clock(&[("latency_ms", "1000"), ("semaphore_threads", "1"), ("semaphore_queue", "0")]);
    let post = |name: &str| {
        let mut request = Request::new(Method::Post, LIST);
        request.headers.push(simulator.authorization());
        request.body = Some(json!({"name": name}).to_string());
        simulator.exchange(&Arrival::plain(&request)).response.status
    };
    assert_eq!((post("a"), post("b")), (201, 429));
    assert_eq!(simulator.rows("sys_alias").len(), 1);
}

#[test]
fn in_one_process_where_nothing_waits_latency_refuses_nothing() {
    let (simulator, _) = with_clock(&[("latency_ms", "1000")]);
    let admin = Asking::administrator(&simulator);
    assert!((0..100).all(|_| admin.status(Method::Get, LIST, "") == 200));
}

#[test]
fn a_transaction_that_takes_too_long_is_cut_off_inside_its_200() {
    let (simulator, _) = with_clock(&[("latency_ms", "60001")]);
    let (response, delay_ms) = get(&simulator, None);
    assert_eq!((response.status, delay_ms), (200, 60_000));
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body["result"], json!([]));
    assert_eq!(body["error"]["message"], "Transaction cancelled: maximum execution time exceeded");
    assert_eq!(body["status"], "failure");
    let simulator = open_empty(&[("latency_ms", "60000")]);
    assert_eq!(get(&simulator, None).0.body, br#"{"result":[]}"#);
}
