//! Section 1.4: the shapes of values, a test for each row.

use super::*;

/// How a column of a record reads in each of the three ways: actual, shown, both.
fn reads(admin: &Asking<'_>, table: &str, sys_id: &str, column: &str, more: &str) -> [Value; 3] {
    ["false", "true", "all"].map(|it| {
        let target = format!(
            "/api/now/table/{table}/{sys_id}?sysparm_display_value={it}&sysparm_fields={column}{more}"
        );
        admin.json(Method::Get, &target, "")["result"][column].clone()
    })
}

fn link(table: &str, value: &str) -> String {
    format!("https://instance.example/api/now/table/{table}/{value}")
}

#[test]
fn r1_4_every_scalar_is_a_text_and_null_is_the_empty_one() {
    instance(&[], |admin| {
        let body = json!({"name": "a", "active": false, "port": 8443, "host": null});
        let sys_id = admin.make("http_connection", &body);
        let row = admin.json(Method::Get, &format!("/api/now/table/http_connection/{sys_id}"), "");
        for (column, value) in [("active", "false"), ("port", "8443"), ("host", ""), ("sys_mod_count", "0")] {
            assert_eq!(row["result"][column], json!(value), "{column}");
        }
    });
}

#[test]
fn r1_4_a_string_is_itself() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "abc"}));
        let both = json!({"display_value": "abc", "value": "abc"});
        assert_eq!(reads(admin, "sys_alias", &sys_id, "name", ""), [json!("abc"), json!("abc"), both]);
    });
}

#[test]
fn r1_4_a_boolean_is_the_text_true_or_false() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        let both = json!({"display_value": "true", "value": "true"});
        assert_eq!(
            reads(admin, "http_connection", &sys_id, "active", ""),
            [json!("true"), json!("true"), both]
        );
    });
}

#[test]
fn r1_4_a_choice_shows_its_label() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "abc"}));
        let both = json!({"display_value": "HTTP", "value": "http_connection"});
        let expected = [json!("http_connection"), json!("HTTP"), both];
        assert_eq!(reads(admin, "sys_alias", &sys_id, "connection_type", ""), expected);
    });
}

#[test]
fn r1_4_a_moment_is_utc_and_shows_by_the_callers_clock() {
    instance(&[], |admin| {
        let user = admin.simulator.rows("sys_user")[0]["sys_id"].clone();
        admin.patch("sys_user", &user, &json!({"time_zone": "Etc/GMT-2"}));
        let sys_id = admin.make("sys_alias", &json!({"name": "abc"}));
        let (utc, shown) = ("2026-01-02 03:04:05", "2026-01-02 05:04:05");
        let both = json!({"display_value": shown, "value": utc});
        assert_eq!(
            reads(admin, "sys_alias", &sys_id, "sys_created_on", ""),
            [json!(utc), json!(shown), both]
        );
    });
}

#[test]
fn r1_4_a_duration_is_a_moment_after_1970_and_shows_in_words() {
    instance(&[], |admin| {
        for (stored, shown) in [
            ("1970-01-01 00:02:17", "2 Minutes"),
            ("1970-01-02 01:00:00", "1 Day 1 Hour"),
            ("1970-01-01 00:00:17", "17 Seconds"),
            ("", ""),
        ] {
            let sys_id = admin.make("incident", &json!({"time_worked": stored}));
            let both = json!({"display_value": shown, "value": stored});
            assert_eq!(
                reads(admin, "incident", &sys_id, "time_worked", ""),
                [json!(stored), json!(shown), both]
            );
        }
    });
}

#[test]
fn r1_4_a_reference_is_an_object_and_without_a_value_when_shown() {
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        let sys_id = admin.make("http_connection", &json!({"name": "a", "connection_alias": alias}));
        let link = link("sys_alias", &alias);
        assert_eq!(
            reads(admin, "http_connection", &sys_id, "connection_alias", ""),
            [
                json!({"link": link, "value": alias}),
                json!({"display_value": "orders", "link": link}),
                json!({"display_value": "orders", "link": link, "value": alias}),
            ]
        );
    });
}

#[test]
fn r1_4_a_reference_without_its_link_is_plain_or_a_pair() {
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        let sys_id = admin.make("http_connection", &json!({"name": "a", "connection_alias": alias}));
        assert_eq!(
            reads(
                admin,
                "http_connection",
                &sys_id,
                "connection_alias",
                "&sysparm_exclude_reference_link=true"
            ),
            [json!(alias), json!("orders"), json!({"display_value": "orders", "value": alias})]
        );
    });
}

