//! Wrong configurations and a provider that misbehaves: what a user reads, and what the state knows afterwards.

use acceptance_tests::{Terraform, Workshop};
use serde_json::json;

use crate::everything;

fn thing(name: &str, more: &str) -> String {
    format!("resource \"everything_thing\" \"it\" {{\n  name = \"{name}\"\n  {more}\n}}\n")
}

/// Fails the test unless this is refused before anything happens, with the line of the configuration.
#[track_caller]
fn check_refused(it: &Workshop, more: &str, says: &str) {
    let run = it.hcl(&thing("one", more)).plan().ends_with(1).says(says).says("main.tf line");
    assert_eq!(run.errors(), 1, "{run}");
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    check_refused(&it, "size = 200", "`size`");
    check_refused(&it, "kind = \"medium\"", "`kind`");
    check_refused(&it, "note = \"one\"", "The note says nothing new");
    check_refused(&it, "parts = [{ amount = 1 }]", "\"what\" is required");
    it.hcl(&thing("one", "title = \"old\"")).plan().ends_with(2).says("Warning").says("use `name`");
    check_panic(&it);
    check_half(&it);
    it.hcl(&thing("misprint", ""))
        .apply()
        .ends_with(1)
        .says("The provider reported an invalid result")
        .says("`name`");
}

/// A create that was under way when the provider crashed has not been forgotten.
fn check_panic(it: &Workshop) {
    let run = it.hcl(&thing("panic", "")).apply().ends_with(1);
    let run = run.says("The provider crashed in one operation");
    // Terraform adds the text of the panic, which the provider wrote in the form that it recognises.
    run.says("ApplyResourceChange for `everything_thing`").says("panic: the thing says so");
    assert_eq!(it.state("everything_thing.it")["id"], json!("thing-panic"));
    it.hcl(&thing("one", "")).plan().ends_with(2).says("is tainted");
    it.converges();
}

fn check_half(it: &Workshop) {
    it.hcl(&thing("half", "")).apply().ends_with(1).says("The thing is half done");
    assert_eq!(it.state("everything_thing.it")["id"], json!("thing-half"));
    it.hcl(&thing("whole", "")).converges();
    it.destroy().ends_with(0);
}

on_each! {
    what_goes_wrong_is_told_on_1_6 V1_6,
    what_goes_wrong_is_told_on_1_11 V1_11,
    what_goes_wrong_is_told_on_1_15 V1_15,
}

/// No released Terraform lets a provider put something off: the user is told what to do instead.
#[test]
fn what_would_be_put_off_is_refused_where_the_host_does_not_come_back() {
    for terraform in [Terraform::V1_6, Terraform::V1_15] {
        let run = everything(terraform).hcl(&thing("later", "")).plan().ends_with(1);
        let run = run.says("It cannot be planned yet").says("Terraform 1.9 or later").says("`-target`");
        assert_eq!(run.errors(), 1, "{run}");
    }
}
