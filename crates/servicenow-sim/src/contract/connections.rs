//! Section 5: aliases, connections, retry policies and the tables around them.

use super::*;

/// What an aborted write ends with.
fn aborted(rule: &str) -> String {
    let rule = crate::rules::rules().find(|it| it.name == rule).unwrap();
    format!("was aborted by Business Rule '{0}^{1}'. Business Rule Stack:{0}", rule.name, rule.sys_id)
}

#[test]
fn a5_1_every_table_is_there_and_extends_what_it_should() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let parent = |table: &str| {
        let target = format!(
            "/api/now/table/sys_db_object?sysparm_query=name={table}&sysparm_fields=super_class.name"
        );
        admin.column(&target, "super_class.name").join("?")
    };
    for (table, extends) in [
        ("sys_alias", "sys_metadata"),
        ("sys_alias_templates", "sys_metadata"),
        ("sys_retry_policy", "sys_metadata"),
        ("sys_connection", ""),
        ("http_connection", "sys_connection"),
        ("jdbc_connection", "sys_connection"),
        ("orch_jms_ds", "sys_connection"),
        ("kafka_connection", "sys_connection"),
        ("basic_connection", "sys_connection"),
        ("discovery_credentials", ""),
        ("basic_auth_credentials", "discovery_credentials"),
        ("api_key_credentials", "discovery_credentials"),
        ("oauth_2_0_credentials", "discovery_credentials"),
        ("ssh_private_key_credentials", "discovery_credentials"),
        ("aws_credentials", "discovery_credentials"),
        ("oauth_entity", "sys_metadata"),
        ("oauth_entity_profile", "sys_metadata"),
        ("oauth_credential", ""),
        ("sys_certificate", "sys_metadata"),
        ("sys_protocol_profile", "sys_metadata"),
        ("sys_auth_profile_basic", "sys_auth_profile"),
        ("ecc_agent", ""),
        ("sys_ws_definition", "sys_metadata"),
        ("sys_user", ""),
        ("sys_user_role", "sys_metadata"),
        ("incident", "task"),
        ("sc_req_item", "task"),
    ] {
        assert_eq!(parent(table), extends, "{table}");
        let target = format!("/api/now/table/{table}?sysparm_limit=1");
        assert_eq!(admin.status(Method::Get, &target, ""), 200, "{table}");
    }
}

#[test]
fn a5_1_application_files_have_their_columns_filled_in() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin
        .make("sys_retry_policy", &json!({"name": "Patient", "sys_name": "sent", "sys_package": "sent"}));
    let row = admin.row("sys_retry_policy", &sys_id);
    for (column, value) in [
        ("sys_name", "Patient".to_owned()),
        ("sys_class_name", "sys_retry_policy".to_owned()),
        ("sys_scope", "global".to_owned()),
        ("sys_package", "global".to_owned()),
        ("sys_update_name", format!("sys_retry_policy_{sys_id}")),
        ("retry_strategy", "fixed_time_interval".to_owned()),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
}

#[test]
fn a5_1_a_protected_file_does_not_change_and_no_file_changes_its_scope() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (policy, status) in [("", 200), ("read", 403), ("protected", 403)] {
        let sys_id = admin.make("sys_retry_policy", &json!({"name": "Patient", "sys_policy": policy}));
        let values = json!({"name": "Impatient", "sys_scope": "deaddeaddeaddeaddeaddeaddeaddead"});
        assert_eq!(admin.patch("sys_retry_policy", &sys_id, &values), status, "{policy}");
        assert_eq!(admin.stored("sys_retry_policy", &sys_id, "sys_scope"), "global");
    }
}

