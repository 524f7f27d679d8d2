//! `servicenow_connection_alias`, from creation to destruction.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{cell, nothing_is_left};

const ALIAS: &str = "servicenow_connection_alias.it";

fn hcl(body: &str) -> String {
    format!("resource \"servicenow_connection_alias\" \"it\" {{\n{body}\n}}\n")
}

#[test]
fn an_alias_lives_from_creation_to_destruction_on_both_ends_of_the_supported_versions() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.hcl(&hcl("name = \"orders\"\ndescription = \"Where orders go.\"")).converges();
        let id = world.id(ALIAS);
        assert_eq!(cell(&world, "sys_alias", "name=orders", "sys_id"), id);
        let expected = json!({
            "id": id,
            "name": "orders",
            "description": "Where orders go.",
            "type": "connection",
            "connection_type": "http_connection",
            "multiple_connections": false,
            "parent_id": null,
            "qualified_name": "orders",
            "scope": "global",
            "retry_policy": null,
            "configuration_template": null,
            "timeouts": null,
        });
        assert_eq!(world.state(ALIAS), expected);
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn a_rename_keeps_the_record_and_writes_once() {
    let world = World::new(Terraform::V1_15);
    world.hcl(&hcl("name = \"orders\"")).converges();
    let id = world.id(ALIAS);
    world.instance.forget_journal().unwrap();
    world.hcl(&hcl("name = \"orders_api\"")).converges();
    assert_eq!(world.writes(), ["PATCH sys_alias"]);
    assert_eq!((world.id(ALIAS), world.attribute(ALIAS, "qualified_name")), (id, "orders_api".to_owned()));
}

#[test]
fn an_attribute_taken_out_of_the_configuration_is_cleared_on_the_instance() {
    let world = World::new(Terraform::V1_15);
    world.hcl(&hcl("name = \"orders\"\ndescription = \"Where orders go.\"")).converges();
    world.hcl(&hcl("name = \"orders\"")).converges();
    assert_eq!(cell(&world, "sys_alias", "name=orders", "description"), "");
}

#[test]
fn a_child_takes_from_its_parent_what_it_does_not_say_itself() {
    let world = World::new(Terraform::V1_15);
    let parent = hcl("name = \"erp\"\nmultiple_connections = true");
    let child = "resource \"servicenow_connection_alias\" \"child\" {\n  name      = \"erp_eu\"\n  \
                 parent_id = servicenow_connection_alias.it.id\n}\n";
    world.hcl(&format!("{parent}{child}")).converges();
    let state = world.state("servicenow_connection_alias.child");
    assert_eq!(state["multiple_connections"], json!(true), "{state}");
    assert_eq!(state["parent_id"], json!(world.id(ALIAS)), "{state}");
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn a_value_that_cannot_be_is_refused_before_the_instance_is_asked_to_change_anything() {
    let world = World::new(Terraform::V1_15);
    for (body, attribute) in [
        ("name = \" \"", "name"),
        ("name = \"orders\"\ntype = \"both\"", "type"),
        ("name = \"orders\"\nparent_id = \"erp\"", "parent_id"),
    ] {
        let run = world.hcl(&hcl(body)).plan().ends_with(1).says(attribute);
        assert_eq!(run.errors(), 1, "{run}");
    }
    assert!(world.writes().is_empty());
}
