//! Sections 1.6 and 1.7: errors in the platform's words and the limits of an instance, a test for each row.

use servicenow_core::{Request, Response};

use super::*;
use crate::{Fault, FaultKind, Page};

const LIST: &str = "/api/now/table/sys_alias";
const CONNECTIONS: &str = "/api/now/table/http_connection";

/// An answer is a failure with this status, message and detail.
#[track_caller]
fn fails(answer: &Response, status: u16, message: &str, detail: impl Into<Value>) {
    let detail: Value = detail.into();
    let expected = json!({"error": {"message": message, "detail": detail}, "status": "failure"});
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((answer.status, body), (status, expected));
}

#[test]
fn r1_6_401_without_or_with_wrong_proof() {
    instance(&[], |admin| {
        let wrong =
            Asking { simulator: admin.simulator, user_name: "admin".into(), password: "wrong".into() };
        let detail = json!("Required to provide Auth information");
        fails(&wrong.ask(Method::Get, LIST, ""), 401, "User Not Authenticated", detail.clone());
        fails(
            &admin.simulator.answer(&Request::new(Method::Get, LIST)),
            401,
            "User Not Authenticated",
            detail,
        );
    });
}

#[test]
fn r1_6_401_for_inactive_and_locked_users() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        let sys_id =
            admin.simulator.rows("sys_user").iter().find(|it| it["user_name"] == "robot").unwrap()["sys_id"]
                .clone();
        for (column, bad, good) in [
            ("active", "false", "true"),
            ("locked_out", "true", "false"),
            ("password_needs_reset", "true", "false"),
        ] {
            admin.patch("sys_user", &sys_id, &json!({column: bad}));
            assert_eq!(robot.status(Method::Get, CONNECTIONS, ""), 401, "{column}");
            admin.patch("sys_user", &sys_id, &json!({column: good}));
            assert_eq!(robot.status(Method::Get, CONNECTIONS, ""), 200, "{column}");
        }
    });
}

#[test]
fn r1_6_403_where_the_access_control_of_the_api_keeps_a_user_out() {
    instance(&[("api_access_control", "active")], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        fails(
            &robot.ask(Method::Get, CONNECTIONS, ""),
            403,
            "User Not Authorized",
            json!("Failed API level ACL Validation"),
        );
        let trusted = admin.user("trusted", &["connection_admin", "snc_platform_rest_api_access"]);
        assert_eq!(trusted.status(Method::Get, CONNECTIONS, ""), 200);
    });
}

#[test]
fn r1_6_403_insert_without_create_access() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        let detail = json!("ACL Exception Insert Failed due to security constraints");
        fails(&robot.ask(Method::Post, LIST, r#"{"name":"a"}"#), 403, "Operation Failed", detail);
    });
}

#[test]
fn r1_6_403_update_without_write_access() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        let robot = admin.user("robot", &["connection_admin"]);
        let detail = json!("ACL Exception Update Failed due to security constraints");
        fails(
            &robot.ask(Method::Patch, &format!("{LIST}/{sys_id}"), r#"{"name":"b"}"#),
            403,
            "Operation Failed",
            detail,
        );
    });
}

#[test]
fn r1_6_403_delete_without_delete_access() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        let robot = admin.user("robot", &["connection_admin"]);
        let detail = json!("ACL Exception Delete Failed due to security constraints");
        fails(&robot.ask(Method::Delete, &format!("{LIST}/{sys_id}"), ""), 403, "Operation Failed", detail);
    });
}

#[test]
fn r1_6_403_of_a_business_rule_names_the_rule_and_its_id_and_not_its_own_words() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        let detail = admin.refusal("sys_alias", &json!({"name": "a"}));
        let begin = "Operation against file 'sys_alias' was aborted by Business Rule 'Ensure unique alias name in scope^";
        assert!(
            detail.starts_with(begin)
                && detail.ends_with("'. Business Rule Stack:Ensure unique alias name in scope"),
            "{detail}"
        );
    });
}

