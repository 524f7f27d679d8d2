//! Section 6: scripted web services, and users with their roles.

use super::*;

/// A service with one operation, and where it is reached.
fn service(admin: &Asking<'_>, operation: &Value) -> String {
    let definition = admin.make("sys_ws_definition", &json!({"name": "Order intake"}));
    let mut values =
        json!({"web_service_definition": definition, "name": "orders", "relative_path": "/orders/{id}"});
    for (column, value) in operation.as_object().unwrap() {
        values[column] = value.clone();
    }
    let sys_id = admin.make("sys_ws_operation", &values);
    admin.stored("sys_ws_operation", &sys_id, "operation_uri")
}

fn scope(admin: &Asking<'_>) -> String {
    admin.make("sys_scope", &json!({"name": "Acme", "scope": "x_acme"}))
}

#[test]
fn a6_1_paths_are_computed_from_namespace_and_id() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let scope = scope(&admin);
    for (values, base) in [
        (json!({"name": "Order Intake"}), "/api/847213/order_intake"),
        (json!({"name": "Scoped", "sys_scope": scope}), "/api/x_acme/scoped"),
        (
            json!({"name": "Named", "service_id": "own", "namespace": "sent", "base_uri": "sent"}),
            "/api/847213/own",
        ),
    ] {
        let definition = admin.make("sys_ws_definition", &values);
        assert_eq!(admin.stored("sys_ws_definition", &definition, "base_uri"), base, "{values}");
        for (path, uri) in [("", ""), ("/", ""), ("items/{id}", "/items/{id}")] {
            let method = if path == "/" { "POST" } else { "GET" };
            let values =
                json!({"web_service_definition": definition, "relative_path": path, "http_method": method});
            let operation = admin.row("sys_ws_operation", &admin.make("sys_ws_operation", &values));
            assert_eq!(operation["operation_uri"], format!("{base}{uri}"), "{path}");
            assert_eq!(operation["default_operation_uri"], format!("{base}{uri}"), "{path}");
        }
    }
}

#[test]
fn a6_1_a_renamed_service_moves_its_operations() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let old = service(&admin, &json!({}));
    let definition = simulator.rows("sys_ws_definition")[0]["sys_id"].clone();
    admin.patch("sys_ws_definition", &definition, &json!({"service_id": "orders2"}));
    let uri = simulator.rows("sys_ws_operation")[0]["operation_uri"].clone();
    assert_eq!(uri, "/api/847213/orders2/orders/{id}");
    assert_ne!(old, uri);
    let twin = admin.refusal("sys_ws_definition", &json!({"name": "Twin", "service_id": "orders2"}));
    assert!(twin.contains("Ensure unique API ID"), "{twin}");
}

#[test]
fn a6_1_a_created_route_is_callable_and_echoes() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let uri = service(&admin, &json!({"http_method": "POST", "operation_script": "gs.log('never run')"}));
    let target = format!("{}?verbose=yes", uri.replace("{id}", "4%2F2"));
    let answer = admin.json(Method::Post, &target, r#"{"amount":1}"#);
    assert_eq!(
        answer["result"],
        json!({
            "service": "Order intake", "resource": "orders", "method": "POST", "path_parameters": {"id": "4/2"},
            "query_parameters": {"verbose": "yes"}, "body": {"amount": 1}, "user": "admin",
        })
    );
    for (method, path) in
        [(Method::Get, uri.as_str()), (Method::Post, "/api/847213/order_intake"), (Method::Post, "/api/x/y")]
    {
        let answer = admin.ask(method, path, "{}");
        assert_eq!(answer.status, 400, "{path}");
        let text = String::from_utf8(answer.body).unwrap();
        assert!(text.contains("Requested URI does not represent any resource"), "{text}");
    }
}

#[test]
fn a6_1_a_call_is_in_the_transaction_log() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let uri = service(&admin, &json!({"requires_authentication": "false"}));
    admin.status(Method::Get, &uri.replace("{id}", "42"), "");
    admin.status(Method::Get, "/api/847213/nobody", "");
    let lines = simulator.rows("syslog_transaction");
    let [line] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((line["url"].as_str(), line["type"].as_str()), ("/api/847213/order_intake/orders/42", "rest"));
    assert_eq!((line["sys_created_by"].as_str(), line["response_status"].as_str()), ("admin", "200"));
    assert!(!line["sys_created_on"].is_empty());
}

