//! `snowdrift export`: real Terraform takes over what it wrote and finds nothing to do.

#[path = "../../../crates/snowdrift/src/export/tests/random.rs"]
mod random;

use std::fs;
use std::path::Path;

use acceptance_tests::{Setup, Terraform, World, root};
use serde_json::{Value, json};

fn world(terraform: Terraform, fixture: &str) -> World {
    World::with(Setup { terraform, simulator: &["--fixture", fixture, "--app", "unifi"] })
}

/// Exports into the folder of the configuration, and has Terraform plan, apply and plan again. Returns how many objects
/// were taken over.
#[track_caller]
fn check(world: &World, arguments: &[&str]) -> usize {
    let arguments: Vec<&str> = ["export"].iter().chain(arguments).copied().collect();
    world.instance.forget_journal().unwrap();
    let before = counts(world);
    let said = world.snowdrift(&arguments).ends_with(0).says("Proven: a plan would be");
    let report = report(world);
    let count = report["written"].as_array().unwrap().len();
    assert!(
        said.text().contains(&format!("{count} to import, 0 to add, 0 to change, 0 to destroy")),
        "{said}"
    );
    world.run(&["fmt", "-check", "-diff"]).ends_with(0);
    world.plan().ends_with(2).says(&format!("Plan: {count} to import, 0 to add, 0 to change, 0 to destroy."));
    world.converges().says(&format!("{count} imported, 0 added, 0 changed, 0 destroyed"));
    // Many reads travel in one request, which alone does not tell what is in it; the records do.
    let writes: Vec<String> =
        world.writes().into_iter().filter(|it| it != "POST /api/now/v1/batch").collect();
    assert!(writes.is_empty(), "taking over wrote to the instance: {writes:?}");
    assert_eq!(counts(world), before, "taking over changed records");
    count
}

/// How often each record was changed, of the tables that everything else hangs on.
fn counts(world: &World) -> Vec<(Value, Value)> {
    let tables = ["sys_alias", "sys_connection", "discovery_credentials", "sys_ws_definition"];
    let rows = tables.iter().flat_map(|it| world.instance.rows(it, "ORDERBYsys_id").unwrap());
    rows.map(|it| (it["sys_id"].clone(), it["sys_mod_count"].clone())).collect()
}

