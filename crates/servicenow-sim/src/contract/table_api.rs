//! Sections 1.1 and 1.2: endpoints, verbs and parameters of the Table API, a test for each row.

use super::*;

const LIST: &str = "/api/now/table/sys_alias";

#[test]
fn r1_1_get_of_a_table_is_a_list_under_every_version() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "orders"}));
        for version in ["", "v1/", "v2/"] {
            let target = format!("/api/now/{version}table/sys_alias?sysparm_fields=name");
            assert_eq!(admin.json(Method::Get, &target, ""), json!({"result": [{"name": "orders"}]}));
        }
    });
}

#[test]
fn r1_1_an_empty_list_is_a_404_in_version_1_only() {
    instance(&[], |admin| {
        for (version, status) in [("", 200), ("v2/", 200), ("v1/", 404)] {
            let target = format!("/api/now/{version}table/sys_alias?sysparm_query=name=nobody");
            assert_eq!(admin.status(Method::Get, &target, ""), status, "{version}");
        }
    });
}

#[test]
fn r1_1_get_of_a_record_is_one_object_or_404() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "orders"}));
        let one = admin.json(Method::Get, &format!("{LIST}/{sys_id}?sysparm_fields=sys_id"), "");
        assert_eq!(one, json!({"result": {"sys_id": sys_id}}));
        assert_eq!(admin.status(Method::Get, &format!("{LIST}/{}", "0".repeat(32)), ""), 404);
    });
}

#[test]
fn r1_1_post_answers_201_with_the_record_after_the_rules_and_where_it_is() {
    instance(&[], |admin| {
        let answer = admin.ask(Method::Post, LIST, r#"{"name":"Order intake"}"#);
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, &body["result"]["id"]), (201, &json!("Order_intake")));
        let address =
            format!("https://instance.example{LIST}/{}", body["result"]["sys_id"].as_str().unwrap());
        assert_eq!(answer.header("Location"), Some(address.as_str()));
    });
}

#[test]
fn r1_1_of_an_array_only_the_first_element_is_processed() {
    instance(&[], |admin| {
        assert_eq!(admin.status(Method::Post, LIST, r#"[{"name":"a"},{"name":"b"}]"#), 201);
        assert_eq!(admin.column(&format!("{LIST}?sysparm_fields=name"), "name"), ["a"]);
    });
}

#[test]
fn r1_1_put_changes_only_what_it_names_and_creates_nothing() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "description": "kept"}));
        let one = format!("{LIST}/{sys_id}");
        assert_eq!(admin.json(Method::Put, &one, r#"{"name":"b"}"#)["result"]["description"], "kept");
        assert_eq!(admin.status(Method::Put, &format!("{LIST}/{}", "0".repeat(32)), r#"{"name":"c"}"#), 404);
        assert_eq!(admin.simulator.rows("sys_alias").len(), 1);
    });
}

#[test]
fn r1_1_patch_changes_only_what_it_names() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "description": "kept"}));
        let changed = admin.json(Method::Patch, &format!("{LIST}/{sys_id}"), r#"{"name":"b"}"#);
        assert_eq!(
            (&changed["result"]["name"], &changed["result"]["description"]),
            (&json!("b"), &json!("kept"))
        );
        assert_eq!(admin.status(Method::Patch, &format!("{LIST}/{}", "0".repeat(32)), "{}"), 404);
    });
}

#[test]
fn r1_1_delete_answers_204_without_a_body_and_404_for_nothing() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        let answer = admin.ask(Method::Delete, &format!("{LIST}/{sys_id}"), "");
        assert_eq!((answer.status, answer.body.len()), (204, 0));
        let again = admin.json(Method::Delete, &format!("{LIST}/{sys_id}"), "");
        assert_eq!(again["error"]["message"], "No Record found");
    });
}

#[test]
fn r1_1_head_has_the_headers_of_get_and_no_body() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        let (get, head) = (admin.ask(Method::Get, LIST, ""), admin.ask(Method::Head, LIST, ""));
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("X-Total-Count"), get.header("X-Total-Count"));
    });
}

