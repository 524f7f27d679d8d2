//! Every scenario that is published is applied here: it converges, does what it says, and leaves nothing behind.

use std::fs;
use std::path::Path;

use acceptance_tests::{Binaries, Instance, Setup, Terraform, World, root};
use serde_json::{Value, json};

use crate::orders::nothing_is_left;

/// Integrations of the fleet.
const FLEET: usize = 50;

/// The files of a scenario, with its modules and tests, where Terraform runs.
fn scenario(world: &World, name: &str) {
    copy(&root().join("examples/scenarios").join(name), &world.configuration());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// The names of the rows of a table that hold a value in a column.
fn names(instance: &Instance, table: &str, column: &str, value: &str) -> Vec<String> {
    let rows = instance.rows(table, &format!("{column}={value}^ORDERBYname")).unwrap();
    rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn jira_has_three_environments_that_share_nothing() {
    let world = World::new(Terraform::V1_15);
    scenario(&world, "jira");
    let passwords = json!({"production": "pr0duction-secret", "staging": "st4ging-secret", "development": "d3velopment-secret"});
    for secret in passwords.as_object().unwrap().values() {
        world.conceal(secret.as_str().unwrap());
    }
    world.environment("TF_VAR_passwords", &passwords.to_string()).converges();
    assert_eq!(names(&world.instance, "http_connection", "active", "true"), ["jira-development"]);
    world.environment("TF_VAR_active", "production").plan().ends_with(2);
    assert_eq!(world.changes().addresses(), ["servicenow_connection_activation.jira"]);
    world.converges();
    assert_eq!(names(&world.instance, "http_connection", "active", "true"), ["jira-production"]);
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn an_integration_signs_in_with_oauth() {
    let world = World::new(Terraform::V1_15);
    scenario(&world, "outbound-oauth");
    world.plant("client_secret", "0auth-cl1ent-secret").converges();
    assert_eq!(world.show_json()["values"]["outputs"]["status"]["value"], json!("Configured"));
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn two_instances_are_never_mistaken_for_each_other() {
    let world = World::new(Terraform::V1_15);
    let other = Instance::start(&Binaries::built().simulator(), &["--fixture", "empty"]).unwrap();
    scenario(&world, "two-instances");
    let instances = json!({"production": world.instance.url, "development": other.url});
    let passwords = json!({"production": world.instance.password, "development": other.password});
    world.environment("TF_VAR_instances", &instances.to_string());
    world.conceal(&other.password).environment("TF_VAR_passwords", &passwords.to_string()).converges();
    assert_eq!(names(&world.instance, "http_connection", "active", "false"), ["orders-production"]);
    assert_eq!(names(&other, "http_connection", "active", "false"), ["orders-development"]);
    world.destroy().ends_with(0);
    assert_eq!(names(&other, "sys_alias", "name", "Orders"), Vec::<String>::new());
    nothing_is_left(&world);
}

#[test]
fn a_fleet_of_integrations_is_one_module_and_tests_itself() {
    let world = World::new(Terraform::V1_15);
    scenario(&world, "fleet");
    world.run(&["get", "-no-color"]).ends_with(0);
    world.run(&["test", "-no-color"]).ends_with(0).says("2 passed, 0 failed");
    nothing_is_left(&world);
    let integrations: Value = (1..=FLEET)
        .map(|it| (format!("system_{it:02}"), json!(format!("https://system-{it}.example.com"))))
        .collect();
    world.environment("TF_VAR_integrations", &integrations.to_string());
    world.plant("password", "fl33t-secret").converges();
    assert_eq!(names(&world.instance, "http_connection", "active", "true").len(), FLEET);
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

/// The status of a call to a path of the instance.
fn status(instance: &Instance, who: (&str, &str), method: &str, path: &str) -> u16 {
    let body = json!({"text": "It is too warm in room 7"});
    let body = Some(&body).filter(|_| method == "POST");
    instance.call_as(who, method, path, body).unwrap().status
}

/// The path of a URL that an output shows.
fn path_in_output(world: &World, name: &str) -> String {
    let shown = world.show_json();
    let url = shown["values"]["outputs"][name]["value"].as_str().unwrap_or_default().to_owned();
    url.strip_prefix(world.instance.url.as_str()).map_or(url.clone(), str::to_owned)
}

/// How many rows of some tables there are.
fn counts(instance: &Instance, tables: &[&str]) -> Vec<usize> {
    tables.iter().map(|it| instance.rows(it, "").unwrap().len()).collect()
}

#[test]
fn a_monitoring_tool_may_hand_in_alerts_and_nothing_else() {
    const PASSWORD: &str = "m0nitoring-secret";
    const TABLES: [&str; 5] =
        ["sys_user", "sys_user_role", "sys_user_has_role", "sys_security_acl", "sys_ws_definition"];
    let world = World::new(Terraform::V1_15);
    world.instance.add_user("somebody", "s0mebody-secret", &[]).unwrap();
    let before = counts(&world.instance, &TABLES);
    scenario(&world, "inbound-monitoring");
    world.plant("password", PASSWORD).converges();
    let (monitoring, somebody) = (("svc.monitoring", PASSWORD), ("somebody", "s0mebody-secret"));
    let alerts = path_in_output(&world, "alerts_url");
    assert_eq!(status(&world.instance, monitoring, "POST", &alerts), 200);
    assert_eq!(status(&world.instance, somebody, "POST", &alerts), 403);
    for (method, path) in [("POST", "/api/now/table/sys_user"), ("POST", "/api/now/table/sys_alias")] {
        assert_eq!(status(&world.instance, monitoring, method, path), 403, "{path}");
    }
    let credentials = "/api/now/table/discovery_credentials";
    assert_eq!(
        world.instance.call_as(monitoring, "GET", credentials, None).unwrap().result().as_array(),
        Some(&vec![])
    );
    world.destroy().ends_with(0);
    assert_eq!(counts(&world.instance, &TABLES), before);
}

#[test]
fn two_versions_of_an_api_live_beside_each_other_whichever_answers_without_a_default() {
    let world = World::new(Terraform::V1_15);
    scenario(&world, "api-versions");
    world.converges();
    let administrator = (world.instance.username.clone(), world.instance.password.clone());
    let administrator = (administrator.0.as_str(), administrator.1.as_str());
    let first = path_in_output(&world, "first");
    let unversioned = format!("{}/orders", path_in_output(&world, "base_path"));
    let asked = |method: &str, path: &str| status(&world.instance, administrator, method, path);
    assert!(first.contains("/v1/"), "{first}");
    for default in ["latest", "none"] {
        world.instance.set("scripted_default_version", default).unwrap();
        assert_eq!(asked("POST", &first), 200);
        assert_eq!(asked("POST", &first.replace("/v1/", "/v2/")), 200);
        // The first version alone has an operation that reads.
        assert_eq!(asked("GET", &format!("{unversioned}/7")), 200, "{default}");
        assert_ne!(asked("GET", &format!("{}/7", first.replace("/v1/", "/v2/"))), 200);
    }
    world.destroy().ends_with(0);
    assert_eq!(
        counts(&world.instance, &["sys_ws_definition", "sys_ws_version", "sys_ws_operation"]),
        [0, 0, 0]
    );
}

#[test]
fn message_brokers_are_reached_with_credentials_made_of_records() {
    const PASSWORD: &str = "br0ker-secret";
    let world = World::new(Terraform::V1_15);
    scenario(&world, "message-brokers");
    world.plant("password", PASSWORD).converges();
    let active = world.instance.rows("sys_connection", "active=true^ORDERBYname").unwrap();
    let classes: Vec<&str> = active.iter().filter_map(|it| it["sys_class_name"].as_str()).collect();
    assert_eq!(classes, ["orch_jms_ds", "kafka_connection"]);
    let credential = world.id("servicenow_record.broker_credential");
    assert_eq!(
        world.instance.secret("jms_credentials", &credential, "password").unwrap().as_deref(),
        Some(PASSWORD)
    );
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

/// A process as Unifi makes it: with a web service whose operations take messages and attachments.
fn process(instance: &Instance) {
    let service =
        instance.insert("sys_ws_definition", &json!({"name": "Incident", "service_id": "incident"}));
    let service = service.unwrap()["sys_id"].clone();
    let operation = |name: &str| {
        let path = format!("/{name}");
        let cells = json!({"web_service_definition": service, "name": name, "http_method": "POST", "relative_path": path});
        instance.insert("sys_ws_operation", &cells).unwrap()["sys_id"].clone()
    };
    let cells = json!({
        "name": "Incident", "api_name": "incident", "rest_service": service,
        "message_method": operation("message"), "action_method": operation("action"),
    });
    instance.insert("x_snd_eb_process", &cells).unwrap();
}

#[test]
fn a_unifi_integration_sends_and_receives_in_the_chosen_environment() {
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    process(&world.instance);
    scenario(&world, "unifi");
    let secrets =
        |kind: &str| json!({"Production": format!("{kind}-pr0duction"), "Test": format!("{kind}-t3st")});
    for (variable, kind) in [("passwords", "outbound"), ("inbound_passwords", "inbound")] {
        let secrets = secrets(kind);
        secrets.as_object().unwrap().values().filter_map(Value::as_str).for_each(|it| {
            world.conceal(it);
        });
        world.environment(&format!("TF_VAR_{variable}"), &secrets.to_string());
    }
    world.converges();
    let users = [("svc-incidents-test", "inbound-t3st"), ("svc-incidents-production", "inbound-pr0duction")];
    let users = users.map(|(environment, password)| (user_named(&world, environment), password));
    let message = path_in_output(&world, "message_path");
    let heard = || users.clone().map(|(user, it)| status(&world.instance, (&user, it), "POST", &message));
    assert_eq!((active_connections(&world.instance), heard()), (vec!["Test".to_owned()], [200, 403]));
    world.environment("TF_VAR_active", "Production").plan().ends_with(2);
    assert_eq!(world.changes().addresses(), ["servicenow_unifi_activation.incidents"]);
    world.converges();
    assert_eq!((active_connections(&world.instance), heard()), (vec!["Production".to_owned()], [403, 200]));
    world.destroy().ends_with(0);
    for table in ["x_snd_eb_connection", "x_snd_eb_integration", "x_snd_eb_connection_variable"] {
        assert_eq!(counts(&world.instance, &[table]), [0], "{table}");
    }
}

/// The user name that is the same but for upper and lower case.
fn user_named(world: &World, name: &str) -> String {
    let rows = world.instance.rows("sys_user", "").unwrap();
    let names: Vec<&str> = rows.iter().filter_map(|it| it["user_name"].as_str()).collect();
    let found = names.iter().find(|it| it.eq_ignore_ascii_case(name));
    (*found.unwrap_or_else(|| panic!("{name} is none of {names:?}"))).to_owned()
}

/// The environments of the active connections of Unifi.
fn active_connections(instance: &Instance) -> Vec<String> {
    let rows = instance.rows("x_snd_eb_connection", "active=true").unwrap();
    let environment = |it: &serde_json::Map<String, Value>| {
        let name = it["name"].as_str().unwrap_or_default();
        name.rsplit(" - ").next().unwrap_or_default().to_owned()
    };
    rows.iter().map(environment).collect()
}

#[test]
fn a_requested_item_is_a_record_with_three_fields() {
    let world = World::new(Terraform::V1_15);
    scenario(&world, "requested-item");
    world.converges();
    let rows = world.instance.rows("sc_req_item", "").unwrap();
    let cells: Vec<&str> =
        ["short_description", "quantity", "price"].iter().filter_map(|it| rows[0][*it].as_str()).collect();
    assert_eq!(cells, ["A keyboard", "2", "49.90"]);
    world.destroy().ends_with(0);
    assert_eq!(world.instance.rows("sc_req_item", "").unwrap(), vec![]);
}

#[test]
fn every_scenario_is_applied_by_a_test() {
    let here = [
        fs::read_to_string(root().join("acceptance-tests/tests/it/scenarios.rs")).unwrap(),
        fs::read_to_string(root().join("acceptance-tests/tests/it/examples.rs")).unwrap(),
    ]
    .concat();
    for entry in fs::read_dir(root().join("examples/scenarios")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let is_named = here.contains(&format!("\"{name}\"")) || here.contains(&format!("scenarios/{name}/"));
        assert!(is_named, "no test applies the scenario {name}");
    }
}
