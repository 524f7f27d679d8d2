//! The application Unifi: what follows when connections become active, move, or go.

use super::*;

/// An integration with two connections, of which the first may be active.
struct World {
    simulator: Simulator,
    integration: String,
    a: String,
    b: String,
}

fn world(settings: &[(&str, &str)]) -> World {
    let simulator = open_with(&["unifi"], settings);
    let admin = Asking::administrator(&simulator);
    let process = admin.make("x_snd_eb_process", &json!({"name": "Incident", "api_name": "incident"}));
    let integration =
        admin.make("x_snd_eb_integration", &json!({"name": "Jira", "process": process, "active": "true"}));
    let connection = |environment: &str| {
        let path = "/api/now/table/x_snd_eb_connection?sysparm_input_display_value=true";
        let body = json!({"integration": integration, "environment": environment});
        let answer = admin.json(Method::Post, path, &body.to_string());
        answer["result"]["sys_id"].as_str().unwrap().to_owned()
    };
    let (a, b) = (connection("Production"), connection("Test"));
    World { simulator, integration, a, b }
}

impl World {
    fn admin(&self) -> Asking<'_> {
        Asking::administrator(&self.simulator)
    }

    fn activate(&self, connection: &str) -> u16 {
        self.admin().patch("x_snd_eb_connection", connection, &json!({"active": "true"}))
    }

    fn deactivate(&self, connection: &str) -> u16 {
        self.admin().patch("x_snd_eb_connection", connection, &json!({"active": "false"}))
    }

    /// Which of the connections are active, and the integration's flag and state.
    fn shape(&self) -> String {
        self.shape_of(&self.integration)
    }

    fn shape_of(&self, integration: &str) -> String {
        let admin = self.admin();
        let on = |id: &str| admin.stored("x_snd_eb_connection", id, "active") == "true";
        let names: String =
            [("A", &self.a), ("B", &self.b)].iter().filter(|(_, id)| on(id)).map(|(name, _)| *name).collect();
        let row = admin.row("x_snd_eb_integration", integration);
        format!("{names} {} {}", row["active"], row["state"])
    }
}

#[test]
fn a4_1_an_inactive_connection_changes_nothing() {
    assert_eq!(world(&[]).shape(), " false off");
}

#[test]
fn a4_2_the_first_active_connection_activates_its_integration() {
    let world = world(&[]);
    assert_eq!(world.activate(&world.a), 200);
    assert_eq!(world.shape(), "A true active");
    let values = json!({"integration": world.integration, "active": "true"});
    world.admin().make("x_snd_eb_connection", &values);
    assert_eq!(world.shape(), " true active", "a new active one takes over as well");
}

#[test]
fn a4_3_activating_another_deactivates_the_first() {
    let world = world(&[]);
    world.activate(&world.a);
    let before = world.admin().stored("x_snd_eb_integration", &world.integration, "sys_mod_count");
    world.activate(&world.b);
    assert_eq!(world.shape(), "B true active");
    let after = world.admin().stored("x_snd_eb_integration", &world.integration, "sys_mod_count");
    assert_eq!(before, after, "the integration stays as it is");
}

#[test]
fn a4_4_deactivating_the_only_one_switches_the_integration_off() {
    let world = world(&[]);
    world.activate(&world.a);
    world.deactivate(&world.a);
    assert_eq!(world.shape(), " false off");
}

#[test]
fn a4_5_deleting_the_active_one_is_a_setting() {
    for (setting, shape) in [("on", " false off"), ("off", " true active")] {
        let world = world(&[("unifi_delete_cascade", setting)]);
        world.activate(&world.a);
        assert_eq!(world.admin().delete("x_snd_eb_connection", &world.a), 204);
        assert_eq!(world.shape(), shape, "{setting}");
    }
}

#[test]
fn a4_6_deleting_an_inactive_one_changes_nothing() {
    let world = world(&[]);
    world.activate(&world.a);
    world.admin().delete("x_snd_eb_connection", &world.b);
    assert_eq!(world.shape(), "A true active");
}

