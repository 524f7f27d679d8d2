//! The Aggregate API, one parameter after the other.

use serde_json::{Value, json};
use servicenow_core::Method;

use super::{Asking, open_empty};
use crate::Simulator;

/// Connections a (1), b (2) and c (empty) of one alias, d (10) of none, d inactive.
fn with_rows() -> (Simulator, String) {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create(
        "sys_alias",
        r#"{"name":"orders","multiple_connections":"true","sys_id":"aaaabbbbccccddddeeeeffff00001111"}"#,
    );
    for (name, order, alias, active) in [
        ("a", "1", &*alias, "true"),
        ("b", "2", &alias, "true"),
        ("c", "", &alias, "true"),
        ("d", "10", "", "false"),
    ] {
        let body = json!({"name": name, "order": order, "connection_alias": alias, "active": active});
        admin.create("http_connection", &body.to_string());
    }
    (simulator, alias)
}

fn check(simulator: &Simulator, parameters: &str, expected: &Value) {
    let target = format!("/api/now/stats/http_connection?{parameters}");
    let answer = Asking::administrator(simulator).json(Method::Get, &target, "");
    assert_eq!(&answer["result"], expected, "{parameters}");
}

#[test]
fn aggregates_without_groups_are_one_object_of_texts() {
    let (simulator, _) = with_rows();
    for (parameters, stats) in [
        ("sysparm_count=true", json!({"count": "4"})),
        ("sysparm_count=true&sysparm_query=active=true", json!({"count": "3"})),
        ("sysparm_count=false", json!({})),
        ("sysparm_sum_fields=order", json!({"sum": {"order": "13"}})),
        ("sysparm_avg_fields=order", json!({"avg": {"order": "4.3333"}})),
        ("sysparm_min_fields=order,name", json!({"min": {"order": "1", "name": "a"}})),
        ("sysparm_max_fields=order,bogus", json!({"max": {"order": "10"}})),
        ("sysparm_query=name=none&sysparm_sum_fields=order", json!({"sum": {"order": ""}})),
    ] {
        check(&simulator, parameters, &json!({"stats": stats}));
    }
}

#[test]
fn groups_name_their_values_and_can_be_picked_and_sorted() {
    let (simulator, alias) = with_rows();
    let group = |count: &str, field: &str, value: &str| json!({"stats": {"count": count}, "groupby_fields": [{"field": field, "value": value}]});
    let (yes, no) = (group("3", "active", "true"), group("1", "active", "false"));
    for (parameters, expected) in [
        ("", json!([no, yes])),
        ("&sysparm_order_by=activeDESC", json!([yes, no])),
        ("&sysparm_order_by=count", json!([no, yes])),
        ("&sysparm_order_by=count^DESC", json!([yes, no])),
        ("&sysparm_having=count^active^>^1", json!([yes])),
        ("&sysparm_having=sum^order^=^10", json!([no])),
    ] {
        check(&simulator, &format!("sysparm_count=true&sysparm_group_by=active{parameters}"), &expected);
    }
    let by_alias = "sysparm_count=true&sysparm_group_by=connection_alias&sysparm_query=active=true";
    check(&simulator, by_alias, &json!([group("3", "connection_alias", &alias)]));
    let shown = format!("{by_alias}&sysparm_display_value=true");
    check(&simulator, &shown, &json!([group("3", "connection_alias", "orders")]));
    let by_scope = "sysparm_count=true&sysparm_group_by=connection_alias.name&sysparm_query=active=true";
    check(&simulator, by_scope, &json!([group("3", "connection_alias.name", "orders")]));
}

#[test]
fn aggregates_of_a_table_that_the_user_may_not_read_are_refused() {
    let (simulator, _) = with_rows();
    let admin = Asking::administrator(&simulator);
    let user = admin.user("robot", &["credential_admin"]);
    assert_eq!(user.status(Method::Get, "/api/now/stats/http_connection?sysparm_count=true", ""), 403);
    assert_eq!(user.status(Method::Get, "/api/now/stats/sys_alias?sysparm_count=true", ""), 200);
    assert_eq!(admin.status(Method::Get, "/api/now/stats/bogus", ""), 400);
    assert_eq!(admin.status(Method::Post, "/api/now/stats/sys_alias", "{}"), 405);
}
