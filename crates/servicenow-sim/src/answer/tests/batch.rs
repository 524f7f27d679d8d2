//! The Batch API, one fact after the other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use servicenow_core::Method;

use super::{Asking, open_empty};
use crate::{Fault, FaultKind, Simulator};

const BATCH: &str = "/api/now/v1/batch";

fn item(id: &str, method: &str, url: &str, body: &str) -> Value {
    let headers = json!([
        {"name": "Content-Type", "value": "application/json"}, {"name": "Accept", "value": "application/json"}
    ]);
    json!({"id": id, "method": method, "url": url, "headers": headers, "body": STANDARD.encode(body)})
}

fn batch(asking: &Asking<'_>, items: &[Value]) -> Value {
    let body = json!({"batch_request_id": 1, "rest_requests": items}).to_string();
    let answer = asking.ask(Method::Post, BATCH, &body);
    assert_eq!(answer.status, 200);
    serde_json::from_slice(&answer.body).unwrap()
}

fn decoded(serviced: &Value) -> Value {
    serde_json::from_slice(&STANDARD.decode(serviced["body"].as_str().unwrap()).unwrap()).unwrap()
}

fn statuses(answer: &Value) -> Vec<u64> {
    let serviced = answer["serviced_requests"].as_array().unwrap();
    serviced.iter().map(|it| it["status_code"].as_u64().unwrap()).collect()
}

