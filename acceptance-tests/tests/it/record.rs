//! A record of any table through Terraform: columns as JSON, and names that the instance does not have.

use acceptance_tests::{Terraform, World};

#[test]
fn columns_of_json_are_compared_by_what_they_mean_and_a_misspelt_name_ends_the_plan() {
    let world = World::new(Terraform::V1_15);
    let record = |table: &str, json: &str| {
        format!(
            "resource \"servicenow_record\" \"keyboard\" {{\n  table = \"{table}\"\n  fields_json = {json}\n}}\n"
        )
    };
    let encoded = r#"jsonencode({ quantity = 2, active = true, short_description = "A keyboard" })"#;
    world.hcl(&record("sc_req_item", encoded)).converges();
    let id = world.id("servicenow_record.keyboard");
    let other = r#"jsonencode({ "short_description" : "A keyboard", "active" : "true", "quantity" : "2" })"#;
    world.hcl(&record("sc_req_item", other)).plan_is_empty();
    world.edit("sc_req_item", &id, &serde_json::json!({"quantity": "5"}));
    world.hcl(&record("sc_req_item", encoded)).plan().ends_with(2).says("quantity");
    world.converges();
    let rows = world.instance.rows("sc_req_item", "").unwrap();
    assert_eq!(rows[0]["quantity"], "2");
    world.hcl(&record("sc_req_itm", encoded)).plan().ends_with(1).says("sc_req_item");
    let wrong = r#"jsonencode({ quantitty = 2 })"#;
    world.hcl(&record("sc_req_item", wrong)).plan().ends_with(1).says("quantitty");
}