#[test]
fn a5_2_an_alias_has_its_defaults_and_computed_columns() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("sys_alias", &json!({"name": "Order intake", "id": "sent"}));
    let row = admin.row("sys_alias", &sys_id);
    for (column, value) in [
        ("id", "Order_intake"),
        ("type", "connection"),
        ("connection_type", "http_connection"),
        ("multiple_connections", "false"),
        ("is_internal", "false"),
        ("retry_policy", ""),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    assert_eq!(admin.patch("sys_alias", &sys_id, &json!({"name": "Renamed"})), 200);
    assert_eq!(admin.stored("sys_alias", &sys_id, "id"), "Renamed");
}

#[test]
fn a5_2_a_child_alias_takes_five_columns_when_it_is_created_and_maybe_later() {
    for (setting, follows) in [("never", "false"), ("always", "true")] {
        let simulator = open_empty(&[("child_alias_follows", setting)]);
        let admin = Asking::administrator(&simulator);
        let parent =
            admin.make("sys_alias", &json!({"name": "parent", "connection_type": "jdbc_connection"}));
        let child = admin
            .make("sys_alias", &json!({"name": "child", "parent": parent, "multiple_connections": "true"}));
        assert_eq!(admin.stored("sys_alias", &child, "connection_type"), "jdbc_connection");
        assert_eq!(admin.stored("sys_alias", &child, "multiple_connections"), "false");
        admin.patch("sys_alias", &parent, &json!({"multiple_connections": "true"}));
        assert_eq!(admin.stored("sys_alias", &child, "multiple_connections"), follows, "{setting}");
    }
}

#[test]
fn a5_2_aliases_travel_in_update_sets_and_connections_do_not() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = admin.make("sys_alias", &json!({"name": "orders"}));
    admin.make("http_connection", &json!({"name": "blue", "connection_alias": alias}));
    admin.make("basic_auth_credentials", &json!({"name": "blue"}));
    let names: Vec<String> = simulator.rows("sys_update_xml").iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, [format!("sys_alias_{alias}")]);
    let set = &simulator.rows("sys_update_set")[0];
    assert_eq!((set["is_default"].as_str(), set["state"].as_str()), ("true", "in progress"));
}

#[test]
fn a5_2_the_current_update_set_is_the_one_that_the_user_prefers() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let set = admin.make("sys_update_set", &json!({"name": "Release 7"}));
    let own = simulator.rows("sys_user").into_iter().find(|it| it["user_name"] == "admin").unwrap();
    let preference = json!({"user": own["sys_id"], "name": "sys_update_set", "value": set});
    admin.make("sys_user_preference", &preference);
    let alias = admin.make("sys_alias", &json!({"name": "orders"}));
    let captured = |action: &str| {
        let rows = simulator.rows("sys_update_xml");
        rows.iter().filter(|it| it["update_set"] == set && it["action"] == action).count()
    };
    assert_eq!(captured("INSERT_OR_UPDATE"), 1);
    admin.delete("sys_alias", &alias);
    assert_eq!((captured("INSERT_OR_UPDATE"), captured("DELETE")), (0, 1), "a file is in a set once");
}

#[test]
fn a5_2_with_the_setting_nothing_is_captured() {
    let simulator = open_empty(&[("update_set_capture", "false")]);
    Asking::administrator(&simulator).make("sys_alias", &json!({"name": "orders"}));
    assert!(simulator.rows("sys_update_xml").is_empty());
}

#[test]
fn a5_3_a_row_is_seen_through_its_base_table_with_base_columns() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("http_connection", &json!({"name": "blue", "host": "a.example"}));
    let answer = admin.json(Method::Get, &format!("/api/now/table/sys_connection/{sys_id}"), "");
    assert_eq!(answer["result"]["sys_class_name"], "http_connection");
    assert!(answer["result"].get("host").is_none() && answer["result"].get("name").is_some());
    admin.patch("sys_connection", &sys_id, &json!({"name": "green", "host": "b.example"}));
    let row = admin.row("http_connection", &sys_id);
    assert_eq!((row["name"].as_str(), row["host"].as_str()), ("green", "a.example"));
    let basic = admin.make("sys_connection", &json!({"name": "basic"}));
    assert_eq!(admin.stored("sys_connection", &basic, "sys_class_name"), "sys_connection");
}