#[test]
fn each_request_of_a_batch_is_answered_as_if_it_came_alone() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let mut quiet =
        item("13", "GET", "/api/now/table/sys_alias?sysparm_query=name=b&sysparm_fields=name", "");
    quiet["exclude_response_headers"] = json!(true);
    let answer = batch(
        &admin,
        &[
            item("11", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
            item("12", "GET", "/api/now/table/bogus", ""),
            item("14", "POST", "/api/now/table/sys_alias", r#"{"name":"b"}"#),
            quiet,
            item("15", "GET", "now/table/sys_alias", ""),
            item("16", "FLY", "/api/now/table/sys_alias", ""),
            item("17", "POST", BATCH, "{}"),
        ],
    );
    assert_eq!(answer["batch_request_id"], "1", "a number comes back as a text");
    assert_eq!(statuses(&answer), [201, 400, 201, 200, 400, 400, 400]);
    let serviced = answer["serviced_requests"].as_array().unwrap();
    assert_eq!((&serviced[0]["id"], &serviced[0]["status_text"]), (&json!("11"), &json!("Created")));
    assert_eq!(decoded(&serviced[0])["result"]["name"], "a");
    assert_eq!(decoded(&serviced[1])["error"]["message"], "Invalid table bogus");
    assert_eq!(decoded(&serviced[3]), json!({"result": [{"name": "b"}]}), "they run one after the other");
    assert!(serviced[0]["headers"].as_array().unwrap().iter().any(|it| it["name"] == "Location"));
    assert_eq!(serviced[3].get("headers"), None);
    assert_eq!(answer["unserviced_requests"], json!([]));
}

#[test]
fn access_is_checked_for_each_request_and_the_batch_needs_a_user() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let user = admin.user("robot", &["connection_admin"]);
    let items = [
        item("1", "POST", "/api/now/table/http_connection", r#"{"name":"a"}"#),
        item("2", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
    ];
    assert_eq!(statuses(&batch(&user, &items)), [201, 403]);
    let nobody = Asking { simulator: &simulator, user_name: "robot".into(), password: "wrong".into() };
    assert_eq!(nobody.status(Method::Post, BATCH, r#"{"rest_requests":[]}"#), 401);
    assert_eq!(admin.status(Method::Get, BATCH, ""), 405);
    assert_eq!(admin.status(Method::Post, BATCH, "{}"), 400);
}

#[test]
fn a_batch_that_hits_a_limit_leaves_the_rest_unserviced() {
    let large = json!({"name": "large", "description": "x".repeat(3000)}).to_string();
    let one = |id: &str| item(id, "POST", "/api/now/table/sys_alias", &json!({"name": id}).to_string());
    for (settings, items, serviced, unserviced) in [
        (vec![("latency_ms", "10000")], vec![one("1"), one("2"), one("3"), one("4")], 3, json!(["4"])),
        (
            vec![("batch_input_bytes_max", "2000")],
            vec![one("1"), item("2", "POST", "/api/now/table/sys_alias", &large), one("3")],
            1,
            json!(["2", "3"]),
        ),
        (
            vec![("batch_output_bytes_max", "3000")],
            vec![one("1"), item("2", "POST", "/api/now/table/sys_alias", &large), one("3")],
            1,
            json!(["2", "3"]),
        ),
    ] {
        let simulator = open_empty(&settings);
        let admin = Asking::administrator(&simulator);
        let answer = batch(&admin, &items);
        assert_eq!(statuses(&answer).len(), serviced, "{settings:?}");
        assert_eq!(answer["unserviced_requests"], unserviced, "{settings:?}");
    }
}

#[test]
fn a_header_lowers_how_large_an_answer_in_a_batch_may_be() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let items = [item("1", "GET", "/api/now/table/sys_user", "")];
    let body = json!({"rest_requests": items}).to_string();
    let headers = [("X-BATCHREQUEST-MAX-OUTPUT-SIZE", "100")];
    let answer = admin.ask_with(Method::Post, BATCH, &body, &headers);
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["unserviced_requests"], json!(["1"]));
}

/// Creates the aliases a, b and c in one batch on an instance where something goes wrong. Gives the whole answer, which is
/// null when it was lost, the aliases that are there, and the parts in the journal: each with its status and its trouble.
fn three(fault: Fault) -> (Simulator, Value, Vec<String>, Vec<(u64, String)>) {
    let simulator = open_empty(&[]);
    simulator.fault(fault);
    let create =
        |name: &str| item(name, "POST", "/api/now/table/sys_alias", &json!({"name": name}).to_string());
    let items = ["a", "b", "c"].map(create);
    let body = json!({"batch_request_id": 1, "rest_requests": items}).to_string();
    let answer = Asking::administrator(&simulator).ask(Method::Post, BATCH, &body);
    let mut names: Vec<String> = simulator.rows("sys_alias").iter().map(|it| it["name"].clone()).collect();
    names.sort();
    let journal = simulator.journal();
    assert_eq!(journal.as_array().unwrap().len(), 1, "a part is no request of its own: {journal}");
    let entry = |it: &Value| {
        assert_eq!((&it["method"], &it["path"]), (&json!("POST"), &json!("/api/now/table/sys_alias")));
        (it["status"].as_u64().unwrap(), it["fault"].as_str().unwrap_or_default().to_owned())
    };
    let parts = journal[0]["parts"].as_array().map(|it| it.iter().map(entry).collect());
    let answer = serde_json::from_slice(&answer.body).unwrap_or_default();
    (simulator, answer, names, parts.unwrap_or_default())
}

#[track_caller]
fn check(kind: FaultKind, statuses_told: Option<&[u64]>, names: &[&str], parts: &[u64]) {
    let name = kind.name();
    let (simulator, answer, found, noted) = three(Fault::nth(2, kind).on_table("sys_alias"));
    assert_eq!(answer.is_object().then(|| statuses(&answer)).as_deref(), statuses_told, "{name}: {answer}");
    assert_eq!(found, names, "{name}");
    let troubles: Vec<(u64, String)> = (1..)
        .zip(parts)
        .map(|(at, status)| (*status, if at == 2 { name.to_owned() } else { String::new() }))
        .collect();
    assert_eq!(noted, troubles, "{name}");
    assert!(simulator.journal()[0]["fault"].is_null(), "{name}: the trouble is the part's");
}

#[test]
fn a_trouble_of_a_part_is_that_of_a_request_that_comes_alone() {
    let status = |status| FaultKind::Status { status, retry_after_s: None };
    let refused = FaultKind::RefusedBefore { status: 403, body: "{}".to_owned() };
    let replaced = FaultKind::Replaced { status: 403, headers: Default::default(), body: "{}".to_owned() };
    check(refused, Some(&[201, 403, 201]), &["a", "c"], &[201, 403, 201]);
    check(replaced, Some(&[201, 403, 201]), &["a", "b", "c"], &[201, 403, 201]);
    check(status(503), Some(&[201, 503, 201]), &["a", "c"], &[201, 503, 201]);
    check(status(429), Some(&[201, 429, 201]), &["a", "c"], &[201, 429, 201]);
    check(FaultKind::TruncatedBody, Some(&[201, 201, 201]), &["a", "b", "c"], &[201, 201, 201]);
    check(FaultKind::ErrorInBody, Some(&[201, 200, 201]), &["a", "b", "c"], &[201, 200, 201]);
}

#[test]
fn a_trouble_ends_the_batch_with_its_part() {
    check(FaultKind::UnservicedBefore, Some(&[201]), &["a"], &[201, 0]);
    check(FaultKind::UnservicedAfter, Some(&[201]), &["a", "b"], &[201, 0]);
    // What breaks the connection takes the whole answer along.
    check(FaultKind::LostBefore, None, &["a"], &[201, 0]);
    check(FaultKind::LostAfter, None, &["a", "b"], &[201, 0]);
    check(FaultKind::ResetBefore, None, &["a"], &[201, 0]);
    check(FaultKind::ResetAfter, None, &["a", "b"], &[201, 0]);
    check(FaultKind::CutBody { after_bytes: None }, None, &["a", "b", "c"], &[201, 201, 201]);
}

#[test]
fn a_part_that_takes_long_leaves_the_rest_unserviced() {
    let delay = FaultKind::Delay { ms: 30_001, jitter_ms: 0 };
    let (_, answer, names, _) = three(Fault::nth(2, delay).on_table("sys_alias"));
    assert_eq!((statuses(&answer), names), (vec![201, 201], vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(answer["unserviced_requests"], json!(["c"]));
}

#[test]
fn a_fault_that_names_no_requests_is_met_by_the_batch_and_not_by_its_parts() {
    let refused = FaultKind::RefusedBefore { status: 403, body: "{}".to_owned() };
    let (simulator, _, names, parts) = three(Fault::next(refused.clone()).of_user("admin").times(2));
    assert_eq!((simulator.journal()[0]["status"].as_u64(), names, parts), (Some(403), vec![], vec![]));
    let (_, _, names, _) = three(Fault::next(refused).on_path("/api/now/v1/batch"));
    assert_eq!(names, Vec::<String>::new(), "the batch has a path of its own");
    let (_, answer, _, _) = three(Fault::nth(3, FaultKind::UnservicedBefore));
    assert_eq!(statuses(&answer), [201, 201], "what only parts can meet needs no name");
}

#[test]
fn a_part_is_read_from_a_node_that_lags_behind() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    simulator.fault(Fault::nth(2, FaultKind::StaleRead).on_table("sys_alias"));
    let list = |id: &str| item(id, "GET", "/api/now/table/sys_alias?sysparm_fields=name", "");
    let create = item("1", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#);
    let answer = batch(&admin, &[create, list("2"), list("3")]);
    let lists = answer["serviced_requests"].as_array().unwrap();
    assert_eq!(decoded(&lists[1]), json!({"result": []}));
    assert_eq!(decoded(&lists[2]), json!({"result": [{"name": "a"}]}));
}
