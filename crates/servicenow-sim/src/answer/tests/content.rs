//! What a request brings and wants back: formats, headers, addresses, bodies.

use serde_json::{Value, json};
use servicenow_core::Method;

use super::{Asking, open_empty};

const LIST: &str = "/api/now/table/sys_alias";

fn xml(asking: &Asking<'_>, method: Method, target: &str, body: &str) -> (u16, String, String) {
    let headers = [("Accept", "application/xml"), ("Content-Type", "application/xml")];
    let answer = asking.ask_with(method, target, body, &headers);
    let kind = answer.header("Content-Type").unwrap_or_default().to_owned();
    (answer.status, kind, String::from_utf8(answer.body).unwrap())
}

#[test]
fn xml_is_read_and_written_where_the_headers_say_so() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let body = "<request><entry><name>a &amp; b</name><description>x</description></entry></request>";
    let fields = "?sysparm_fields=name,description";
    let (status, kind, text) = xml(&admin, Method::Post, &format!("{LIST}{fields}"), body);
    assert_eq!((status, kind.as_str()), (201, "application/xml;charset=UTF-8"));
    let result = "<result><description>x</description><name>a &amp; b</name></result>";
    assert!(text.ends_with(&format!("<response>{result}</response>")), "{text}");
    let (_, _, list) = xml(&admin, Method::Get, &format!("{LIST}{fields}"), "");
    assert!(list.ends_with(&format!("<response>{result}</response>")), "{list}");
    let (status, _, failure) = xml(&admin, Method::Get, "/api/now/table/bogus", "");
    assert_eq!(status, 400);
    assert!(
        failure.contains("<error><detail/><message>Invalid table bogus</message></error><status>failure")
    );
    let (status, _, failure) = xml(&admin, Method::Post, LIST, "<broken>");
    assert_eq!(status, 400);
    assert!(failure.contains("Exception while reading request"), "{failure}");
    for (accept, kind) in [
        ("application/json, application/xml", "application/json;charset=UTF-8"),
        ("text/html, application/xml;q=0.9, */*;q=0.8", "application/xml;charset=UTF-8"),
        ("*/*", "application/json;charset=UTF-8"),
    ] {
        let answer = admin.ask_with(Method::Get, LIST, "", &[("Accept", accept)]);
        assert_eq!(answer.header("Content-Type"), Some(kind), "{accept}");
    }
}

#[test]
fn headers_are_needed_only_where_the_rules_are_strict() {
    let json = ("Content-Type", "application/json");
    let accept = ("Accept", "application/json");
    for (rules, method, headers, status) in [
        ("lenient", Method::Get, vec![], 200),
        ("lenient", Method::Post, vec![], 201),
        ("strict", Method::Get, vec![], 400),
        ("strict", Method::Get, vec![accept], 200),
        ("strict", Method::Post, vec![accept], 400),
        ("strict", Method::Post, vec![accept, json], 201),
    ] {
        let simulator = open_empty(&[("content_rules", rules)]);
        let admin = Asking::administrator(&simulator);
        let body = if method == Method::Post { "{}" } else { "" };
        assert_eq!(
            admin.ask_with(method, LIST, body, &headers).status,
            status,
            "{rules} {method} {headers:?}"
        );
    }
}

#[test]
fn a_write_without_a_body_in_its_answer_has_the_status_of_the_setting() {
    for (setting, status) in [("usual", 201), ("200", 200), ("204", 204)] {
        let simulator = open_empty(&[("no_body_status", setting)]);
        let admin = Asking::administrator(&simulator);
        let answer = admin.ask_with(Method::Post, LIST, "{}", &[("X-no-response-body", "true")]);
        assert_eq!((answer.status, answer.body.len()), (status, 0));
    }
}

#[test]
fn an_address_that_is_too_long_is_answered_with_a_page() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (length, status) in [(9_000, 200), (23_000, 414)] {
        let target = format!("{LIST}?sysparm_query=name={}", "x".repeat(length));
        let answer = admin.ask(Method::Get, &target, "");
        assert_eq!(answer.status, status);
        assert_eq!(answer.body.starts_with(b"<!DOCTYPE html>"), status == 414);
    }
}

#[test]
fn a_short_name_stands_for_a_long_query() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for name in ["a", "b", "c"] {
        admin.create("sys_alias", &json!({"name": name}).to_string());
    }
    let long = format!("sys_alias_list.do?sysparm_query=nameINa,b,{}", "x".repeat(20_000));
    let stored = admin.json(Method::Post, "/api/now/tinyurl", &json!({"url": long}).to_string());
    let short = stored["result"].as_str().unwrap();
    let tiny = short.strip_prefix("sys_alias_list.do?").unwrap();
    assert!(tiny.starts_with("sysparm_tiny=") && tiny.len() < 60);
    assert_eq!(admin.column(&format!("{LIST}?{tiny}&sysparm_fields=name"), "name").len(), 2);
    assert_eq!(admin.column(&format!("{LIST}?sysparm_tiny=unknown"), "name").len(), 3);
}

#[test]
fn debug_messages_stand_beside_the_result() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let wish = [("X-WantSessionDebugMessages", "true")];
    let answer = admin.ask_with(Method::Get, LIST, "", &wish);
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(body["result"], json!([]));
    assert!(body["session"]["debug_logs"].is_array());
    assert_eq!(admin.json(Method::Get, LIST, "").get("session"), None);
}

#[test]
fn the_access_control_of_the_apis_needs_a_role_where_it_is_active() {
    for (setting, role, status) in [
        ("inactive", "connection_admin", 200),
        ("active", "connection_admin", 403),
        ("active", "snc_platform_rest_api_access", 200),
    ] {
        let simulator = open_empty(&[("api_access_control", setting)]);
        let admin = Asking::administrator(&simulator);
        if simulator.rows("sys_user_role").iter().all(|it| it["name"] != role) {
            admin.create("sys_user_role", &json!({"name": role}).to_string());
        }
        let user = admin.user("robot", &[role]);
        let answer = user.ask(Method::Get, LIST, "");
        assert_eq!(answer.status, status, "{setting} {role}");
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(text.contains("Failed API level ACL Validation"), status == 403);
        assert_eq!(admin.status(Method::Get, LIST, ""), 200);
    }
}

#[test]
fn parameters_that_change_nothing_here_are_taken() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    admin.create("sys_alias", r#"{"name":"a"}"#);
    for parameters in ["sysparm_view=mobile", "sysparm_query_category=x", "sysparm_unheard_of=1"] {
        assert_eq!(admin.column(&format!("{LIST}?{parameters}"), "name"), ["a"], "{parameters}");
    }
    let both = format!("{LIST}?sysparm_view=mobile&sysparm_fields=name");
    assert_eq!(admin.json(Method::Get, &both, "")["result"], json!([{"name": "a"}]), "fields win");
}
