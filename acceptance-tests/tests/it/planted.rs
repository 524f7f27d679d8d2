//! Every secret of every resource, by iterating over what is published: written, rotated and refused, it is nowhere but on the
//! instance. The end of each world looks into state, plans, the log at its fullest, everything that was said, and crash reports.

use std::fs;

use acceptance_tests::{Setup, Terraform, World, root};
use serde_json::{Value, json};

/// Secrets that there are at least.
const SECRETS_MIN: usize = 5;

/// A record with a secret; the published example has none, so that it stays as short as it can be.
const RECORD: &str = r#"
variable "secret" {
  type      = string
  ephemeral = true
}

resource "servicenow_record" "orders" {
  table             = "basic_auth_credentials"
  fields            = { name = "Planted", user_name = "svc.planted" }
  fields_wo         = { password = var.secret }
  fields_wo_version = 1
}
"#;

fn example(kind: &str) -> String {
    if kind == "servicenow_record" {
        return RECORD.to_owned();
    }
    fs::read_to_string(root().join(format!("examples/resources/{kind}/resource.tf"))).unwrap()
}

/// The write-only attributes of a type.
fn secrets(schema: &Value) -> Vec<String> {
    let attributes = schema["block"]["attributes"].as_object().unwrap().iter();
    attributes.filter(|(_, it)| it["write_only"] == json!(true)).map(|(name, _)| name.clone()).collect()
}

/// The variable that an example hands to an attribute.
fn variable(example: &str, attribute: &str) -> String {
    let line = example.lines().find(|it| it.trim().starts_with(&format!("{attribute} ")));
    let is_of_name = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
    let value =
        line.and_then(|it| it.split_once("var.")).map(|it| it.1.chars().take_while(is_of_name).collect());
    value.unwrap_or_else(|| panic!("the example hands no variable to `{attribute}`"))
}

/// Writes every secret of a type, and plants it as one that must be found nowhere.
fn plant(world: &World, example: &str, secrets: &[String], round: usize) -> Vec<String> {
    let planted = |(at, attribute): (usize, &String)| {
        let secret = format!("pl4nted-{round}-{at}-{attribute}");
        world.plant(&variable(example, attribute), &secret);
        secret
    };
    secrets.iter().enumerate().map(planted).collect()
}

fn check(kind: &str, secrets: &[String]) {
    let example = example(kind);
    let simulator = &["--fixture", "empty", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    plant(&world, &example, secrets, 1);
    world.hcl(&example).converges();
    plant(&world, &example, secrets, 2);
    let rotated = example.replace("_wo_version = 1", "_wo_version = 2");
    assert_ne!(rotated, example, "{kind}: the example has no version");
    world.hcl(&rotated).plan().ends_with(2);
    world.converges();
    let refused = plant(&world, &example, secrets, 3);
    let body = json!({"error": {"message": refused.join(" "), "detail": refused}, "status": "failure"});
    let kind_of_fault = json!({"refused_before": {"status": 403, "body": body.to_string()}});
    world.instance.fault(&json!({"times": 50, "method": "PATCH", "kind": kind_of_fault})).unwrap();
    world.hcl(&example.replace("_wo_version = 1", "_wo_version = 3")).apply().ends_with(1);
    assert!(world.log().contains("[TRACE]"), "the log is not full");
}

#[test]
fn every_secret_of_every_resource_stays_where_it_belongs() {
    let published = fs::read_to_string(root().join("schemas/provider.json")).unwrap();
    let published: Value = serde_json::from_str(&published).unwrap();
    let provider = published["provider_schemas"].as_object().unwrap().values().next().unwrap();
    let mut found = 0;
    for (kind, schema) in provider["resource_schemas"].as_object().unwrap() {
        let secrets = secrets(schema);
        if !secrets.is_empty() {
            check(kind, &secrets);
        }
        found += secrets.len();
    }
    assert!(found >= SECRETS_MIN, "{found} secrets");
}
