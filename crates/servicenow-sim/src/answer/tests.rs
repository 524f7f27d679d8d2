//! The Table API, one behaviour after the other.

mod attachment;
mod batch;
mod content;
mod json_v2;
mod stats;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::*;
use crate::{Clock, Fixture, Options, Simulator};

/// 2026-01-02 03:04:05.
pub const NOW_MS: u64 = 1_767_323_045_000;

/// A new instance without demo rows.
pub fn open_empty(settings: &[(&str, &str)]) -> Simulator {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let now = Clock::manual(NOW_MS);
    Simulator::open(Options { fixture: Fixture::Empty, settings, now, ..Options::default() }).unwrap()
}

/// A user who asks an instance.
pub struct Asking<'a> {
    pub simulator: &'a Simulator,
    pub user_name: String,
    pub password: String,
}

impl<'a> Asking<'a> {
    pub fn administrator(simulator: &'a Simulator) -> Asking<'a> {
        Asking { simulator, user_name: simulator.username(), password: simulator.password() }
    }

    /// Creates a user with roles and asks as that user.
    pub fn user(&self, user_name: &str, roles: &[&str]) -> Asking<'a> {
        let path = "/api/now/table/sys_user?sysparm_input_display_value=true";
        let body = json!({"user_name": user_name, "user_password": "user-secret"}).to_string();
        let created = self.json(Method::Post, path, &body);
        for role in roles.iter().filter(|it| !it.is_empty()) {
            let path = "/api/now/table/sys_user_has_role?sysparm_input_display_value=true";
            let body = json!({"user": created["result"]["sys_id"], "role": role}).to_string();
            assert_eq!(self.status(Method::Post, path, &body), 201);
        }
        Asking { simulator: self.simulator, user_name: user_name.into(), password: "user-secret".into() }
    }

    pub fn ask(&self, method: Method, target: &str, body: &str) -> Response {
        self.ask_with(method, target, body, &[])
    }

    pub fn ask_with(&self, method: Method, target: &str, body: &str, headers: &[(&str, &str)]) -> Response {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter_map(|it| it.split_once('='));
        let proof = STANDARD.encode(format!("{}:{}", self.user_name, self.password));
        let mut request = Request::new(method, path);
        request.query = pairs.map(|(name, value)| header(name, value)).collect();
        request.headers = headers.iter().map(|(name, value)| header(name, value)).collect();
        request.headers.push(header("Authorization", &format!("Basic {proof}")));
        request.body = (!body.is_empty()).then(|| body.to_owned());
        self.simulator.answer(&request)
    }

    pub fn status(&self, method: Method, target: &str, body: &str) -> u16 {
        self.ask(method, target, body).status
    }

    pub fn json(&self, method: Method, target: &str, body: &str) -> Value {
        serde_json::from_slice(&self.ask(method, target, body).body).unwrap()
    }

    pub fn detail(&self, method: Method, target: &str, body: &str) -> String {
        let answer = self.json(method, target, body);
        answer["error"]["detail"].as_str().unwrap_or_default().to_owned()
    }

