//! Import: by id on every version, by identity where there is one, and configuration that is written by Terraform.

use acceptance_tests::{Terraform, Workshop};
use serde_json::json;

use crate::everything;

const THING: &str = "resource \"everything_thing\" \"it\" {\n  name = \"found\"\n}\n";

fn check(terraform: Terraform) {
    check_command(&everything(terraform));
    check_block(&everything(terraform), terraform);
    check_identity(&everything(terraform), terraform);
}

fn check_command(it: &Workshop) {
    it.hcl(THING);
    it.quietly(&["import", "everything_thing.it", "nonsense"]).ends_with(1).says("There is no such thing");
    it.quietly(&["import", "everything_thing.it", "thing-found"]).ends_with(0).says("Import successful");
    it.plan().ends_with(0);
    assert_eq!(it.state("everything_thing.it")["revision"], json!(1));
}

/// What Terraform writes down plans to nothing.
fn check_block(it: &Workshop, terraform: Terraform) {
    it.hcl("import {\n  to = everything_thing.it\n  id = \"thing-found\"\n}\n");
    let run = it.quietly(&["plan", "-generate-config-out=generated.tf"]).ends_with(0);
    run.says("1 to import, 0 to add, 0 to change, 0 to destroy");
    let generated = it.left("generated.tf");
    assert!(generated.contains("name") && generated.contains("\"found\""), "{generated}");
    for computed in ["revision", "there "] {
        assert!(!generated.contains(computed), "{computed} in {generated}");
    }
    // From this version on the provider itself says what is worth writing down.
    let color_is_left_out = !generated.contains("\"made\"");
    assert_eq!(color_is_left_out, terraform >= Terraform::V1_14, "{generated}");
    it.converges();
}

fn check_identity(it: &Workshop, terraform: Terraform) {
    it.hcl(&format!(
        "{THING}import {{\n  to = everything_thing.it\n  identity = {{\n    name = \"found\"\n  }}\n}}\n"
    ));
    if terraform >= Terraform::V1_12 {
        it.plan().ends_with(2).says("1 to import");
        it.converges();
        assert_eq!(it.state("everything_thing.it")["id"], json!("thing-found"));
    } else {
        it.plan().ends_with(1).says("identity");
    }
}

on_each! {
    things_are_imported_by_1_6 V1_6,
    things_are_imported_by_1_8 V1_8,
    things_are_imported_by_1_9 V1_9,
    things_are_imported_by_1_10 V1_10,
    things_are_imported_by_1_11 V1_11,
    things_are_imported_by_1_12 V1_12,
    things_are_imported_by_1_13 V1_13,
    things_are_imported_by_1_14 V1_14,
    things_are_imported_by_1_15 V1_15,
}