#[test]
fn a6_1_an_inactive_service_or_operation_is_no_resource() {
    for table in ["sys_ws_definition", "sys_ws_operation"] {
        let simulator = open_empty(&[]);
        let admin = Asking::administrator(&simulator);
        let uri = service(&admin, &json!({}));
        let sys_id = simulator.rows(table)[0]["sys_id"].clone();
        assert_eq!(admin.status(Method::Get, &uri, ""), 200);
        admin.patch(table, &sys_id, &json!({"active": "false"}));
        assert_eq!(admin.status(Method::Get, &uri, ""), 400, "{table}");
    }
}

#[test]
fn a6_1_routes_must_not_overlap() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    service(&admin, &json!({}));
    let definition = simulator.rows("sys_ws_definition")[0]["sys_id"].clone();
    for (method, path, refused) in [
        ("GET", "/orders/{number}", true),
        ("GET", "orders/{id}/", true),
        ("POST", "/orders/{id}", false),
        ("GET", "/orders", false),
        ("GET", "/orders/{id}/lines", false),
    ] {
        let values =
            json!({"web_service_definition": definition, "http_method": method, "relative_path": path});
        let refusal = admin.refusal("sys_ws_operation", &values);
        assert_eq!(
            refusal.contains("aborted by Business Rule 'Ensure no overlapping routes^"),
            refused,
            "{path}: {refusal}"
        );
    }
}

#[test]
fn a6_1_who_may_call_is_in_the_record() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let control = admin.make(
        "sys_security_acl",
        &json!({"name": "orders", "type": "REST_Endpoint", "operation": "execute"}),
    );
    let role = "/api/now/table/sys_security_acl_role?sysparm_input_display_value=true";
    admin.json(
        Method::Post,
        role,
        &json!({"sys_security_acl": control, "sys_user_role": "itil"}).to_string(),
    );
    let itil = admin.user("itil_user", &["itil"]);
    let other = admin.user("other_user", &[]);
    let nobody = Asking { simulator: &simulator, user_name: "nobody".into(), password: "wrong".into() };
    for (number, authentication, access, list, statuses) in [
        (1, "false", "true", control.as_str(), [200, 200, 200, 200]),
        (2, "true", "false", &control, [200, 200, 200, 401]),
        (3, "true", "true", &control, [200, 200, 403, 401]),
        (4, "true", "true", "", [200, 200, 200, 401]),
    ] {
        let definition = admin.make("sys_ws_definition", &json!({"name": format!("service{number}")}));
        let operation = admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "requires_authentication": authentication, "requires_acl_authorization": access, "enforce_acl": list}));
        let uri = admin.stored("sys_ws_operation", &operation, "operation_uri");
        let found = [&admin, &itil, &other, &nobody].map(|it| it.status(Method::Get, &uri, ""));
        assert_eq!(found, statuses, "{number}");
    }
}

#[test]
fn a6_1_the_service_has_the_access_controls_that_the_operation_lacks() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let control = admin.make("sys_security_acl", &json!({"name": "orders", "type": "REST_Endpoint"}));
    let role = "/api/now/table/sys_security_acl_role?sysparm_input_display_value=true";
    admin.json(
        Method::Post,
        role,
        &json!({"sys_security_acl": control, "sys_user_role": "itil"}).to_string(),
    );
    let uri = service(&admin, &json!({}));
    let definition = simulator.rows("sys_ws_definition")[0]["sys_id"].clone();
    let other = admin.user("other_user", &[]);
    assert_eq!(other.status(Method::Get, &uri, ""), 200);
    admin.patch("sys_ws_definition", &definition, &json!({"enforce_acl": control}));
    assert_eq!(other.status(Method::Get, &uri, ""), 403);
}