    /// Creates a record and gives its id.
    pub fn create(&self, table: &str, body: &str) -> String {
        let answer = self.json(Method::Post, &format!("/api/now/table/{table}"), body);
        answer["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// A column of each row of a list.
    pub fn column(&self, target: &str, column: &str) -> Vec<String> {
        let answer = self.json(Method::Get, target, "");
        let rows = answer["result"].as_array().unwrap_or_else(|| panic!("{answer}"));
        rows.iter().map(|it| it[column].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn a_record_is_created_read_changed_and_deleted() {
    for api in ["/api/now/table", "/api/now/v1/table", "/api/now/v2/table"] {
        let simulator = open_empty(&[]);
        let admin = Asking::administrator(&simulator);
        let created = admin.ask(Method::Post, &format!("{api}/sys_alias"), r#"{"name":"orders"}"#);
        assert_eq!(created.status, 201);
        assert_eq!(created.header("Content-Type"), Some("application/json;charset=UTF-8"));
        let body: Value = serde_json::from_slice(&created.body).unwrap();
        let sys_id = body["result"]["sys_id"].as_str().unwrap();
        let one = format!("{api}/sys_alias/{sys_id}");
        assert_eq!(created.header("Location"), Some(format!("https://instance.example{one}").as_str()));
        assert_eq!(admin.json(Method::Get, &one, ""), body);
        for (method, name) in [(Method::Patch, "orders2"), (Method::Put, "orders3")] {
            let changed = admin.json(method, &one, &json!({"name": name}).to_string());
            assert_eq!(changed["result"]["name"], name);
            assert_eq!(changed["result"]["connection_type"], "http_connection", "nothing else changes");
        }
        let deleted = admin.ask(Method::Delete, &one, "");
        assert_eq!((deleted.status, deleted.body.len()), (204, 0));
        for method in [Method::Get, Method::Put, Method::Patch, Method::Delete] {
            assert_eq!(admin.status(method, &one, "{}"), 404, "{method}");
        }
    }
}

#[test]
fn a_created_record_has_defaults_and_computed_columns() {
    let simulator = open_empty(&[]);
    let sys_id = "aaaabbbbccccddddeeeeffff00001111";
    let body = json!({"sys_id": sys_id, "name": "Order intake", "bunk_field": "x"}).to_string();
    let answer = Asking::administrator(&simulator).json(Method::Post, "/api/now/table/sys_alias", &body);
    for (column, value) in [
        ("sys_id", sys_id),
        ("name", "Order intake"),
        ("id", "Order_intake"),
        ("type", "connection"),
        ("connection_type", "http_connection"),
        ("multiple_connections", "false"),
        ("description", ""),
        ("parent", ""),
        ("sys_class_name", "sys_alias"),
        ("sys_name", "Order intake"),
        ("sys_update_name", "sys_alias_aaaabbbbccccddddeeeeffff00001111"),
        ("sys_mod_count", "0"),
        ("sys_created_by", "admin"),
        ("sys_updated_on", "2026-01-02 03:04:05"),
        ("sys_tags", ""),
    ] {
        assert_eq!(answer["result"][column], value, "{column}");
    }
    assert!(answer["result"].get("bunk_field").is_none());
    let scope = json!({"link": "https://instance.example/api/now/table/sys_scope/global", "value": "global"});
    assert_eq!(answer["result"]["sys_scope"], scope);
}

#[test]
fn an_id_of_the_caller_is_kept_in_its_spelling_and_found_in_any() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let upper = "AAAABBBBCCCCDDDDEEEEFFFF00001111";
    assert_eq!(admin.create("sys_alias", &json!({"sys_id": upper}).to_string()), upper);
    assert_eq!(
        admin.status(Method::Get, &format!("/api/now/table/sys_alias/{}", upper.to_lowercase()), ""),
        200
    );
    let twice = json!({"sys_id": upper.to_lowercase()}).to_string();
    let detail = admin.detail(Method::Post, "/api/now/table/sys_alias", &twice);
    assert!(detail.starts_with("Unique Key violation detected by database"), "{detail}");
    assert_eq!(admin.status(Method::Post, "/api/now/table/sys_alias", &twice), 403);
    assert_ne!(admin.create("sys_alias", r#"{"sys_id":"mine"}"#), "mine", "what is no id is replaced");
}

#[test]
fn a_written_value_is_kept_as_its_column_keeps_it() {
    let long = "x".repeat(300);
    for (table, column, written, kept) in [
        ("sys_alias", "name", json!("orders"), "orders"),
        ("sys_alias", "name", json!(long), &long[..255]),
        ("sys_alias", "multiple_connections", json!(true), "true"),
        ("sys_alias", "multiple_connections", json!("1"), "true"),
        ("sys_alias", "multiple_connections", json!("maybe"), "false"),
        ("sys_alias", "type", json!("credential"), "credential"),
        ("sys_alias", "type", json!("Credential"), "connection"),
        ("sys_alias", "type", json!("nonsense"), "connection"),
        ("sys_alias", "description", json!(null), ""),
        ("sys_alias", "description", json!({"a": 1}), ""),
        ("sys_alias", "id", json!("mine"), ""),
        ("http_connection", "order", json!(5), "5"),
        ("http_connection", "order", json!("first"), ""),
        ("http_connection", "extended_attributes", json!("a=1"), ""),
        ("basic_auth_credentials", "type", json!("ssh"), "basic_auth"),
        ("basic_auth_credentials", "order", json!(null), ""),
    ] {
        let simulator = open_empty(&[]);
        let admin = Asking::administrator(&simulator);
        let body = json!({column: written}).to_string();
        let answer = admin.json(Method::Post, &format!("/api/now/table/{table}"), &body);
        assert_eq!(answer["result"][column], kept, "{table}.{column} = {written}");
    }
}

#[test]
fn a_change_that_changes_nothing_is_not_counted() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let one = format!("/api/now/table/sys_alias/{sys_id}");
    for (body, count) in [
        ("{}", "0"),
        ("", "0"),
        (r#"{"name":"orders","multiple_connections":false}"#, "0"),
        (r#"{"bunk_field":"x","sys_mod_count":"9"}"#, "0"),
        (r#"{"description":"new"}"#, "1"),
        (r#"{"description":"new"}"#, "1"),
        (r#"{"description":""}"#, "2"),
    ] {
        assert_eq!(admin.json(Method::Patch, &one, body)["result"]["sys_mod_count"], count, "{body}");
    }
}

#[test]
fn a_change_is_the_callers() {
    let now = Clock::manual(NOW_MS);
    let options = Options { fixture: Fixture::Empty, now: now.clone(), ..Options::default() };
    let simulator = Simulator::open(options).unwrap();
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("http_connection", r#"{"name":"blue"}"#);
    let robot = admin.user("robot", &["connection_admin"]);
    now.advance_ms(61_000);
    let one = format!("/api/now/table/http_connection/{sys_id}");
    let result = robot.json(Method::Patch, &one, r#"{"connection_url":"https://a"}"#)["result"].clone();
    assert_eq!(result["sys_updated_by"], "robot");
    assert_eq!(result["sys_updated_on"], "2026-01-02 03:05:06");
    assert_eq!(result["sys_created_by"], "admin");
    assert_eq!(result["sys_created_on"], "2026-01-02 03:04:05");
}

#[test]
fn values_have_the_shape_that_was_asked_for() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let body = json!({"name": "blue", "connection_alias": alias}).to_string();
    let one = format!("/api/now/table/http_connection/{}", admin.create("http_connection", &body));
    let link = format!("https://instance.example/api/now/table/sys_alias/{alias}");
    for (parameters, column, expected) in [
        ("", "active", json!("true")),
        ("", "connection_alias", json!({"link": link, "value": alias})),
        ("", "credential", json!("")),
        ("sysparm_exclude_reference_link=true", "connection_alias", json!(alias)),
        ("sysparm_display_value=true", "connection_alias", json!({"display_value": "orders", "link": link})),
        (
            "sysparm_display_value=true&sysparm_exclude_reference_link=true",
            "connection_alias",
            json!("orders"),
        ),
        (
            "sysparm_display_value=all",
            "connection_alias",
            json!({"display_value": "orders", "link": link, "value": alias}),
        ),
        (
            "sysparm_display_value=all&sysparm_exclude_reference_link=true",
            "connection_alias",
            json!({"display_value": "orders", "value": alias}),
        ),
        ("sysparm_display_value=all", "credential", json!({"display_value": "", "value": ""})),
        ("sysparm_display_value=all", "active", json!({"display_value": "true", "value": "true"})),
        (
            "sysparm_display_value=all",
            "mid_selection",
            json!({"display_value": "Auto-Select MID Server", "value": "auto_select"}),
        ),
        ("sysparm_display_value=true", "sys_class_name", json!("HTTP(s) Connection")),
        (
            "sysparm_display_value=true",
            "sys_domain",
            json!({"display_value": "global", "link": "https://instance.example/api/now/table/sys_user_group/global"}),
        ),
    ] {
        let answer = admin.json(Method::Get, &format!("{one}?{parameters}"), "");
        assert_eq!(answer["result"][column], expected, "{parameters} {column}");
    }
}

#[test]
fn fields_choose_the_keys_and_follow_references() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let body = json!({"name": "blue", "connection_alias": alias}).to_string();
    let one = format!("/api/now/table/http_connection/{}", admin.create("http_connection", &body));
    for (fields, expected) in [
        ("name", json!({"name": "blue"})),
        ("name,bogus, active", json!({"name": "blue", "active": "true"})),
        ("connection_alias.name", json!({"connection_alias.name": "orders"})),
        ("connection_alias.sys_scope.name", json!({"connection_alias.sys_scope.name": "Global"})),
        ("credential.name", json!({"credential.name": ""})),
        ("credential.bogus,name.name", json!({})),
    ] {
        let answer = admin.json(Method::Get, &format!("{one}?sysparm_fields={fields}"), "");
        assert_eq!(answer["result"], expected, "{fields}");
    }
}

#[test]
fn a_row_is_seen_and_changed_through_its_base_table_with_base_columns_only() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("http_connection", r#"{"name":"blue","host":"a.example"}"#);
    let base = format!("/api/now/table/sys_connection/{sys_id}");
    let result = admin.json(Method::Get, &base, "")["result"].clone();
    assert_eq!(result["sys_class_name"], "http_connection");
    assert!(result.get("host").is_none());
    let changed =
        admin.json(Method::Patch, &base, r#"{"name":"green","host":"b.example"}"#)["result"].clone();
    assert_eq!(changed["name"], "green");
    assert_eq!(
        simulator.rows("http_connection")[0]["host"],
        "a.example",
        "out of reach through the base table"
    );
    assert_eq!(
        admin.column("/api/now/table/sys_connection?sysparm_query=name=green", "sys_id"),
        [sys_id.as_str()]
    );
    let basic = admin.create("sys_connection", r#"{"name":"basic"}"#);
    assert_eq!(admin.status(Method::Get, &format!("/api/now/table/http_connection/{basic}"), ""), 404);
    assert_eq!(admin.status(Method::Delete, &base, ""), 204);
    assert!(simulator.rows("http_connection").is_empty());
}

#[test]
fn a_list_comes_in_pages_with_links() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for n in 1..=5 {
        admin.create("sys_alias", &json!({"name": format!("alias{n}")}).to_string());
    }
    let list = "/api/now/table/sys_alias?sysparm_query=ORDERBYname";
    for (page, names, relations) in [
        ("&sysparm_limit=2", vec!["alias1", "alias2"], vec!["first", "next", "last"]),
        (
            "&sysparm_limit=2&sysparm_offset=2",
            vec!["alias3", "alias4"],
            vec!["first", "prev", "next", "last"],
        ),
        ("&sysparm_limit=2&sysparm_offset=4", vec!["alias5"], vec!["first", "prev", "last"]),
        ("&sysparm_limit=2&sysparm_offset=9", vec![], vec!["first", "prev", "last"]),
    ] {
        let target = format!("{list}{page}");
        assert_eq!(admin.column(&target, "name"), names, "{page}");
        let answer = admin.ask(Method::Get, &target, "");
        assert_eq!(answer.header("X-Total-Count"), Some("5"), "{page}");
        let links = answer.header("Link").unwrap();
        let found: Vec<&str> =
            links.split("rel=\"").skip(1).map(|it| it.split('"').next().unwrap()).collect();
        assert_eq!(found, relations, "{page}");
        assert!(links.starts_with("<https://instance.example/api/now/table/sys_alias?sysparm_query="));
    }
    let quiet = admin.ask(
        Method::Get,
        "/api/now/table/sys_alias?sysparm_limit=2&sysparm_no_count=true&sysparm_suppress_pagination_header=true",
        "",
    );
    assert_eq!((quiet.header("Link"), quiet.header("X-Total-Count")), (None, Some("2")));
}

#[test]
fn an_empty_list_is_empty_or_in_the_first_version_not_found() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    assert_eq!(admin.json(Method::Get, "/api/now/table/sys_alias", ""), json!({"result": []}));
    assert_eq!(admin.json(Method::Get, "/api/now/v2/table/sys_alias", ""), json!({"result": []}));
    let detail = "Records matching query not found. Check query parameter or offset parameter";
    let expected = json!({"error": {"message": "No Record found", "detail": detail}, "status": "failure"});
    assert_eq!(admin.json(Method::Get, "/api/now/v1/table/sys_alias", ""), expected);
}

#[test]
fn what_cannot_be_served_is_refused_in_the_platforms_words() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let missing = "/api/now/table/sys_alias/aaaabbbbccccddddeeeeffff00001111";
    let hidden = "Record doesn't exist or ACL restricts the record retrieval";
    for (method, target, body, status, message, detail) in [
        (Method::Get, "/api/now/table/bogus", "", 400, "Invalid table bogus", Value::Null),
        (Method::Get, "/api/now/table/Bad%20Name", "", 400, "Invalid table Bad Name", Value::Null),
        (Method::Get, "/api/now/x", "", 400, "Requested URI does not represent any resource", Value::Null),
        (Method::Get, "/nothing", "", 400, "Requested URI does not represent any resource", Value::Null),
        (Method::Get, missing, "", 404, "No Record found", json!(hidden)),
        (Method::Delete, "/api/now/table/sys_alias", "", 405, "Method not supported", Value::Null),
        (Method::Post, missing, "{}", 405, "Method not supported", Value::Null),
    ] {
        let answer = admin.ask(method, target, body);
        assert_eq!(answer.status, status, "{target}");
        let expected = json!({"error": {"message": message, "detail": detail}, "status": "failure"});
        assert_eq!(serde_json::from_slice::<Value>(&answer.body).unwrap(), expected, "{target}");
    }
    let answer = admin.ask(Method::Post, "/api/now/table/sys_alias", "{broken");
    assert_eq!(answer.status, 400);
    assert!(String::from_utf8(answer.body).unwrap().contains("Exception while reading request"));
    let large = json!({"description": "x".repeat(10 * 1024 * 1024)}).to_string();
    let detail = admin.detail(Method::Post, "/api/now/table/sys_alias", &large);
    assert!(detail.ends_with("Max allowed: 10485760 bytes."), "{detail}");
}

#[test]
fn headers_choose_content_verb_and_whether_a_body_comes() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (name, value, status) in [
        ("Content-Type", "application/json", 201),
        ("Content-Type", "text/csv", 415),
        ("Accept", "*/*", 201),
        ("Accept", "text/html", 406),
        ("X-HTTP-Method-Override", "GET", 200),
    ] {
        let answer = admin.ask_with(Method::Post, "/api/now/table/sys_alias", "{}", &[(name, value)]);
        assert_eq!(answer.status, status, "{name}: {value}");
    }
    let quiet = &[("X-no-response-body", "true")];
    let answer = admin.ask_with(Method::Post, "/api/now/table/sys_alias", "{}", quiet);
    assert_eq!((answer.status, answer.body.len()), (201, 0));
    let head = admin.ask(Method::Head, "/api/now/table/sys_alias", "");
    assert_eq!((head.status, head.body.len(), head.header("X-Total-Count")), (200, 0, Some("3")));
    assert!(head.header("Set-Cookie").is_some_and(|it| it.starts_with("JSESSIONID=")));
}

#[test]
fn display_values_are_understood_on_input_only_when_asked_for() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let body = r#"{"connection_alias":"orders","mid_selection":"Specific MID Server"}"#;
    for (display, alias, selection) in
        [("true", alias.as_str(), "specific_mid_server"), ("false", "orders", "auto_select")]
    {
        let target = format!(
            "/api/now/table/sys_connection?sysparm_exclude_reference_link=true&sysparm_input_display_value={display}"
        );
        let result = admin.json(Method::Post, &target, body)["result"].clone();
        assert_eq!(
            (&result["connection_alias"], &result["mid_selection"]),
            (&json!(alias), &json!(selection))
        );
    }
}

#[test]
fn references_to_a_deleted_record_are_cleared_or_kept_as_the_setting_says() {
    for (setting, kept) in [("clear", false), ("keep", true)] {
        let simulator = open_empty(&[("delete_of_referenced", setting)]);
        let admin = Asking::administrator(&simulator);
        let credential = admin.create("basic_auth_credentials", r#"{"name":"orders"}"#);
        admin.create("http_connection", &json!({"name": "blue", "credential": credential}).to_string());
        let one = format!("/api/now/table/basic_auth_credentials/{credential}");
        assert_eq!(admin.status(Method::Delete, &one, ""), 204);
        let expected = if kept { credential.as_str() } else { "" };
        assert_eq!(simulator.rows("http_connection")[0]["credential"], expected);
        let answer = admin.json(Method::Get, "/api/now/table/http_connection?sysparm_display_value=true", "");
        let display = &answer["result"][0]["credential"];
        assert_eq!(display.get("display_value").unwrap_or(display), "", "nothing is there to be shown");
    }
}

#[test]
fn tables_describe_themselves_and_cannot_be_written() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let query = "/api/now/table/sys_dictionary?sysparm_query=name=sys_alias^element=parent";
    let result = admin.json(Method::Get, query, "")["result"][0].clone();
    assert_eq!(result["internal_type"]["value"], "reference");
    assert_eq!(result["reference"]["value"], "sys_alias");
    let tables =
        "/api/now/table/sys_db_object?sysparm_query=super_class.name=sys_connection^nameSTARTSWITHhttp";
    assert_eq!(admin.column(tables, "name"), ["http_connection"]);
    let choices = "/api/now/table/sys_choice?sysparm_query=name=sys_alias^element=type^ORDERBYsequence";
    assert_eq!(admin.column(choices, "value"), ["connection", "credential"]);
}
