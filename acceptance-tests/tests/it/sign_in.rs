//! Every way to sign in, through real Terraform: what is set up on the instance, what the configuration says, and that
//! no secret of it is found anywhere afterwards.

use std::fs;

use acceptance_tests::{Terraform, World, root};
use serde_json::{Value, json};

const ALIAS: &str = "resource \"servicenow_connection_alias\" \"it\" {\n  name = \"it\"\n}\n";

/// A key that would be found wherever it is left behind.
const API_KEY: &str = "ApiKeyOfATest-4712";

/// A world in which nothing of the environment says who signs in.
pub fn nobody() -> World {
    let world = World::new(Terraform::V1_15);
    world.without_environment("SERVICENOW_USERNAME").without_environment("SERVICENOW_PASSWORD");
    world
}

/// The path of a key or a certificate that comes with these tests. It opens nothing but simulated instances.
pub fn key(name: &str) -> String {
    root().join("acceptance-tests/tests/it/keys").join(name).display().to_string()
}

/// Applies with a provider block, and sees that it settles.
#[track_caller]
pub fn check(world: &World, block: &str) {
    world.hcl_with_provider(&format!("provider \"servicenow\" {{\n{block}\n}}\n"), ALIAS).converges();
    let said = world.instance.journal().unwrap();
    assert!(said.iter().any(|it| it.method == "POST" && it.path.contains("sys_alias") && it.status == 201));
}

/// A file with a secret, outside of what is searched, and its path.
pub fn secret_file(world: &World, name: &str, content: &str) -> String {
    let path = world.configuration().join(name);
    fs::write(&path, format!("{content}\n")).unwrap();
    path.display().to_string()
}

#[test]
fn a_password_comes_from_the_environment_a_file_or_a_command() {
    let world = nobody();
    let file = secret_file(&world, "password", &world.instance.password);
    let user = format!("  username = \"{}\"", world.instance.username);
    check(&world, &format!("{user}\n  password_file = \"{file}\""));
    check(&world, &format!("{user}\n  password_command = [\"cat\", \"{file}\"]"));
    world.environment("SERVICENOW_PASSWORD_COMMAND", &json!(["cat", file]).to_string());
    check(&world, &user);
    world.without_environment("SERVICENOW_PASSWORD_COMMAND");
    let pair = format!("{}:{}", world.instance.username, world.instance.password);
    world.environment("SERVICENOW_CREDENTIALS", &pair);
    check(&world, "");
}

#[test]
fn an_api_key_stands_for_its_user() {
    let world = nobody();
    world.instance.set("api_key_needs_policy", "false").unwrap();
    let key =
        json!({"name": "terraform", "user": user_id(&world, &world.instance.username), "token": API_KEY});
    world.instance.insert("api_key", &key).unwrap();
    world.conceal(API_KEY).environment("SERVICENOW_API_KEY", API_KEY);
    check(&world, "");
    let file = secret_file(&world, "key", API_KEY);
    world.environment("SERVICENOW_API_KEY", "a-key-of-nobody");
    check(&world, &format!("  api_key_file = \"{file}\""));
    world.hcl(ALIAS).plan().ends_with(1).says("REST API access policy");
}

pub fn user_id(world: &World, name: &str) -> Value {
    let rows = world.instance.rows("sys_user", &format!("user_name={name}")).unwrap();
    rows.first().and_then(|it| it.get("sys_id")).cloned().expect("the user has a record")
}

#[test]
fn a_clone_is_not_even_planned_against() {
    let world = World::new(Terraform::V1_15);
    let block = "provider \"servicenow\" {\n  expected_instance = {\n    id = \"original\"\n  }\n}\n";
    let known = world.instance.rows("sys_properties", "name=instance_id").unwrap();
    assert!(known.is_empty(), "the fixture has an id of its own now: change it instead");
    world.instance.insert("sys_properties", &json!({"name": "instance_id", "value": "copy"})).unwrap();
    let run = world.hcl_with_provider(block, ALIAS).apply().ends_with(1).says("`instance_id` is `copy`");
    assert_eq!((run.errors(), world.writes()), (1, vec!["POST sys_properties".to_owned()]), "{run}");
    world.hcl_with_provider(&block.replace("original", "copy"), ALIAS).converges();
}

#[test]
fn two_ways_to_sign_in_are_refused_before_anything_is_asked() {
    let world = World::new(Terraform::V1_15);
    world.environment("SERVICENOW_TOKEN", "a-token-of-nobody").conceal("a-token-of-nobody");
    world.instance.forget_journal().unwrap();
    let run =
        world.hcl(ALIAS).plan().ends_with(1).says("Two ways to sign in are given").says("`SERVICENOW_TOKEN`");
    assert_eq!(run.errors(), 1, "{run}");
    let asked = world.instance.journal().unwrap();
    assert!(asked.iter().all(|it| it.path.starts_with("/_sim")), "{asked:?}");
}

#[test]
fn every_example_of_the_provider_block_is_valid() {
    let folder = fs::read_dir(root().join("examples/provider")).unwrap();
    let mut paths: Vec<_> = folder.map(|it| it.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 12, "{paths:?}");
    for path in paths {
        let world = nobody();
        world.file("provider.tf", &fs::read_to_string(&path).unwrap());
        world.run(&["validate", "-no-color"]).ends_with(0).says("The configuration is valid");
    }
}
