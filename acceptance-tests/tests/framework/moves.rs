//! Moves between types: from 1.8 on.

use acceptance_tests::Terraform;
use serde_json::json;

use crate::everything;

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl("resource \"terraform_data\" \"old\" {\n}\n").apply().ends_with(0);
    let id = it.state("terraform_data.old")["id"].as_str().unwrap().to_owned();
    it.hcl(&format!(
        "resource \"everything_thing\" \"new\" {{\n  name = \"{id}\"\n}}\n\
         moved {{\n  from = terraform_data.old\n  to   = everything_thing.new\n}}\n"
    ));
    if terraform < Terraform::V1_8 {
        it.plan().ends_with(1).says("Resource type mismatch");
        return;
    }
    it.plan().ends_with(2).says("has moved to").says("0 to add, 0 to change, 0 to destroy");
    it.apply().ends_with(0);
    assert_eq!(it.state("everything_thing.new")["id"], json!(format!("thing-{id}")));
}

on_each! {
    a_move_from_another_type_is_refused_by_1_6 V1_6,
    a_move_from_another_type_works_from_1_8 V1_8,
    a_move_from_another_type_works_on_1_11 V1_11,
    a_move_from_another_type_works_on_1_15 V1_15,
}

#[test]
fn a_move_from_a_type_that_the_provider_does_not_know_is_refused_with_both_names() {
    let it = everything(Terraform::V1_15);
    let other = acceptance_tests::Workshop::new(Terraform::V1_15, "scratch");
    other.hcl("resource \"scratch_note\" \"old\" {\n  text = \"x\"\n}\n").apply().ends_with(0);
    it.file("terraform.tfstate", &other.left("terraform.tfstate"));
    it.hcl(
        "resource \"everything_thing\" \"new\" {\n  name = \"x\"\n}\n\
         moved {\n  from = scratch_note.old\n  to   = everything_thing.new\n}\n",
    );
    it.plan().ends_with(1).says("`scratch_note`").says("`everything_thing`");
}
