//! Section 1.5: writes, a test for each row.

use super::*;

const LIST: &str = "/api/now/table/sys_alias";

#[test]
fn r1_5_an_unknown_column_is_ignored() {
    instance(&[], |admin| {
        let created = admin.json(Method::Post, LIST, r#"{"name":"a","bunk_field":"x"}"#);
        assert!(created["result"]["sys_id"].is_string() && created["result"].get("bunk_field").is_none());
    });
}

#[test]
fn r1_5_a_read_only_column_keeps_what_it_has_or_takes_the_value() {
    for (setting, kept) in [("kept", ""), ("written", "sent")] {
        instance(&[("read_only_columns", setting)], |admin| {
            let sys_id = admin.make("sys_certificate", &json!({"name": "a", "subject": "sent"}));
            assert_eq!(admin.stored("sys_certificate", &sys_id, "subject"), kept);
        });
    }
}

#[test]
fn r1_5_a_column_without_write_access_is_dropped_and_the_rest_is_saved() {
    for (setting, status, host) in [("dropped", 200, ""), ("forbidden", 403, "")] {
        instance(&[("unwritable_column", setting)], |admin| {
            admin.make(
                "sys_security_acl",
                &json!({"name": "http_connection.host", "operation": "write", "sys_id": "a".repeat(32)}),
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
            let sys_id = admin.make("http_connection", &json!({"name": "a"}));
            let robot = admin.user("robot", &["connection_admin"]);
            assert_eq!(robot.patch("http_connection", &sys_id, &json!({"host": "h", "name": "b"})), status);
            let name = if status == 200 { "b" } else { "a" };
            assert_eq!(admin.stored("http_connection", &sys_id, "host"), host);
            assert_eq!(admin.stored("http_connection", &sys_id, "name"), name);
        });
    }
}

#[test]
fn r1_5_a_value_outside_the_choices_is_not_stored_unless_the_property_allows_it() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "connection_type": "carrier_pigeon"}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "connection_type"), "http_connection", "the default");
        admin.patch("sys_alias", &sys_id, &json!({"connection_type": "jdbc_connection"}));
        admin.patch("sys_alias", &sys_id, &json!({"connection_type": "carrier_pigeon"}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "connection_type"), "jdbc_connection", "what it had");
        admin.property("glide.rest.choice.allow_non_existing_value", "true");
        admin.patch("sys_alias", &sys_id, &json!({"connection_type": "carrier_pigeon"}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "connection_type"), "carrier_pigeon");
    });
}

#[test]
fn r1_5_a_reference_to_nothing_is_stored_and_shows_nothing() {
    instance(&[], |admin| {
        let nothing = "d".repeat(32);
        let sys_id = admin.make("http_connection", &json!({"name": "a", "credential": nothing}));
        let target = format!(
            "/api/now/table/http_connection/{sys_id}?sysparm_display_value=all&sysparm_exclude_reference_link=true"
        );
        let read = admin.json(Method::Get, &target, "")["result"]["credential"].clone();
        assert_eq!(read, json!({"display_value": "", "value": nothing}));
    });
}

#[test]
fn r1_5_an_empty_text_clears_a_column_but_not_a_choice() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "description": "x"}));
        admin.patch("sys_alias", &sys_id, &json!({"description": "", "connection_type": ""}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "description"), "");
        assert_eq!(admin.stored("sys_alias", &sys_id, "connection_type"), "http_connection");
    });
}

#[test]
fn r1_5_json_values_become_texts_null_clears_and_nested_objects_are_not_expanded() {
    instance(&[], |admin| {
        let body = json!({"name": 5, "multiple_connections": true, "description": "x"});
        let sys_id = admin.make("sys_alias", &body);
        assert_eq!(admin.stored("sys_alias", &sys_id, "name"), "5");
        assert_eq!(admin.stored("sys_alias", &sys_id, "multiple_connections"), "true");
        admin.patch("sys_alias", &sys_id, &json!({"description": null, "name": {"first": "x"}}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "description"), "");
        assert_eq!(admin.stored("sys_alias", &sys_id, "name"), "5");
    });
}

