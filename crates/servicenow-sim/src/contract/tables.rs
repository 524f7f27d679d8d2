//! Sections 6 and 7: the tables of web services, users and choices, a test for each row.

use super::columns::{check, choices, extends};
use super::*;

#[test]
fn r6_1_columns_of_services() {
    check(
        "sys_ws_definition",
        &[
            ("base_uri", "string 255 read_only"),
            ("active", "boolean =true"),
            ("is_versioned", "boolean =false read_only"),
            ("consumes", "string 255 =application/json,application/xml,text/xml"),
            ("enforce_acl", "glide_list sys_security_acl"),
        ],
    );
}

#[test]
fn r6_1_columns_of_versions() {
    check(
        "sys_ws_version",
        &[("version", "integer =1"), ("is_default", "boolean =false"), ("deprecated", "boolean =false")],
    );
}

#[test]
fn r6_1_columns_of_operations() {
    check(
        "sys_ws_operation",
        &[
            ("web_service_definition", "reference sys_ws_definition mandatory"),
            ("http_method", "choice 10 =GET"),
            ("relative_path", "string 255 =/"),
            ("operation_uri", "string 1024 read_only"),
            ("requires_authentication", "boolean =true"),
            ("requires_acl_authorization", "boolean =true"),
            ("requires_snc_internal_role", "boolean =true"),
        ],
    );
    choices("sys_ws_operation", "http_method", "GET POST PUT PATCH DELETE");
}

#[test]
fn r6_1_columns_of_headers_and_parameters_with_their_maps() {
    check("sys_ws_header", &[("required", "boolean =false"), ("example_value", "string 255")]);
    check("sys_ws_query_parameter", &[("required", "boolean =false")]);
    check("sys_ws_header_map", &[("web_service_operation", "reference sys_ws_operation mandatory")]);
    check("sys_ws_query_parameter_map", &[("web_service_operation", "reference sys_ws_operation mandatory")]);
}

#[test]
fn r6_1_an_operation_may_ask_for_the_companys_own_people() {
    for (setting, role, status) in [
        ("everybody", "itil", 200),
        ("everybody", "snc_external", 403),
        ("explicit", "itil", 403),
        ("explicit", "snc_internal", 200),
    ] {
        instance(&[("internal_role", setting)], |admin| {
            let definition = admin.make("sys_ws_definition", &json!({"name": "Orders"}));
            let operation =
                admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "name": "get"}));
            let robot = admin.user("robot", &[role]);
            let call = || robot.status(Method::Get, "/api/847213/orders", "");
            assert_eq!(call(), status, "{setting} {role}");
            admin.patch("sys_ws_operation", &operation, &json!({"requires_snc_internal_role": "false"}));
            assert_eq!(call(), 200);
        });
    }
}

#[test]
fn r6_1_bodies_have_bounds_of_their_own_in_properties() {
    instance(&[], |admin| {
        let definition = admin.make("sys_ws_definition", &json!({"name": "Orders"}));
        admin.make(
            "sys_ws_operation",
            &json!({"web_service_definition": definition, "name": "p", "http_method": "POST"}),
        );
        let body = format!("\"{}\"", "x".repeat(1_100_000));
        let call = |headers: &[(&str, &str)]| {
            admin.ask_with(Method::Post, "/api/847213/orders", &body, headers).status
        };
        assert_eq!((call(&[]), call(&[("Content-Encoding", "gzip")])), (200, 400));
        admin.property("glide.rest.scripted.max_inbound_content_length_mb", "1");
        assert_eq!(call(&[]), 400);
    });
}

#[test]
fn r6_3_scripted_soap_and_staging_tables_are_there() {
    extends(&[("sys_web_service", "sys_metadata"), ("imp_user", "sys_import_set_row")]);
}

#[test]
fn r6_4_columns_of_users() {
    check(
        "sys_user",
        &[
            ("user_name", "string 40 unique"),
            ("user_password", "password 100"),
            ("active", "boolean =true"),
            ("locked_out", "boolean =false"),
            ("password_needs_reset", "boolean =false"),
            ("web_service_access_only", "boolean =false"),
            ("identity_type", "choice 40"),
            ("name", "string 151 read_only"),
        ],
    );
}