#[test]
fn r1_1_a_header_overrides_the_verb() {
    instance(&[], |admin| {
        let sys_id = admin.make("sys_alias", &json!({"name": "a"}));
        let headers = [("X-HTTP-Method-Override", "PATCH")];
        let answer = admin.ask_with(Method::Post, &format!("{LIST}/{sys_id}"), r#"{"name":"b"}"#, &headers);
        assert_eq!((answer.status, admin.stored("sys_alias", &sys_id, "name")), (200, "b".to_owned()));
    });
}

#[test]
fn r1_1_a_row_is_addressed_through_any_ancestor_with_that_ancestors_columns() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "blue", "host": "a.example"}));
        let seen = admin.json(Method::Get, &format!("/api/now/table/sys_connection/{sys_id}"), "");
        assert_eq!(seen["result"]["sys_class_name"], "http_connection");
        assert!(seen["result"].get("host").is_none());
    });
}

#[test]
fn r1_1_a_view_is_readable_and_not_writable() {
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        admin.make("http_connection", &json!({"name": "blue", "connection_alias": alias}));
        let view = "/api/now/table/v_connection_alias";
        assert_eq!(admin.column(view, "con_name"), ["blue"]);
        assert_eq!(admin.column(&format!("{view}?sysparm_query=ali_name=orders"), "ali_name"), ["orders"]);
        assert_eq!(admin.status(Method::Post, view, r#"{"con_name":"green"}"#), 403);
    });
}

#[test]
fn r1_1_the_processor_jsonv2_takes_inserts_with_a_scope_and_tells_success_in_each_record() {
    instance(&[], |admin| {
        let target = "/sys_alias.do?JSONv2=&sysparm_action=insert&sysparm_record_scope=global";
        let answer = admin.json(Method::Post, target, r#"{"name":"orders"}"#);
        assert_eq!(
            (&answer["records"][0]["__status"], &answer["records"][0]["sys_scope"]),
            (&json!("success"), &json!("global"))
        );
        let twin = admin.json(Method::Post, target, r#"{"name":"orders"}"#);
        assert_eq!(twin["records"][0]["__status"], "failure");
        assert!(
            twin["records"][0]["__error"]["reason"].as_str().unwrap().contains("aborted by Business Rule")
        );
    });
}

#[test]
fn r1_1_a_property_caps_the_rows_of_jsonv2() {
    instance(&[], |admin| {
        for name in ["a", "b", "c"] {
            admin.make("sys_alias", &json!({"name": name}));
        }
        admin.property("glide.processor.json.row_limit", "2");
        let answer = admin.json(Method::Get, "/sys_alias.do?JSONv2=", "");
        assert_eq!(answer["records"].as_array().unwrap().len(), 2);
    });
}

/// Three aliases in a list with these parameters: their names.
fn listed(parameters: &str) -> Vec<String> {
    let mut names = Vec::new();
    instance(&[], |admin| {
        for name in ["a", "b", "c"] {
            admin.make(
                "sys_alias",
                &json!({"name": name, "type": if name == "c" { "credential" } else { "connection" }}),
            );
        }
        names = admin.column(&format!("{LIST}?{parameters}"), "name");
    });
    names
}

#[test]
fn r1_2_sysparm_query_selects_and_sorts() {
    assert_eq!(listed("sysparm_query=nameINa,b^ORDERBYDESCname"), ["b", "a"]);
}

#[test]
fn r1_2_pairs_select_by_stored_or_shown_values_and_count_only_without_a_query() {
    assert_eq!(listed("type=credential"), ["c"]);
    assert_eq!(listed("type=Credential"), ["c"], "what people see");
    assert_eq!(listed("type=credential&sysparm_query=name=a"), ["a"], "the query excludes the pairs");
}

#[test]
fn r1_2_sysparm_fields_gives_exactly_the_known_names_and_follows_references() {
    instance(&[], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        admin.make("http_connection", &json!({"name": "blue", "connection_alias": alias}));
        let fields = "sysparm_fields=connection_alias.name,bogus,connection_alias.bogus";
        let answer = admin.json(Method::Get, &format!("/api/now/table/http_connection?{fields}"), "");
        assert_eq!(answer, json!({"result": [{"connection_alias.name": "orders"}]}));
    });
}

#[test]
fn r1_2_sysparm_limit_cuts_before_rows_are_hidden_and_is_10000_by_default() {
    assert_eq!(listed("sysparm_query=ORDERBYname&sysparm_limit=2"), ["a", "b"]);
    assert_eq!(listed("sysparm_query=ORDERBYname&sysparm_limit=none").len(), 3, "nonsense is no limit");
}

#[test]
fn r1_2_sysparm_offset_skips_and_is_never_negative() {
    assert_eq!(listed("sysparm_query=ORDERBYname&sysparm_offset=2"), ["c"]);
    assert_eq!(listed("sysparm_query=ORDERBYname&sysparm_offset=-1").len(), 3);
}

#[test]
fn r1_2_sysparm_display_value_chooses_between_three_shapes() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        for (value, shape) in [
            ("false", json!("http_connection")),
            ("true", json!("HTTP")),
            ("all", json!({"display_value": "HTTP", "value": "http_connection"})),
            ("bogus", json!("http_connection")),
        ] {
            let answer = admin.json(Method::Get, &format!("{LIST}?sysparm_display_value={value}"), "");
            assert_eq!(answer["result"][0]["connection_type"], shape, "{value}");
        }
    });
}

