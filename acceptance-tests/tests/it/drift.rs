//! An edit by hand on a managed attribute is seen by real Terraform: exit code 2, and exactly that attribute. Apply heals
//! it. That this holds for every column of every resource is tested in process, over the registry.

use std::collections::BTreeSet;

use acceptance_tests::{Terraform, World};
use serde_json::{Value, json};

use crate::orders::{ALIAS, CREDENTIAL, PASSWORD};

/// An edit by hand, and what a plan says of it.
struct Edit {
    /// The resource whose record is edited.
    address: &'static str,
    table: &'static str,
    column: &'static str,
    value: &'static str,
    attribute: &'static str,
    /// Attributes that are calculated from it, and so are planned as not known yet.
    follows: &'static [&'static str],
}

const fn edit(
    [address, table, column, value, attribute]: [&'static str; 5],
    follows: &'static [&'static str],
) -> Edit {
    Edit { address, table, column, value, attribute, follows }
}

const CONNECTION: &str = "servicenow_http_connection.declared";
const OBSERVED: &str = "servicenow_http_connection.observed";

/// A foreign alias, and no record at all: both are values that a person may leave in a reference.
const ELSEWHERE: &str = "0123456789abcdef0123456789abcdef";

const EDITS: &[Edit] = &[
    edit([ALIAS, "sys_alias", "name", "edited", "name"], &["qualified_name"]),
    edit([ALIAS, "sys_alias", "type", "credential", "type"], &[]),
    edit([ALIAS, "sys_alias", "connection_type", "jdbc_connection", "connection_type"], &[]),
    edit([ALIAS, "sys_alias", "description", "edited", "description"], &[]),
    edit([ALIAS, "sys_alias", "description", "", "description"], &[]),
    edit([ALIAS, "sys_alias", "multiple_connections", "true", "multiple_connections"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "name", "edited", "name"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "user_name", "edited", "user_name"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "order", "7", "order"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "active", "false", "active"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "tag", "", "credential_alias_ids"], &[]),
    edit([CREDENTIAL, "basic_auth_credentials", "tag", ELSEWHERE, "credential_alias_ids"], &[]),
    edit([CONNECTION, "http_connection", "name", "edited", "name"], &[]),
    edit(
        [CONNECTION, "http_connection", "connection_url", "https://edited.example.com", "connection_url"],
        &[],
    ),
    edit([CONNECTION, "http_connection", "credential", "", "credential_id"], &[]),
    edit([CONNECTION, "http_connection", "active", "true", "active"], &[]),
    edit(
        [CONNECTION, "http_connection", "connection_alias", "", "connection_alias_id"],
        &["id", "mid_selection", "protocol"],
    ),
    edit([OBSERVED, "http_connection", "name", "edited, too", "name"], &["active"]),
];

const HCL: &str = r#"
variable "password" {
  type      = string
  ephemeral = true
}

resource "servicenow_connection_alias" "orders" {
  name                 = "orders"
  type                 = "connection"
  connection_type      = "http_connection"
  description          = "Where orders go."
  multiple_connections = false
}

resource "servicenow_connection_alias" "credentials" {
  name = "credentials"
  type = "credential"
}

resource "servicenow_basic_auth_credential" "orders" {
  name                 = "Orders service account"
  user_name            = "svc.orders"
  password_wo          = var.password
  password_wo_version  = 1
  order                = 50
  active               = true
  credential_alias_ids = [servicenow_connection_alias.credentials.id]
}

resource "servicenow_http_connection" "declared" {
  name                = "declared"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://orders.example.com"
  credential_id       = servicenow_basic_auth_credential.orders.id
  active              = false
}

resource "servicenow_http_connection" "observed" {
  name                = "observed"
  connection_alias_id = servicenow_connection_alias.orders.id
  connection_url      = "https://orders.example.com"
}
"#;

/// Edits of different resources that are made together, so that one plan shows them all.
fn rounds() -> Vec<Vec<&'static Edit>> {
    let mut rounds: Vec<Vec<&Edit>> = Vec::new();
    for edit in EDITS {
        let free = rounds.iter_mut().find(|it| it.iter().all(|other| other.address != edit.address));
        match free {
            Some(round) => round.push(edit),
            None => rounds.push(vec![edit]),
        }
    }
    rounds
}

fn check(world: &World, round: &[&Edit]) {
    for edit in round {
        world.edit(edit.table, &world.id(edit.address), &json!({ edit.column: edit.value }));
    }
    world.plan().ends_with(2);
    let changes = world.changes();
    let seen: BTreeSet<&str> = changes.addresses().into_iter().collect();
    assert_eq!(seen, round.iter().map(|it| it.address).collect(), "{changes:#?}");
    for edit in round {
        let change = changes.0.iter().find(|it| it.address == edit.address).unwrap();
        let what = format!("{} of {}: {change:#?}", edit.column, edit.address);
        let follows: BTreeSet<String> = edit.follows.iter().map(|name| (*name).to_owned()).collect();
        let seen: BTreeSet<String> = change.attributes.difference(&follows).cloned().collect();
        assert_eq!(seen, BTreeSet::from([edit.attribute.to_owned()]), "{what}");
        assert!(change.unknown.is_subset(&follows), "{what}");
    }
    world.run(&["apply", "-input=false", "-no-color", "../left/plan"]).ends_with(0);
    world.plan_is_empty();
}

#[test]
fn an_edit_by_hand_is_seen_as_exactly_that_and_healed() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(HCL).converges();
    for round in rounds() {
        check(&world, &round);
    }
}

#[test]
fn a_record_deleted_by_hand_is_created_again() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(HCL).converges();
    let old = world.id(CONNECTION);
    let path = format!("/api/now/table/http_connection/{old}");
    assert_eq!(world.api("DELETE", &path, &Value::Null).status, 204);
    world.plan().ends_with(2);
    let changes = world.changes();
    assert_eq!(
        (changes.addresses(), changes.only().actions.join(" ")),
        (vec![CONNECTION], "create".to_owned())
    );
    world.converges();
    assert_ne!(world.id(CONNECTION), old);
}

#[test]
fn a_secret_changed_by_hand_is_not_seen_and_the_next_version_writes_it_again() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(HCL).converges();
    let id = world.id(CREDENTIAL);
    let path = format!("/api/now/table/basic_auth_credentials/{id}?sysparm_input_display_value=true");
    assert_eq!(world.api("PATCH", &path, &json!({"password": "by hand"})).status, 200);
    world.plan_is_empty();
    world.hcl(&HCL.replace("password_wo_version  = 1", "password_wo_version  = 2")).converges();
    assert_eq!(
        world.instance.secret("basic_auth_credentials", &id, "password").unwrap().as_deref(),
        Some(PASSWORD)
    );
}