#[test]
fn a4_7_moving_the_active_one_is_governed_where_it_arrives() {
    for (setting, left) in [("on", "A false off"), ("off", "A true active")] {
        let world = world(&[("unifi_move_cleanup", setting)]);
        let admin = world.admin();
        let other = admin.make("x_snd_eb_integration", &json!({"name": "Other"}));
        admin.patch("x_snd_eb_connection", &world.b, &json!({"integration": other}));
        world.activate(&world.a);
        world.activate(&world.b);
        assert_eq!(admin.patch("x_snd_eb_connection", &world.a, &json!({"integration": other})), 200);
        assert_eq!(world.shape_of(&other), "A true active", "{setting}: the former one there is off");
        assert_eq!(world.shape(), left, "{setting}");
    }
}

#[test]
fn a4_8_moving_an_inactive_one_changes_nothing() {
    let world = world(&[]);
    let other = world.admin().make("x_snd_eb_integration", &json!({"name": "Other"}));
    world.activate(&world.a);
    world.admin().patch("x_snd_eb_connection", &world.b, &json!({"integration": other}));
    assert_eq!((world.shape(), world.shape_of(&other)), ("A true active".into(), "A false off".into()));
}

#[test]
fn a4_9_writing_the_integrations_flag_on_is_a_setting() {
    for (setting, status, shape) in
        [("ignore", 200, " false off"), ("reject", 403, " false off"), ("cascade", 200, "A true active")]
    {
        let world = world(&[("unifi_integration_write", setting)]);
        world.activate(&world.a);
        world.deactivate(&world.b);
        world.deactivate(&world.a);
        let status_is =
            world.admin().patch("x_snd_eb_integration", &world.integration, &json!({"active": "true"}));
        assert_eq!((status_is, world.shape().as_str()), (status, shape), "{setting}");
    }
}

#[test]
fn a4_10_writing_the_integrations_flag_off_is_a_setting() {
    for (setting, status, shape) in
        [("ignore", 200, "A true active"), ("reject", 403, "A true active"), ("cascade", 200, " false off")]
    {
        let world = world(&[("unifi_integration_write", setting)]);
        world.activate(&world.a);
        let status_is =
            world.admin().patch("x_snd_eb_integration", &world.integration, &json!({"active": "false"}));
        assert_eq!((status_is, world.shape().as_str()), (status, shape), "{setting}");
    }
}

#[test]
fn a4_11_the_last_of_two_activations_wins() {
    let world = world(&[]);
    for connection in [&world.a, &world.b, &world.a] {
        world.activate(connection);
    }
    assert_eq!(world.shape(), "A true active");
}

#[test]
fn a4_12_without_rules_two_may_be_active_or_none() {
    let world = world(&[("unifi_workflow", "off")]);
    world.activate(&world.a);
    world.activate(&world.b);
    assert_eq!(world.shape(), "AB true off", "the flag is what was written, as an import leaves it");
}

#[test]
fn a4_13_a_paused_integration_queues_and_sends_when_it_resumes() {
    let world = world(&[]);
    let admin = world.admin();
    world.activate(&world.a);
    let send = || admin.make("x_snd_eb_transaction", &json!({"integration": world.integration}));
    let state = |id: &str| admin.stored("x_snd_eb_transaction", id, "state");
    assert_eq!(state(&send()), "complete");
    admin.patch("x_snd_eb_integration", &world.integration, &json!({"state": "paused"}));
    let waiting = send();
    assert_eq!((state(&waiting).as_str(), world.shape().as_str()), ("queued", "A true paused"));
    world.activate(&world.b);
    assert_eq!(world.shape(), "B true paused", "a switch does not resume");
    admin.patch("x_snd_eb_integration", &world.integration, &json!({"state": "active"}));
    assert_eq!(state(&waiting), "complete");
    assert_eq!(admin.stored("x_snd_eb_transaction", &waiting, "connection"), world.b);
}

