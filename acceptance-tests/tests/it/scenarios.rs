//! Every scenario that is published is applied here: it converges, does what it says, and leaves nothing behind.

use std::fs;
use std::path::Path;

use acceptance_tests::{Binaries, Instance, Terraform, World, root};
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
