//! The processor JSONv2, as the clients that still use it ask for it.

use serde_json::{Value, json};
use servicenow_core::{Method, Request};

use super::{Asking, open_empty};
use crate::answer::header;

const ALIAS: &str = "/sys_alias.do?JSONv2=";

fn records(asking: &Asking<'_>, method: Method, target: &str, body: &str) -> Vec<Value> {
    let answer = asking.ask(method, target, body);
    assert_eq!(answer.status, 200, "{target}");
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    body["records"].as_array().unwrap_or_else(|| panic!("{body}")).clone()
}

#[test]
fn a_record_lives_its_life_through_the_processor() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let insert = format!("{ALIAS}&sysparm_action=insert&sysparm_record_scope=global");
    let body = r#"{"name":"orders","multiple_connections":"false","bunk_field":"x","__status":"old"}"#;
    let created = records(&admin, Method::Post, &insert, body);
    assert_eq!((created.len(), &created[0]["__status"]), (1, &json!("success")));
    assert_eq!((&created[0]["name"], &created[0]["sys_scope"]), (&json!("orders"), &json!("global")));
    let sys_id = created[0]["sys_id"].as_str().unwrap();
    let by_query = format!("{ALIAS}&sysparm_query=sys_id={sys_id}");
    assert_eq!(records(&admin, Method::Get, &by_query, ""), created);
    let by_id = format!("{ALIAS}&sysparm_action=get&sysparm_sys_id={sys_id}");
    assert_eq!(records(&admin, Method::Get, &by_id, ""), created);
    let keys = format!("{ALIAS}&sysparm_action=getKeys&sysparm_query=name=orders");
    assert_eq!(records(&admin, Method::Get, &keys, ""), [json!(sys_id)]);
    let update = format!("{ALIAS}&sysparm_action=update&sysparm_query=sys_id={sys_id}");
    let changed = records(&admin, Method::Post, &update, r#"{"name":"invoices"}"#);
    assert_eq!((&changed[0]["name"], &changed[0]["__status"]), (&json!("invoices"), &json!("success")));
    let delete = format!("{ALIAS}&sysparm_action=deleteRecord&sysparm_sys_id={sys_id}");
    let deleted = records(&admin, Method::Post, &delete, "");
    assert_eq!(deleted, [json!({"sys_id": sys_id, "__status": "success"})]);
    assert!(records(&admin, Method::Get, &by_query, "").is_empty());
}

#[test]
fn a_failure_is_told_inside_a_200() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    admin.create("sys_alias", r#"{"name":"orders"}"#);
    let reader = admin.user("reader", &["connection_admin"]);
    let acl = |word: &str| format!("ACL Exception {word} Failed due to security constraints");
    for (asking, method, parameters, body, message, reason) in [
        (
            &reader,
            Method::Post,
            "&sysparm_action=insert",
            r#"{"name":"x"}"#,
            "Operation Failed",
            acl("Insert"),
        ),
        (
            &reader,
            Method::Post,
            "&sysparm_action=update&sysparm_query=name=orders",
            r#"{"name":"x"}"#,
            "Operation Failed",
            acl("Update"),
        ),
        (
            &reader,
            Method::Post,
            "&sysparm_action=deleteMultiple&sysparm_query=name=orders",
            "",
            "Operation Failed",
            acl("Delete"),
        ),
        (
            &admin,
            Method::Post,
            "&sysparm_action=deleteRecord&sysparm_sys_id=aaaabbbbccccddddeeeeffff00001111",
            "",
            "No Record found",
            "Record doesn't exist or ACL restricts the record retrieval".to_owned(),
        ),
        (
            &admin,
            Method::Get,
            "&sysparm_action=deleteRecord&sysparm_sys_id=x",
            "",
            "Operation Failed",
            "This action needs POST".to_owned(),
        ),
        (
            &admin,
            Method::Post,
            "&sysparm_action=fly",
            "",
            "Operation Failed",
            "The action is not known".to_owned(),
        ),
    ] {
        let found = records(asking, method, &format!("{ALIAS}{parameters}"), body);
        let expected = json!({"__error": {"message": message, "reason": reason}, "__status": "failure"});
        assert_eq!(found, [expected], "{parameters}");
    }
    assert_eq!(simulator.rows("sys_alias").len(), 1, "nothing happened");
    assert_eq!(admin.status(Method::Get, "/bogus.do?JSONv2=", ""), 400);
    let mut request = Request::new(Method::Get, "/sys_alias.do");
    request.query.push(header("JSONv2", ""));
    assert_eq!(simulator.answer(&request).status, 401);
}

#[test]
fn several_records_come_and_go_at_once() {
    let simulator = open_empty(&[("json_v2_rows_max", "3")]);
    let admin = Asking::administrator(&simulator);
    let several =
        json!({"records": [{"name": "a"}, {"name": "b"}, {"name": "c"}, {"name": "d"}]}).to_string();
    let insert = format!("{ALIAS}&sysparm_action=insertMultiple");
    assert_eq!(records(&admin, Method::Post, &insert, &several).len(), 4);
    let list = format!("{ALIAS}&sysparm_query=ORDERBYname");
    assert_eq!(records(&admin, Method::Get, &list, "").len(), 3, "the cap");
    let short = format!("{list}&sysparm_record_count=2");
    assert_eq!(records(&admin, Method::Get, &short, "").len(), 2);
    let delete = format!("{ALIAS}&sysparm_action=deleteMultiple&sysparm_query=nameINa,b");
    assert_eq!(records(&admin, Method::Post, &delete, ""), [json!({"count": 2, "__status": "success"})]);
    let all = format!("{ALIAS}&sysparm_action=deleteMultiple");
    assert_eq!(
        records(&admin, Method::Post, &all, "")[0]["__status"],
        "failure",
        "nobody means a whole table"
    );
    assert_eq!(simulator.rows("sys_alias").len(), 2);
}

#[test]
fn references_are_plain_and_display_values_are_shown_on_wish() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    admin.create("http_connection", &json!({"name": "blue", "connection_alias": alias}).to_string());
    for (wish, expected) in [("", json!(alias)), ("&displayvalue=true", json!("orders"))] {
        let found = records(&admin, Method::Get, &format!("/http_connection.do?JSONv2={wish}"), "");
        assert_eq!(found[0]["connection_alias"], expected, "{wish}");
        assert_eq!(found[0]["active"], "true");
    }
}