#[test]
fn a4_13_what_a_write_of_the_state_does_is_a_setting() {
    for (setting, status, shape, state) in [
        ("honoured", 200, "A true paused", "queued"),
        ("ignored", 200, "A true active", "complete"),
        ("refused", 403, "A true active", "complete"),
        ("hollow", 200, "A true paused", "complete"),
    ] {
        let world = world(&[("unifi_pause", setting)]);
        let admin = world.admin();
        world.activate(&world.a);
        let paused = admin.patch("x_snd_eb_integration", &world.integration, &json!({"state": "paused"}));
        assert_eq!((paused, world.shape().as_str()), (status, shape), "{setting}");
        let sent = admin.make("x_snd_eb_transaction", &json!({"integration": world.integration}));
        assert_eq!(admin.stored("x_snd_eb_transaction", &sent, "state"), state, "{setting}");
    }
}

#[test]
fn a4_13_a_message_may_be_in_work_until_somebody_ends_it() {
    let world = world(&[("unifi_sending", "slow")]);
    let admin = world.admin();
    world.activate(&world.a);
    let send = || admin.make("x_snd_eb_transaction", &json!({"integration": world.integration}));
    let state = |id: &str| admin.stored("x_snd_eb_transaction", id, "state");
    let first = send();
    admin.patch("x_snd_eb_integration", &world.integration, &json!({"state": "paused"}));
    let waiting = send();
    assert_eq!((state(&first).as_str(), state(&waiting).as_str()), ("sending", "queued"));
    admin.patch("x_snd_eb_transaction", &first, &json!({"state": "complete"}));
    admin.patch("x_snd_eb_integration", &world.integration, &json!({"state": "active"}));
    assert_eq!((state(&first).as_str(), state(&waiting).as_str()), ("complete", "sending"));
}

#[test]
fn a4_14_a_failed_heartbeat_pauses_and_the_next_success_resumes() {
    let world = world(&[]);
    let admin = world.admin();
    world.activate(&world.a);
    for (code, shape, status) in
        [("200", "A true active", "up"), ("503", "A true paused", "down"), ("200", "A true active", "up")]
    {
        let beat = json!({"integration": world.integration, "heartbeat": "true", "status_code": code});
        admin.make("x_snd_eb_http_request", &beat);
        assert_eq!(world.shape(), shape, "{code}");
        assert_eq!(admin.stored("x_snd_eb_integration", &world.integration, "status"), status, "{code}");
    }
}

#[test]
fn a4_15_a_clone_keeps_what_is_preserved_and_cleans_up_when_told() {
    for (preserve, cleanup, shape) in
        [(true, false, "A true active"), (false, false, "B true active"), (false, true, " false off")]
    {
        let world = world(&[]);
        world.activate(&world.b);
        world.simulator.snapshot("production").unwrap();
        world.activate(&world.a);
        let kept: &[&str] = if preserve { &["x_snd_eb_connection", "x_snd_eb_integration"] } else { &[] };
        let profile = json!({"source": {"snapshot": "production"}, "preserve": kept, "cleanup": cleanup});
        world.simulator.clone_over(&serde_json::from_value(profile).unwrap()).unwrap();
        assert_eq!(world.shape(), shape, "{preserve} {cleanup}");
    }
}

#[test]
fn a4_16_a_connection_for_another_instance_stays_active_and_every_transaction_fails() {
    for (pin, state) in
        [("", "complete"), ("instance", "complete"), ("INSTANCE", "complete"), ("other", "error")]
    {
        let world = world(&[]);
        let admin = world.admin();
        admin.patch("x_snd_eb_connection", &world.a, &json!({"instance_name": pin, "active": "true"}));
        let sent = admin.make("x_snd_eb_transaction", &json!({"integration": world.integration}));
        assert_eq!(admin.stored("x_snd_eb_transaction", &sent, "state"), state, "{pin}");
        let reason = admin.stored("x_snd_eb_transaction", &sent, "error");
        assert_eq!(reason.contains("other"), state == "error", "{reason}");
        assert_eq!(world.shape(), "A true active", "{pin}");
    }
}

