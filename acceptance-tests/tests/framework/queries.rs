//! Queries: from 1.14 on.

use acceptance_tests::Terraform;

use crate::everything;

const LIST: &str = r#"
list "everything_thing" "all" {
  provider = everything
  config {
    prefix = "q-"
    amount = 5
  }
}

list "everything_thing" "some" {
  provider = everything
  limit    = 2
  config {
    prefix = "s-"
    amount = 5000
  }
}
"#;

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl("").file("things.tfquery.hcl", LIST);
    if terraform < Terraform::V1_14 {
        // The command is there a version earlier, behind a gate.
        assert_ne!(it.run(&["query", "-no-color"]).code, 0);
        return;
    }
    let run = it.run(&["query", "-no-color"]).ends_with(0);
    for number in 1..=5 {
        assert!(run.text().contains(&format!("name=q-{number} thing number {number}")), "{run}");
    }
    let run = run.says("name=s-2").never_says("name=s-3");
    assert_eq!(run.errors(), 0);
    it.run(&["query", "-no-color", "-generate-config-out=found.tf"]).ends_with(0);
    let found = it.left("found.tf");
    assert_eq!(found.matches("import {").count(), 7, "{found}");
    assert_eq!(found.matches("resource \"everything_thing\"").count(), 7, "{found}");
    it.without_file("things.tfquery.hcl").plan().ends_with(2).says("7 to import, 0 to add, 0 to change");
    it.converges();
}

on_each! {
    queries_are_unknown_to_1_13 V1_13,
    things_are_found_and_written_down_by_1_14 V1_14,
    things_are_found_and_written_down_by_1_15 V1_15,
}