#[test]
fn a5_3_attributes_of_a_connection_read_empty_and_ignore_writes() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("http_connection", &json!({"name": "blue", "extended_attributes": "a=b"}));
    assert_eq!(admin.stored("http_connection", &sys_id, "extended_attributes"), "");
}

#[test]
fn a5_3_urls_of_known_jdbc_formats_are_made_of_their_parts() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (values, url) in [
        (json!({"connection_url": "jdbc:mysql://localhost:3306/tfacc"}), "jdbc:mysql://localhost:3306/tfacc"),
        (json!({"format": "none", "connection_url": "jdbc:own"}), "jdbc:own"),
        (
            json!({"format": "mysql", "host": "db.example", "database_name": "orders", "connection_url": "sent"}),
            "jdbc:mysql://db.example:3306/orders",
        ),
        (
            json!({"format": "sqlserver", "host": "db.example", "port": "14", "database_name": "orders"}),
            "jdbc:sqlserver://db.example:14;databaseName=orders",
        ),
        (json!({"format": "oracle", "host": "db.example"}), "jdbc:oracle:thin:@db.example:1521:orcl"),
    ] {
        let sys_id = admin.make("jdbc_connection", &values);
        assert_eq!(admin.stored("jdbc_connection", &sys_id, "connection_url"), url, "{values}");
    }
}

#[test]
fn a5_3_kafka_goes_through_a_mid_server_and_has_a_consumer_group() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("kafka_connection", &json!({"name": "events", "use_mid": "false"}));
    let row = admin.row("kafka_connection", &sys_id);
    assert_eq!(
        (row["use_mid"].as_str(), row["consumer_group_id"].clone()),
        ("true", format!("instance-consumer-{sys_id}"))
    );
}

#[test]
fn a5_3_mutual_authentication_through_a_mid_server_is_a_setting() {
    for (setting, status) in [("allow", 201), ("refuse", 403)] {
        let simulator = open_empty(&[("mutual_auth_through_mid", setting)]);
        let admin = Asking::administrator(&simulator);
        let body = json!({"name": "blue", "use_mid": "true", "use_mutual_auth": "true"}).to_string();
        assert_eq!(admin.status(Method::Post, "/api/now/table/http_connection", &body), status, "{setting}");
    }
}

#[test]
fn a5_3_rules_can_be_switched_off_by_name() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let blue = json!({"name": "blue"});
    admin.make("http_connection", &blue);
    assert!(admin.refusal("http_connection", &blue).ends_with(&aborted("Ensure unique connection name")));
    simulator.set("rules_off", "Validate alias name, Ensure unique connection name").unwrap();
    assert_eq!(admin.refusal("http_connection", &blue), "");
    assert!(
        simulator.set("rules_off", "No such rule").unwrap_err().to_string().contains("Validate alias name")
    );
}

#[test]
fn a5_3_every_rule_has_a_name_and_an_id_of_its_own() {
    let mut seen = std::collections::BTreeSet::new();
    for rule in crate::rules::rules() {
        assert!(seen.insert(rule.name) && seen.insert(rule.sys_id), "{}", rule.name);
        assert!(rule.sys_id.len() == 32 && !rule.name.contains(','), "{}", rule.name);
    }
}

#[test]
fn a5_7_a_mid_server_tells_its_state() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("ecc_agent", &json!({"name": "mid1", "status": "Up", "validated": "true"}));
    let shown =
        admin.json(Method::Get, &format!("/api/now/table/ecc_agent/{sys_id}?sysparm_display_value=all"), "");
    assert_eq!(shown["result"]["validated"], json!({"display_value": "Yes", "value": "true"}));
    assert_eq!(shown["result"]["status"]["value"], "Up");
}

