//! The business rules: what they compute, refuse and change elsewhere.

use serde_json::json;
use servicenow_core::Method;

use super::*;
use crate::Simulator;
use crate::answer::tests::{Asking, open_empty};

/// The id of an alias that no row has.
const NO_ALIAS: &str = "deaddeaddeaddeaddeaddeaddeaddead";

fn aborted(rule: &str) -> String {
    let rule = rules().find(|it| it.name == rule).unwrap();
    let stack = format!("{}^{}'. Business Rule Stack:{}", rule.name, rule.sys_id, rule.name);
    format!("was aborted by Business Rule '{stack}")
}

/// Names of the active connections, in order.
fn active(simulator: &Simulator) -> String {
    let rows = simulator.rows("sys_connection");
    let mut names: Vec<&str> =
        rows.iter().filter(|it| it["active"] == "true").map(|it| it["name"].as_str()).collect();
    names.sort_unstable();
    names.join("")
}

fn connection(name: &str, alias: &str, active: bool) -> String {
    json!({"name": name, "connection_alias": alias, "active": active}).to_string()
}

#[test]
fn an_alias_has_one_active_connection_as_the_setting_says() {
    for (rule, status, after_create, after_change) in
        [("cascade", 201, "b", "a"), ("refuse", 403, "a", "a"), ("none", 201, "ab", "ab")]
    {
        let simulator = open_empty(&[("one_active_rule", rule)]);
        let admin = Asking::administrator(&simulator);
        let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
        let first = admin.create("http_connection", &connection("a", &alias, true));
        // The second is of another class: the rule is about all of them.
        let second = admin.ask(Method::Post, "/api/now/table/sys_connection", &connection("b", &alias, true));
        assert_eq!((second.status, active(&simulator).as_str()), (status, after_create), "{rule}");
        let one = format!("/api/now/table/sys_connection/{first}");
        assert_eq!(admin.status(Method::Patch, &one, r#"{"active":"true"}"#), 200, "{rule}");
        assert_eq!(active(&simulator), after_change, "{rule}");
    }
}

#[test]
fn a_refused_activation_says_which_rule_and_changes_nothing() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    admin.create("http_connection", &connection("a", &alias, true));
    let second = admin.create("http_connection", &connection("b", &alias, false));
    let before = simulator.rows("sys_connection");
    let one = format!("/api/now/table/http_connection/{second}");
    let detail = admin.detail(Method::Patch, &one, r#"{"active":"true"}"#);
    let expected =
        format!("Operation against file 'http_connection' {}", aborted("Validate active connections"));
    assert_eq!(detail, expected);
    assert_eq!(simulator.rows("sys_connection"), before);
}

#[test]
fn a_cascade_counts_as_the_callers_change_of_the_others() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    admin.create("http_connection", &connection("a", &alias, true));
    let robot = admin.user("robot", &["connection_admin"]);
    robot.create("http_connection", &connection("b", &alias, true));
    let rows = simulator.rows("sys_connection");
    let first = rows.iter().find(|it| it["name"] == "a").unwrap();
    assert_eq!((first["active"].as_str(), first["sys_mod_count"].as_str()), ("false", "1"));
    assert_eq!((first["sys_updated_by"].as_str(), first["sys_created_by"].as_str()), ("robot", "admin"));
}

#[test]
fn the_rule_governs_an_alias_and_its_domain() {
    for (first, second, both) in [
        (json!({"connection_alias": NO_ALIAS}), json!({"connection_alias": NO_ALIAS}), false),
        (json!({"connection_alias": ""}), json!({"connection_alias": ""}), true),
        (json!({"connection_alias": NO_ALIAS}), json!({"connection_alias": ""}), true),
        (
            json!({"connection_alias": NO_ALIAS, "sys_domain": "a"}),
            json!({"connection_alias": NO_ALIAS, "sys_domain": "b"}),
            true,
        ),
        (
            json!({"connection_alias": NO_ALIAS, "active": false}),
            json!({"connection_alias": NO_ALIAS}),
            false,
        ),
    ] {
        let simulator = open_empty(&[]);
        let admin = Asking::administrator(&simulator);
        admin.create("http_connection", &first.to_string());
        admin.create("http_connection", &second.to_string());
        let rows = simulator.rows("sys_connection");
        let active = rows.iter().filter(|it| it["active"] == "true").count();
        assert_eq!(active, if both { 2 } else { 1 }, "{first} {second}");
    }
}

#[test]
fn an_alias_that_supports_several_has_several_active_connections() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"payments","multiple_connections":"true"}"#);
    for name in ["a", "b", "c"] {
        admin.create("http_connection", &connection(name, &alias, true));
    }
    assert_eq!(active(&simulator), "abc");
}

