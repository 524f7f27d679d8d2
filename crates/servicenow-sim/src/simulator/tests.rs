//! The instance as a whole: opening, signing in, faults, secrets, restarts.

use servicenow_core::Method;

use super::*;
use crate::answer::tests::{Asking, open_empty};

#[test]
fn a_user_signs_in_only_when_active_unlocked_and_with_a_hashed_password() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (extra, meaning, status) in [
        ("", "?sysparm_input_display_value=true", 200),
        (r#","active":"false""#, "?sysparm_input_display_value=true", 401),
        (r#","locked_out":"true""#, "?sysparm_input_display_value=true", 401),
        (r#","password_needs_reset":"true""#, "?sysparm_input_display_value=true", 401),
        ("", "", 401),
    ] {
        let body = format!(r#"{{"user_name":"robot","user_password":"robot-secret"{extra}}}"#);
        let created = admin.json(Method::Post, &format!("/api/now/table/sys_user{meaning}"), &body);
        let robot =
            Asking { simulator: &simulator, user_name: "robot".into(), password: "robot-secret".into() };
        assert_eq!(robot.status(Method::Get, "/api/now/table/sys_user", ""), status, "{extra} {meaning}");
        let sys_id = created.pointer("/result/sys_id").unwrap().as_str().unwrap();
        assert_eq!(admin.status(Method::Delete, &format!("/api/now/table/sys_user/{sys_id}"), ""), 204);
    }
}

#[test]
fn a_wrong_or_missing_password_is_answered_in_the_platforms_words() {
    let simulator = open_empty(&[]);
    let wrong = Asking { simulator: &simulator, user_name: "admin".into(), password: "wrong".into() };
    let answer = wrong.ask(Method::Get, "/api/now/table/sys_alias", "");
    assert_eq!(answer.status, 401);
    let expected = r#"{"error":{"detail":"Required to provide Auth information","message":"User Not Authenticated"},"status":"failure"}"#;
    assert_eq!(String::from_utf8(answer.body).unwrap(), expected);
    let nobody = simulator.answer(&Request::new(Method::Get, "/api/now/table/sys_alias"));
    assert_eq!(nobody.status, 401);
}

#[test]
fn a_role_opens_its_tables_and_no_others() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let connection = admin.create("http_connection", r#"{"name":"blue"}"#);
    for (role, alias_seen, alias_written, connection_seen, connection_written) in [
        ("", 404, 403, 404, 403),
        ("connection_admin", 200, 403, 200, 201),
        ("credential_admin", 200, 403, 404, 403),
        ("admin", 200, 201, 200, 201),
    ] {
        let user_name = format!("user_{role}");
        let user = admin.user(&user_name, &[role]);
        let read = |table: &str, sys_id: &str| {
            user.status(Method::Get, &format!("/api/now/table/{table}/{sys_id}"), "")
        };
        let write = |table: &str| {
            let body = format!(r#"{{"name":"new_{role}"}}"#);
            user.status(Method::Post, &format!("/api/now/table/{table}"), &body)
        };
        assert_eq!(read("sys_alias", &alias), alias_seen, "{role}");
        assert_eq!(write("sys_alias"), alias_written, "{role}");
        assert_eq!(read("http_connection", &connection), connection_seen, "{role}");
        assert_eq!(write("http_connection"), connection_written, "{role}");
    }
}

#[test]
fn hidden_rows_are_absent_from_a_list_but_counted() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    admin.create("http_connection", r#"{"name":"blue"}"#);
    let user = admin.user("nobody", &[]);
    let answer = user.ask(Method::Get, "/api/now/table/http_connection", "");
    assert_eq!((answer.status, answer.header("X-Total-Count")), (200, Some("1")));
    assert_eq!(answer.body, br#"{"result":[]}"#);
}

#[test]
fn a_refused_write_names_the_operation() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    let reader = admin.user("reader", &["connection_admin"]);
    let one = format!("/api/now/table/sys_alias/{alias}");
    for (method, path, operation) in [
        (Method::Post, "/api/now/table/sys_alias", "Insert"),
        (Method::Patch, one.as_str(), "Update"),
        (Method::Delete, one.as_str(), "Delete"),
    ] {
        let detail = format!("ACL Exception {operation} Failed due to security constraints");
        assert_eq!(reader.detail(method, path, r#"{"name":"x"}"#), detail);
    }
}

#[test]
fn a_lost_answer_has_status_0_and_its_work_is_done() {
    for (kind, rows) in [(FaultKind::LostAfter, 1), (FaultKind::LostBefore, 0)] {
        let simulator = open_empty(&[]);
        simulator.fault(Fault::next(kind).on_method("POST"));
        let admin = Asking::administrator(&simulator);
        let answer = admin.ask(Method::Post, "/api/now/table/sys_alias", r#"{"name":"orders"}"#);
        assert_eq!((answer.status, answer.body.len()), (0, 0));
        assert_eq!(simulator.rows("sys_alias").len(), rows);
        assert_eq!(simulator.journal().pointer("/0/status").unwrap(), 0);
    }
}

#[test]
fn each_fault_shows_as_the_platform_shows_it() {
    let limited = FaultKind::Status { status: 429, retry_after_s: Some(7) };
    let body = r#"{"error":{"message":"no","detail":null},"status":"failure"}"#.to_owned();
    for (kind, status, text, rows) in [
        (FaultKind::Status { status: 202, retry_after_s: None }, 202, "", 0),
        (FaultKind::Status { status: 429, retry_after_s: None }, 429, "", 0),
        (limited, 429, "Rate limit exceeded", 0),
        (FaultKind::Status { status: 503, retry_after_s: None }, 503, "<html>", 0),
        (FaultKind::Html { status: 200 }, 200, "<html>", 0),
        (FaultKind::RefusedBefore { status: 403, body }, 403, "\"message\":\"no\"", 0),
        (FaultKind::ErrorInBody, 200, "Transaction cancelled", 1),
        (FaultKind::TruncatedBody, 201, "{\"result\":{", 1),
        (FaultKind::Delay { ms: 1, jitter_ms: 0 }, 201, "orders", 1),
    ] {
        let simulator = open_empty(&[]);
        simulator.fault(Fault::next(kind.clone()));
        let answer = Asking::administrator(&simulator).ask(
            Method::Post,
            "/api/now/table/sys_alias",
            r#"{"name":"orders"}"#,
        );
        assert_eq!(answer.status, status, "{kind:?}");
        let shown = String::from_utf8(answer.body.clone()).unwrap();
        assert!(shown.contains(text) && (!text.is_empty() || shown.is_empty()), "{kind:?}: {shown}");
        assert_eq!(simulator.rows("sys_alias").len(), rows, "{kind:?}");
        let parsed = serde_json::from_str::<Value>(&shown).is_ok();
        assert_eq!(parsed, !matches!(kind, FaultKind::TruncatedBody) && shown.starts_with('{'), "{kind:?}");
        if let FaultKind::Status { retry_after_s: Some(_), .. } = kind {
            assert_eq!(answer.header("Retry-After"), Some("7"));
            assert!(answer.header("X-RateLimit-Reset").is_some());
        }
    }
}

#[test]
fn an_instance_that_is_not_up_answers_a_page() {
    for (state, status, title) in [
        ("hibernating", 200, "<title>Instance Hibernating page</title>"),
        ("maintenance", 503, "maintenance"),
        ("login_page", 200, "Log in"),
    ] {
        let simulator = open_empty(&[("state", state)]);
        let answer = Asking::administrator(&simulator).ask(Method::Get, "/api/now/table/sys_alias", "");
        assert_eq!(answer.status, status, "{state}");
        assert_eq!(answer.header("Content-Type"), Some("text/html;charset=UTF-8"));
        assert!(String::from_utf8(answer.body).unwrap().contains(title), "{state}");
    }
}

#[test]
fn the_journal_tells_who_asked_for_what_and_no_secret() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let body = r#"{"name":"orders","password":"planted-secret"}"#;
    let path = "/api/now/table/basic_auth_credentials?sysparm_input_display_value=true";
    admin.ask(Method::Post, path, body);
    admin.ask(Method::Get, "/api/now/table/basic_auth_credentials?password=planted-secret", "");
    simulator.answer(&Request::new(Method::Get, "/_sim/journal"));
    let journal = simulator.journal();
    let entries = journal.as_array().unwrap();
    assert_eq!(entries.len(), 2, "calls to the simulator itself are not in it");
    assert_eq!(entries[0]["n"], 1);
    assert_eq!(entries[0]["user"], "admin");
    assert_eq!(entries[0]["method"], "POST");
    assert_eq!(entries[0]["path"], path);
    assert_eq!(entries[0]["status"], 201);
    assert!(!journal.to_string().contains("planted-secret"), "{journal}");
    assert!(!journal.to_string().contains(&simulator.password()));
    simulator.clear_journal();
    assert_eq!(simulator.journal(), serde_json::json!([]));
}

#[test]
fn a_two_way_password_is_stored_as_the_setting_says() {
    for (setting, display, usable, read) in [
        ("always", false, Some("s3cret"), "cipher"),
        ("always", true, Some("s3cret"), "cipher"),
        ("display_value_only", false, None, ""),
        ("display_value_only", true, Some("s3cret"), "cipher"),
        ("raw_unless_display_value", false, None, "s3cret"),
        ("raw_unless_display_value", true, Some("s3cret"), "cipher"),
    ] {
        let simulator = open_empty(&[("password2_write", setting)]);
        let admin = Asking::administrator(&simulator);
        let path = format!("/api/now/table/basic_auth_credentials?sysparm_input_display_value={display}");
        let created = admin.json(Method::Post, &path, r#"{"name":"orders","password":"s3cret"}"#);
        let sys_id = created["result"]["sys_id"].as_str().unwrap();
        for table in ["basic_auth_credentials", "discovery_credentials"] {
            let stored = simulator.stored_secret(table, sys_id, "password");
            assert_eq!(stored.as_deref(), usable, "{setting} {display}");
        }
        let shown = created["result"]["password"].as_str().unwrap();
        match read {
            "cipher" => assert!(shown.len() > 40 && !shown.contains("s3cret"), "{shown}"),
            _ => assert_eq!(shown, read),
        }
    }
}

#[test]
fn a_two_way_password_reads_as_the_setting_says_and_changes_with_each_write() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.create("basic_auth_credentials", r#"{"name":"orders"}"#);
    let path = format!("/api/now/table/basic_auth_credentials/{sys_id}?sysparm_input_display_value=true");
    let write = || {
        let answer = admin.json(Method::Patch, &path, r#"{"password":"s3cret"}"#);
        (answer["result"]["password"].clone(), answer["result"]["sys_mod_count"].clone())
    };
    let (first, second) = (write(), write());
    assert_ne!(first.0, second.0);
    assert_eq!((first.1, second.1), ("1".into(), "2".into()));
    for (setting, shown) in [("empty", ""), ("mask", "********")] {
        simulator.set("password2_read", setting).unwrap();
        assert_eq!(admin.json(Method::Get, &path, "")["result"]["password"], shown);
    }
    let (table, column) = ("basic_auth_credentials", "password");
    assert_eq!(simulator.stored_secret(table, &sys_id, column).as_deref(), Some("s3cret"));
    admin.json(Method::Patch, &path, r#"{"password":""}"#);
    assert_eq!(simulator.stored_secret(table, &sys_id, column), None, "an empty text clears it");
}

#[test]
fn rows_secrets_and_the_password_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let options = Options {
        data: Some(directory.path().join("instance.db")),
        fixture: Fixture::Empty,
        settings: vec![("password2_write".into(), "always".into())],
        ..Options::default()
    };
    let first = Simulator::open(options.clone()).unwrap();
    let body = r#"{"name":"orders","password":"s3cret"}"#;
    let sys_id = Asking::administrator(&first).create("basic_auth_credentials", body);
    let (rows, password) = (first.rows("discovery_credentials"), first.password());
    drop(first);
    let second = Simulator::open(options.clone()).unwrap();
    assert_eq!((second.rows("discovery_credentials"), second.password()), (rows, password));
    let stored = second.stored_secret("basic_auth_credentials", &sys_id, "password");
    assert_eq!(stored.as_deref(), Some("s3cret"));
    drop(second);
    let chosen = Simulator::open(Options { password: Some("chosen".into()), ..options }).unwrap();
    assert_eq!(chosen.password(), "chosen");
    assert_eq!(Asking::administrator(&chosen).status(Method::Get, "/api/now/table/sys_alias", ""), 200);
}

#[test]
fn the_demo_company_keeps_the_rules_that_it_is_governed_by() {
    let simulator = Simulator::open(Options::default()).unwrap();
    let rows = simulator.rows("sys_connection");
    assert_eq!(rows.len(), 8);
    let aliases = simulator.rows("sys_alias");
    for alias in aliases.iter().filter(|it| it["multiple_connections"] == "false") {
        let active =
            rows.iter().filter(|it| it["connection_alias"] == alias["sys_id"] && it["active"] == "true");
        assert!(active.count() <= 1, "{}", alias["name"]);
    }
    let orders = aliases.iter().find(|it| it["name"] == "Orders").unwrap();
    assert_eq!(orders["id"], "x_acme_orders.Orders");
    let user = Asking {
        simulator: &simulator,
        user_name: "integration".into(),
        password: "integration-password".into(),
    };
    assert_eq!(user.status(Method::Get, "/api/now/table/http_connection", ""), 200);
    for row in simulator.rows("discovery_credentials") {
        let secret = simulator.stored_secret("discovery_credentials", &row["sys_id"], "password");
        assert!(secret.is_some_and(|it| it.starts_with("demo-")), "{}", row["name"]);
    }
}

#[test]
fn a_fixture_from_a_file_says_what_is_wrong_with_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("fixture.json");
    for (text, expected) in [
        (r#"{"sys_alias":[{"name":"orders","type":"credential"}]}"#, ""),
        (r#"{"sys_aliases":[]}"#, "`sys_aliases`"),
        (r#"{"sys_alias":[{"nam":"orders"}]}"#, "`nam`"),
        (r#"[]"#, "array of rows"),
        (
            r#"{"sys_alias":[{"sys_id":"aaaabbbbccccddddeeeeffff00001111"},{"sys_id":"aaaabbbbccccddddeeeeffff00001111"}]}"#,
            "Duplicate entry",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let opened = Simulator::open(Options { fixture: Fixture::Path(path.clone()), ..Options::default() });
        match opened {
            Ok(simulator) => {
                assert_eq!(expected, "");
                assert_eq!(simulator.rows("sys_alias")[0]["type"], "credential");
            }
            Err(error) => assert!(!expected.is_empty() && error.to_string().contains(expected), "{error}"),
        }
    }
}
