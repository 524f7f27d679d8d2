//! Write-only attributes: from 1.11 on, and refused before, since the value would be stored.

use acceptance_tests::Terraform;
use serde_json::Value;

use crate::everything;

const SECRET: &str = "never-to-be-stored";

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.environment("TF_VAR_secret", SECRET);
    it.file("variables.tf", "variable \"secret\" {\n  type      = string\n  sensitive = true\n}\n");
    let thing = |version: u32| {
        format!(
            "resource \"everything_thing\" \"it\" {{\n  name = \"it\"\n  secret_wo = var.secret\n  secret_wo_version = {version}\n}}\n"
        )
    };
    if terraform < Terraform::V1_11 {
        let run = it.hcl(&thing(1)).apply().ends_with(1);
        run.says("`secret_wo` needs Terraform 1.11 or later").says("Nothing was changed").never_says(SECRET);
    } else {
        it.hcl(&thing(1)).converges();
        it.hcl(&thing(2)).plan().ends_with(2).says("1 to change").never_says(SECRET);
        it.converges();
        assert_eq!(it.state("everything_thing.it")["secret_wo"], Value::Null);
        assert!(!it.left("plan").contains(SECRET));
    }
    assert!(!it.left("terraform.tfstate").contains(SECRET));
}

on_each! {
    a_secret_is_refused_on_1_6 V1_6,
    a_secret_is_refused_on_1_8 V1_8,
    a_secret_is_refused_on_1_9 V1_9,
    a_secret_is_refused_on_1_10 V1_10,
    a_secret_is_handed_over_and_not_stored_by_1_11 V1_11,
    a_secret_is_handed_over_and_not_stored_by_1_12 V1_12,
    a_secret_is_handed_over_and_not_stored_by_1_13 V1_13,
    a_secret_is_handed_over_and_not_stored_by_1_14 V1_14,
    a_secret_is_handed_over_and_not_stored_by_1_15 V1_15,
}
