//! Access controls, one case after the other.

use serde_json::{Value, json};
use servicenow_core::Method;

use crate::Simulator;
use crate::answer::tests::{Asking, open_empty};

/// An administrator who wrote an access control for roles, and a user with the role `connection_admin`.
struct Case<'a> {
    admin: Asking<'a>,
    user: Asking<'a>,
}

fn case<'a>(simulator: &'a Simulator, controls: &[(&str, &str, &str, &str)]) -> Case<'a> {
    let admin = Asking::administrator(simulator);
    for (name, operation, role, condition) in controls {
        let body = json!({"name": name, "operation": operation, "condition": condition});
        let control = admin.create("sys_security_acl", &body.to_string());
        if !role.is_empty() {
            let path = "/api/now/table/sys_security_acl_role?sysparm_input_display_value=true";
            let body = json!({"sys_security_acl": control, "sys_user_role": role}).to_string();
            assert_eq!(admin.status(Method::Post, path, &body), 201);
        }
    }
    let user = admin.user("robot", &["connection_admin"]);
    Case { admin, user }
}

#[test]
fn an_unreadable_column_is_absent_and_an_unwritable_one_keeps_its_value() {
    for (setting, patched, host) in [("dropped", 200, "old"), ("forbidden", 403, "old")] {
        let simulator = open_empty(&[("unwritable_column", setting)]);
        let controls = [
            ("http_connection.host", "write", "admin", ""),
            ("sys_connection.connection_url", "read", "admin", ""),
        ];
        let Case { admin, user } = case(&simulator, &controls);
        let sys_id =
            admin.create("http_connection", r#"{"name":"a","host":"old","connection_url":"https://a"}"#);
        let one = format!("/api/now/table/http_connection/{sys_id}");
        let seen = user.json(Method::Get, &one, "");
        assert_eq!(seen["result"].get("connection_url"), None, "inherited columns have inherited controls");
        assert_eq!(seen["result"]["host"], "old");
        assert_eq!(admin.json(Method::Get, &one, "")["result"]["connection_url"], "https://a");
        let asked = format!("{one}?sysparm_fields=connection_url,name");
        assert_eq!(user.json(Method::Get, &asked, "")["result"], json!({"name": "a"}));
        let answer = user.ask(Method::Patch, &one, r#"{"host":"new","name":"b"}"#);
        assert_eq!(answer.status, patched, "{setting}");
        let after = admin.json(Method::Get, &one, "");
        assert_eq!(after["result"]["host"], host);
        assert_eq!(after["result"]["name"], if patched == 200 { "b" } else { "a" });
    }
}

#[test]
fn the_most_specific_control_decides_and_any_of_its_equals_opens() {
    for (controls, readable) in [
        (vec![("sys_connection", "read", "user_admin", "")], false),
        (vec![("*", "read", "user_admin", "")], false),
        (vec![("sys_connection", "read", "user_admin", ""), ("http_connection", "read", "", "")], true),
        (vec![("http_connection", "read", "user_admin", ""), ("sys_connection", "read", "", "")], false),
        (
            vec![
                ("http_connection", "read", "user_admin", ""),
                ("http_connection", "read", "connection_admin", ""),
            ],
            true,
        ),
    ] {
        let simulator = open_empty(&[]);
        let Case { admin, user } = case(&simulator, &controls);
        let sys_id = admin.create("http_connection", r#"{"name":"a"}"#);
        let status = user.status(Method::Get, &format!("/api/now/table/http_connection/{sys_id}"), "");
        assert_eq!(status == 200, readable, "{controls:?}");
        assert!(status == 200 || status == 404);
    }
}

#[test]
fn a_condition_hides_rows_after_the_page_was_cut() {
    for (setting, total) in [("before_access", "4"), ("after_access", "2")] {
        let simulator = open_empty(&[("total_count", setting)]);
        let controls = [("http_connection", "read", "connection_admin", "nameSTARTSWITHopen")];
        let Case { admin, user } = case(&simulator, &controls);
        for name in ["open1", "closed1", "closed2", "open2"] {
            admin.create("http_connection", &json!({"name": name}).to_string());
        }
        let list = "/api/now/table/http_connection?sysparm_query=ORDERBYsys_created_on^ORDERBYname";
        let answer = user.ask(Method::Get, list, "");
        assert_eq!(answer.header("X-Total-Count"), Some(total));
        assert_eq!(user.column(list, "name"), ["open1", "open2"]);
        let page = format!("{list}&sysparm_limit=3");
        assert_eq!(user.column(&page, "name").len(), 1, "closed1, closed2 and open1 are on the page");
        assert_eq!(admin.column(list, "name").len(), 4, "administrators override");
    }
}

#[test]
fn an_unreadable_table_gives_no_rows_or_is_refused() {
    for (setting, status) in [("empty", 200), ("forbidden", 403)] {
        let simulator = open_empty(&[("unreadable_table", setting)]);
        let admin = Asking::administrator(&simulator);
        admin.create("basic_auth_credentials", r#"{"name":"a"}"#);
        let user = admin.user("robot", &["connection_admin"]);
        let answer = user.ask(Method::Get, "/api/now/table/basic_auth_credentials", "");
        assert_eq!(answer.status, status);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        if status == 200 {
            assert_eq!(body, json!({"result": []}));
        } else {
            assert_eq!(body["error"]["message"], "User Not Authorized");
        }
    }
}

#[test]
fn a_condition_on_an_unreadable_column_is_left_out_or_refused() {
    for (setting, status, found) in [("dropped", 200, 2), ("forbidden", 403, 0)] {
        let simulator = open_empty(&[("unreadable_column_in_query", setting)]);
        let Case { admin, user } = case(&simulator, &[("sys_connection.name", "read", "admin", "")]);
        admin.create("http_connection", r#"{"name":"a"}"#);
        admin.create("http_connection", r#"{"name":"b"}"#);
        let list = "/api/now/table/http_connection?sysparm_query=name=a";
        let answer = user.ask(Method::Get, list, "");
        assert_eq!(answer.status, status);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(body["result"].as_array().map_or(0, Vec::len), found);
        assert_eq!(admin.column(list, "name"), ["a"]);
    }
}

#[test]
fn a_row_that_its_creator_may_not_read_is_created_and_refused() {
    for (setting, status) in [("forbidden", 403), ("shown", 201)] {
        let simulator = open_empty(&[("unreadable_result", setting)]);
        let Case { user, .. } = case(&simulator, &[("http_connection", "read", "admin", "")]);
        let answer = user.ask(Method::Post, "/api/now/table/http_connection", r#"{"name":"a"}"#);
        assert_eq!(answer.status, status);
        assert_eq!(simulator.rows("http_connection").len(), 1, "it is there all the same");
    }
}

#[test]
fn an_administrator_is_bound_by_a_control_that_says_so() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    admin.create(
        "sys_security_acl",
        r#"{"name":"http_connection","operation":"delete","admin_overrides":"false","condition":"name=a"}"#,
    );
    let (first, second) = (
        admin.create("http_connection", r#"{"name":"a"}"#),
        admin.create("http_connection", r#"{"name":"b"}"#),
    );
    let delete = |it: &str| admin.status(Method::Delete, &format!("/api/now/table/http_connection/{it}"), "");
    assert_eq!((delete(&first), delete(&second)), (204, 403));
}

#[test]
fn a_read_only_user_writes_nothing() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("http_connection", r#"{"name":"a"}"#);
    let user = admin.user("reader", &["connection_admin", "snc_read_only"]);
    let one = format!("/api/now/table/http_connection/{sys_id}");
    for (method, target, status) in [
        (Method::Get, one.as_str(), 200),
        (Method::Post, "/api/now/table/http_connection", 403),
        (Method::Patch, &one, 403),
        (Method::Put, &one, 403),
        (Method::Delete, &one, 403),
    ] {
        assert_eq!(user.status(method, target, "{}"), status, "{method}");
    }
}

#[test]
fn rows_of_other_domains_are_out_of_sight_where_domains_are_separate() {
    for (setting, parameter, seen) in
        [("false", "", 3), ("true", "", 2), ("true", "&sysparm_query_no_domain=true", 2)]
    {
        let simulator = open_empty(&[("domain_separation", setting)]);
        let admin = Asking::administrator(&simulator);
        for (name, domain) in [("a", "global"), ("b", "acme"), ("c", "other")] {
            admin.create("http_connection", &json!({"name": name, "sys_domain": domain}).to_string());
        }
        let user = admin.user("robot", &["connection_admin"]);
        let row =
            admin.json(Method::Get, "/api/now/table/sys_user?user_name=robot&sysparm_fields=sys_id", "");
        let one = format!("/api/now/table/sys_user/{}", row["result"][0]["sys_id"].as_str().unwrap());
        assert_eq!(admin.status(Method::Patch, &one, r#"{"sys_domain":"acme"}"#), 200);
        let list = format!("/api/now/table/http_connection?sysparm_query=nameINa,b,c{parameter}");
        assert_eq!(user.column(&list, "name").len(), seen, "{setting} {parameter}");
        let total = user.ask(Method::Get, &list, "");
        assert_eq!(
            total.header("X-Total-Count"),
            Some(seen.to_string().as_str()),
            "domains are part of the query"
        );
        if !parameter.is_empty() {
            assert_eq!(admin.column(&list, "name").len(), 3, "administrators may lift the bounds");
        }
    }
}