#[test]
fn r1_6_403_of_a_data_policy_names_the_labels() {
    instance(&[("mandatory_columns", "data_policy")], |admin| {
        let detail = admin.refusal("sys_alias_templates", &json!({"name": "a"}));
        assert_eq!(
            detail,
            "Data Policy Exception: The following fields are mandatory: Dynamic data schema, Default data template"
        );
    });
}

#[test]
fn r1_6_403_of_a_unique_column_quotes_the_database() {
    instance(&[], |admin| {
        let body = json!({"user_name": "robot"});
        admin.make("sys_user", &body);
        let detail = admin.refusal("sys_user", &body);
        assert_eq!(
            detail,
            "Unique Key violation detected by database ((conn=7) Duplicate entry 'robot' for key 'user_name')"
        );
    });
}

#[test]
fn r1_6_403_for_a_query_on_an_unreadable_column_is_a_setting() {
    for (setting, status) in [("dropped", 200), ("forbidden", 403)] {
        instance(&[("unreadable_column_in_query", setting)], |admin| {
            admin.make(
                "sys_security_acl",
                &json!({"name": "http_connection.host", "operation": "read", "sys_id": "a".repeat(32)}),
            );
            let role = admin
                .simulator
                .rows("sys_user_role")
                .iter()
                .find(|it| it["name"] == "user_admin")
                .unwrap()["sys_id"]
                .clone();
            admin.make(
                "sys_security_acl_role",
                &json!({"sys_security_acl": "a".repeat(32), "sys_user_role": role}),
            );
            let robot = admin.user("robot", &["connection_admin"]);
            assert_eq!(robot.status(Method::Get, &format!("{CONNECTIONS}?sysparm_query=host=x"), ""), status);
        });
    }
}

#[test]
fn r1_6_403_as_a_page_is_what_an_address_that_is_not_let_in_meets() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::Html { status: 403 }));
        let answer = admin.ask(Method::Get, LIST, "");
        assert_eq!((answer.status, answer.header("Content-Type")), (403, Some("text/html;charset=UTF-8")));
    });
}

#[test]
fn r1_6_404_is_the_same_for_a_missing_and_a_hidden_record() {
    instance(&[], |admin| {
        let hidden = admin.make("basic_auth_credentials", &json!({"name": "a"}));
        let robot = admin.user("robot", &["connection_admin"]);
        for sys_id in [hidden, "0".repeat(32)] {
            let answer =
                robot.ask(Method::Get, &format!("/api/now/table/basic_auth_credentials/{sys_id}"), "");
            fails(
                &answer,
                404,
                "No Record found",
                json!("Record doesn't exist or ACL restricts the record retrieval"),
            );
        }
    });
}

#[test]
fn r1_6_200_without_rows_for_a_table_that_may_not_be_read() {
    instance(&[], |admin| {
        admin.make("basic_auth_credentials", &json!({"name": "a"}));
        let robot = admin.user("robot", &["connection_admin"]);
        assert_eq!(
            robot.json(Method::Get, "/api/now/table/basic_auth_credentials", ""),
            json!({"result": []})
        );
    });
}

#[test]
fn r1_6_404_of_version_1_speaks_of_the_query() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Get, "/api/now/v1/table/sys_alias", "");
        let detail = "Records matching query not found. Check query parameter or offset parameter";
        fails(&answer, 404, "No Record found", json!(detail));
    });
}

