//! Which crate may know which: an edge that is not in these tables is forbidden.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::tree::{none, root, text};

/// Our crates, and which of ours each may use.
const EDGES: &[(&str, &[&str])] = &[
    ("tf-derive", &[]),
    ("tf-core", &["tf-derive"]),
    ("servicenow-core", &[]),
    ("reconcile", &["tf-core", "servicenow-core"]),
    ("tf-plugin", &["tf-core"]),
    ("servicenow-client", &["servicenow-core"]),
    ("servicenow-sim", &["servicenow-core"]),
    (
        "terraform-provider-servicenow",
        &["tf-core", "tf-plugin", "reconcile", "servicenow-core", "servicenow-client"],
    ),
    (
        "snowdrift",
        &[
            "terraform-provider-servicenow",
            "tf-core",
            "tf-plugin",
            "reconcile",
            "servicenow-core",
            "servicenow-client",
        ],
    ),
    (
        "xtask",
        &["terraform-provider-servicenow", "tf-core", "servicenow-sim", "snowdrift", "acceptance-tests"],
    ),
    ("acceptance-tests", &["servicenow-sim"]),
];

/// What tests may use besides.
const TEST_EDGES: &[(&str, &[&str])] = &[
    ("terraform-provider-servicenow", &["servicenow-sim"]),
    ("snowdrift", &["servicenow-sim"]),
    ("tf-core", &["tf-core"]),
    ("tf-derive", &["tf-core"]),
];

/// The pure crates, and which of others they may use: nothing that could do input or output.
const PURE: &[(&str, &[&str])] = &[
    ("tf-derive", &["proc-macro2", "quote", "syn"]),
    ("tf-core", &["bigdecimal", "regex-lite", "serde_json", "unicode-normalization"]),
    ("servicenow-core", &["percent-encoding", "serde", "serde_json", "thiserror"]),
    ("reconcile", &[]),
];

/// One line of a crate's manifest.
struct Dependency {
    from: String,
    to: String,
    for_tests: bool,
}

fn crates() -> (BTreeSet<String>, Vec<Dependency>) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let names = packages.iter().map(|package| text(&package["name"])).collect();
    let dependencies = packages.iter().flat_map(|package| {
        package["dependencies"].as_array().unwrap().iter().map(|dependency| Dependency {
            from: text(&package["name"]),
            to: text(&dependency["name"]),
            for_tests: dependency["kind"] == "dev",
        })
    });
    (names, dependencies.collect())
}

fn allowed(table: &[(&str, &[&str])], from: &str, to: &str) -> bool {
    table.iter().any(|(name, others)| *name == from && others.contains(&to))
}

#[test]
fn crates_use_each_other_only_along_the_known_edges() {
    let (ours, dependencies) = crates();
    let findings: Vec<String> = dependencies
        .iter()
        .filter(|it| ours.contains(&it.to))
        .filter(|it| !allowed(EDGES, &it.from, &it.to))
        .filter(|it| !(it.for_tests && allowed(TEST_EDGES, &it.from, &it.to)))
        .map(|it| format!("{} -> {}{}", it.from, it.to, if it.for_tests { " (in tests)" } else { "" }))
        .collect();
    none(
        &findings,
        "A new edge between crates needs a decision in ARCHITECTURE.md, then a line in this table:",
    );
}

#[test]
fn the_pure_crates_use_nothing_that_could_reach_the_world() {
    let (ours, dependencies) = crates();
    let findings: Vec<String> = dependencies
        .iter()
        .filter(|it| !it.for_tests && !ours.contains(&it.to))
        .filter(|it| PURE.iter().any(|(name, _)| *name == it.from))
        .filter(|it| !allowed(PURE, &it.from, &it.to))
        .map(|it| format!("{} -> {}", it.from, it.to))
        .collect();
    none(&findings, "The rules stay pure; move what needs this crate to an edge:");
}

#[test]
fn every_crate_is_in_the_table() {
    let (ours, _) = crates();
    let known: BTreeSet<String> = EDGES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(ours, known);
}

#[test]
fn every_shared_dependency_has_a_reason() {
    let manifest = text("Cargo.toml");
    let section = manifest.split("[workspace.dependencies]").nth(1).unwrap();
    let section = section.split("\n[").next().unwrap();
    let lines = section.lines().filter(|line| line.contains('=') && !line.contains("path = "));
    let findings: Vec<String> = lines
        .filter(|line| line.split_once(" # ").is_none_or(|(_, why)| why.is_empty()))
        .map(str::to_owned)
        .collect();
    none(&findings, "Every dependency says in its line in Cargo.toml what it is for:");
}
