//! Secrets stay where they belong. Every other test looks for them too, when its world ends.

use acceptance_tests::{Terraform, World};
use serde_json::json;

use crate::orders::{PASSWORD, beginning, integration};

#[test]
fn a_secret_in_state_plan_or_output_would_be_found() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.plant("planted", "f1nd-me-if-y0u-can");
        world
            .hcl("variable \"planted\" {}\nresource \"terraform_data\" \"it\" {\n  input = var.planted\n}\n");
        world.plan().ends_with(2);
        world.apply().ends_with(0);
        let found = world.find_secrets().join("\n");
        for place in ["terraform.tfstate", "left/plan", "run-1", "run-2"] {
            assert!(found.contains(place), "a secret in {place} would not be found:\n{found}");
        }
        world.pardon();
    }
}

#[test]
fn the_log_is_full_and_holds_no_secret() {
    let world = World::new(Terraform::V1_15);
    world.plant("password", PASSWORD).hcl(&integration("blue")).converges();
    let log = world.log();
    assert!(
        log.contains("[TRACE]") && log.contains("provider.terraform-provider-servicenow"),
        "the log is not full"
    );
    assert!(world.find_secrets().is_empty());
}

#[test]
fn a_password_in_the_provider_block_stays_out_of_everything() {
    let world = World::new(Terraform::V1_15);
    world.plant("sign_in", &world.instance.password).without_environment("SERVICENOW_PASSWORD");
    let block = "variable \"sign_in\" {\n  type      = string\n  ephemeral = true\n}\n\
                 provider \"servicenow\" {\n  password = var.sign_in\n}\n";
    world.plant("password", PASSWORD).hcl_with_provider(block, &beginning(1)).converges();
}

#[test]
fn no_error_text_repeats_a_secret_that_the_instance_repeats() {
    let world = World::new(Terraform::V1_15);
    let body = json!({"error": {"message": format!("cannot store {PASSWORD}"), "detail": PASSWORD}, "status": "failure"});
    let kind = json!({"refused_before": {"status": 403, "body": body.to_string()}});
    for method in ["PATCH", "POST"] {
        let fault =
            json!({"times": 20, "method": method, "path_contains": "basic_auth_credentials", "kind": kind});
        world.instance.fault(&fault).unwrap();
    }
    world.plant("password", PASSWORD).hcl(&beginning(1)).apply().ends_with(1);
}
