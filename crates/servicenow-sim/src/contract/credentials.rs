//! Sections 5.4 to 5.6: credentials, OAuth registries, certificates and outbound messages.

use super::*;

#[test]
fn a5_4_each_class_of_credentials_has_its_type() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (table, kind) in [
        ("basic_auth_credentials", "basic_auth"),
        ("api_key_credentials", "api_key"),
        ("oauth_2_0_credentials", "oauth_2_0"),
        ("ssh_credentials", "ssh"),
        ("windows_credentials", "windows"),
        ("jdbc_credentials", "jdbc"),
        ("jms_credentials", "jms"),
        ("snmpv3_credentials", "snmpv3"),
        ("aws_credentials", "aws"),
        ("azure_credentials", "azure"),
    ] {
        let sys_id = admin.make(table, &json!({"name": table, "type": "sent"}));
        let row = admin.row("discovery_credentials", &sys_id);
        assert_eq!(
            (row["type"].as_str(), row["order"].as_str(), row["active"].as_str()),
            (kind, "100", "true")
        );
        assert_eq!(row["sys_class_name"], table);
    }
}

#[test]
fn a5_4_names_of_credentials_need_not_be_unique_and_tags_are_a_list() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let alias = |name: &str| admin.make("sys_alias", &json!({"name": name, "type": "credential"}));
    let tags = format!("{},{}", alias("a"), alias("b"));
    let values = json!({"name": "same", "tag": tags});
    admin.make("basic_auth_credentials", &values);
    let second = admin.make("basic_auth_credentials", &values);
    let one = format!("/api/now/table/basic_auth_credentials/{second}?sysparm_display_value=all");
    let shown = admin.json(Method::Get, &one, "");
    assert_eq!(shown["result"]["tag"], json!({"display_value": "a, b", "value": tags}));
}

#[test]
fn a5_4_a_secret_is_usable_only_as_the_setting_says() {
    for (setting, meaning, usable) in [
        ("always", "false", true),
        ("always", "true", true),
        ("display_value_only", "false", false),
        ("display_value_only", "true", true),
        ("raw_unless_display_value", "false", false),
        ("raw_unless_display_value", "true", true),
    ] {
        let simulator = open_empty(&[("password2_write", setting)]);
        let admin = Asking::administrator(&simulator);
        for (table, column) in [
            ("basic_auth_credentials", "password"),
            ("api_key_credentials", "api_key"),
            ("ssh_private_key_credentials", "ssh_private_key"),
            ("oauth_entity", "client_secret"),
            ("sys_auth_profile_basic", "password"),
        ] {
            let path = format!("/api/now/table/{table}?sysparm_input_display_value={meaning}");
            let created = admin.json(
                Method::Post,
                &path,
                &json!({"name": table, column: "secret", "type": "consumer"}).to_string(),
            );
            let sys_id = created["result"]["sys_id"].as_str().unwrap();
            assert_eq!(
                simulator.proves(table, sys_id, column, "secret"),
                usable,
                "{setting} {meaning} {table}"
            );
        }
    }
}

#[test]
fn a5_4_a_secret_reads_as_the_setting_says_and_its_ciphertext_changes_with_each_write() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("basic_auth_credentials", &json!({"name": "orders"}));
    let one = format!("/api/now/table/basic_auth_credentials/{sys_id}?sysparm_input_display_value=true");
    let write = || admin.json(Method::Patch, &one, r#"{"password":"secret"}"#)["result"]["password"].clone();
    let (first, second) = (write(), write());
    assert_ne!(first, second);
    for (setting, expected) in
        [("ciphertext", second.clone()), ("empty", json!("")), ("mask", json!("********"))]
    {
        simulator.set("password2_read", setting).unwrap();
        assert_eq!(admin.json(Method::Get, &one, "")["result"]["password"], expected, "{setting}");
    }
    admin.json(Method::Patch, &one, r#"{"password":""}"#);
    assert!(!simulator.proves("basic_auth_credentials", &sys_id, "password", "secret"), "it was cleared");
}

#[test]
fn a5_5_a_client_of_this_instance_gets_what_was_left_out() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make("oauth_entity", &json!({"name": "Jira", "type": "client"}));
    let row = admin.row("oauth_entity", &sys_id);
    assert_eq!(row["client_id"].len(), 32);
    assert!(simulator.stored_secret("oauth_entity", &sys_id, "client_secret").is_some());
    assert_eq!(
        (row["access_token_lifespan"].as_str(), row["refresh_token_lifespan"].as_str()),
        ("1800", "8640000")
    );
    assert!(simulator.rows("oauth_entity_profile").is_empty(), "profiles are for providers");
}

#[test]
fn a5_5_a_provider_comes_with_a_default_profile_and_a_redirect_url() {
    for (setting, count) in [("created", 1), ("none", 0)] {
        let simulator = open_empty(&[("oauth_default_profile", setting)]);
        let admin = Asking::administrator(&simulator);
        let values = json!({"name": "Jira", "type": "consumer", "default_grant_type": "client_credentials"});
        let sys_id = admin.make("oauth_entity", &values);
        assert_eq!(
            admin.stored("oauth_entity", &sys_id, "redirect_url"),
            "https://instance.example/oauth_redirect.do"
        );
        let profiles = simulator.rows("oauth_entity_profile");
        assert_eq!(profiles.len(), count, "{setting}");
        for profile in profiles {
            assert!(profile["name"].ends_with("default_profile"));
            assert_eq!(
                (profile["grant_type"].as_str(), profile["default"].as_str()),
                ("client_credentials", "true")
            );
            let other = json!({"name": "Second", "oauth_entity": sys_id, "default": "true"});
            admin.make("oauth_entity_profile", &other);
            assert_eq!(admin.stored("oauth_entity_profile", &profile["sys_id"], "default"), "false");
        }
    }
}

#[test]
fn a5_5_names_of_registries_are_unique_as_the_setting_says() {
    for (setting, status) in [("refuse", 403), ("none", 201)] {
        let simulator = open_empty(&[("oauth_name_unique", setting)]);
        let admin = Asking::administrator(&simulator);
        let body = json!({"name": "Jira", "type": "consumer"});
        admin.make("oauth_entity", &body);
        assert_eq!(admin.status(Method::Post, "/api/now/table/oauth_entity", &body.to_string()), status);
    }
}

#[test]
fn a5_6_outbound_messages_have_their_defaults() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let message =
        admin.make("sys_rest_message", &json!({"name": "Jira", "rest_endpoint": "https://jira.example"}));
    let function = json!({"rest_message": message, "function_name": "read", "http_method": "GET"});
    let function = admin.make("sys_rest_message_fn", &function);
    let row = admin.row("sys_rest_message", &message);
    assert_eq!(
        (row["access"].as_str(), row["authentication_type"].as_str()),
        ("package_private", "no_authentication")
    );
    let row = admin.row("sys_rest_message_fn", &function);
    assert_eq!(row["authentication_type"], "inherit_from_parent");
    assert_eq!(
        row["http_method"], "get",
        "verbs are in lower case here: the unknown choice kept the default"
    );
    admin.delete("sys_rest_message", &message);
    assert!(simulator.rows("sys_rest_message_fn").is_empty());
}
