//! The example of every resource, all in one configuration, with every version of Terraform that brought something new. The
//! newest one is in `examples`, where everything is imported, too.

use acceptance_tests::{Terraform, World};

use crate::examples::{declared, of_resources};
use crate::orders::nothing_is_left;

fn check(version: Terraform) {
    let world = declared(&of_resources(), version);
    world.converges();
    world.destroy().ends_with(0);
    nothing_is_left(&world);
}

#[test]
fn every_resource_works_without_secrets_with_the_oldest_version() {
    check(Terraform::V1_8);
}

#[test]
fn every_resource_works_with_the_version_that_brought_write_only_attributes() {
    check(Terraform::V1_11);
}

#[test]
fn every_resource_works_with_the_version_that_brought_identities() {
    check(Terraform::V1_12);
}

#[test]
fn every_resource_works_with_the_version_that_brought_queries() {
    check(Terraform::V1_14);
}

const SECRET: &str = r#"
resource "servicenow_basic_auth_credential" "orders" {
  name                = "Orders service account"
  user_name           = "svc.orders"
  password_wo         = "too new"
  password_wo_version = 1
}
"#;

#[test]
fn a_secret_names_the_version_that_it_needs_where_it_is_too_new() {
    let world = World::new(Terraform::V1_8);
    world.hcl(SECRET).plan().ends_with(1).says("Terraform 1.11 or later").says("password_wo");
    assert!(world.writes().is_empty());
}