#[test]
fn r1_2_sysparm_exclude_reference_link_makes_references_plain() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        for (value, shape) in [
            ("true", json!("global")),
            (
                "false",
                json!({"link": "https://instance.example/api/now/table/sys_scope/global", "value": "global"}),
            ),
        ] {
            let target = format!("{LIST}?sysparm_exclude_reference_link={value}");
            assert_eq!(admin.json(Method::Get, &target, "")["result"][0]["sys_scope"], shape);
        }
    });
}

#[test]
fn r1_2_sysparm_input_display_value_takes_names_labels_and_the_writers_clock() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "orders"}));
        let user = admin.simulator.rows("sys_user")[0]["sys_id"].clone();
        admin.patch("sys_user", &user, &json!({"time_zone": "Etc/GMT-2"}));
        let body = json!({"type": "Credential", "name": "b", "parent": "orders"});
        let target = format!("{LIST}?sysparm_input_display_value=true");
        let created = admin.json(Method::Post, &target, &body.to_string());
        assert_eq!(created["result"]["parent"]["value"].as_str().map(str::len), Some(32), "by its name");
        let token = json!({"name": "t", "expires": "2026-01-02 10:00:00"}).to_string();
        let target = "/api/now/table/oauth_credential?sysparm_input_display_value=true";
        let stored = admin.json(Method::Post, target, &token);
        assert_eq!(stored["result"]["expires"], "2026-01-02 08:00:00", "in UTC");
    });
}

#[test]
fn r1_2_encrypted_columns_are_saved_in_usable_form_only_through_the_display_path() {
    instance(&[], |admin| {
        for (parameter, kept) in [("", false), ("?sysparm_input_display_value=true", true)] {
            let target = format!("/api/now/table/basic_auth_credentials{parameter}");
            let created = admin.json(Method::Post, &target, r#"{"name":"a","password":"planted"}"#);
            let sys_id = created["result"]["sys_id"].as_str().unwrap();
            let usable =
                admin.simulator.stored_secret("basic_auth_credentials", sys_id, "password").is_some();
            assert_eq!(usable, kept, "{parameter}");
        }
    });
}

#[test]
fn r1_2_sysparm_view_gives_way_to_sysparm_fields() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        let answer = admin.json(Method::Get, &format!("{LIST}?sysparm_view=mobile&sysparm_fields=name"), "");
        assert_eq!(answer, json!({"result": [{"name": "a"}]}));
    });
}

#[test]
fn r1_2_sysparm_no_count_counts_the_returned_records_only() {
    instance(&[], |admin| {
        for name in ["a", "b"] {
            admin.make("sys_alias", &json!({"name": name}));
        }
        for (value, count) in [("true", "1"), ("false", "2")] {
            let target = format!("{LIST}?sysparm_limit=1&sysparm_no_count={value}");
            assert_eq!(admin.ask(Method::Get, &target, "").header("X-Total-Count"), Some(count));
        }
    });
}