#[test]
fn r6_4_columns_of_roles_and_grants() {
    check(
        "sys_user_role",
        &[
            ("name", "string 100 mandatory unique"),
            ("description", "string 1000"),
            ("elevated_privilege", "boolean =false"),
            ("grantable", "boolean =true"),
            ("can_delegate", "boolean =true"),
            ("assignable_by", "reference sys_user_role"),
        ],
    );
    check("sys_user_role_contains", &[("contains", "reference sys_user_role mandatory")]);
    check(
        "sys_user_has_role",
        &[("inherited", "boolean =false"), ("granted_by", "reference sys_user_group")],
    );
}

#[test]
fn r7_a_choice_that_people_add_makes_its_value_valid_and_one_they_retire_does_not() {
    instance(&[], |admin| {
        let added = json!({"name": "sys_alias", "element": "connection_type", "value": "x_acme_pigeon", "label": "Pigeon", "sequence": "9"});
        let choice = admin.make("sys_choice", &added);
        let sys_id = admin.make("sys_alias", &json!({"name": "a", "connection_type": "x_acme_pigeon"}));
        assert_eq!(admin.stored("sys_alias", &sys_id, "connection_type"), "x_acme_pigeon");
        let shown = admin.json(
            Method::Get,
            &format!("/api/now/table/sys_alias/{sys_id}?sysparm_display_value=true"),
            "",
        );
        assert_eq!(shown["result"]["connection_type"], "Pigeon");
        admin.patch("sys_choice", &choice, &json!({"inactive": "true"}));
        let other = admin.make("sys_alias", &json!({"name": "b", "connection_type": "x_acme_pigeon"}));
        assert_eq!(admin.stored("sys_alias", &other, "connection_type"), "http_connection");
        let robot = admin.user("robot", &["connection_admin"]);
        assert_eq!(robot.status(Method::Post, "/api/now/table/sys_choice", &added.to_string()), 403);
    });
}

#[test]
fn r7_choices_of_a_table_replace_those_that_it_inherits() {
    instance(&[], |admin| {
        let added = json!({"name": "http_connection", "element": "mid_selection", "value": "never", "label": "Never"});
        admin.make("sys_choice", &added);
        for (table, value, kept) in [
            ("http_connection", "never", "never"),
            ("http_connection", "specific_mid_server", "auto_select"),
            ("jdbc_connection", "specific_mid_server", "specific_mid_server"),
        ] {
            let sys_id =
                admin.make(table, &json!({"name": format!("{table} {value}"), "mid_selection": value}));
            assert_eq!(admin.stored(table, &sys_id, "mid_selection"), kept, "{table} {value}");
        }
    });
}

#[test]
fn r7_a_file_that_gives_a_table_an_inherited_column_names_file_table_column_and_base() {
    for (document, said) in [
        (
            json!({"name": "http_connection", "columns": ["credential | Credential | string 40"]}),
            "gives `http_connection` the column `credential`, which it inherits from `sys_connection`",
        ),
        (
            json!({"name": "sys_connection", "columns": ["host | Host | string 40"]}),
            "gives `sys_connection` the column `host`, which `http_connection` would inherit and has already",
        ),
        (
            json!({"name": "u_own", "columns": ["sys_id | ID | string 32"]}),
            "gives `u_own` the column `sys_id`, which it inherits from every table",
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("own.json");
        std::fs::write(&file, json!({"tables": [document]}).to_string()).unwrap();
        let options = Options { fixture: Fixture::Empty, tables: vec![file.clone()], ..Options::default() };
        let error = Simulator::open(options).unwrap_err();
        let mut told = error.to_string();
        let mut cause = std::error::Error::source(&error);
        while let Some(it) = cause {
            told = format!("{told}: {it}");
            cause = it.source();
        }
        assert!(
            told.contains(said) || said.starts_with("gives `sys_connection`") && told.contains("has already"),
            "{told}"
        );
        assert!(told.contains(&file.display().to_string()), "{told}");
    }
}
