//! A configuration with modules, variables and instances: the same resources with the same values.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use acceptance_tests::{Terraform, World, root};
use serde_json::Value;

use super::declared;

/// Copies a tree of files.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The planned values of every resource, by address.
fn planned(module: &Value, found: &mut BTreeMap<String, Value>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        found.insert(resource["address"].as_str().unwrap().to_owned(), resource["values"].clone());
    }
    for child in module["child_modules"].as_array().into_iter().flatten() {
        planned(child, found);
    }
}

#[test]
fn a_tree_of_modules_declares_what_terraform_plans() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world.hcl("");
        let configuration = world.configuration();
        fs::rename(configuration.join("main.tf"), configuration.join("provider.tf")).unwrap();
        copy(&root().join("acceptance-tests/tests/it/evaluation/tree"), &configuration);
        world.run(&["get", "-no-color"]).ends_with(0);
        world.run(&["plan", "-no-color", "-out=whole"]).ends_with(0);
        let shown: Value = serde_json::from_str(&world.run(&["show", "-json", "whole"]).stdout).unwrap();
        let mut wanted = BTreeMap::new();
        planned(&shown["planned_values"]["root_module"], &mut wanted);

        let said = declared(&configuration);
        let resources = said["resources"].as_array().unwrap();
        let addresses: Vec<&str> = resources.iter().map(|it| it["address"].as_str().unwrap()).collect();
        assert_eq!(addresses, wanted.keys().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(said["undecided"], serde_json::json!([]));
        let mut undecided = Vec::new();
        for resource in resources {
            let address = resource["address"].as_str().unwrap();
            for (name, finding) in resource["attributes"].as_object().unwrap() {
                match finding.get("undecided") {
                    None => assert_eq!(finding["value"], wanted[address][name], "{address} {name}"),
                    Some(_) => undecided.push(name.as_str()),
                }
            }
        }
        // What the instance computes, and nothing else.
        undecided.sort_unstable();
        undecided.dedup();
        assert_eq!(undecided, ["connection_alias_id", "credential_id"]);
        for name in ["endpoints", "aliases"] {
            assert_eq!(said["outputs"][name]["value"], shown["planned_values"]["outputs"][name]["value"]);
        }
        assert_eq!(said["outputs"]["secret"]["value"], "(sensitive)");
        assert!(!said.to_string().contains("changed-elsewhere"));
    }
}
