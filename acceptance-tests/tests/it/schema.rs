//! The schema that Terraform sees is the one that is published.

use std::fs;

use acceptance_tests::{Terraform, World, root};
use serde_json::Value;

fn seen_by(terraform: Terraform) -> Value {
    let world = World::new(terraform);
    world.hcl("");
    let run = world.run(&["providers", "schema", "-json"]).ends_with(0);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_published_schema_is_what_the_newest_terraform_shows() {
    let published = fs::read_to_string(root().join("schemas/provider.json")).unwrap();
    let published: Value = serde_json::from_str(&published).unwrap();
    assert_eq!(
        published,
        seen_by(Terraform::V1_15),
        "run `cargo xtask generate`, or Terraform shows it otherwise"
    );
}

#[test]
fn the_oldest_terraform_sees_the_same_resources() {
    let pointer = "/provider_schemas/registry.terraform.io~1snowdrift~1servicenow/resource_schemas";
    let (oldest, newest) = (seen_by(Terraform::V1_11), seen_by(Terraform::V1_15));
    assert!(oldest.pointer(pointer).is_some());
    assert_eq!(oldest.pointer(pointer), newest.pointer(pointer));
}
