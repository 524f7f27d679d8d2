//! Section 5: the columns of the tables, as the dictionary of the instance describes them, a test for each row.

use super::*;

/// What the dictionary says of a column: type, length, default, reference, and its marks.
fn described(admin: &Asking<'_>, table: &str, element: &str) -> String {
    let target = format!(
        "/api/now/table/sys_dictionary?sysparm_query=name={table}^element={element}&sysparm_exclude_reference_link=true"
    );
    let found = admin.json(Method::Get, &target, "")["result"].clone();
    let Some(row) = found.as_array().and_then(|it| it.first()) else {
        return "missing".to_owned();
    };
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let mut parts = vec![text("internal_type"), text("max_length"), text("reference")];
    if !text("default_value").is_empty() {
        parts.push(format!("={}", text("default_value")));
    }
    parts.extend(
        ["mandatory", "read_only", "unique"].into_iter().filter(|it| text(it) == "true").map(str::to_owned),
    );
    parts.retain(|it| !it.is_empty());
    parts.join(" ")
}

/// Checks columns of a table against what the dictionary says of them.
#[track_caller]
pub(super) fn check(table: &str, columns: &[(&str, &str)]) {
    instance(&[], |admin| {
        for (element, expected) in columns {
            assert_eq!(described(admin, table, element), *expected, "{table}.{element}");
        }
    });
}

/// The values of a column's choices, in order.
#[track_caller]
pub(super) fn choices(table: &str, element: &str, expected: &str) {
    instance(&[], |admin| {
        let target =
            format!("/api/now/table/sys_choice?sysparm_query=name={table}^element={element}^ORDERBYsequence");
        assert_eq!(admin.column(&target, "value").join(" "), expected, "{table}.{element}");
    });
}

/// What a table extends, `""` for nothing.
#[track_caller]
pub(super) fn extends(pairs: &[(&str, &str)]) {
    instance(&[], |admin| {
        for (table, parent) in pairs {
            let target = format!(
                "/api/now/table/sys_db_object?sysparm_query=name={table}&sysparm_fields=super_class.name"
            );
            assert_eq!(admin.column(&target, "super_class.name"), [*parent], "{table}");
        }
    });
}

#[test]
fn r5_1_sys_alias_is_an_application_file() {
    extends(&[("sys_alias", "sys_metadata")]);
}

#[test]
fn r5_1_sys_alias_templates_is_an_application_file() {
    extends(&[("sys_alias_templates", "sys_metadata")]);
}

#[test]
fn r5_1_sys_retry_policy_is_an_application_file() {
    extends(&[("sys_retry_policy", "sys_metadata")]);
}

#[test]
fn r5_1_sys_connection_is_a_hierarchy_of_its_own_with_an_application_and_the_class_of_basic() {
    extends(&[("sys_connection", "")]);
    check("sys_connection", &[("sys_scope", "reference sys_scope =global")]);
    instance(&[], |admin| {
        let sys_id = admin.make("sys_connection", &json!({"name": "basic"}));
        assert_eq!(admin.stored("sys_connection", &sys_id, "sys_class_name"), "sys_connection");
    });
}

#[test]
fn r5_1_http_jdbc_jms_and_kafka_connections_extend_sys_connection() {
    extends(&[
        ("http_connection", "sys_connection"),
        ("jdbc_connection", "sys_connection"),
        ("orch_jms_ds", "sys_connection"),
        ("kafka_connection", "sys_connection"),
        ("basic_connection", "sys_connection"),
    ]);
}

#[test]
fn r5_1_discovery_credentials_is_a_hierarchy_of_its_own() {
    extends(&[("discovery_credentials", "")]);
}

#[test]
fn r5_1_every_kind_of_credentials_extends_discovery_credentials() {
    for table in [
        "basic_auth_credentials",
        "api_key_credentials",
        "oauth_2_0_credentials",
        "ssh_credentials",
        "ssh_private_key_credentials",
        "windows_credentials",
        "jdbc_credentials",
        "jms_credentials",
        "snmp_credentials",
        "snmpv3_credentials",
        "vmware_credentials",
        "cim_credentials",
        "aws_credentials",
        "azure_credentials",
        "gcp_credentials",
        "kafka_ssl_credentials",
        "infoblox_credentials",
        "sap_credentials",
    ] {
        instance(&[], |admin| {
            let sys_id = admin.make(table, &json!({"name": "a"}));
            assert_eq!(admin.stored("discovery_credentials", &sys_id, "sys_class_name"), table);
        });
    }
}

