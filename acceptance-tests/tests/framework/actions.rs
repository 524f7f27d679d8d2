//! Actions: from 1.14 on.

use acceptance_tests::Terraform;

use crate::everything;

fn bell(times: u32, whom: &str) -> String {
    format!(
        r#"
resource "everything_thing" "it" {{
  name = "rung"

  lifecycle {{
    action_trigger {{
      events  = [after_create]
      actions = [action.everything_bell.it]
    }}
  }}
}}

action "everything_bell" "it" {{
  config {{
    times = {times}
    whom  = "{whom}"
  }}
}}
"#
    )
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl(&bell(2, "everybody"));
    if terraform < Terraform::V1_14 {
        it.plan().ends_with(1).says("action");
        return;
    }
    it.plan().ends_with(2).says("1 to invoke");
    it.apply().ends_with(0).says("ring 1").says("ring 2").never_says("ring 3");
    it.plan().ends_with(0);
    let alone = it.quietly(&["apply", "-auto-approve", "-invoke=action.everything_bell.it"]).ends_with(0);
    alone.says("ring 2");
    it.hcl(&bell(0, "everybody"));
    it.quietly(&["plan", "-invoke=action.everything_bell.it"]).ends_with(0).says("The bell stays silent");
    it.hcl(&bell(1, "nobody"));
    let failed = it.quietly(&["apply", "-auto-approve", "-invoke=action.everything_bell.it"]).ends_with(1);
    failed.says("ring 1").says("Nobody heard the bell");
    it.hcl(&bell(101, "everybody")).plan().ends_with(1).says("`times`");
}

on_each! {
    actions_are_unknown_to_1_12 V1_12,
    the_bell_rings_on_1_14 V1_14,
    the_bell_rings_on_1_15 V1_15,
}
