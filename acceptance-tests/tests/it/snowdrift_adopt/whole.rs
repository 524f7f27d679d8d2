//! Records of every type, edited by hand in all columns that take any text, number or truth: the patch adopts all of it.

use std::collections::BTreeSet;

use acceptance_tests::{Terraform, World};
use serde_json::{Map, Value};

use crate::examples::{declared, of_resources};
use crate::snowdrift_drift::shell;

/// Columns that a hand leaves alone here: by the first ones others find the record; `active` and `multiple_connections` are
/// choices between several records, which have tests of their own, and the others mean something only beside another one.
/// `global` of a policy would shut everybody out.
const LEFT_ALONE: [&str; 14] = [
    "name",
    "user_name",
    "number",
    "service_id",
    "label",
    "active",
    "multiple_connections",
    "use_mid",
    "use_external_store",
    "use_mutual_auth",
    "mutual_auth",
    "public_client",
    "url_builder",
    "global",
];

/// Findings about values at least: fewer would mean that hardly anything was edited.
const CHANGED_MIN: usize = 15;

/// Why no patch of a file follows from an edit: a record of any table is found by its state alone, and a block for several
/// resources is changed by people.
const NOT_FOUND: &str = "sc_req_item";
const ONE_OF_SEVERAL: &str = "payments-";

/// The records that the state knows, with their tables, which are those that the provider wrote.
fn managed(world: &World) -> Vec<(String, Map<String, Value>)> {
    let state = world.show_json().to_string();
    let writes = world.writes();
    let tables: BTreeSet<&str> = writes.iter().filter_map(|it| it.strip_prefix("POST ")).collect();
    let tables: Vec<&str> = tables.into_iter().filter(|it| !it.contains('/')).collect();
    assert!(tables.len() > 10, "{tables:?}");
    let rows = |table: &str| {
        let rows = world.instance.rows(table, "").unwrap().into_iter();
        // Whoever edits does not lock himself out.
        let is_own = |it: &Map<String, Value>| {
            it.get("user_name").is_some_and(|it| it.as_str() == Some(&world.instance.username))
        };
        let is_patched = |it: &Map<String, Value>| {
            let name = it.get("name").and_then(Value::as_str).unwrap_or_default();
            table != NOT_FOUND && !name.starts_with(ONE_OF_SEVERAL) && !is_own(it)
        };
        let ours = rows.filter(|it| state.contains(it["sys_id"].as_str().unwrap()) && is_patched(it));
        ours.map(|it| (table.to_owned(), it)).collect::<Vec<_>>()
    };
    tables.into_iter().flat_map(rows).collect()
}

/// What a hand makes of a cell; nothing where it would have to know more than the cell.
fn edited(column: &str, value: &str) -> Option<String> {
    let is_secret = ["password", "secret", "passphrase", "key"].iter().any(|it| column.contains(it));
    if column.starts_with("sys_") || LEFT_ALONE.contains(&column) || is_secret {
        return None;
    }
    match value {
        "true" => Some("false".to_owned()),
        "false" => Some("true".to_owned()),
        _ if value.contains("://") => Some(format!("{value}/by-hand")),
        _ if value.parse::<u32>().is_ok() => Some((value.parse::<u32>().unwrap() + 1).to_string()),
        // A time begins with a digit.
        _ if value.contains(' ') && !value.starts_with(|it: char| it.is_ascii_digit()) => {
            Some(format!("{value} By \"hand\" ${{here}}."))
        }
        _ => None,
    }
}

/// The classes of the findings of one comparison, and how much was undecided.
fn look(world: &World, arguments: &str) -> (Vec<String>, usize) {
    let command = format!("\"$SNOWDRIFT\" drift --out json=look.json {arguments}");
    // What nobody switched on is told in any case.
    shell(world, &command).ends_with(2);
    let report = std::fs::read_to_string(world.configuration().join("look.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let list = |name: &str| report["instances"][0][name].as_array().unwrap().clone();
    let class = |it: &Value| it["class"].as_str().unwrap().to_owned();
    (list("findings").iter().map(class).collect(), list("undecided").len())
}

#[test]
fn every_type_edited_by_hand_is_adopted_and_nothing_is_left_to_do() {
    let world = declared(&of_resources(), Terraform::V1_15);
    world.converges();
    let (before, undecided) = look(&world, "");
    assert!(before.iter().all(|it| it == "none_active"), "what was applied is as declared: {before:?}");
    assert_eq!(undecided, 1, "only a record of any table has no name");
    for (table, row) in managed(&world) {
        let cells = row.iter().filter_map(|(column, value)| {
            Some((column.clone(), Value::from(edited(column, value.as_str()?)?)))
        });
        let cells: Map<String, Value> = cells.collect();
        if !cells.is_empty() {
            world.edit(&table, row["sys_id"].as_str().unwrap(), &cells.into());
        }
    }
    let (edited, _) = look(&world, "--write");
    let changed = edited.iter().filter(|it| *it == "changed").count();
    assert!(changed >= CHANGED_MIN, "{edited:?}");
    assert_eq!(look(&world, ""), (before, undecided));
    world.plan_is_empty();
    assert_eq!(world.find_secrets(), Vec::<String>::new());
}