#[test]
fn r5_1_oauth_tables_are_application_files_but_for_tokens_and_requestors() {
    extends(&[
        ("oauth_entity", "sys_metadata"),
        ("oauth_entity_profile", "sys_metadata"),
        ("oauth_entity_scope", "sys_metadata"),
        ("oauth_entity_profile_scope", "sys_metadata"),
        ("oauth_credential", ""),
        ("oauth_requestor_profile", ""),
    ]);
}

#[test]
fn r5_1_jwt_tables_are_there() {
    extends(&[
        ("jwt_provider", "sys_metadata"),
        ("jwt_keystore_aliases", "sys_metadata"),
        ("jwt_claim_validation", "sys_metadata"),
    ]);
}

#[test]
fn r5_1_certificates_and_profiles_are_application_files() {
    extends(&[
        ("sys_certificate", "sys_metadata"),
        ("sys_protocol_profile", "sys_metadata"),
        ("sys_auth_profile", "sys_metadata"),
        ("sys_auth_profile_basic", "sys_auth_profile"),
    ]);
}

#[test]
fn r5_1_mid_servers_clusters_capabilities_and_applications_are_tables() {
    extends(&[
        ("ecc_agent", ""),
        ("ecc_agent_cluster", ""),
        ("ecc_agent_capability", ""),
        ("ecc_agent_application", ""),
    ]);
}

#[test]
fn r5_1_credential_affinity_is_a_table() {
    extends(&[("dscy_credentials_affinity", "")]);
}

#[test]
fn r5_1_application_files_have_the_columns_of_sys_metadata() {
    check(
        "sys_metadata",
        &[
            ("sys_name", "string 255 read_only"),
            ("sys_class_name", "sys_class_name 80 read_only"),
            ("sys_scope", "reference sys_scope =global"),
            ("sys_package", "reference sys_package read_only"),
            ("sys_update_name", "string 250 read_only"),
        ],
    );
}

#[test]
fn r5_1_files_are_global_unless_the_body_says_otherwise_and_keep_their_scope() {
    instance(&[], |admin| {
        let scope = admin.make("sys_scope", &json!({"name": "Acme", "scope": "x_acme"}));
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "sys_scope": scope}));
        admin.patch("sys_alias", &sys_id, &json!({"sys_scope": "global"}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "sys_scope"), scope);
    });
}

#[test]
fn r5_2_name_is_a_mandatory_text_of_255() {
    check("sys_alias", &[("name", "string 255 mandatory")]);
}

#[test]
fn r5_2_name_takes_the_characters_that_the_newest_release_takes() {
    instance(&[], |admin| {
        assert_eq!(admin.refusal("sys_alias", &json!({"name": "A b_1@./()#&+-=!*"})), "");
        assert!(admin.refusal("sys_alias", &json!({"name": "näme"})).contains("aborted by Business Rule"));
    });
}

#[test]
fn r5_2_id_is_read_only_and_made_of_scope_and_name() {
    check("sys_alias", &[("id", "string 255 read_only")]);
    instance(&[], |admin| {
        let scope = admin.make("sys_scope", &json!({"name": "Acme", "scope": "x_acme"}));
        for (values, id) in [
            (json!({"name": "Order intake"}), "Order_intake"),
            (json!({"name": "Order intake", "sys_scope": scope}), "x_acme.Order_intake"),
        ] {
            assert_eq!(admin.stored("sys_alias", &admin.make("sys_alias", &values), "id"), id);
        }
    });
}

#[test]
fn r5_2_type_is_connection_or_credential() {
    check("sys_alias", &[("type", "choice 40 =connection mandatory")]);
    choices("sys_alias", "type", "connection credential");
}

#[test]
fn r5_2_connection_type_is_a_table() {
    check("sys_alias", &[("connection_type", "choice 40 =http_connection")]);
    choices(
        "sys_alias",
        "connection_type",
        "http_connection jdbc_connection sys_connection orch_jms_ds kafka_connection",
    );
}

#[test]
fn r5_2_description_is_a_translated_text() {
    check("sys_alias", &[("description", "translated_text 4000")]);
}

#[test]
fn r5_2_parent_is_an_alias_and_stays() {
    check("sys_alias", &[("parent", "reference sys_alias")]);
    instance(&[], |admin| {
        let parent = admin.make("sys_alias", &json!({"name": "p"}));
        let child = admin.make("sys_alias", &json!({"name": "c", "parent": parent}));
        assert_eq!(admin.patch("sys_alias", &child, &json!({"parent": ""})), 403);
    });
}