#[test]
fn r1_4_an_empty_reference_is_an_empty_text() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        let both = json!({"display_value": "", "value": ""});
        assert_eq!(reads(admin, "http_connection", &sys_id, "credential", ""), [json!(""), json!(""), both]);
    });
}

#[test]
fn r1_4_a_list_is_its_ids_with_commas_and_shows_names() {
    instance(&[], |admin| {
        let ids: Vec<String> = ["a", "b"].map(|it| admin.make("sys_alias", &json!({"name": it}))).to_vec();
        let tag = ids.join(",");
        let sys_id = admin.make("basic_auth_credentials", &json!({"name": "c", "tag": tag}));
        let both = json!({"display_value": "a, b", "value": tag});
        assert_eq!(
            reads(admin, "basic_auth_credentials", &sys_id, "tag", ""),
            [json!(tag), json!("a, b"), both]
        );
    });
}

#[test]
fn r1_4_a_path_is_a_flat_key_and_empty_behind_an_empty_reference() {
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        for (alias, name) in [(alias.as_str(), "orders"), ("", "")] {
            let sys_id = admin.make(
                "http_connection",
                &json!({"name": format!("x{name}"), "connection_alias": alias, "active": "false"}),
            );
            let read = reads(admin, "http_connection", &sys_id, "connection_alias.name", "");
            assert_eq!(read, [json!(name), json!(name), json!({"display_value": name, "value": name})]);
        }
    });
}

#[test]
fn r1_4_a_journal_reads_empty_and_shows_its_history_newest_first() {
    instance(&[], |admin| {
        let sys_id = admin.make("incident", &json!({"work_notes": "first"}));
        admin.patch("incident", &sys_id, &json!({"work_notes": "second"}));
        let [actual, shown, _] = reads(admin, "incident", &sys_id, "work_notes", "");
        assert_eq!(actual, "");
        let entry = |text: &str| format!("2026-01-02 03:04:05 - admin (Work notes)\n{text}\n\n");
        assert_eq!(shown, json!(entry("second") + &entry("first")));
    });
}

#[test]
fn r1_4_a_one_way_password_shows_a_mask() {
    instance(&[], |admin| {
        admin.user("robot", &[]);
        let rows = admin.simulator.rows("sys_user");
        let sys_id = &rows.iter().find(|it| it["user_name"] == "robot").unwrap()["sys_id"];
        let [actual, shown, _] = reads(admin, "sys_user", sys_id, "user_password", "");
        assert_eq!((actual, shown), (json!(""), json!("********")));
    });
}

#[test]
fn r1_4_a_link_points_at_the_declared_table_whatever_the_value_is() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "parent": "not-an-id"}));
        let [actual, ..] = reads(admin, "sys_alias", &sys_id, "parent", "");
        assert_eq!(actual, json!({"link": link("sys_alias", "not-an-id"), "value": "not-an-id"}));
        let connection = admin.make("http_connection", &json!({"name": "a"}));
        let [domain, ..] = reads(admin, "http_connection", &connection, "sys_domain", "");
        assert_eq!(domain, json!({"link": link("sys_user_group", "global"), "value": "global"}));
    });
}

#[test]
fn r1_4_all_columns_come_with_inherited_ones_and_without_unreadable_ones() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        let target = format!("/api/now/table/http_connection/{sys_id}");
        let keys = |asking: &Asking<'_>| {
            asking.json(Method::Get, &target, "")["result"].as_object().unwrap().clone()
        };
        for column in ["host", "connection_alias", "sys_id", "sys_tags", "sys_domain"] {
            assert!(keys(admin).contains_key(column), "{column}");
        }
        admin.make("sys_security_acl", &json!({"name": "http_connection.host", "operation": "read", "admin_overrides": "true", "sys_id": "a".repeat(32)}));
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
        assert!(!keys(&robot).contains_key("host") && keys(&robot).contains_key("name"));
    });
}

#[test]
fn r1_4_xml_has_a_response_with_a_result() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a", "description": "a<b"}));
        let headers = [("Accept", "application/xml")];
        let answer =
            admin.ask_with(Method::Get, "/api/now/table/sys_alias?sysparm_fields=description", "", &headers);
        let text = String::from_utf8(answer.body).unwrap();
        assert!(
            text.contains("<response><result><description>a&lt;b</description></result></response>"),
            "{text}"
        );
    });
}
