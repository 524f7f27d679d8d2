//! A rotation through Terraform that asks the other system: what it says, and that the secret is nowhere.

use acceptance_tests::{Terraform, World};

/// Two credentials, each with an active connection that leads to the instance itself.
const CREDENTIALS: &str = r#"
variable "url" {
  type = string
}

variable "password" {
  type      = string
  ephemeral = true
}

variable "key" {
  type      = string
  ephemeral = true
}

locals {
  verify = { path = "/api/now/table/sys_user?sysparm_limit=1" }
}

resource "servicenow_basic_auth_credential" "partner" {
  name                = "Partner"
  user_name           = "admin"
  password_wo         = var.password
  password_wo_version = 1
  verify              = local.verify
}

resource "servicenow_api_key_credential" "partner" {
  name               = "Partner key"
  header_name        = "X-Partner-Key"
  api_key_wo         = var.key
  api_key_wo_version = 1
  verify             = local.verify
}

resource "servicenow_connection_alias" "partner" {
  for_each = { basic = servicenow_basic_auth_credential.partner.id, key = servicenow_api_key_credential.partner.id }
  name     = "partner_${each.key}"
}

resource "servicenow_http_connection" "partner" {
  for_each            = { basic = servicenow_basic_auth_credential.partner.id, key = servicenow_api_key_credential.partner.id }
  name                = "partner-${each.key}"
  connection_alias_id = servicenow_connection_alias.partner[each.key].id
  connection_url      = var.url
  credential_id       = each.value
  active              = true
}
"#;

#[test]
fn a_secret_that_the_other_system_does_not_take_is_an_error_and_is_found_nowhere() {
    let world = World::new(Terraform::V1_15);
    world.environment("TF_VAR_url", &world.instance.url);
    world.plant("password", "pl4nted-first-basic").plant("key", "pl4nted-first-key");
    // A new credential is used by nobody yet.
    world.hcl(CREDENTIALS).converges();
    world.plant("password", "pl4nted-rotated-basic").plant("key", "pl4nted-rotated-key");
    world.conceal("YWRtaW46cGw0bnRlZC1yb3RhdGVkLWJhc2lj");
    let rotated = CREDENTIALS.replace("_wo_version = 1", "_wo_version = 2");
    let run = world.hcl(&rotated).apply().ends_with(1);
    let run = run.says("The new secret of the basic auth credential \"Partner\" does not work");
    run.says("The new secret of the API key credential \"Partner key\" does not work")
        .says("answered with 401");
    assert!(world.log().contains("[TRACE]"), "the log is not full");
    world.plan_is_empty();
    for (address, version) in [
        ("servicenow_basic_auth_credential.partner", "password_wo_version"),
        ("servicenow_api_key_credential.partner", "api_key_wo_version"),
    ] {
        assert_eq!(world.attribute(address, version), "2");
    }
}