#[test]
fn a4_without_an_active_connection_nothing_is_sent() {
    let world = world(&[]);
    let sent = world.admin().make("x_snd_eb_transaction", &json!({"integration": world.integration}));
    assert_eq!(world.admin().stored("x_snd_eb_transaction", &sent, "state"), "error");
}

#[test]
fn a1_configuration_is_application_files_and_runtime_data_is_not() {
    let simulator = open_with(&["unifi"], &[]);
    let admin = Asking::administrator(&simulator);
    let is_file = |table: &str| {
        let target = format!(
            "/api/now/table/sys_db_object?sysparm_query=name={table}&sysparm_fields=super_class.name"
        );
        admin.column(&target, "super_class.name") == ["sys_metadata"]
    };
    for table in [
        "process",
        "integration",
        "connection",
        "connection_variable",
        "environment",
        "message",
        "field",
        "field_map",
        "response_action",
        "event_action",
        "poller",
        "poll_processor",
        "dataset",
    ] {
        assert!(is_file(&format!("x_snd_eb_{table}")), "{table}");
    }
    for table in [
        "bond",
        "attachment",
        "transaction",
        "stage",
        "http_request",
        "poll_request",
        "data_store",
        "activity_log",
    ] {
        assert!(!is_file(&format!("x_snd_eb_{table}")), "{table}");
    }
}

#[test]
fn a1_the_five_environments_are_rows() {
    let simulator = open_with(&["unifi"], &[]);
    let admin = Asking::administrator(&simulator);
    let target = "/api/now/table/x_snd_eb_environment?sysparm_query=ORDERBYorder";
    assert_eq!(
        admin.column(target, "name"),
        ["Production", "Pre-Production", "Test", "Development", "Sandbox"]
    );
}

#[test]
fn a1_edits_of_connections_are_captured_in_an_update_set_without_their_password() {
    let world = world(&[]);
    let admin = world.admin();
    let secret = "captured-nowhere";
    let path = format!("/api/now/table/x_snd_eb_connection/{}?sysparm_input_display_value=true", world.a);
    admin.json(Method::Patch, &path, &json!({"password": secret}).to_string());
    let captured = world.simulator.rows("sys_update_xml");
    let name = format!("x_snd_eb_connection_{}", world.a);
    assert_eq!(captured.iter().filter(|it| it["name"] == name).count(), 1, "once in each update set");
    assert!(
        captured.iter().all(|it| !it["payload"].contains(secret) && !it["payload"].contains("<password>"))
    );
}

#[test]
fn a3_a_process_comes_with_a_web_service_that_outlives_it() {
    let world = world(&[]);
    let admin = world.admin();
    let process = world.simulator.rows("x_snd_eb_process")[0].clone();
    let operation = |column: &str| admin.stored("sys_ws_operation", &process[column], "operation_uri");
    assert!(operation("message_method").ends_with("/incident/message"), "{}", operation("message_method"));
    assert!(operation("action_method").ends_with("/incident/action"));
    admin.patch("x_snd_eb_process", &process["sys_id"], &json!({"api_name": "incidents"}));
    assert!(operation("message_method").ends_with("/incidents/message"));
    assert_eq!(admin.delete("x_snd_eb_process", &process["sys_id"]), 204);
    assert!(!operation("message_method").is_empty(), "it is left behind");
}

#[test]
fn a3_the_name_of_an_api_is_taken_once() {
    let world = world(&[]);
    let refusal =
        world.admin().refusal("x_snd_eb_process", &json!({"name": "Second", "api_name": "incident"}));
    assert!(refusal.contains("Unifi: unique API name"), "{refusal}");
}

#[test]
fn a5_an_inbound_call_needs_an_active_connection_that_names_the_caller() {
    let world = world(&[]);
    let admin = world.admin();
    let caller = admin.user("jira", &["x_snd_eb.integration"]);
    let user = world.simulator.rows("sys_user").into_iter().find(|it| it["user_name"] == "jira").unwrap();
    admin.patch("x_snd_eb_connection", &world.a, &json!({"inbound_user": user["sys_id"]}));
    let process = world.simulator.rows("x_snd_eb_process")[0].clone();
    let uri = admin.stored("sys_ws_operation", &process["message_method"], "operation_uri");
    assert_eq!(caller.status(Method::Post, &uri, "{}"), 403, "the connection is inactive");
    world.activate(&world.a);
    assert_eq!(caller.status(Method::Post, &uri, "{}"), 200);
    world.activate(&world.b);
    assert_eq!(caller.status(Method::Post, &uri, "{}"), 403, "another connection is active");
}