#[test]
fn a5_8_retry_policies_of_the_platform_are_there_and_nobody_fills_them_in() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for id in [
        "ef751ff07301330025d71afe2ff6a7f9",
        "e8ddcb7573331010cbfec9d234f6a7fd",
        "e385484773100010e3a71afe2ff6a709",
    ] {
        assert_eq!(admin.status(Method::Get, &format!("/api/now/table/sys_retry_policy/{id}"), ""), 200);
    }
    let alias = admin.make("sys_alias", &json!({"name": "orders"}));
    assert_eq!(admin.stored("sys_alias", &alias, "retry_policy"), "");
}

#[test]
fn a5_changes_of_connections_and_credentials_are_audited_without_secrets() {
    let simulator = open_empty(&[("password2_write", "always")]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("basic_auth_credentials", &json!({"name": "orders", "user_name": "a"}));
    admin.patch("basic_auth_credentials", &sys_id, &json!({"user_name": "b", "password": "planted"}));
    let audit = simulator.rows("sys_audit");
    let of = |column: &str| {
        audit.iter().find(|it| it["fieldname"] == column && it["documentkey"] == sys_id).unwrap()
    };
    let user = of("user_name");
    assert_eq!(
        (user["oldvalue"].as_str(), user["newvalue"].as_str(), user["user"].as_str()),
        ("a", "b", "admin")
    );
    assert_eq!(of("password")["newvalue"], "********");
    assert_eq!(user["tablename"], "basic_auth_credentials");
    for (setting, count) in [("none", 0), ("all", 1)] {
        simulator.set("audit", setting).unwrap();
        let property = admin.make("sys_properties", &json!({"name": setting, "value": "1"}));
        admin.patch("sys_properties", &property, &json!({"value": "2"}));
        let rows = simulator.rows("sys_audit");
        assert_eq!(
            rows.iter().filter(|it| it["documentkey"] == property && it["fieldname"] == "value").count(),
            count
        );
    }
}

#[test]
fn a5_what_refers_to_a_deleted_row_is_cleared_kept_or_deleted() {
    for (setting, left) in [("clear", ""), ("keep", "same")] {
        let simulator = open_empty(&[("delete_of_referenced", setting)]);
        let admin = Asking::administrator(&simulator);
        let credential = admin.make("basic_auth_credentials", &json!({"name": "orders"}));
        let connection = admin.make("http_connection", &json!({"name": "blue", "credential": credential}));
        let entity = admin.make("oauth_entity", &json!({"name": "Jira", "type": "consumer"}));
        assert_eq!(simulator.rows("oauth_entity_profile").len(), 1);
        admin.delete("basic_auth_credentials", &credential);
        admin.delete("oauth_entity", &entity);
        let expected = if left.is_empty() { "" } else { &credential };
        assert_eq!(admin.stored("http_connection", &connection, "credential"), expected, "{setting}");
        assert!(simulator.rows("oauth_entity_profile").is_empty(), "the column says so whatever the setting");
    }
}

#[test]
fn a5_long_values_are_cut_or_refused() {
    for (setting, status) in [("truncate", 201), ("refuse", 403)] {
        let simulator = open_empty(&[("long_values", setting)]);
        let admin = Asking::administrator(&simulator);
        let body = json!({"name": "n".repeat(41)}).to_string();
        assert_eq!(admin.status(Method::Post, "/api/now/table/sys_retry_policy", &body), status, "{setting}");
        let kept =
            simulator.rows("sys_retry_policy").iter().filter(|it| it["name"] == "n".repeat(40)).count();
        assert_eq!(kept, usize::from(status == 201));
    }
}

#[test]
fn a5_read_only_columns_keep_what_they_have_or_take_a_value() {
    for (setting, value) in [("kept", ""), ("written", "CN=sent")] {
        let simulator = open_empty(&[("read_only_columns", setting)]);
        let admin = Asking::administrator(&simulator);
        let sys_id = admin.make("sys_certificate", &json!({"name": "ca", "subject": "CN=sent"}));
        assert_eq!(admin.stored("sys_certificate", &sys_id, "subject"), value, "{setting}");
    }
}