fn report(world: &World) -> Value {
    let text = fs::read_to_string(world.configuration().join("export-report.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn conceal(world: &World) {
    for secret in ["demo-jira-production", "demo-orders", "demo-unifi-production", "random-secret"] {
        world.conceal(secret);
    }
}

/// The oldest Terraform that is at hand, which is newer than `import` blocks by one version, and both ends of what the
/// provider supports. That the files use nothing of later versions is held against a closed list by `snowdrift` itself.
const TERRAFORMS: [Terraform; 3] = [Terraform::V1_6, Terraform::V1_11, Terraform::V1_15];

#[test]
fn what_was_exported_is_taken_over_and_nothing_is_to_be_done() {
    for terraform in TERRAFORMS {
        let world = world(terraform, "demo");
        conceal(&world);
        assert!(check(&world, &[]) > 25);
    }
}

#[test]
fn secrets_as_variables_write_nothing_before_they_get_a_version() {
    let world = world(Terraform::V1_15, "demo");
    conceal(&world);
    check(&world, &["--secret-variables", "--integration", "orders"]);
    let id = world.id("servicenow_basic_auth_credential.orders");
    let kept = || world.instance.secret("basic_auth_credentials", &id, "password").unwrap();
    assert_eq!(kept().as_deref(), Some("demo-orders"));
    let variable = "basic_auth_credential_orders_password_wo";
    world.plant(variable, "a new secret 4711");
    world.plan_is_empty();
    world.environment(&format!("TF_VAR_{variable}_version"), "1");
    world.converges().says("0 added, 1 changed, 0 destroyed");
    assert_eq!(kept().as_deref(), Some("a new secret 4711"));
}

/// Seeds of each quarter, in an ordinary run and in a long one, which proves two hundred. A quarter is a test of its own:
/// both cores work, and none takes longer than a test may.
const QUARTER: (u64, u64) = (1, 50);

/// Whatever random instances hold is taken over.
fn random_instances(quarter: u64) {
    let count = if std::env::var_os("SNOWDRIFT_LONG").is_some() { QUARTER.1 } else { QUARTER.0 };
    let first = quarter * QUARTER.1 + 1;
    for seed in first..first + count {
        let folder = tempfile::tempdir().unwrap();
        let world = world(Terraform::V1_15, &fixture(folder.path(), seed, 4));
        conceal(&world);
        let taken = check(&world, &[]);
        eprintln!("seed {seed}: {taken} objects");
        assert!(taken > 5, "seed {seed}: {taken} objects");
    }
}

#[test]
fn random_instances_are_taken_over_whatever_they_hold() {
    random_instances(0);
}

#[test]
fn random_instances_of_the_second_quarter_are_taken_over() {
    random_instances(1);
}

#[test]
fn random_instances_of_the_third_quarter_are_taken_over() {
    random_instances(2);
}

#[test]
fn random_instances_of_the_last_quarter_are_taken_over() {
    random_instances(3);
}

fn fixture(folder: &Path, seed: u64, integrations: usize) -> String {
    let path = folder.join("fixture.json");
    fs::write(&path, serde_json::to_string(&random::rows(seed, integrations)).unwrap()).unwrap();
    path.display().to_string()
}

/// Integrations of an ordinary run, and of a long one; each has one or two connections.
const INTEGRATIONS: (usize, usize) = (12, 1_400);

#[test]
fn a_large_instance_is_taken_over() {
    let count = if std::env::var_os("SNOWDRIFT_LONG").is_some() { INTEGRATIONS.1 } else { INTEGRATIONS.0 };
    let folder = tempfile::tempdir().unwrap();
    let world = world(Terraform::V1_15, &fixture(folder.path(), 2026, count));
    conceal(&world);
    let taken = check(&world, &[]);
    assert!(taken > 2 * count, "{taken} objects");
}

#[test]
fn the_end_says_whether_something_may_be_missing_or_would_change() {
    let world = world(Terraform::V1_15, "demo");
    conceal(&world);
    world
        .snowdrift(&["export", "--type", "nonsense"])
        .ends_with(1)
        .says("there is no type `servicenow_nonsense`");
    world.snowdrift(&["export", "--query", "nonsense"]).ends_with(2).says("TYPE=QUERY");
    world.instance.add_user("half.blind", "half-blind-password", &["connection_admin"]).unwrap();
    world.environment("SERVICENOW_USERNAME", "half.blind").plant("unused", "half-blind-password");
    world.environment("SERVICENOW_PASSWORD", "half-blind-password");
    world.snowdrift(&["export", "--out", "blind"]).ends_with(3).says("may not be seen by this user");
    world.environment("SERVICENOW_USERNAME", &world.instance.username);
    world.environment("SERVICENOW_PASSWORD", &world.instance.password);
    world.snowdrift(&["export", "--integration", "orders"]).ends_with(0);
    world.edit("sys_alias", "a11a5000000000000000000000000002", &json!({"description": "By hand"}));
    world.snowdrift(&["export", "--integration", "orders"]).ends_with(2).says("description").says("By hand");
    world.environment("SERVICENOW_PASSWORD", "wrong");
    world.snowdrift(&["export"]).ends_with(1).says("Could not sign in").says("401");
}

#[test]
fn the_guide_on_adopting_is_done_as_it_says() {
    let page = fs::read_to_string(root().join("docs/guides/adopting-a-brownfield-instance.md")).unwrap();
    let blocks: Vec<&str> =
        page.split("\n```sh\n").skip(1).map(|it| it.split("\n```").next().unwrap()).collect();
    assert!(blocks.len() > 5, "{blocks:?}");
    let world = world(Terraform::V1_15, "demo");
    conceal(&world);
    // Each box begins where a reader's terminal is: in the folder above the files.
    let script: String = blocks.iter().map(|it| format!("(set -e\n{it}\n) || exit 1\n")).collect();
    world.file("guide.sh", &script);
    let run = world.shell(&world.configuration().join("guide.sh")).ends_with(0).says("No changes.");
    let text = run.text();
    for expected in ["0 to add, 0 to change, 0 to destroy", "Apply complete!", "0 objects of"] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(world.writes().is_empty(), "{:?}", world.writes());
}