#[test]
fn r5_2_configuration_template_and_retry_policy_are_references() {
    check(
        "sys_alias",
        &[
            ("configuration_template", "reference sys_alias_templates"),
            ("retry_policy", "reference sys_retry_policy"),
        ],
    );
}

#[test]
fn r5_2_multiple_connections_and_is_internal_are_off() {
    check("sys_alias", &[("multiple_connections", "boolean =false"), ("is_internal", "boolean =false")]);
}

#[test]
fn r5_3_columns_of_every_connection() {
    check(
        "sys_connection",
        &[
            ("name", "string 100 mandatory"),
            ("active", "boolean =true"),
            ("connection_alias", "reference sys_alias"),
            ("credential", "reference discovery_credentials"),
            ("connection_url", "string 1024"),
            ("use_mid", "boolean =false"),
            ("mid_selection", "choice 40 =auto_select"),
            ("mid_server", "reference ecc_agent"),
            ("mid_cluster", "reference ecc_agent_cluster"),
            ("mid_application", "reference ecc_agent_application"),
            ("mid_capabilities", "glide_list ecc_agent_capability"),
            ("sys_domain", "domain_id sys_user_group =global"),
            ("extended_attributes", "glide_var"),
            ("order", "integer"),
        ],
    );
    choices("sys_connection", "mid_selection", "auto_select specific_mid_server specific_mid_cluster");
}

#[test]
fn r5_3_name_is_unique_over_all_classes() {
    instance(&[], |admin| {
        admin.make("http_connection", &json!({"name": "a"}));
        assert!(admin.refusal("jdbc_connection", &json!({"name": "a"})).contains("aborted by Business Rule"));
    });
}

#[test]
fn r5_3_one_connection_of_an_alias_and_domain_is_active() {
    instance(&[("one_active_rule", "refuse")], |admin| {
        let alias = admin.make("sys_alias", &json!({"name": "orders"}));
        let values =
            |name: &str, domain: &str| json!({"name": name, "connection_alias": alias, "sys_domain": domain});
        admin.make("http_connection", &values("a", "global"));
        assert!(!admin.refusal("http_connection", &values("b", "global")).is_empty());
        assert_eq!(admin.refusal("http_connection", &values("c", &"d".repeat(32))), "", "another domain");
    });
}

#[test]
fn r5_3_a_credential_is_in_one_active_connection() {
    instance(&[], |admin| {
        let credential = admin.make("basic_auth_credentials", &json!({"name": "a"}));
        let values =
            |name: &str, active: &str| json!({"name": name, "credential": credential, "active": active});
        admin.make("http_connection", &values("a", "true"));
        assert!(!admin.refusal("http_connection", &values("b", "true")).is_empty());
        assert_eq!(admin.refusal("http_connection", &values("b", "false")), "");
    });
}

#[test]
fn r5_3_columns_of_http_connections_and_the_url_that_is_built() {
    check(
        "http_connection",
        &[
            ("url_builder", "boolean =false"),
            ("use_mutual_auth", "boolean =false"),
            ("protocol", "string 40 =https"),
            ("protocol_profile", "reference sys_protocol_profile"),
            ("host", "string 255"),
            ("port", "integer"),
            ("base_path", "string 255"),
            ("connection_timeout", "integer"),
            ("odata_ping_url", "string 255 =/sap/bc/ping"),
        ],
    );
    instance(&[], |admin| {
        let body = json!({"name": "a", "url_builder": true, "host": "h", "port": "1", "base_path": "/p", "connection_url": "sent"});
        let sys_id = admin.make("http_connection", &body);
        assert_eq!(admin.stored("http_connection", &sys_id, "connection_url"), "https://h:1/p");
    });
}

#[test]
fn r5_3_columns_of_jdbc_connections() {
    check(
        "jdbc_connection",
        &[
            ("database_name", "string 255"),
            ("instance_name", "string 255"),
            ("oracle_sid", "string 40 =orcl"),
            ("oracle_port", "integer =1521"),
            ("jdbc_driver", "string 255"),
            ("query_timeout", "integer"),
            ("connection_timeout", "integer"),
        ],
    );
    choices("jdbc_connection", "format", "none mysql oracle sqlserver sybase db2");
}

#[test]
fn r5_3_columns_of_jms_and_kafka_connections() {
    check("orch_jms_ds", &[("initial_context_factory", "string 255"), ("provider_url", "string 255")]);
    check(
        "kafka_connection",
        &[
            ("bootstrap_servers", "string 1000"),
            ("consumer_group_id", "string 255"),
            ("additional_client_properties", "string 4000"),
        ],
    );
}