#[test]
fn r1_6_400_for_an_unknown_table_or_one_closed_to_web_services() {
    instance(&[], |admin| {
        fails(&admin.ask(Method::Get, "/api/now/table/bogus", ""), 400, "Invalid table bogus", Value::Null);
    });
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tables.json");
    std::fs::write(&file, r#"{"tables":[{"name":"u_closed","web_services":false}]}"#).unwrap();
    let options = Options { fixture: Fixture::Empty, tables: vec![file], ..Options::default() };
    let simulator = Simulator::open(options).unwrap();
    let admin = Asking::administrator(&simulator);
    fails(&admin.ask(Method::Get, "/api/now/table/u_closed", ""), 400, "Invalid table u_closed", Value::Null);
}

#[test]
fn r1_6_400_for_a_path_that_leads_nowhere() {
    instance(&[], |admin| {
        for path in ["/api/now/tables/sys_alias", "/api/847213/nothing", "/nowhere"] {
            fails(
                &admin.ask(Method::Get, path, ""),
                400,
                "Requested URI does not represent any resource",
                Value::Null,
            );
        }
    });
}

#[test]
fn r1_6_400_for_a_body_that_is_too_large() {
    instance(&[], |admin| {
        let body = "x".repeat(15_105_102);
        let detail =
            "Rejected large REST payload with content-length = 15105102 bytes. Max allowed: 10485760 bytes.";
        fails(&admin.ask(Method::Post, LIST, &body), 400, "Exception while reading request", json!(detail));
    });
}

#[test]
fn r1_6_400_for_a_body_that_is_no_json() {
    instance(&[], |admin| {
        let answer = admin.json(Method::Post, LIST, "{broken");
        assert_eq!(answer["error"]["message"], "Exception while reading request");
        assert!(answer["error"]["detail"].as_str().is_some_and(|it| !it.is_empty()));
    });
}

#[test]
fn r1_6_405_406_and_415_for_verbs_and_content_that_are_not_served() {
    instance(&[], |admin| {
        assert_eq!(admin.status(Method::Delete, LIST, ""), 405);
        assert_eq!(admin.ask_with(Method::Get, LIST, "", &[("Accept", "image/png")]).status, 406);
        assert_eq!(admin.ask_with(Method::Post, LIST, "x", &[("Content-Type", "image/png")]).status, 415);
    });
}

#[test]
fn r1_6_414_as_a_page_for_an_address_that_is_far_too_long() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Get, &format!("{LIST}?sysparm_query=name={}", "x".repeat(23_000)), "");
        assert_eq!((answer.status, answer.header("Content-Type")), (414, Some("text/html;charset=UTF-8")));
    });
}

#[test]
fn r1_6_429_of_a_rule_says_how_many_and_when_to_come_again() {
    instance(&[], |admin| {
        admin.make("sys_rate_limit_rules", &json!({"name": "all", "rate_limit": "1"}));
        assert_eq!(admin.status(Method::Get, LIST, ""), 200);
        let answer = admin.ask(Method::Get, LIST, "");
        fails(
            &answer,
            429,
            "Rate limit exceeded",
            json!("Rate limit of 1 requests per hour for Table API exceeded"),
        );
        assert!(answer.header("Retry-After").is_some());
    });
}

#[test]
fn r1_6_429_of_a_full_queue_says_nothing() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::Status { status: 429, retry_after_s: None }));
        let answer = admin.ask(Method::Get, LIST, "");
        assert_eq!((answer.status, answer.body.len()), (429, 0));
        assert_eq!((answer.header("Retry-After"), answer.header("X-RateLimit-Limit")), (None, None));
    });
}

#[test]
fn r1_6_202_without_a_body_is_a_request_that_was_not_done() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::Status { status: 202, retry_after_s: None }));
        let answer = admin.ask(Method::Post, LIST, r#"{"name":"a"}"#);
        assert_eq!((answer.status, answer.body.len()), (202, 0));
        assert!(admin.simulator.rows("sys_alias").is_empty());
    });
}

#[test]
fn r1_6_200_with_an_error_behind_the_rows_is_a_cancelled_transaction() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        admin.simulator.fault(Fault::next(FaultKind::ErrorInBody));
        let answer = admin.json(Method::Get, LIST, "");
        assert_eq!(answer["result"][0]["name"], "a");
        assert_eq!(answer["error"]["message"], "Transaction cancelled: maximum execution time exceeded");
        assert_eq!(answer["status"], "failure");
    });
}

#[test]
fn r1_6_200_may_be_cut_in_the_middle_of_its_json() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::TruncatedBody));
        let answer = admin.ask(Method::Get, LIST, "");
        assert!(answer.status == 200 && serde_json::from_slice::<Value>(&answer.body).is_err());
    });
}

