//! Section 3: the batch, aggregate, import set and attachment APIs, a test for each row.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;

const BATCH: &str = "/api/now/v1/batch";
const IMPORT: &str = "/api/now/import/imp_user";

fn item(id: &str, method: &str, url: &str, body: &str) -> Value {
    let headers = json!([{"name": "Content-Type", "value": "application/json"}]);
    json!({"id": id, "method": method, "url": url, "headers": headers, "body": STANDARD.encode(body)})
}

fn batch(admin: &Asking<'_>, items: &[Value]) -> Value {
    admin.json(Method::Post, BATCH, &json!({"batch_request_id": 7, "rest_requests": items}).to_string())
}

fn decoded(answer: &Value) -> String {
    String::from_utf8(STANDARD.decode(answer["body"].as_str().unwrap()).unwrap()).unwrap()
}

#[test]
fn r3_1_a_url_is_relative_with_its_query_and_reaches_scripted_web_services_too() {
    instance(&[], |admin| {
        let definition = admin.make("sys_ws_definition", &json!({"name": "Echo"}));
        admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "name": "get"}));
        let answer = batch(admin, &[item("1", "GET", "/api/847213/echo?a=b", "")]);
        assert!(
            decoded(&answer["serviced_requests"][0]).contains(r#""query_parameters":{"a":"b"}"#),
            "{answer}"
        );
        let foreign = batch(admin, &[item("1", "GET", "https://elsewhere.example/api", "")]);
        assert_eq!(foreign["serviced_requests"][0]["status_code"], 400);
    });
}

#[test]
fn r3_1_ids_are_texts_and_a_number_comes_back_as_a_text() {
    instance(&[], |admin| {
        let answer = batch(admin, &[item("a-1", "GET", "/api/now/table/sys_alias", "")]);
        assert_eq!(
            (&answer["batch_request_id"], &answer["serviced_requests"][0]["id"]),
            (&json!("7"), &json!("a-1"))
        );
    });
}

#[test]
fn r3_1_an_item_with_a_body_needs_its_own_content_type() {
    instance(&[], |admin| {
        let mut csv = item("1", "POST", "/api/now/table/sys_alias", "name");
        csv["headers"] = json!([{"name": "Content-Type", "value": "text/csv"}]);
        assert_eq!(batch(admin, &[csv])["serviced_requests"][0]["status_code"], 415);
    });
}

#[test]
fn r3_1_the_outer_status_is_200_although_items_fail() {
    instance(&[], |admin| {
        let items = [
            item("1", "GET", "/api/now/table/bogus", ""),
            item("2", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
        ];
        let body = json!({"batch_request_id": "1", "rest_requests": items}).to_string();
        let answer = admin.ask(Method::Post, BATCH, &body);
        let parsed: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            (
                answer.status,
                &parsed["serviced_requests"][0]["status_code"],
                &parsed["serviced_requests"][1]["status_text"]
            ),
            (200, &json!(400), &json!("Created"))
        );
        let nobody = Asking { simulator: admin.simulator, user_name: "nobody".into(), password: "x".into() };
        assert_eq!(nobody.status(Method::Post, BATCH, &body), 401);
    });
}

