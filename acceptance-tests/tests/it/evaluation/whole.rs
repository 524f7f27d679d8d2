//! A configuration with modules, variables and instances: the same resources with the same values.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use acceptance_tests::{Terraform, World, root};
use serde_json::Value;

use super::declared;

/// Copies a tree of files.
pub fn copy(from: &Path, to: &Path) {
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

/// What a plan shows of a tree, and what `snowdrift` says it declares.
fn both(terraform: Terraform, tree: &str) -> (Value, Value) {
    let world = World::new(terraform);
    world.hcl("");
    let configuration = world.configuration();
    fs::rename(configuration.join("main.tf"), configuration.join("provider.tf")).unwrap();
    copy(&root().join("acceptance-tests/tests/it/evaluation").join(tree), &configuration);
    world.run(&["get", "-no-color"]).ends_with(0);
    world.run(&["plan", "-no-color", "-out=whole"]).ends_with(0);
    let shown: Value = serde_json::from_str(&world.run(&["show", "-json", "whole"]).stdout).unwrap();
    (shown, declared(&configuration))
}

#[test]
fn json_and_files_that_override_declare_what_terraform_plans() {
    for terraform in Terraform::ENDS {
        let (shown, said) = both(terraform, "json");
        let mut wanted = BTreeMap::new();
        planned(&shown["planned_values"]["root_module"], &mut wanted);
        let resources = said["resources"].as_array().unwrap();
        let addresses: Vec<&str> = resources.iter().map(|it| it["address"].as_str().unwrap()).collect();
        assert_eq!(addresses, wanted.keys().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(said["undecided"], serde_json::json!([]));
        for resource in resources {
            let address = resource["address"].as_str().unwrap();
            for (name, finding) in resource["attributes"].as_object().unwrap() {
                match finding.get("undecided") {
                    None if name == "timeouts" => {
                        let written = finding["value"].as_object().unwrap();
                        let all = wanted[address][name].as_object().unwrap();
                        assert!(written.iter().all(|(name, it)| all[name] == *it), "{written:?} {all:?}");
                    }
                    None => assert_eq!(finding["value"], wanted[address][name], "{address} {name}"),
                    Some(_) => assert_eq!(name, "connection_alias_id"),
                }
            }
        }
        let outputs = shown["planned_values"]["outputs"].as_object().unwrap();
        for (name, output) in outputs {
            assert_eq!(said["outputs"][name]["value"], output["value"], "{name}");
        }
        assert_eq!(outputs.len(), 8);
    }
}

#[test]
fn import_blocks_with_for_each_lead_where_terraform_imports() {
    let world = World::new(Terraform::V1_15);
    let names = ["red", "green"];
    let ids = names.map(|name| {
        let row = world.instance.insert("sys_alias", &serde_json::json!({ "name": name })).unwrap();
        row["sys_id"].as_str().unwrap().to_owned()
    });
    world.hcl(&format!(
        "locals {{\n  ids = {{ red = \"{}\", green = \"{}\" }}\n}}\n\
         resource \"servicenow_connection_alias\" \"it\" {{\n  for_each = local.ids\n  name     = each.key\n}}\n\
         import {{\n  for_each = local.ids\n  to       = servicenow_connection_alias.it[each.key]\n  id       = each.value\n}}\n",
        ids[0], ids[1]
    ));
    world.run(&["plan", "-no-color", "-out=whole"]).ends_with(0);
    let shown: Value = serde_json::from_str(&world.run(&["show", "-json", "whole"]).stdout).unwrap();
    let said = declared(&world.configuration());
    assert_eq!(said["undecided"], serde_json::json!([]));
    let changes = shown["resource_changes"].as_array().unwrap();
    assert_eq!(changes.len(), 2);
    for change in changes {
        let resources = said["resources"].as_array().unwrap();
        let same = resources.iter().find(|it| it["address"] == change["address"]).unwrap();
        assert_eq!(same["import_id"]["value"], change["change"]["importing"]["id"]);
    }
}

#[test]
fn a_tree_of_modules_declares_what_terraform_plans() {
    for terraform in Terraform::ENDS {
        let (shown, said) = both(terraform, "tree");
        let mut wanted = BTreeMap::new();
        planned(&shown["planned_values"]["root_module"], &mut wanted);
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
