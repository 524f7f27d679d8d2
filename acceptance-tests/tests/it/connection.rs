//! `servicenow_http_connection`, and what it says about being active.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{BLUE, PASSWORD, active, beginning, cell, connection, nothing_is_left};

#[test]
fn a_new_connection_is_inactive_and_refers_to_its_alias_and_its_credential() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.plant("password", PASSWORD).hcl(&(beginning(1) + &connection("blue"))).converges();
        let state = world.state(BLUE);
        assert_eq!(state["active"], json!(false), "{state}");
        assert_eq!(cell(&world, "sys_alias", "", "sys_id"), state["connection_alias_id"]);
        assert_eq!(cell(&world, "http_connection", "", "credential"), state["credential_id"]);
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn an_active_that_is_not_declared_is_observed_and_is_no_drift() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&(beginning(1) + &connection("blue"))).converges();
    world.edit("http_connection", &world.id(BLUE), &json!({"active": "true"}));
    world.plan_is_empty();
    world.apply().ends_with(0);
    assert_eq!(world.state(BLUE)["active"], json!(true));
}

#[test]
fn a_declared_active_is_enforced() {
    let world = World::new(Terraform::V1_15);
    let declared = connection("blue").replacen("name ", "active = true\n  name ", 1);
    world.plant("password", PASSWORD).hcl(&(beginning(1) + &declared)).converges();
    assert_eq!(active(&world), ["orders-blue"]);
    world.edit("http_connection", &world.id(BLUE), &json!({"active": "false"}));
    world.plan().ends_with(2);
    assert_eq!(world.changes().only().attributes.iter().collect::<Vec<_>>(), ["active"]);
    world.converges();
    assert_eq!(active(&world), ["orders-blue"]);
}

#[test]
fn a_credential_taken_out_of_the_configuration_is_taken_off_the_connection() {
    let world = World::new(Terraform::V1_15);
    let with = connection("blue");
    let line = with.lines().find(|line| line.contains("credential_id")).unwrap();
    let without = with.replace(line, "");
    world.plant("password", PASSWORD).hcl(&(beginning(1) + &with)).converges();
    world.hcl(&(beginning(1) + &without)).converges();
    assert_eq!(cell(&world, "http_connection", "", "credential"), "");
}

#[test]
fn foreign_columns_and_foreign_records_stay_untouched() {
    let world = World::new(Terraform::V1_15);
    world.instance.insert("sys_alias", &json!({"name": "foreign"})).unwrap();
    let foreign = cell(&world, "sys_alias", "name=foreign", "sys_updated_on");
    world.plant("password", PASSWORD).hcl(&(beginning(1) + &connection("blue"))).converges();
    world.edit("http_connection", &world.id(BLUE), &json!({"additional_http_headers": "X-By-Hand: 1"}));
    world.plan_is_empty();
    let moved = connection("blue").replace("https://blue", "https://new");
    world.hcl(&(beginning(1) + &moved)).converges();
    assert_eq!(cell(&world, "http_connection", "", "additional_http_headers"), "X-By-Hand: 1");
    world.destroy().ends_with(0);
    assert_eq!(cell(&world, "sys_alias", "", "sys_updated_on"), foreign);
}