#[test]
fn r3_1_bounds_of_bodies_come_from_properties_and_a_header() {
    instance(&[], |admin| {
        admin.property("glide.rest.batch.max.inputSize", "1");
        let large = json!({"name": "a", "description": "x".repeat(1_100_000)}).to_string();
        let answer = batch(admin, &[item("1", "POST", "/api/now/table/sys_alias", &large)]);
        assert_eq!(answer["unserviced_requests"], json!(["1"]));
        let body = json!({"batch_request_id": "1", "rest_requests": [item("1", "GET", "/api/now/table/sys_user_role", "")]});
        let lowered = [("X-BATCHREQUEST-MAX-OUTPUT-SIZE", "10")];
        let answer = admin.ask_with(Method::Post, BATCH, &body.to_string(), &lowered);
        assert!(String::from_utf8(answer.body).unwrap().contains(r#""unserviced_requests":["1"]"#));
    });
}

#[test]
fn r3_1_what_a_limit_cuts_off_is_listed_and_was_not_done() {
    instance(&[("latency_ms", "20000")], |admin| {
        let post = |id: &str| item(id, "POST", "/api/now/table/sys_alias", &json!({"name": id}).to_string());
        let answer = batch(admin, &[post("a"), post("b"), post("c")]);
        assert_eq!(answer["unserviced_requests"], json!(["b", "c"]));
        assert_eq!(admin.simulator.rows("sys_alias").len(), 1);
    });
}

#[test]
fn r3_1_items_run_one_after_the_other_and_nothing_is_undone() {
    instance(&[], |admin| {
        let answer = batch(
            admin,
            &[
                item("1", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
                item("2", "GET", "/api/now/table/sys_alias?sysparm_fields=name", ""),
                item("3", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
            ],
        );
        assert_eq!(decoded(&answer["serviced_requests"][1]), r#"{"result":[{"name":"a"}]}"#);
        assert_eq!(answer["serviced_requests"][2]["status_code"], 403);
        assert_eq!(admin.simulator.rows("sys_alias").len(), 1, "the first stays");
    });
}

#[test]
fn r3_1_access_is_checked_for_each_item() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        let answer = batch(
            &robot,
            &[
                item("1", "POST", "/api/now/table/http_connection", r#"{"name":"a"}"#),
                item("2", "POST", "/api/now/table/sys_alias", r#"{"name":"a"}"#),
            ],
        );
        let status = |at: usize| answer["serviced_requests"][at]["status_code"].clone();
        assert_eq!((status(0), status(1)), (json!(201), json!(403)));
    });
}

#[test]
fn r3_1_parts_come_where_multipart_is_accepted() {
    instance(&[], |admin| {
        let body = json!({"batch_request_id": "1", "rest_requests": [item("11", "GET", "/api/now/table/sys_alias", "")]});
        let answer = admin.ask_with(Method::Post, BATCH, &body.to_string(), &[("Accept", "multipart/mixed")]);
        let kind = answer.header("Content-Type").unwrap().to_owned();
        let boundary = kind.strip_prefix("multipart/mixed;boundary=").unwrap();
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            text.starts_with(&format!("--{boundary}\r\nContent-ID: 11\r\nX-Status-Code: 200\r\n")),
            "{text}"
        );
        assert!(
            text.contains("\r\n\r\n{\"result\":[]}\r\n") && text.ends_with(&format!("--{boundary}--\r\n")),
            "{text}"
        );
    });
}

#[test]
fn r3_2_aggregates_without_groups_are_one_object() {
    instance(&[], |admin| {
        for order in [10, 20] {
            admin.make("basic_auth_credentials", &json!({"name": "a", "order": order}));
        }
        let target = "/api/now/stats/basic_auth_credentials?sysparm_count=true&sysparm_avg_fields=order&sysparm_max_fields=order&sysparm_min_fields=order&sysparm_sum_fields=order";
        let stats = admin.json(Method::Get, target, "")["result"]["stats"].clone();
        assert_eq!(stats["count"], "2");
        for (name, value) in [("avg", 15.0), ("max", 20.0), ("min", 10.0), ("sum", 30.0)] {
            let told: f64 = stats[name]["order"].as_str().unwrap().parse().unwrap();
            assert!((told - value).abs() < 1e-9, "{name}: {stats}");
        }
    });
}

#[test]
fn r3_2_aggregates_by_groups_name_their_fields() {
    instance(&[], |admin| {
        for name in ["a", "b", "a"] {
            admin.make("basic_auth_credentials", &json!({"name": name}));
        }
        let target = "/api/now/stats/basic_auth_credentials?sysparm_count=true&sysparm_group_by=name&sysparm_order_by=name&sysparm_having=count^name^>^1";
        let groups = admin.json(Method::Get, target, "")["result"].clone();
        let expected =
            json!([{"stats": {"count": "2"}, "groupby_fields": [{"field": "name", "value": "a"}]}]);
        assert_eq!(groups, expected);
    });
}

#[test]
fn r3_2_aggregates_need_read_access_to_the_table() {
    instance(&[], |admin| {
        let robot = admin.user("robot", &["connection_admin"]);
        let target = "/api/now/stats/basic_auth_credentials?sysparm_count=true";
        assert_eq!(robot.status(Method::Get, target, ""), 403);
    });
}

#[test]
fn r3_3_an_imported_row_is_staged_and_carried_to_its_table() {
    instance(&[], |admin| {
        let body = json!({"user_id": "fred", "first_name": "Fred", "last_name": "Luddy"}).to_string();
        let answer = admin.ask(Method::Post, IMPORT, &body);
        let told: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            (answer.status, &told["import_set"], &told["staging_table"]),
            (201, &json!("ISET0010001"), &json!("imp_user"))
        );
        let user = admin.simulator.rows("sys_user").into_iter().find(|it| it["user_name"] == "fred").unwrap();
        let expected = json!({
            "transform_map": "User", "table": "sys_user", "display_name": "name", "display_value": "Fred Luddy",
            "record_link": format!("https://instance.example/api/now/table/sys_user/{}", user["sys_id"]),
            "status": "inserted", "sys_id": user["sys_id"],
        });
        assert_eq!(told["result"], json!([expected]));
        let staged = &admin.simulator.rows("imp_user")[0];
        assert_eq!(
            (staged["sys_import_state"].as_str(), &staged["sys_target_sys_id"]),
            ("processed", &user["sys_id"])
        );
    });
}

#[test]
fn r3_3_the_status_tells_what_became_of_the_row() {
    instance(&[], |admin| {
        let status =
            |body: Value| admin.json(Method::Post, IMPORT, &body.to_string())["result"][0]["status"].clone();
        assert_eq!(status(json!({"user_id": "fred", "email": "a@example.com"})), "inserted");
        assert_eq!(status(json!({"user_id": "fred", "email": "b@example.com"})), "updated");
        assert_eq!(status(json!({"user_id": "fred", "email": "b@example.com"})), "ignored");
        let loader = admin.user("loader", &["import_set_loader"]);
        let refused = loader.json(Method::Post, IMPORT, r#"{"user_id":"other"}"#);
        assert_eq!(refused["result"][0]["status"], "error");
        assert!(
            refused["result"][0]["error_message"].as_str().unwrap().starts_with("ACL Exception"),
            "{refused}"
        );
    });
}

#[test]
fn r3_3_several_rows_come_in_one_request_and_a_result_is_read_again() {
    instance(&[], |admin| {
        let body = json!({"records": [{"user_id": "a"}, {"user_id": "b"}]}).to_string();
        let answer = admin.ask(Method::Post, &format!("{IMPORT}/insertMultiple"), &body);
        assert_eq!(answer.status, 201);
        let staged = admin.simulator.rows("imp_user");
        assert_eq!(staged.len(), 2);
        let read = admin.json(Method::Get, &format!("{IMPORT}/{}", staged[0]["sys_id"]), "");
        assert_eq!(read["result"][0]["table"], "sys_user");
        assert_eq!(admin.status(Method::Get, &format!("{IMPORT}/{}", "0".repeat(32)), ""), 404);
        assert_eq!(admin.status(Method::Post, "/api/now/import/sys_alias", "{}"), 400, "no staging table");
    });
}

#[test]
fn r3_3_without_a_transform_map_it_may_be_500_although_the_row_is_there() {
    for (setting, status) in [("error_500", 500), ("empty_result", 201)] {
        instance(&[("import_without_map", setting)], |admin| {
            admin.delete("sys_transform_map", "b1a5000000000000000000000000a701");
            assert_eq!(admin.status(Method::Post, IMPORT, r#"{"user_id":"a"}"#), status);
            assert_eq!(admin.simulator.rows("imp_user").len(), 1);
        });
    }
}

#[test]
fn r3_4_a_file_is_attached_listed_read_and_removed() {
    instance(&[], |admin| {
        let record = admin.make("sys_certificate", &json!({"name": "ca"}));
        let target = format!(
            "/api/now/attachment/file?table_name=sys_certificate&table_sys_id={record}&file_name=ca.pem"
        );
        let answer =
            admin.ask_with(Method::Post, &target, "bytes", &[("Content-Type", "application/x-pem-file")]);
        let made: Value = serde_json::from_slice(&answer.body).unwrap();
        let sys_id = made["result"]["sys_id"].as_str().unwrap().to_owned();
        assert_eq!((answer.status, &made["result"]["size_bytes"]), (201, &json!("5")));
        let list =
            format!("/api/now/attachment?sysparm_query=table_name=sys_certificate^table_sys_id={record}");
        assert_eq!(admin.column(&list, "file_name"), ["ca.pem"]);
        assert_eq!(admin.ask(Method::Get, &format!("/api/now/attachment/{sys_id}/file"), "").body, b"bytes");
        assert_eq!(admin.status(Method::Delete, &format!("/api/now/attachment/{sys_id}"), ""), 204);
        assert_eq!(admin.status(Method::Get, &format!("/api/now/attachment/{sys_id}"), ""), 404);
    });
}

#[test]
fn r3_4_the_first_unauthenticated_request_may_be_403_on_the_attachment_api() {
    for (setting, status) in [("401", 401), ("403", 403)] {
        instance(&[("attachment_challenge", setting)], |admin| {
            let nobody = servicenow_core::Request::new(Method::Get, "/api/now/attachment");
            assert_eq!(admin.simulator.answer(&nobody).status, status);
        });
    }
}