#[test]
fn a6_1_the_version_stands_before_the_service() {
    for (setting, unversioned) in [("latest", 200), ("none", 400)] {
        let simulator = open_empty(&[("scripted_default_version", setting)]);
        let admin = Asking::administrator(&simulator);
        let definition = admin.make("sys_ws_definition", &json!({"name": "Orders"}));
        for number in ["1", "2"] {
            let version = admin
                .make("sys_ws_version", &json!({"web_service_definition": definition, "version": number}));
            admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "web_service_version": version, "name": number}));
        }
        let row = admin.row("sys_ws_definition", &definition);
        assert_eq!(
            (row["is_versioned"].as_str(), row["default_version"].as_str()),
            ("true", "No active default version")
        );
        let resource = |path: &str| admin.json(Method::Get, path, "")["result"]["resource"].clone();
        assert_eq!(resource("/api/847213/v1/orders"), "1");
        assert_eq!(resource("/api/847213/v2/orders"), "2");
        assert_eq!(admin.status(Method::Get, "/api/847213/v3/orders", ""), 400);
        assert_eq!(admin.status(Method::Get, "/api/847213/orders", ""), unversioned, "{setting}");
        let first = simulator.rows("sys_ws_version").into_iter().find(|it| it["version"] == "1").unwrap();
        admin.patch("sys_ws_version", &first["sys_id"], &json!({"is_default": "true"}));
        assert_eq!(admin.stored("sys_ws_definition", &definition, "default_version"), "v1");
        assert_eq!(resource("/api/847213/orders"), "1", "the default version answers");
    }
}

#[test]
fn a6_1_operations_move_with_the_number_of_their_version() {
    for (setting, path) in [("moves", "/api/847213/v5/orders/{id}"), ("stays", "/api/847213/v4/orders/{id}")]
    {
        let simulator = open_empty(&[("scripted_version_number", setting)]);
        let admin = Asking::administrator(&simulator);
        let definition = admin.make("sys_ws_definition", &json!({"name": "Orders"}));
        let values = json!({"web_service_definition": definition, "version": "4", "is_default": "true"});
        let version = admin.make("sys_ws_version", &values);
        let operation = admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "web_service_version": version, "relative_path": "/{id}"}));
        assert_eq!(
            admin.stored("sys_ws_operation", &operation, "operation_uri"),
            "/api/847213/v4/orders/{id}"
        );
        admin.patch("sys_ws_version", &version, &json!({"version": "5"}));
        assert_eq!(admin.stored("sys_ws_operation", &operation, "operation_uri"), path, "{setting}");
        assert_eq!(admin.status(Method::Get, path, ""), 200, "{setting}");
        let number = path.split('/').nth(3).unwrap();
        assert_eq!(admin.stored("sys_ws_definition", &definition, "default_version"), number, "{setting}");
    }
}

#[test]
fn a6_1_a_service_that_loses_its_versions_is_reached_without_one() {
    let simulator = open_empty(&[("scripted_default_version", "none")]);
    let admin = Asking::administrator(&simulator);
    let definition = admin.make("sys_ws_definition", &json!({"name": "Orders"}));
    let version = |number: &str, default: &str| {
        let values = json!({"web_service_definition": definition, "version": number, "is_default": default});
        admin.make("sys_ws_version", &values)
    };
    let (first, second) = (version("1", "false"), version("2", "true"));
    admin.make("sys_ws_operation", &json!({"web_service_definition": definition, "name": "plain"}));
    for (gone, versioned, default, status) in
        [(&second, "true", "No active default version", 400), (&first, "false", "", 200)]
    {
        assert_eq!(admin.delete("sys_ws_version", gone), 204);
        assert_eq!(admin.stored("sys_ws_definition", &definition, "is_versioned"), versioned);
        assert_eq!(admin.stored("sys_ws_definition", &definition, "default_version"), default);
        assert_eq!(admin.status(Method::Get, "/api/847213/orders", ""), status);
    }
}

