//! `snowdrift drift --write`: the configuration follows the instance, and then neither snowdrift nor Terraform finds anything.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{self, ALIAS, BLUE, PASSWORD};
use crate::snowdrift_drift::shell;

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
