//! What the pages show, what they do not, and that nothing on them becomes markup.

use serde_json::json;

use super::*;
use crate::answer::tests::open_empty;
use crate::{Fault, FaultKind, Simulator};

const HOSTILE: &str = "<script>alert('&\"1\"')</script>";

fn get(simulator: &Simulator, target: &str) -> (u16, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request::new(Method::Get, path);
    request.query = crate::arrival::pairs(query);
    let response = simulator.answer(&request);
    assert!(response.headers.contains(&header("Content-Security-Policy", POLICY)), "{target}");
    (response.status, String::from_utf8(response.body).unwrap())
}

fn create(simulator: &Simulator, table: &str, row: &serde_json::Value) -> String {
    let mut request = Request::new(Method::Post, format!("/api/now/table/{table}"));
    request.headers = vec![simulator.authorization(), header("Content-Type", "application/json")];
    request.query = vec![("sysparm_input_display_value".to_owned(), "true".to_owned())];
    request.body = Some(row.to_string());
    let response = simulator.answer(&request);
    let body: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
    body["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

#[test]
fn the_first_page_shows_which_connection_is_active() {
    let simulator = open_empty(&[]);
    let alias =
        create(&simulator, "sys_alias", &json!({"name": "orders", "connection_type": "http_connection"}));
    for (name, active) in [("orders-blue", "true"), ("orders-green", "false")] {
        let url = format!("https://{name}.example");
        let row = json!({"name": name, "active": active, "connection_url": url, "connection_alias": alias});
        create(&simulator, "http_connection", &row);
    }
    create(&simulator, "sys_alias", &json!({"name": "billing", "connection_type": "http_connection"}));
    let (status, page) = get(&simulator, "/");
    assert_eq!(status, 200);
    let lines: Vec<&str> = page.split("<tr>").collect();
    for (one, other) in [
        ("orders-blue", "badge good\">active"),
        ("orders-green", "badge quiet\">inactive"),
        ("billing", "no active connection"),
    ] {
        assert!(lines.iter().any(|it| it.contains(one) && it.contains(other)), "{one}: {page}");
    }
}

#[test]
fn the_first_page_shows_troubles_and_changed_settings() {
    let simulator = open_empty(&[("one_active_rule", "refuse")]);
    assert!(get(&simulator, "/").1.contains("None is planned"));
    simulator.fault(Fault::nth(2, FaultKind::LostAfter).on_table("sys_alias"));
    let page = get(&simulator, "/").1;
    for part in
        ["lost_after", "table <code>sys_alias</code>", "number 2 from when it was planned", "one_active_rule"]
    {
        assert!(page.contains(part), "{part}: {page}");
    }
}

#[test]
fn nothing_from_a_row_or_a_request_becomes_markup() {
    let simulator = open_empty(&[("alias_name_characters", "any")]);
    let alias = create(&simulator, "sys_alias", &json!({"name": HOSTILE, "description": HOSTILE}));
    create(
        &simulator,
        "http_connection",
        &json!({"name": HOSTILE, "connection_url": HOSTILE, "connection_alias": alias}),
    );
    simulator.fault(Fault::next(FaultKind::LostAfter).on_path(HOSTILE).of_user(HOSTILE));
    simulator.answer(&Request::new(Method::Get, format!("/api/now/table/{HOSTILE}")));
    let record = format!("/_sim/page/record/sys_alias/{alias}");
    for target in [
        "/",
        "/_sim/page/journal",
        "/_sim/page/table/sys_alias",
        "/_sim/page/table/http_connection",
        record.as_str(),
    ] {
        let (status, page) = get(&simulator, target);
        assert_eq!(status, 200, "{target}");
        assert!(page.contains("&lt;script&gt;alert(&#39;&amp;"), "{target}: {page}");
        assert!(!page.contains("<script>"), "{target}: {page}");
    }
}

#[test]
fn no_page_shows_a_secret() {
    let simulator = open_empty(&[]);
    let row = json!({"name": "orders", "user_name": "me", "password": "hunter2-secret"});
    let sys_id = create(&simulator, "basic_auth_credentials", &row);
    let cipher = simulator.rows("basic_auth_credentials")[0]["password"].clone();
    assert!(simulator.stored_secret("basic_auth_credentials", &sys_id, "password").is_some());
    for target in [
        "/",
        "/_sim/page/table/basic_auth_credentials",
        "/_sim/page/table/sys_user",
        &format!("/_sim/page/record/basic_auth_credentials/{sys_id}"),
    ] {
        let page = get(&simulator, target).1;
        assert!(!page.contains("hunter2-secret") && !page.contains(&cipher), "{target}: {page}");
    }
    assert!(
        get(&simulator, &format!("/_sim/page/record/discovery_credentials/{sys_id}")).1.contains("(hidden)")
    );
}

#[test]
fn a_long_table_comes_in_pages() {
    let simulator = open_empty(&[]);
    for n in 0..60 {
        create(
            &simulator,
            "http_connection",
            &json!({"name": format!("connection-{n:02}"), "active": "false"}),
        );
    }
    let first = get(&simulator, "/_sim/page/table/http_connection").1;
    assert!(first.contains("1 to 50 of 60") && first.contains("offset=50\">Later"), "{first}");
    let second = get(&simulator, "/_sim/page/table/http_connection?offset=50").1;
    assert!(second.contains("51 to 60 of 60") && second.contains("offset=0\">Earlier"), "{second}");
    assert!(second.contains("connection-59") && !second.contains("connection-49"));
}

#[test]
fn what_is_not_there_is_not_found_and_nothing_can_be_changed() {
    let simulator = open_empty(&[]);
    for target in
        ["/_sim/page/table/sys_nothing", "/_sim/page/record/sys_alias/0", "/_sim/page/", "/_sim/page/a/b/c/d"]
    {
        assert_eq!(get(&simulator, target).0, if target == "/_sim/page/" { 200 } else { 404 }, "{target}");
    }
    assert_eq!(simulator.answer(&Request::new(Method::Post, "/")).status, 405);
    for (target, part) in [("/_sim/page/style.css", "color-scheme"), ("/_sim/page/live.js", "use strict")] {
        assert!(get(&simulator, target).1.contains(part));
    }
    let tables = get(&simulator, "/_sim/page/tables").1;
    assert!(tables.contains("/_sim/page/table/http%5Fconnection\">http_connection"), "{tables}");
}