#[test]
fn r1_5_an_object_for_a_reference_is_not_taken() {
    instance(&[], |admin| {
        let body = json!({"name": "a", "credential": {"value": "c".repeat(32), "link": "x"}});
        let sys_id = admin.make("http_connection", &body);
        assert_eq!(admin.stored("http_connection", &sys_id, "credential"), "");
    });
}

#[test]
fn r1_5_the_callers_sys_id_is_kept_in_its_spelling() {
    instance(&[], |admin| {
        let sys_id =
            admin.make("sys_alias", &json!({"name": "a", "sys_id": "AAAABBBBCCCCDDDDEEEEFFFF00001111"}));
        assert_eq!(sys_id, "AAAABBBBCCCCDDDDEEEEFFFF00001111");
    });
}

#[test]
fn r1_5_a_sys_id_that_is_there_already_is_a_key_violation() {
    instance(&[], |admin| {
        let body = json!({"name": "a", "sys_id": "a".repeat(32)});
        admin.make("sys_alias", &body);
        let again = json!({"name": "b", "sys_id": "A".repeat(32)});
        assert!(admin.refusal("sys_alias", &again).contains("Duplicate entry"), "in any case");
    });
}

#[test]
fn r1_5_an_empty_patch_changes_and_counts_nothing() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        assert_eq!(admin.patch("sys_alias", &sys_id, &json!({})), 200);
        assert_eq!(admin.stored("sys_alias", &sys_id, "sys_mod_count"), "0");
    });
}

#[test]
fn r1_5_the_same_values_again_are_no_update() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        admin.patch("sys_alias", &sys_id, &json!({"name": "b"}));
        let before = admin.row("sys_alias", &sys_id);
        assert_eq!(admin.patch("sys_alias", &sys_id, &json!({"name": "b"})), 200);
        assert_eq!(
            (before["sys_mod_count"].as_str(), admin.row("sys_alias", &sys_id)),
            ("1", before.clone())
        );
    });
}

#[test]
fn r1_5_a_value_that_is_too_long_is_cut() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_retry_policy", &json!({"name": "n".repeat(50)}));
        assert_eq!(admin.stored("sys_retry_policy", &sys_id, "name"), "n".repeat(40));
    });
}

#[test]
fn r1_5_defaults_fill_in_what_is_absent() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        let row = admin.row("http_connection", &sys_id);
        assert_eq!(
            (row["active"].as_str(), row["protocol"].as_str(), row["mid_selection"].as_str()),
            ("true", "https", "auto_select")
        );
    });
}

#[test]
fn r1_5_a_class_is_not_changed_by_a_write() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        admin.patch("http_connection", &sys_id, &json!({"sys_class_name": "jdbc_connection"}));
        assert_eq!(admin.stored("http_connection", &sys_id, "sys_class_name"), "http_connection");
    });
}

#[test]
fn r1_5_a_body_may_have_10_mebibytes_and_25_where_the_property_says_so() {
    instance(&[], |admin| {
        let body = json!({"name": "a", "description": "x".repeat(10 * 1024 * 1024)}).to_string();
        assert_eq!(admin.status(Method::Post, LIST, &body), 400);
        admin.property("glide.rest.max_content_length", "11");
        assert_eq!(admin.status(Method::Post, LIST, &body), 201);
    });
}

#[test]
fn r1_5_the_last_write_wins_and_the_count_tells_of_each() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        for (count, headers) in
            [("1", vec![]), ("2", vec![("If-Match", "\"0\"")]), ("3", vec![("If-None-Match", "*")])]
        {
            let body = json!({"name": format!("a{count}")}).to_string();
            let answer = admin.ask_with(Method::Patch, &format!("{LIST}/{sys_id}"), &body, &headers);
            assert_eq!((answer.status, answer.header("ETag")), (200, None));
            assert_eq!(admin.stored("sys_alias", &sys_id, "sys_mod_count"), count);
            assert_eq!(admin.stored("sys_alias", &sys_id, "sys_updated_on"), "2026-01-02 03:04:05");
        }
    });
}
