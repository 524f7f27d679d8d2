//! The Batch API, one fact after the other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use servicenow_core::Method;

use super::{Asking, open_empty};

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