#[test]
fn a6_1_deleting_a_service_takes_everything_along() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    service(&admin, &json!({}));
    let definition = simulator.rows("sys_ws_definition")[0]["sys_id"].clone();
    let operation = simulator.rows("sys_ws_operation")[0]["sys_id"].clone();
    let header =
        admin.make("sys_ws_header", &json!({"web_service_definition": definition, "name": "X-Trace"}));
    admin.make(
        "sys_ws_header_map",
        &json!({"web_service_header": header, "web_service_operation": operation}),
    );
    let parameter =
        admin.make("sys_ws_query_parameter", &json!({"web_service_definition": definition, "name": "q"}));
    admin.make(
        "sys_ws_query_parameter_map",
        &json!({"web_service_query_parameter": parameter, "web_service_operation": operation}),
    );
    assert_eq!(admin.delete("sys_ws_definition", &definition), 204);
    for table in [
        "sys_ws_operation",
        "sys_ws_header",
        "sys_ws_header_map",
        "sys_ws_query_parameter",
        "sys_ws_query_parameter_map",
    ] {
        assert!(simulator.rows(table).is_empty(), "{table}");
    }
}

#[test]
fn a6_4_a_user_has_its_defaults_and_a_computed_name() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let sys_id = admin.make(
        "sys_user",
        &json!({"user_name": "robot", "first_name": "Integration", "last_name": "Robot", "name": "sent"}),
    );
    let row = admin.row("sys_user", &sys_id);
    for (column, value) in [
        ("name", "Integration Robot"),
        ("active", "true"),
        ("locked_out", "false"),
        ("web_service_access_only", "false"),
        ("internal_integration_user", "false"),
    ] {
        assert_eq!(row[column], value, "{column}");
    }
    assert!(admin.refusal("sys_user", &json!({"user_name": "ROBOT"})).contains("for key 'user_name'"));
}

#[test]
fn a6_4_a_users_password_is_usable_only_through_the_display_path() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    for (meaning, usable) in [("true", true), ("false", false)] {
        let path = format!("/api/now/table/sys_user?sysparm_input_display_value={meaning}");
        let body = json!({"user_name": format!("user{meaning}"), "user_password": "secret"}).to_string();
        let created = admin.json(Method::Post, &path, &body);
        let sys_id = created["result"]["sys_id"].as_str().unwrap();
        assert_eq!(simulator.proves("sys_user", sys_id, "user_password", "secret"), usable, "{meaning}");
    }
}

#[test]
fn a6_4_contained_roles_and_roles_of_groups_appear_as_inherited_rows() {
    let simulator = open_empty(&[]);
    let admin = Asking::administrator(&simulator);
    let make = |table: &str, values: Value| admin.make(table, &values);
    let role = |name: &str| make("sys_user_role", json!({"name": name}));
    let (outer, middle, inner, given) = (role("x.outer"), role("x.middle"), role("x.inner"), role("x.given"));
    for (role, contains) in [(&outer, &middle), (&middle, &inner), (&inner, &outer)] {
        make("sys_user_role_contains", json!({"role": role, "contains": contains}));
    }
    let user = make("sys_user", json!({"user_name": "robot"}));
    let group = make("sys_user_group", json!({"name": "Robots"}));
    let held = || {
        let mut rows: Vec<(String, String)> = simulator
            .rows("sys_user_has_role")
            .into_iter()
            .filter(|it| it["user"] == user)
            .map(|it| (it["role"].clone(), it["inherited"].clone()))
            .collect();
        rows.sort();
        rows
    };
    let expected = |rows: &[(&String, &str)]| {
        let mut rows: Vec<(String, String)> =
            rows.iter().map(|(role, inherited)| ((*role).clone(), (*inherited).to_owned())).collect();
        rows.sort();
        rows
    };
    let grant = make("sys_user_has_role", json!({"user": user, "role": outer}));
    assert_eq!(held(), expected(&[(&outer, "false"), (&middle, "true"), (&inner, "true")]), "a circle ends");
    let member = make("sys_user_grmember", json!({"user": user, "group": group}));
    make("sys_group_has_role", json!({"group": group, "role": given}));
    assert!(held().contains(&(given.clone(), "true".to_owned())));
    admin.delete("sys_user_has_role", &grant);
    assert_eq!(held(), expected(&[(&given, "true")]));
    admin.delete("sys_user_grmember", &member);
    assert!(held().is_empty());
    simulator.set("inherited_roles", "none").unwrap();
    make("sys_user_has_role", json!({"user": user, "role": outer}));
    assert_eq!(held(), expected(&[(&outer, "false")]));
}
