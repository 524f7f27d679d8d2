//! The life of a resource with every behaviour and every nesting, on every version.

use acceptance_tests::Terraform;
use serde_json::{Value, json};

use crate::everything;

/// A thing with as many attributes and blocks as there are, but for the write-only one, which old versions do not know.
fn thing(name: &str, note: &str) -> String {
    format!(
        r#"
data "everything_lookup" "it" {{
  word = "blue"
}}

resource "everything_thing" "it" {{
  name     = "{name}"
  note     = "{note}"
  kind     = "big"
  secret   = "only shown to some"
  tags     = ["b", "a"]
  numbers  = [3, 1, 2]
  labels   = {{ one = "1", two = data.everything_lookup.it.meaning }}
  shape    = {{ what = "round" }}
  parts    = [{{ what = "leg", amount = 4 }}, {{ what = "top" }}]
  heap     = [{{ what = "sand", weight = 2 }}, {{ what = "dust" }}]
  rooms    = {{ north = {{ what = "cold" }}, south = {{ what = "warm" }} }}
  anything = {{ deep = [1, "two", true], none = null }}

  base {{
    what = "stone"
  }}
  frame {{
    what = "wood"
  }}
  step {{
    what = "first"
  }}
  step {{
    what = "second"
  }}
  rule {{
    what   = "no smoking"
    weight = 1
  }}
  door "front" {{
    what = "open"
  }}
}}

output "id" {{
  value = everything_thing.it.id
}}
"#
    )
}

#[track_caller]
fn check_state(state: &Value, rows: &[(&str, Value)]) {
    for (pointer, expected) in rows {
        assert_eq!(state.pointer(pointer), Some(expected), "{pointer} in {state:#}");
    }
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl(&thing("one", "first")).plan().ends_with(2).says("1 to add");
    it.converges();
    check_state(
        &it.state("everything_thing.it"),
        &[
            ("/id", json!("thing-one")),
            ("/size", json!(1)),
            ("/revision", json!(1)),
            ("/color", json!("made")),
            ("/tags", json!(["a", "b"])),
            ("/numbers", json!([3, 1, 2])),
            ("/labels/two", json!("what blue means")),
            ("/shape", json!({ "what": "round", "amount": 1, "mark": "made" })),
            ("/parts/0/amount", json!(4)),
            ("/parts/1/mark", json!("made")),
            ("/rooms/south/amount", json!(1)),
            ("/anything", json!({ "deep": [1, "two", true], "none": null })),
            ("/base/outcome", json!("made")),
            ("/step/1", json!({ "what": "second", "outcome": "made" })),
            ("/door/front/what", json!("open")),
        ],
    );
    // In place: what is not changed keeps its value, and what the provider decides may change.
    it.hcl(&thing("one", "second")).plan().ends_with(2).says("1 to change").says("(known after apply)");
    it.converges();
    check_state(
        &it.state("everything_thing.it"),
        &[("/id", json!("thing-one")), ("/note", json!("second")), ("/revision", json!(2))],
    );
    it.hcl(&thing("two", "second")).plan().ends_with(2).says("must be replaced").says("forces replacement");
    it.converges().says("1 added, 0 changed, 1 destroyed");
    assert_eq!(it.output("id"), json!("thing-two"));
    // What vanished outside is made again.
    it.hcl(&thing("two", "gone")).apply().ends_with(0);
    it.plan().ends_with(2).says("1 to add");
    it.hcl(&thing("two", "back")).converges();
    it.destroy().ends_with(0).says("1 destroyed");
    assert_eq!(it.state("everything_thing.it"), Value::Null);
}

on_each! {
    a_thing_lives_its_life_on_1_6 V1_6,
    a_thing_lives_its_life_on_1_8 V1_8,
    a_thing_lives_its_life_on_1_9 V1_9,
    a_thing_lives_its_life_on_1_10 V1_10,
    a_thing_lives_its_life_on_1_11 V1_11,
    a_thing_lives_its_life_on_1_12 V1_12,
    a_thing_lives_its_life_on_1_13 V1_13,
    a_thing_lives_its_life_on_1_14 V1_14,
    a_thing_lives_its_life_on_1_15 V1_15,
}
