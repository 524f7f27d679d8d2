//! The behaviours of attributes that show in a plan or before it, each driven through Terraform.

use acceptance_tests::{Terraform, Workshop};
use serde_json::json;

use crate::everything;

fn thing(more: &str) -> String {
    format!("resource \"everything_thing\" \"it\" {{\n  name = \"one\"\n  {more}\n}}\n")
}

#[track_caller]
fn check_refused(it: &Workshop, more: &str, says: &[&str]) {
    let mut run = it.hcl(&thing(more)).plan().ends_with(1).says("main.tf line");
    for part in says {
        run = run.says(part);
    }
    assert_eq!(run.errors(), 1, "{run}");
}

/// Another spelling is no change, and the state keeps the one that the user wrote first.
fn spellings(it: &Workshop) {
    it.hcl(&thing("alias = \"Blue Bell\"")).converges();
    assert_eq!(it.state("everything_thing.it")["alias"], json!("Blue Bell"));
    it.hcl(&thing("alias = \"BLUE bell\"")).plan().ends_with(0);
    it.hcl(&thing("alias = \"red bell\"")).plan().ends_with(2).says("1 to change");
    it.converges();
    assert_eq!(it.state("everything_thing.it")["alias"], json!("red bell"));
}

/// The same attribute is changed in place or forces a new object, whatever the condition says.
fn conditions(it: &Workshop) {
    it.hcl(&thing("volume = 5")).converges();
    it.hcl(&thing("volume = 7")).plan().ends_with(2).says("1 to change").never_says("must be replaced");
    it.converges();
    it.hcl(&thing("volume = 6")).plan().ends_with(2).says("must be replaced").says("forces replacement");
    it.converges().says("1 added, 0 changed, 1 destroyed");
}

fn secrets(it: &Workshop) {
    it.hcl(&thing("pin = 48151623")).plan().ends_with(2).says("(sensitive value)").never_says("48151623");
    it.converges();
    assert_eq!(it.state("everything_thing.it")["pin"], json!(48_151_623));
}

fn checks(it: &Workshop) {
    check_refused(it, "code = \"a-1\"", &["`code`", "two capitals, a dash and digits"]);
    check_refused(it, "site = \"ftp://example.com\"", &["`site`", "Begin it with `https://`"]);
    it.hcl(&thing("code = \"AB-1\"\n  site = \"https://example.com/x\"")).converges();
}

/// One row per relation: what breaks it, and what the user reads.
fn relations(it: &Workshop) {
    let fine = "left = \"l\", warm = \"w\"";
    for (members, says) in [
        ("fast = true, cheap = true, left = \"l\", warm = \"w\"", &["fast", "cheap"][..]),
        ("warm = \"w\"", &["left", "right"]),
        ("left = \"l\", right = \"r\", warm = \"w\"", &["left", "right"]),
        ("left = \"l\"", &["warm", "cold"]),
        ("fast = true, right = \"r\", cold = \"c\"", &["fast", "left"]),
        ("left = \"l\", warm = \"w\", key = \"k\"", &["key", "lock"]),
    ] {
        check_refused(it, &format!("choice = {{ {members} }}"), says);
    }
    it.hcl(&thing(&format!("choice = {{ {fine}, key = \"k\", lock = \"l\" }}"))).converges();
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    spellings(&it);
    conditions(&it);
    secrets(&it);
    checks(&it);
    relations(&it);
    it.destroy().ends_with(0);
}

on_each! {
    attributes_behave_as_they_say_on_1_6 V1_6,
    attributes_behave_as_they_say_on_1_11 V1_11,
    attributes_behave_as_they_say_on_1_15 V1_15,
}
