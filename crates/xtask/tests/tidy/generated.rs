//! What is derived from something else is up to date, and what is formatted by a tool is as the tool leaves it.

use std::process::Command;

use crate::tree::{files_ending, none, root};

#[track_caller]
fn check(arguments: &[&str]) {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output = xtask.args(arguments).current_dir(root()).output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo xtask {}\n{said}\n{complained}", arguments.join(" "));
}

#[test]
fn generated_files_are_up_to_date() {
    check(&["generate", "--check"]);
}

#[test]
fn examples_are_formatted() {
    check(&["terraform", "--", "fmt", "-check", "-diff", "-recursive", "examples"]);
}

#[test]
fn every_documented_resource_has_an_example_and_an_import() {
    let pages = files_ending(".md")
        .into_iter()
        .filter_map(|path| Some(path.strip_prefix("docs/resources/")?.strip_suffix(".md")?.to_owned()));
    let pages: Vec<String> = pages.collect();
    assert!(!pages.is_empty(), "no page of a resource was found below docs/resources");
    let wanted = pages.iter().flat_map(|name| {
        ["resource.tf", "import.sh"].map(|file| format!("examples/resources/servicenow_{name}/{file}"))
    });
    let findings: Vec<String> = wanted.filter(|path| !root().join(path).is_file()).collect();
    none(&findings, "These examples are missing:");
}

#[test]
fn everything_beside_resources_that_is_documented_has_an_example() {
    let kinds = [
        ("data-sources", "servicenow_", "data-source.tf"),
        ("list-resources", "servicenow_", "list-resource.tfquery.hcl"),
        ("functions", "", "function.tf"),
        ("ephemeral-resources", "servicenow_", "ephemeral-resource.tf"),
        ("actions", "servicenow_", "action.tf"),
    ];
    let mut findings = Vec::new();
    for (kind, prefix, file) in kinds {
        let names = files_ending(".md").into_iter().filter_map(|path| {
            Some(path.strip_prefix(&format!("docs/{kind}/"))?.strip_suffix(".md")?.to_owned())
        });
        let examples = names.map(|name| format!("examples/{kind}/{prefix}{name}/{file}"));
        findings.extend(examples.filter(|path| !root().join(path).is_file()));
    }
    none(&findings, "These examples are missing:");
}