#[test]
fn a9_where_an_inbound_user_must_be_unique_is_a_setting() {
    for (setting, same_process, other_process) in
        [("off", 200, 200), ("process", 403, 200), ("global", 403, 403)]
    {
        for (shared, status) in [(true, same_process), (false, other_process)] {
            let world = world(&[("unifi_inbound_user_unique", setting)]);
            let admin = world.admin();
            let own = admin.stored("x_snd_eb_integration", &world.integration, "process");
            let process =
                if shared { own } else { admin.make("x_snd_eb_process", &json!({"name": "Change"})) };
            let other = admin.make("x_snd_eb_integration", &json!({"name": "Other", "process": process}));
            let user = admin.make("sys_user", &json!({"user_name": "jira"}));
            admin.patch("x_snd_eb_connection", &world.a, &json!({"inbound_user": user, "active": "true"}));
            let values = json!({"inbound_user": user, "integration": other});
            admin.patch("x_snd_eb_connection", &world.b, &values);
            assert_eq!(world.activate(&world.b), status, "{setting} {shared}");
        }
    }
}

#[test]
fn a9_one_connection_for_each_environment_is_a_setting() {
    for (setting, status) in [("off", 201), ("on", 403)] {
        let world = world(&[("unifi_environment_once", setting)]);
        let environment = world.admin().stored("x_snd_eb_connection", &world.a, "environment");
        let values = json!({"integration": world.integration, "environment": environment});
        let target = "/api/now/table/x_snd_eb_connection";
        assert_eq!(world.admin().status(Method::Post, target, &values.to_string()), status, "{setting}");
    }
}

#[test]
fn a2_a_connection_shows_as_integration_and_environment_and_its_variables_have_unique_keys() {
    let world = world(&[]);
    let admin = world.admin();
    assert_eq!(admin.stored("x_snd_eb_connection", &world.a, "name"), "Jira - Production");
    let variable = |connection: &str| json!({"connection": connection, "key": "project", "value": "OPS"});
    admin.make("x_snd_eb_connection_variable", &variable(&world.a));
    admin.make("x_snd_eb_connection_variable", &variable(&world.b));
    let refusal = admin.refusal("x_snd_eb_connection_variable", &variable(&world.a));
    assert!(refusal.contains("Unifi: unique variable key"), "{refusal}");
    admin.delete("x_snd_eb_connection", &world.a);
    assert_eq!(
        world.simulator.rows("x_snd_eb_connection_variable").len(),
        1,
        "they go with their connection"
    );
}

#[test]
fn a6_roles_read_and_write_what_they_may() {
    let world = world(&[]);
    let admin = world.admin();
    for (role, read, write) in [
        ("x_snd_eb.admin", 200, 200),
        ("x_snd_eb.manager", 200, 403),
        ("x_snd_eb.user", 404, 404),
        ("", 404, 404),
    ] {
        let user = admin.user(&format!("user_{role}"), &[role]);
        let one = format!("/api/now/table/x_snd_eb_connection/{}", world.a);
        assert_eq!(user.status(Method::Get, &one, ""), read, "{role}");
        assert_eq!(user.patch("x_snd_eb_connection", &world.a, &json!({"user": role})), write, "{role}");
    }
}

#[test]
fn the_demo_company_has_an_integration_with_one_active_connection() {
    let simulator =
        Simulator::open(Options { applications: vec!["unifi".into()], ..Options::default() }).unwrap();
    let rows = simulator.rows("x_snd_eb_connection");
    let active: Vec<&str> =
        rows.iter().filter(|it| it["active"] == "true").map(|it| it["name"].as_str()).collect();
    assert_eq!(active, ["Incident with Jira - Production"]);
}
