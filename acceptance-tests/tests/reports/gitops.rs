//! The examples for GitOps are what those who run them understand: each against its published schema, and every command in
//! them against the built program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use acceptance_tests::{Binaries, root};

use crate::tools::{python, run};

/// The oldest and the newest Kubernetes that the example is for.
const KUBERNETES: &[&str] = &["1.27", "1.34"];

fn example(path: &str) -> PathBuf {
    root().join("examples/gitops").join(path)
}

fn check_schema(schema: &str, file: &Path) {
    let mut check = Command::new(python().join("bin/check-jsonschema"));
    run(check.args(["--builtin-schema", schema]).arg(file));
}

#[test]
fn the_workflow_is_one_of_github() {
    check_schema("vendor.github-workflows", &example(".github/workflows/drift.yml"));
}

#[test]
fn the_pipeline_is_one_of_gitlab() {
    check_schema("vendor.gitlab-ci", &example(".gitlab-ci.yml"));
}

#[test]
fn the_jobs_are_those_of_kubernetes() {
    for version in KUBERNETES {
        let mut check = Command::new(python().join("bin/kubernetes-validate"));
        run(check.args(["--strict", "-k", version]).arg(example("kubernetes/cronjob.yaml")));
    }
}

#[test]
fn a_checker_that_checks_nothing_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let broken = |path: &str, from: &str, to: &str| {
        let text = fs::read_to_string(example(path)).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        let file = folder.path().join(Path::new(path).file_name().unwrap());
        fs::write(&file, text.replacen(from, to, 1)).unwrap();
        file
    };
    let bin = |name: &str| Command::new(python().join("bin").join(name));
    let fails = |command: &mut Command| assert!(!command.output().unwrap().status.success(), "{command:?}");
    let workflow = broken(".github/workflows/drift.yml", "runs-on:", "runs-at:");
    fails(bin("check-jsonschema").args(["--builtin-schema", "vendor.github-workflows"]).arg(workflow));
    let pipeline = broken(".gitlab-ci.yml", "parallel: 2", "parallel: many");
    fails(bin("check-jsonschema").args(["--builtin-schema", "vendor.gitlab-ci"]).arg(pipeline));
    let jobs = broken("kubernetes/cronjob.yaml", "completions: 2", "completion: 2");
    fails(bin("kubernetes-validate").args(["--strict", "-k", "1.34"]).arg(jobs));
}

/// Every line that calls `snowdrift` in the examples.
fn commands() -> Vec<String> {
    let files = [".github/workflows/drift.yml", ".gitlab-ci.yml", "kubernetes/cronjob.yaml"];
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(example(file)).unwrap();
        for line in text.lines().map(str::trim).map(|it| it.trim_start_matches("- ")) {
            if line.starts_with("snowdrift ") {
                found.push(line.trim_end_matches("|| true").split(">>").next().unwrap().trim().to_owned());
            }
        }
    }
    found
}

#[test]
fn every_option_in_the_examples_is_one_of_the_program() {
    let commands = commands();
    assert_eq!(commands.len(), 6, "{commands:?}");
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        let help = Command::new(Binaries::built().snowdrift()).args([words[1], "--help"]).output().unwrap();
        assert!(help.status.success(), "{command}");
        let help = String::from_utf8(help.stdout).unwrap();
        let known: BTreeSet<&str> = help
            .split(|it: char| it.is_whitespace() || it == ',')
            .filter(|it| it.starts_with("--"))
            .collect();
        for option in words.iter().filter(|it| it.starts_with("--")) {
            assert!(known.contains(option), "{command}: {option} is none of {known:?}");
        }
    }
}

#[test]
fn what_the_example_declares_is_evaluated_for_every_instance_of_its_fleet() {
    for (variables, url) in [
        ("prod.tfvars", "https://orders.example.com/api"),
        ("test.tfvars", "https://orders.test.example.com/api"),
    ] {
        let mut declared = Command::new(Binaries::built().snowdrift());
        declared
            .arg("declared")
            .arg(example("infra"))
            .arg("--var-file")
            .arg(example("infra").join(variables));
        let output = declared.output().unwrap();
        // The id of the alias is the instance's to say, so that not everything is decided here.
        assert_eq!(output.status.code(), Some(3), "{variables}");
        assert!(String::from_utf8(output.stdout).unwrap().contains(&format!("\"{url}\"")), "{variables}");
    }
}

#[test]
fn the_file_of_the_fleet_is_understood() {
    let mut drift = Command::new(Binaries::built().snowdrift());
    drift.current_dir(example("")).args(["drift", "--config", "snowdrift.toml", "--instance", "nobody"]);
    let output = drift.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    // The file was read to its end, and knows its instances.
    assert!(said.contains("`snowdrift.toml` names prod, test"), "{said}");
}
