//! `servicenow_basic_auth_credential`, and the secret in it.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{CREDENTIAL, PASSWORD, beginning, cell, nothing_is_left};

fn stored(world: &World) -> Option<String> {
    world.instance.secret("basic_auth_credentials", &world.id(CREDENTIAL), "password").unwrap()
}

#[test]
fn the_instance_holds_the_configured_password_and_nobody_else_does() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
        assert_eq!(stored(&world).as_deref(), Some(PASSWORD));
        assert_eq!(world.state(CREDENTIAL)["password_wo"], json!(null));
        world.destroy().ends_with(0);
        nothing_is_left(&world);
    }
}

#[test]
fn raising_the_version_alone_rewrites_the_secret_with_one_patch_and_touches_nothing_else() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
    let ciphertext = |world: &World| cell(world, "basic_auth_credentials", "", "password");
    let before = ciphertext(&world);
    world.instance.forget_journal().unwrap();
    world.hcl(&beginning(2)).plan().ends_with(2);
    let changes = world.changes();
    assert_eq!(changes.only().attributes.iter().collect::<Vec<_>>(), ["password_wo_version"]);
    world.apply().ends_with(0);
    assert_eq!(world.writes(), ["PATCH basic_auth_credentials"]);
    assert_ne!(ciphertext(&world), before, "the secret was not written again");
    assert_eq!(stored(&world).as_deref(), Some(PASSWORD));
    world.plan_is_empty();
}

#[test]
fn a_new_password_is_written_when_its_version_is_raised_and_not_before() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
    world.plant("password", "an0ther-planted-One").plan_is_empty();
    world.hcl(&beginning(2)).converges();
    assert_eq!(stored(&world).as_deref(), Some("an0ther-planted-One"));
}

#[test]
fn the_secret_is_usable_however_the_instance_takes_and_shows_encrypted_columns() {
    for write in ["always", "display_value_only", "raw_unless_display_value"] {
        for read in ["ciphertext", "empty", "mask"] {
            let world = World::new(Terraform::V1_15);
            world.instance.set("password2_write", write).unwrap();
            world.instance.set("password2_read", read).unwrap();
            world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
            assert_eq!(stored(&world).as_deref(), Some(PASSWORD), "{write}, {read}");
        }
    }
}

#[test]
fn other_attributes_change_without_touching_the_secret() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&beginning(1)).converges();
    let before = cell(&world, "basic_auth_credentials", "", "password");
    let changed = beginning(1).replace("svc.orders", "svc.orders.2");
    world.hcl(&changed).converges();
    assert_eq!(cell(&world, "basic_auth_credentials", "", "user_name"), "svc.orders.2");
    assert_eq!(cell(&world, "basic_auth_credentials", "", "password"), before);
}

#[test]
fn a_credential_serves_several_aliases_in_any_order() {
    let alias = |name: &str| {
        format!(
            "resource \"servicenow_connection_alias\" \"{name}\" {{\n  name = \"{name}\"\n  type = \"credential\"\n}}\n"
        )
    };
    let credential = |ids: &str| {
        format!(
            "resource \"servicenow_basic_auth_credential\" \"it\" {{\n  name = \"it\"\n  user_name = \"it\"\n  \
             credential_alias_ids = [{ids}]\n}}\n"
        )
    };
    let (one, two) = ("servicenow_connection_alias.one.id", "servicenow_connection_alias.two.id");
    let world = World::new(Terraform::V1_15);
    let aliases = alias("one") + &alias("two");
    world.hcl(&(aliases.clone() + &credential(&format!("{one}, {two}")))).converges();
    world.hcl(&(aliases.clone() + &credential(&format!("{two}, {one}")))).plan_is_empty();
    world.hcl(&(aliases + &credential(one))).converges();
    let kept = world.id("servicenow_connection_alias.one");
    assert_eq!(cell(&world, "basic_auth_credentials", "", "tag"), kept);
}
