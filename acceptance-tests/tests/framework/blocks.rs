//! Blocks of every nesting whose attributes the provider decides, through real Terraform: what is written stays, what is stable
//! stays, what may change is open in a plan, and a second plan is empty.

use acceptance_tests::{Terraform, Workshop};
use serde_json::{Value, json};

use crate::everything;

const ADDRESS: &str = "everything_shelf.it";

/// A block of each nesting, with what comes into the first board, and more blocks.
fn shelf(first: &str, more: &str) -> String {
    format!(
        r#"
resource "everything_shelf" "it" {{
  name = "one"

  back {{
    what = "plywood"
    book {{
      what = "poster"
    }}
  }}
  board {{
    {first}
    book {{
      what  = "dictionary"
      color = "red"
    }}
    book {{
      what = "atlas"
    }}
  }}
  board {{
    what      = "beech"
    thickness = 3
    color     = "white"
  }}
  hook {{
    what = "coat"
  }}
  hook {{
    what  = "bag"
    color = "green"
  }}
  drawer "left" {{
    what = "letters"
  }}
  {more}
}}
"#
    )
}

/// Where the provider decides, and what is `mark` there: when it was made.
const PLACES: [&str; 8] = [
    "/back",
    "/back/book/0",
    "/foot",
    "/board/0",
    "/board/0/book/0",
    "/board/0/book/1",
    "/board/1",
    "/drawer/left",
];

#[track_caller]
fn check_state(state: &Value, rows: &[(&str, Value)]) {
    for (pointer, expected) in rows {
        assert_eq!(state.pointer(pointer), Some(expected), "{pointer} in {state:#}");
    }
}

/// Everything that was there from the start was made with the first write, and written with the last one.
#[track_caller]
fn check_places(state: &Value, last: &str) {
    for place in PLACES {
        let at = |name: &str| state.pointer(&format!("{place}/{name}")).and_then(Value::as_str);
        assert_eq!((at("mark"), at("outcome")), (Some("write 1"), Some(last)), "{place} in {state:#}");
    }
    for what in ["coat", "bag"] {
        let hook = hook(state, what);
        let told = (hook["mark"].as_str(), hook["outcome"].as_str());
        assert_eq!(told, (Some("write 1"), Some(last)), "{what} in {state:#}");
    }
}

/// An element of a set has no place.
#[track_caller]
fn hook<'a>(state: &'a Value, what: &str) -> &'a Value {
    let hooks = state["hook"].as_array().unwrap();
    hooks.iter().find(|it| it["what"] == what).unwrap_or_else(|| panic!("no {what} in {state:#}"))
}

/// What the last plan leaves open.
fn open(it: &Workshop) -> Value {
    let shown = it.run(&["show", "-json", "plan"]).ends_with(0);
    let shown: Value = serde_json::from_str(&shown.stdout).unwrap();
    shown["resource_changes"][0]["change"]["after_unknown"].clone()
}

fn check(terraform: Terraform) {
    let it = everything(terraform);
    it.hcl(&shelf("what = \"oak\"", "")).converges();
    let state = it.state(ADDRESS);
    check_places(&state, "write 1");
    check_state(
        &state,
        &[
            ("/board/0/thickness", json!(2)),
            ("/board/0/color", json!("write 1")),
            ("/board/0/book/0/color", json!("red")),
            (
                "/board/1",
                json!({"what": "beech", "thickness": 3, "color": "white", "mark": "write 1", "outcome": "write 1", "book": []}),
            ),
            ("/foot", json!({"height": null, "color": "write 1", "mark": "write 1", "outcome": "write 1"})),
        ],
    );
    assert_eq!(
        (&hook(&state, "bag")["color"], &hook(&state, "coat")["color"]),
        (&json!("green"), &json!("write 1"))
    );
    a_change_of_one_block(&it);
    more_blocks(&it);
    a_choice_is_taken_back(&it);
    blocks_that_cannot_be_counted_yet(&it);
    it.hcl("resource \"everything_shelf\" \"it\" {\n  name = \"one\"\n}\n").converges();
    let state = it.state(ADDRESS);
    check_state(
        &state,
        &[("/back", Value::Null), ("/board", json!([])), ("/hook", json!([])), ("/drawer", json!({}))],
    );
    assert_eq!(state["foot"]["mark"], json!("write 1"), "a group is always there");
    it.destroy().ends_with(0);
}