#[test]
fn r1_2_sysparm_query_category_is_taken_and_changes_nothing() {
    assert_eq!(listed("sysparm_query=ORDERBYname&sysparm_query_category=list"), ["a", "b", "c"]);
}

#[test]
fn r1_2_sysparm_query_no_domain_lifts_domains_for_administrators_and_one_role() {
    instance(&[("domain_separation", "true")], |admin| {
        admin.make("http_connection", &json!({"name": "far", "sys_domain": "d".repeat(32)}));
        let plain = admin.user("robot", &["connection_admin"]);
        let far = admin.user("looker", &["connection_admin", "query_no_domain_table_api"]);
        let target = "/api/now/table/http_connection?sysparm_query_no_domain=true";
        assert_eq!((plain.column(target, "name").len(), far.column(target, "name").len()), (0, 1));
        assert_eq!(admin.column(target, "name"), ["far"]);
    });
}

#[test]
fn r1_2_sysparm_suppress_pagination_header_drops_link() {
    instance(&[], |admin| {
        for (value, there) in [("true", false), ("false", true)] {
            let answer =
                admin.ask(Method::Get, &format!("{LIST}?sysparm_suppress_pagination_header={value}"), "");
            assert_eq!(answer.header("Link").is_some(), there);
        }
    });
}

#[test]
fn r1_2_sysparm_suppress_auto_sys_field_keeps_the_system_columns_of_the_body() {
    instance(&[], |admin| {
        let body =
            json!({"name": "a", "sys_updated_by": "migration", "sys_updated_on": "2020-01-01 00:00:00"});
        let created = |parameter: &str| {
            let made = admin.json(
                Method::Post,
                &format!("/api/now/table/sys_properties{parameter}"),
                &body.to_string(),
            );
            let sys_id = made["result"]["sys_id"].as_str().unwrap().to_owned();
            let kept = made["result"]["sys_updated_on"] == "2020-01-01 00:00:00";
            let changed = json!({"value": "1"}).to_string();
            let one = format!("/api/now/table/sys_properties/{sys_id}{parameter}");
            let count = admin.json(Method::Patch, &one, &changed)["result"]["sys_mod_count"].clone();
            admin.delete("sys_properties", &sys_id);
            (kept, count)
        };
        assert_eq!(created("?sysparm_suppress_auto_sys_field=true"), (true, json!("0")));
        assert_eq!(created("?sysparm_suppress_auto_sys_field=false"), (false, json!("1")));
        admin.simulator.set("suppresses_system_fields", "false").unwrap();
        assert_eq!(
            created("?sysparm_suppress_auto_sys_field=false"),
            (true, json!("0")),
            "the other reading"
        );
    });
}

#[test]
fn r1_2_sysparm_tiny_stands_for_a_stored_query() {
    instance(&[], |admin| {
        admin.make("sys_alias", &json!({"name": "a"}));
        admin.make("sys_alias", &json!({"name": "b"}));
        let body = json!({"url": "sys_alias_list.do?sysparm_query=name=b"}).to_string();
        let short =
            admin.json(Method::Post, "/api/now/tinyurl", &body)["result"].as_str().unwrap().to_owned();
        let (page, tiny) = short.split_once('?').unwrap();
        assert_eq!(
            (page, admin.column(&format!("{LIST}?{tiny}"), "name")),
            ("sys_alias_list.do", vec!["b".to_owned()])
        );
    });
}

#[test]
fn r1_2_a_property_reserves_system_columns_for_administrators() {
    for (value, kept) in [("false", true), ("true", false)] {
        instance(&[], |admin| {
            admin.property("glide.rest.table_api.admin_only_sys_fields", value);
            let robot = admin.user("robot", &["connection_admin"]);
            let body = json!({"name": "a", "sys_created_by": "migration", "sys_id": "a".repeat(32)});
            for (asking, expected) in [(&robot, kept), (admin, true)] {
                let sys_id = asking.make("http_connection", &body);
                assert_eq!(sys_id == "a".repeat(32), expected, "{value}");
                assert_eq!(
                    asking.stored("http_connection", &sys_id, "sys_created_by") == "migration",
                    expected
                );
                asking.delete("http_connection", &sys_id);
            }
        });
    }
}
