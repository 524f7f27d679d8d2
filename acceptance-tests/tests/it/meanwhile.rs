//! What happens between a saved plan and its apply, and how long an apply may take.

use acceptance_tests::{Terraform, World};
use serde_json::json;

const ALIAS: &str = "servicenow_connection_alias.orders";

fn alias(description: &str) -> String {
    format!(
        "resource \"servicenow_connection_alias\" \"orders\" {{\n  name = \"orders\"\n  description = \"{description}\"\n\
         \n  timeouts {{\n    create = \"1h30m\"\n  }}\n}}\n"
    )
}

#[test]
fn a_saved_plan_does_not_undo_what_somebody_did_since() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.hcl(&alias("first")).converges();
        world.hcl(&alias("second")).plan().ends_with(2);
        world.edit("sys_alias", &world.id(ALIAS), &json!({"description": "by hand"}));
        let run = world.run(&["apply", "-input=false", "-no-color", "../left/plan"]).ends_with(1);
        run.says("changed since it was planned").says("`description`").says("on_conflict");
        let row = world.instance.rows("sys_alias", "name=orders").unwrap().remove(0);
        assert_eq!(row["description"], "by hand");
        world.converges();
    }
}

#[test]
fn a_timeouts_block_is_kept_and_a_wrong_time_is_refused() {
    let world = World::new(Terraform::V1_15);
    world.hcl(&alias("first")).converges();
    assert_eq!(world.state(ALIAS)["timeouts"]["create"], json!("1h30m"));
    world.hcl(&alias("first").replace("1h30m", "soon")).plan().ends_with(1).says("`soon` is no time");
}
