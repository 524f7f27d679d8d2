//! Records of every type, edited by hand in all columns that take any text, number or truth: the patch adopts all of it.

use std::collections::BTreeSet;

use acceptance_tests::{Terraform, World};
use serde_json::{Map, Value};

use crate::examples::{declared, of_resources};
use crate::snowdrift_drift::shell;

/// Columns that a hand leaves alone here: by the first ones others find the record; `active` and `multiple_connections` are
/// choices between several records, which have tests of their own, and the others mean something only beside another one.
/// `global` of a policy would shut everybody out.
const LEFT_ALONE: [&str; 12] = [
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
    "url_builder",
    "global",
];

/// Findings about values at least: fewer would mean that hardly anything was edited.
const DIFFERENCES_MIN: usize = 40;

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
        let ours = rows.filter(|it| state.contains(it["sys_id"].as_str().unwrap()) && !is_own(it));
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

#[test]
fn every_type_edited_by_hand_is_adopted_and_nothing_is_left_to_do() {
    let world = declared(&of_resources(), Terraform::V1_15);
    world.converges();
    for (table, row) in managed(&world) {
        let cells = row.iter().filter_map(|(column, value)| {
            Some((column.clone(), Value::from(edited(column, value.as_str()?)?)))
        });
        let cells: Map<String, Value> = cells.collect();
        if !cells.is_empty() {
            eprintln!("{table} {cells:?}");
            world.edit(&table, row["sys_id"].as_str().unwrap(), &cells.into());
        }
    }
    shell(&world, "\"$SNOWDRIFT\" drift --out json=before.json --write").ends_with(2).says("Adopted in");
    let report = std::fs::read_to_string(world.configuration().join("before.json")).unwrap();
    let report: Value = serde_json::from_str(&report).unwrap();
    let findings = report["instances"][0]["findings"].as_array().unwrap();
    let differences: usize = findings.iter().map(|it| it["differences"].as_array().map_or(0, Vec::len)).sum();
    assert!(differences >= DIFFERENCES_MIN, "{differences}: {findings:#?}");
    shell(&world, "\"$SNOWDRIFT\" drift").ends_with(0);
    world.plan_is_empty();
    assert_eq!(world.find_secrets(), Vec::<String>::new());
}
