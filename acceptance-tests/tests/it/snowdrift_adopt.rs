//! `snowdrift drift --write` and its kind: the configuration follows the instance, and then neither snowdrift nor Terraform finds
//! anything.

use acceptance_tests::{Terraform, World};
use serde_json::{Value, json};

use crate::orders::{self, ALIAS, BLUE, CREDENTIAL, GREEN, PASSWORD};
use crate::snowdrift_drift::shell;

mod whole;

#[test]
fn after_the_patch_neither_snowdrift_nor_terraform_finds_anything() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD);
    world.hcl(&orders::integration("blue")).apply().ends_with(0);
    world.edit("http_connection", &world.id(BLUE), &json!({ "connection_url": "https://moved.example.com" }));
    world.edit("sys_alias", &world.id(ALIAS), &json!({ "description": "By \"hand\" ${here}." }));
    let before = shell(&world, "cat *.tf").ends_with(0).text();
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(2).says("+++").says("moved.example.com");
    assert_eq!(shell(&world, "cat *.tf").ends_with(0).text(), before, "without `--write` nothing is written");
    shell(&world, "\"$SNOWDRIFT\" drift --write").ends_with(2).says("Adopted in");
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0);
    shell(&world, "terraform plan -input=false -detailed-exitcode").ends_with(0).says("No changes");
    assert_eq!(world.find_secrets(), Vec::<String>::new());
}

#[test]
fn blocks_go_and_come_as_records_do_and_a_plan_imports_and_changes_nothing() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD);
    world.hcl(&orders::integration("blue")).apply().ends_with(0);
    let green = format!("/api/now/table/http_connection/{}", world.id(GREEN));
    assert_eq!(world.api("DELETE", &green, &Value::Null).status, 204);
    let made = json!({
        "name": "orders-red", "active": "false", "connection_url": "https://red.orders.example.com",
        "connection_alias": world.id(ALIAS), "credential": world.id(CREDENTIAL),
    });
    world.instance.insert("http_connection", &made).unwrap();
    let main = || std::fs::read_to_string(world.configuration().join("main.tf")).unwrap();
    let before = main();
    shell(&world, "\"$SNOWDRIFT\" drift --write")
        .ends_with(2)
        .says("--write-missing")
        .says("--write-unmanaged");
    assert_eq!(main(), before, "each kind is written when it is asked for");
    shell(&world, "\"$SNOWDRIFT\" drift --write-missing").ends_with(2).says("Adopted in main.tf");
    assert!(!main().contains("green") && !main().contains("orders-red"), "{}", main());
    world.plan_is_empty();
    shell(&world, "\"$SNOWDRIFT\" drift --write-unmanaged").ends_with(2).says("Adopted in main.tf");
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0);
    world.run(&["fmt", "-check", "-diff"]).ends_with(0);
    world.plan().ends_with(2).says("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
    world.instance.forget_journal().unwrap();
    world.converges().says("1 imported, 0 added, 0 changed, 0 destroyed");
    assert_eq!(orders::active(&world), ["orders-blue"]);
    assert_eq!(world.find_secrets(), Vec::<String>::new());
}
