//! States that an older version of the provider wrote: brought up to date, identity included.

use acceptance_tests::Terraform;
use serde_json::{Value, json};

use crate::everything;

const THING: &str = "resource \"everything_thing\" \"it\" {\n  name = \"old\"\n  size = 7\n}\n";

/// The state as it was when the size was a text and the name of the identity a title.
fn aged(state: &str) -> String {
    let mut state: Value = serde_json::from_str(state).unwrap();
    let instance = state.pointer_mut("/resources/0/instances/0").unwrap();
    instance["schema_version"] = json!(0);
    instance["attributes"]["size"] = json!("7");
    instance["attributes"].as_object_mut().unwrap().remove("rooms");
    if instance.get("identity").is_some() {
        instance["identity_schema_version"] = json!(0);
        instance["identity"] = json!({ "title": "old" });
    }
    state.to_string()
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl(THING).converges();
    let state = it.left("terraform.tfstate");
    assert_eq!(state.contains("identity_schema_version"), terraform >= Terraform::V1_12, "{state}");
    it.file("terraform.tfstate", &aged(&state)).plan().ends_with(0);
    // Something must change for the state to be written again.
    it.hcl(&THING.replace('7', "8")).converges();
    assert_eq!(it.state("everything_thing.it")["size"], json!(8));
    let state: Value = serde_json::from_str(&it.left("terraform.tfstate")).unwrap();
    let instance = &state["resources"][0]["instances"][0];
    assert_eq!(instance["schema_version"], json!(1));
    if terraform >= Terraform::V1_12 {
        assert_eq!(instance["identity"], json!({ "name": "old" }));
        assert_eq!(instance["identity_schema_version"], json!(1));
    }
}

on_each! {
    an_old_state_is_brought_up_to_date_on_1_6 V1_6,
    an_old_state_is_brought_up_to_date_on_1_8 V1_8,
    an_old_state_is_brought_up_to_date_on_1_9 V1_9,
    an_old_state_is_brought_up_to_date_on_1_10 V1_10,
    an_old_state_is_brought_up_to_date_on_1_11 V1_11,
    an_old_state_is_brought_up_to_date_on_1_12 V1_12,
    an_old_state_is_brought_up_to_date_on_1_13 V1_13,
    an_old_state_is_brought_up_to_date_on_1_14 V1_14,
    an_old_state_is_brought_up_to_date_on_1_15 V1_15,
}