fn a_change_of_one_block(it: &Workshop) {
    it.hcl(&shelf("what = \"ash\"", "")).plan().ends_with(2).says("1 to change").says("(known after apply)");
    let open = open(it);
    for place in PLACES {
        let at = |name: &str| open.pointer(&format!("{place}/{name}")) == Some(&json!(true));
        assert_eq!((at("mark"), at("outcome")), (false, true), "{place} in {open:#}");
    }
    it.converges();
    let state = it.state(ADDRESS);
    check_places(&state, "write 2");
    check_state(
        &state,
        &[
            ("/board/0/what", json!("ash")),
            ("/board/0/color", json!("write 2")),
            ("/board/1/color", json!("white")),
        ],
    );
}

const MORE: &str = r#"
  board {
    what = "pine"
  }
  hook {
    what = "key"
  }
  drawer "right" {
    what = "stamps"
    book {
      what = "album"
    }
  }
"#;

fn more_blocks(it: &Workshop) {
    it.hcl(&shelf("what = \"ash\"", MORE)).converges();
    let state = it.state(ADDRESS);
    check_places(&state, "write 3");
    check_state(
        &state,
        &[
            ("/board/2/mark", json!("write 3")),
            ("/drawer/right/mark", json!("write 3")),
            ("/drawer/right/book/0/mark", json!("write 3")),
        ],
    );
    assert_eq!(hook(&state, "key")["mark"], json!("write 3"));
    it.hcl(&shelf("what = \"ash\"", "")).converges();
    check_places(&it.state(ADDRESS), "write 4");
}

/// What the user decided is decided by the provider again.
fn a_choice_is_taken_back(it: &Workshop) {
    it.hcl(&shelf("what = \"ash\"\n    color = \"black\"", "")).converges();
    check_state(&it.state(ADDRESS), &[("/board/0/color", json!("black"))]);
    // Nothing else changes, and so the choice stays as it is.
    it.hcl(&shelf("what = \"ash\"", "")).plan().ends_with(0);
    it.hcl(&shelf("what = \"oak\"", "")).converges();
    check_state(
        &it.state(ADDRESS),
        &[("/board/0/color", json!("write 6")), ("/board/0/mark", json!("write 1"))],
    );
}

const COUNTED: &str = r#"
  dynamic "hook" {
    for_each = terraform_data.it.output
    content {
      what = hook.value
    }
  }
"#;

fn blocks_that_cannot_be_counted_yet(it: &Workshop) {
    let counted = |words: &str| {
        let data = format!("resource \"terraform_data\" \"it\" {{\n  input = [{words}]\n}}\n");
        data + &shelf("what = \"oak\"", COUNTED)
    };
    it.hcl(&counted("\"key\"")).plan().ends_with(2);
    it.converges();
    assert_eq!(hook(&it.state(ADDRESS), "key")["mark"], json!("write 7"));
    it.hcl(&counted("\"key\", \"umbrella\"")).converges();
    let state = it.state(ADDRESS);
    assert_eq!(hook(&state, "umbrella")["mark"], json!("write 8"));
    check_places(&state, "write 8");
    assert_eq!(hook(&state, "key")["mark"], json!("write 7"));
}

on_each! {
    blocks_are_decided_in_part_by_the_provider_on_1_6 V1_6,
    blocks_are_decided_in_part_by_the_provider_on_1_11 V1_11,
    blocks_are_decided_in_part_by_the_provider_on_1_15 V1_15,
}
