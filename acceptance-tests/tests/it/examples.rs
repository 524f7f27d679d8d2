//! Every example that is published is applied here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use acceptance_tests::{Setup, Terraform, World, root};

use crate::orders::{PASSWORD, active, nothing_is_left};

fn example(path: &str) -> String {
    fs::read_to_string(root().join("examples").join(path)).unwrap()
}

fn folders(path: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples").join(path)).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// Attributes that an import cannot know: only the next apply can.
fn is_never_read(attribute: &str) -> bool {
    attribute.ends_with("_wo_version") || attribute == "on_destroy"
}

fn check(folder: &Path) {
    let kind = folder.file_name().unwrap().to_string_lossy().into_owned();
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    world
        .plant("orders_password", PASSWORD)
        .plant("orders_api_key", "planted api key 7")
        .plant("orders_private_key", "planted private key 7")
        .plant("orders_passphrase", "planted passphrase 7")
        .plant("orders_client_secret", "planted client secret 7")
        .hcl(&example(&format!("resources/{kind}/resource.tf")))
        .converges();
    let address = format!("{kind}.orders");
    world.forget(&address).ends_with(0);
    world.shell(&folder.join("import.sh")).ends_with(0).says("Import successful!");
    world.plan();
    let differing: BTreeSet<String> =
        world.changes().0.into_iter().flat_map(|change| change.attributes).collect();
    let unread: Vec<&String> = differing.iter().filter(|it| !is_never_read(it)).collect();
    assert_eq!(unread, Vec::<&String>::new(), "{kind}");
    world.converges();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn every_resource_example_applies_imports_and_leaves_nothing_behind() {
    let folders = folders("resources");
    assert!(folders.len() >= 19, "{folders:?}");
    folders.iter().for_each(|folder| check(folder));
}

#[test]
fn the_provider_example_configures_the_provider() {
    let world = World::new(Terraform::V1_15);
    let example = example("provider/provider.tf");
    let here = example.replace("https://dev12345.service-now.com", &world.instance.url);
    assert_ne!(here, example, "the example names no instance");
    world.without_environment("SERVICENOW_INSTANCE_URL").file("provider.tf", &here);
    world
        .file("alias.tf", "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n")
        .converges();
}

#[test]
fn the_blue_green_scenario_switches_and_leaves_nothing_behind() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world
            .plant("password", PASSWORD)
            .file("main.tf", &example("scenarios/blue-green/main.tf"))
            .converges();
        assert_eq!(active(&world), ["orders-blue"]);
        world.environment("TF_VAR_active", "green").plan().ends_with(2);
        assert_eq!(world.changes().addresses(), ["servicenow_connection_activation.orders"]);
        world.converges();
        assert_eq!(active(&world), ["orders-green"]);
        world.environment("TF_VAR_active", "red").plan().ends_with(1).says("Choose blue or green");
        world.environment("TF_VAR_active", "green").destroy().ends_with(0);
        nothing_is_left(&world);
    }
}
