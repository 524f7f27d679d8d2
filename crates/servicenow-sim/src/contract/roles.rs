//! Section 4.3: what each role may do, a test for each row.

use super::sign_in::id_of;
use super::*;

const LIST: &str = "/api/now/table/http_connection";

/// Which verbs a role has on a table: reading, creating.
fn may(role: &str, table: &str) -> (bool, bool) {
    let mut rights = (false, false);
    instance(&[("mandatory_columns", "ignored")], |admin| {
        let target = format!("/api/now/table/{table}");
        admin.status(
            Method::Post,
            &target,
            r#"{"name":"seen","user_name":"seen","rate_limit":"1000","rest_api_path":"now/nothing"}"#,
        );
        let robot = admin.user("robot", &[role]);
        let read = !robot.json(Method::Get, &target, "")["result"].as_array().unwrap().is_empty();
        let body = r#"{"name":"made","user_name":"made","rate_limit":"1000","rest_api_path":"now/nothing"}"#;
        rights = (read, robot.status(Method::Post, &target, body) == 201);
    });
    rights
}

#[test]
fn r4_3_admin_may_do_everything() {
    for table in
        ["http_connection", "basic_auth_credentials", "sys_alias", "oauth_entity", "sys_ws_definition"]
    {
        assert_eq!(may("admin", table), (true, true), "{table}");
    }
}

#[test]
fn r4_3_connection_admin_keeps_connections_and_reads_aliases() {
    assert_eq!(may("connection_admin", "http_connection"), (true, true));
    assert_eq!(may("connection_admin", "sys_alias"), (true, false));
    assert_eq!(may("connection_admin", "basic_auth_credentials"), (false, false));
}

#[test]
fn r4_3_credential_admin_keeps_credentials_and_reads_aliases() {
    assert_eq!(may("credential_admin", "basic_auth_credentials"), (true, true));
    assert_eq!(may("credential_admin", "sys_alias"), (true, false));
    assert_eq!(may("credential_admin", "http_connection"), (false, false));
}

#[test]
fn r4_3_only_admin_keeps_aliases_and_templates() {
    for table in ["sys_alias", "sys_alias_templates"] {
        assert_eq!(may("admin", table), (true, true), "{table}");
        assert!(!may("connection_admin", table).1, "{table}");
    }
}

#[test]
fn r4_3_oauth_admin_and_mi_admin_keep_registries() {
    assert_eq!(may("oauth_admin", "oauth_entity"), (true, true));
    assert_eq!(may("mi_admin", "oauth_entity"), (true, true));
    assert_eq!(may("credential_admin", "oauth_entity"), (false, false));
}

#[test]
fn r4_3_web_service_admin_keeps_web_services() {
    assert_eq!(may("web_service_admin", "sys_ws_definition"), (true, true));
    assert_eq!(may("connection_admin", "sys_ws_definition"), (false, false));
}

#[test]
fn r4_3_roles_for_rates_keys_policies_and_certificates_keep_theirs() {
    for (role, table) in [
        ("rate_limit_admin", "sys_rate_limit_rules"),
        ("api_service_admin", "api_key"),
        ("api_service_admin", "sys_api_access_policy"),
        ("adaptive_auth_policy_admin", "auth_policy_mapping"),
        ("sso_config_admin", "sys_user_certificate"),
    ] {
        assert_eq!(may(role, table), (true, true), "{role} of {table}");
        assert_eq!(may("itil", table), (false, false), "itil of {table}");
    }
}

#[test]
fn r4_3_rest_service_passes_the_access_control_of_the_apis() {
    instance(&[("api_access_control", "active")], |admin| {
        for (role, status) in [("rest_service", 200), ("snc_platform_rest_api_access", 200), ("itil", 403)] {
            assert_eq!(admin.user(role, &[role]).status(Method::Get, LIST, ""), status, "{role}");
        }
    });
}

#[test]
fn r4_3_snc_read_only_takes_every_write_away() {
    instance(&[], |admin| {
        let sys_id = admin.make("http_connection", &json!({"name": "a"}));
        let auditor = admin.user("auditor", &["connection_admin", "snc_read_only"]);
        assert_eq!(auditor.column(LIST, "name"), ["a"]);
        assert_eq!(auditor.patch("http_connection", &sys_id, &json!({"name": "b"})), 403);
        assert_eq!(auditor.delete("http_connection", &sys_id), 403);
        assert_eq!(auditor.status(Method::Post, LIST, r#"{"name":"b"}"#), 403);
    });
}

#[test]
fn r4_3_a_role_brings_along_what_it_contains() {
    instance(&[], |admin| {
        let role = |name: &str| admin.make("sys_user_role", &json!({"name": name}));
        let (outer, inner) = (role("x_acme.outer"), role("x_acme.inner"));
        let rows = admin.simulator.rows("sys_user_role");
        let keeper = rows.iter().find(|it| it["name"] == "connection_admin").unwrap()["sys_id"].clone();
        for (role, contains) in [(&outer, &inner), (&inner, &keeper), (&keeper, &outer)] {
            admin.make("sys_user_role_contains", &json!({"role": role, "contains": contains}));
        }
        let robot = admin.user("robot", &["x_acme.outer"]);
        assert_eq!(
            robot.status(Method::Post, LIST, r#"{"name":"a"}"#),
            201,
            "through two steps, and a circle ends"
        );
        let held = admin.simulator.rows("sys_user_has_role");
        let user = id_of(admin, "robot");
        let inherited = held.iter().filter(|it| it["user"] == user && it["inherited"] == "true").count();
        assert_eq!(inherited, 2);
    });
}

#[test]
fn r4_3_the_demo_company_has_people_of_every_kind() {
    let simulator = Simulator::open(Options::default()).unwrap();
    let asking = |name: &str, password: &str| Asking {
        simulator: &simulator,
        user_name: name.into(),
        password: password.into(),
    };
    for (name, password, reads, writes) in [
        ("integration", "integration-password", 200, 201),
        ("integration.operator", "operator-password", 200, 201),
        ("auditor", "auditor-password", 200, 403),
        ("service.desk", "service-desk-password", 200, 403),
        ("former.employee", "former-password", 401, 401),
    ] {
        let user = asking(name, password);
        assert_eq!(user.status(Method::Get, LIST, ""), reads, "{name}");
        let body = json!({"name": format!("of {name}"), "active": "false"}).to_string();
        assert_eq!(user.status(Method::Post, LIST, &body), writes, "{name}");
    }
    let auditor = asking("auditor", "auditor-password");
    assert!(!auditor.column(&format!("{LIST}?sysparm_limit=1"), "name").is_empty(), "the auditor sees rows");
}