#[test]
fn a_connection_that_moves_to_another_alias_is_governed_there() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let orders = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let payments = admin.create("sys_alias", r#"{"name":"payments"}"#);
    admin.create("http_connection", &connection("a", &orders, true));
    let moving = admin.create("http_connection", &connection("b", &payments, true));
    assert_eq!(active(&simulator), "ab");
    let one = format!("/api/now/table/http_connection/{moving}");
    admin.json(Method::Patch, &one, &json!({"connection_alias": orders}).to_string());
    assert_eq!(active(&simulator), "b");
}

#[test]
fn a_credential_is_in_one_active_connection_as_the_setting_says() {
    for (rule, first_active, status) in [("refuse", true, 403), ("refuse", false, 201), ("none", true, 201)] {
        let simulator = open_empty(&[("credential_once_rule", rule)]);
        let admin = Asking::administrator(&simulator);
        let credential = admin.create("basic_auth_credentials", r#"{"name":"orders"}"#);
        let body = |name: &str, active: bool| {
            json!({"name": name, "credential": credential, "active": active}).to_string()
        };
        admin.create("http_connection", &body("a", first_active));
        let target = "/api/now/table/http_connection";
        let second = admin.ask(Method::Post, target, &body("b", true));
        assert_eq!(second.status, status, "{rule} {first_active}");
        if status == 403 {
            let text = String::from_utf8(second.body).unwrap();
            assert!(text.contains(&aborted("Validate credential in active connections")), "{text}");
        }
    }
}

#[test]
fn a_switch_with_a_shared_credential_cascades_before_the_credential_is_checked() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let credential = admin.create("basic_auth_credentials", r#"{"name":"orders"}"#);
    for name in ["a", "b"] {
        let body = json!({"name": name, "connection_alias": alias, "credential": credential}).to_string();
        admin.create("http_connection", &body);
    }
    assert_eq!(active(&simulator), "b");
}

#[test]
fn a_write_that_a_later_rule_refuses_leaves_no_trace_of_an_earlier_one() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let credential = admin.create("basic_auth_credentials", r#"{"name":"shared"}"#);
    admin.create("http_connection", &json!({"name": "other", "credential": credential}).to_string());
    admin.create("http_connection", &connection("a", &alias, true));
    let before = simulator.rows("sys_connection");
    let body = json!({"name": "b", "connection_alias": alias, "credential": credential}).to_string();
    assert_eq!(admin.status(Method::Post, "/api/now/table/http_connection", &body), 403);
    assert_eq!(simulator.rows("sys_connection"), before, "the cascade is undone with the write");
}

#[test]
fn names_of_connections_and_aliases_are_unique_where_they_must_be() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    admin.create(
        "sys_scope",
        r#"{"name":"Acme","scope":"x_acme","sys_id":"ac3e0000000000000000000000000001"}"#,
    );
    admin.create("http_connection", r#"{"name":"blue"}"#);
    admin.create("sys_alias", r#"{"name":"orders"}"#);
    for (table, body, rule) in [
        ("sys_connection", json!({"name": "Blue"}), "Ensure unique connection name"),
        ("sys_connection", json!({"name": "green"}), ""),
        ("sys_alias", json!({"name": "orders"}), "Ensure unique alias name in scope"),
        ("sys_alias", json!({"name": "orders", "sys_scope": "ac3e0000000000000000000000000001"}), ""),
        ("sys_alias", json!({"name": "orders^intake"}), "Validate alias name"),
        ("sys_alias", json!({"name": "ördérs"}), "Validate alias name"),
    ] {
        let detail = admin.detail(Method::Post, &format!("/api/now/table/{table}"), &body.to_string());
        let expected = if rule.is_empty() { String::new() } else { aborted(rule) };
        assert!(detail.ends_with(&expected) && detail.is_empty() == rule.is_empty(), "{body}: {detail}");
    }
}

#[test]
fn the_characters_of_an_alias_name_are_a_setting() {
    for (setting, name, status) in [
        ("wide", "Orders (EU) #1", 201),
        ("word", "Orders (EU) #1", 403),
        ("word", "Orders_1", 201),
        ("any", "orders^1", 201),
        ("wide", "orders^1", 403),
    ] {
        let simulator = open_empty(&[("alias_name_characters", setting)]);
        let body = json!({"name": name}).to_string();
        let admin = Asking::administrator(&simulator);
        assert_eq!(admin.status(Method::Post, "/api/now/table/sys_alias", &body), status, "{setting} {name}");
    }
}

#[test]
fn the_id_of_an_alias_is_made_of_scope_and_name() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let scope = admin.create("sys_scope", r#"{"name":"Acme Orders","scope":"x_acme_orders"}"#);
    for (name, scope, id) in [
        ("Orders", "", "Orders"),
        ("Orders 2/3", "global", "Orders_2_3"),
        ("Orders", scope.as_str(), "x_acme_orders.Orders"),
    ] {
        let body = json!({"name": name, "sys_scope": scope}).to_string();
        let answer = admin.json(Method::Post, "/api/now/table/sys_alias", &body);
        assert_eq!(answer["result"]["id"], id);
    }
    let renamed = admin.create("sys_alias", r#"{"name":"old"}"#);
    let one = format!("/api/now/table/sys_alias/{renamed}");
    let answer = admin.json(Method::Patch, &one, r#"{"name":"new name","id":"mine"}"#);
    assert_eq!(answer["result"]["id"], "new_name");
}

#[test]
fn a_child_alias_takes_five_columns_from_its_parent_and_keeps_its_parent() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let parent = admin.create(
        "sys_alias",
        r#"{"name":"parent","connection_type":"jdbc_connection","multiple_connections":"true","retry_policy":"abc"}"#,
    );
    let body = json!({"name": "child", "parent": parent, "connection_type": "http_connection"}).to_string();
    let child = admin.create("sys_alias", &body);
    let row = simulator.rows("sys_alias").into_iter().find(|it| it["sys_id"] == child).unwrap();
    for (column, value) in
        [("connection_type", "jdbc_connection"), ("multiple_connections", "true"), ("retry_policy", "abc")]
    {
        assert_eq!(row[column], value, "{column}");
    }
    let one = format!("/api/now/table/sys_alias/{child}");
    let detail = admin.detail(Method::Patch, &one, r#"{"parent":""}"#);
    assert!(detail.ends_with(&aborted("Prevent parent change")), "{detail}");
    assert_eq!(admin.status(Method::Patch, &one, &body), 200, "the same parent is no change");
}

#[test]
fn a_url_builder_makes_the_url_of_its_parts() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (parts, url) in [
        (json!({"host": "a.example", "connection_url": "https://sent"}), "https://sent"),
        (
            json!({"url_builder": true, "host": "a.example", "connection_url": "https://sent"}),
            "https://a.example",
        ),
        (
            json!({"url_builder": true, "protocol": "http", "host": "a.example", "port": 81, "base_path": "/b"}),
            "http://a.example:81/b",
        ),
    ] {
        let answer = admin.json(Method::Post, "/api/now/table/http_connection", &parts.to_string());
        assert_eq!(answer["result"]["connection_url"], url, "{parts}");
    }
}

#[test]
fn mandatory_columns_bind_when_the_setting_says_so() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    assert_eq!(admin.status(Method::Post, "/api/now/table/sys_alias", "{}"), 201);
    simulator.set("mandatory_columns", "data_policy").unwrap();
    let detail = admin.detail(Method::Post, "/api/now/table/sys_alias", "{}");
    assert_eq!(detail, "Data Policy Exception: The following fields are mandatory: Name");
}

#[test]
fn a_user_name_is_taken_once() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let detail = admin.detail(Method::Post, "/api/now/table/sys_user", r#"{"user_name":"Admin"}"#);
    let expected =
        "Unique Key violation detected by database ((conn=7) Duplicate entry 'Admin' for key 'user_name')";
    assert_eq!(detail, expected);
    let created =
        admin.create("sys_user", r#"{"user_name":"nora","first_name":"Integration","last_name":"Operator"}"#);
    let row = simulator.rows("sys_user").into_iter().find(|it| it["sys_id"] == created).unwrap();
    assert_eq!(row["name"], "Integration Operator");
}