#[test]
fn r1_6_500_has_the_same_shape() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::Status { status: 500, retry_after_s: None }));
        let answer = admin.ask(Method::Get, LIST, "");
        fails(&answer, 500, "The request could not be processed", Value::Null);
    });
}

#[test]
fn r1_6_502_and_503_are_pages() {
    instance(&[], |admin| {
        for status in [502, 503] {
            admin.simulator.fault(Fault::next(FaultKind::Status { status, retry_after_s: None }));
            let answer = admin.ask(Method::Get, LIST, "");
            assert_eq!(
                (answer.status, answer.header("Content-Type")),
                (status, Some("text/html;charset=UTF-8"))
            );
        }
    });
}

#[test]
fn r1_6_200_with_the_page_of_a_hibernating_instance() {
    instance(&[], |admin| {
        admin.simulator.fault(Fault::next(FaultKind::Page(Page::Hibernating)));
        let answer = admin.ask(Method::Get, LIST, "");
        assert_eq!((answer.status, answer.header("Content-Type")), (200, Some("text/html;charset=UTF-8")));
        assert!(String::from_utf8(answer.body).unwrap().contains("Instance Hibernating page"));
    });
}

#[test]
fn r1_6_403_although_the_row_is_there_when_its_creator_may_not_read_it() {
    instance(&[], |admin| {
        admin.make(
            "sys_security_acl",
            &json!({"name": "http_connection", "operation": "read", "sys_id": "a".repeat(32)}),
        );
        let role = admin
            .simulator
            .rows("sys_user_role")
            .iter()
            .find(|it| it["name"] == "user_admin")
            .unwrap()["sys_id"]
            .clone();
        admin.make(
            "sys_security_acl_role",
            &json!({"sys_security_acl": "a".repeat(32), "sys_user_role": role}),
        );
        let robot = admin.user("robot", &["connection_admin"]);
        assert_eq!(robot.status(Method::Post, CONNECTIONS, r#"{"name":"a"}"#), 403);
        assert_eq!(admin.simulator.rows("http_connection").len(), 1);
    });
}

#[test]
fn r1_7_the_closest_rule_counts_by_user_and_hour() {
    instance(&[], |admin| {
        admin.make("sys_rate_limit_rules", &json!({"name": "all", "rate_limit": "100"}));
        let robot = admin.user("robot", &["connection_admin"]);
        let user =
            admin.simulator.rows("sys_user").iter().find(|it| it["user_name"] == "robot").unwrap()["sys_id"]
                .clone();
        admin.make(
            "sys_rate_limit_rules",
            &json!({"name": "robot", "rate_limit": "1", "type": "user", "user": user}),
        );
        assert_eq!(
            (robot.status(Method::Get, CONNECTIONS, ""), robot.status(Method::Get, CONNECTIONS, "")),
            (200, 429)
        );
        assert_eq!(admin.status(Method::Get, CONNECTIONS, ""), 200);
    });
}

#[test]
fn r1_7_a_role_of_its_own_keeps_rate_limit_rules() {
    instance(&[], |admin| {
        let keeper = admin.user("keeper", &["rate_limit_admin"]);
        keeper.make("sys_rate_limit_rules", &json!({"name": "all", "rate_limit": "100"}));
        let robot = admin.user("robot", &["connection_admin"]);
        assert_eq!(robot.status(Method::Post, "/api/now/table/sys_rate_limit_rules", r#"{"name":"b"}"#), 403);
    });
}

#[test]
fn r1_7_a_node_works_on_four_requests_at_a_time_by_default() {
    let settings = crate::settings::Settings::default();
    assert_eq!((settings.text("semaphore_threads"), settings.text("semaphore_queue")), ("4", "50"));
    assert_eq!(settings.text("session_waiters_max"), "10");
    assert_eq!((settings.text("transaction_quota_ms"), settings.text("batch_quota_ms")), ("60000", "30000"));
}
