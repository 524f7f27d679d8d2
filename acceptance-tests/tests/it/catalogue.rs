//! What is around the resources, through real Terraform: data sources, functions, lists and what is written down from them,
//! imports by identity.

use std::collections::BTreeSet;
use std::fs;

use acceptance_tests::{Setup, Terraform, World, root};
use serde_json::json;

use crate::oauth::{CLIENT_SECRET, application};

/// Where a module has its provider from.
const REQUIRED: &str = "terraform {\n  required_providers {\n    servicenow = {\n      source = \"snowdrift/servicenow\"\n    }\n  }\n}\n";

/// The instance of a company that has used it for years.
fn company(terraform: Terraform) -> World {
    World::with(Setup { terraform, simulator: &["--fixture", "demo", "--app", "unifi"] })
}

fn examples(kind: &str) -> Vec<String> {
    let entries = fs::read_dir(root().join("examples").join(kind)).unwrap();
    let mut names: Vec<String> =
        entries.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn example(path: &str) -> String {
    fs::read_to_string(root().join("examples").join(path)).unwrap()
}

/// What the examples look up and the demo company does not have.
fn with_everything(world: &World) {
    for (table, cells) in [
        ("ecc_agent", json!({"name": "mid-warehouse", "status": "Up", "validated": "true"})),
        ("sys_protocol_profile", json!({"name": "mauth", "protocol": "mauth"})),
        ("api_key_credentials", json!({"name": "Monitoring key", "api_key_header_name": "X-Api-Key"})),
        ("ssh_private_key_credentials", json!({"name": "Backup host", "user_name": "backup"})),
        ("oauth_2_0_credentials", json!({"name": "Jira OAuth"})),
        (
            "oauth_entity",
            json!({"name": "Jira", "type": "consumer", "token_url": "https://jira.example/token", "default_grant_type": "client_credentials"}),
        ),
        ("oauth_entity_profile", json!({"name": "Jira machine", "grant_type": "client_credentials"})),
        ("sys_retry_policy", json!({"name": "Standard retry", "count": "3", "interval": "10"})),
        (
            "jdbc_connection",
            json!({"name": "Warehouse", "connection_url": "jdbc:mysql://dwh.example:3306/dwh"}),
        ),
        ("basic_connection", json!({"name": "Backup host", "host": "backup.example"})),
        ("orch_jms_ds", json!({"name": "Broker", "provider_url": "tcp://broker.example:61616"})),
        ("kafka_connection", json!({"name": "Events", "bootstrap_servers": "events.example:9092"})),
        ("sys_ws_definition", json!({"name": "Orders in", "service_id": "orders_in"})),
        ("http_key_auth", json!({"name": "Orders keys"})),
        ("sys_api_access_policy", json!({"name": "Orders in", "rest_api_path": "acme/orders_in"})),
        ("api_key", json!({"name": "Orders shop", "user": "integration", "expires": "2031-01-31 00:00:00"})),
        ("x_snd_eb_integration", json!({"name": "Orders"})),
        (
            "x_snd_eb_connection",
            json!({"integration": "Orders", "environment": "Test", "active": "true", "endpoint_url": "https://warehouse.example"}),
        ),
    ] {
        if let Err(error) = world.instance.insert(table, &cells) {
            panic!("{table}: {error}");
        }
    }
}

/// An example as a module of its own, so that it keeps the names that it has. What it outputs is an output of its name.
fn as_module(world: &World, name: &str, text: &str) -> String {
    let folder = world.configuration().join(name);
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("main.tf"), format!("{REQUIRED}{text}")).unwrap();
    format!(
        "module \"{name}\" {{\n  source = \"./{name}\"\n}}\noutput \"{name}\" {{\n  value = module.{name}\n}}\n"
    )
}

#[test]
fn every_example_of_a_data_source_and_of_a_function_is_true() {
    let world = company(Terraform::V1_15);
    with_everything(&world);
    world.instance.forget_journal().unwrap();
    let sources = examples("data-sources").into_iter().map(|it| {
        let text = example(&format!("data-sources/{it}/data-source.tf"));
        as_module(&world, &format!("data_{it}"), &text)
    });
    let functions: Vec<(String, String)> = examples("functions")
        .into_iter()
        .map(|it| (it.clone(), example(&format!("functions/{it}/function.tf"))))
        .collect();
    let called = functions.iter().map(|(name, text)| as_module(&world, name, text));
    world.hcl(&sources.chain(called).collect::<String>());
    world.run(&["get", "-no-color"]).ends_with(0);
    world.apply().ends_with(0);
    let said = world.plan().text();
    // What a `check` block looks at is looked at again, which Terraform counts as something to do.
    let is_empty = ["No changes", "0 to add, 0 to change, 0 to destroy"].iter().any(|it| said.contains(it));
    assert!(is_empty, "{said}");
    let shown = world.show_json();
    for (name, text) in functions {
        let comment = text.lines().find_map(|line| line.trim().strip_prefix("# ")).unwrap();
        let outputs = shown["values"]["outputs"][&name]["value"].as_object().unwrap();
        let values: Vec<&str> = outputs.values().filter_map(|it| it.as_str()).collect();
        assert_eq!(values, [comment], "{name}");
    }
    assert!(world.writes().is_empty(), "looking wrote to the instance");
}

#[test]
fn functions_are_there_from_terraform_1_11_on_and_refuse_what_cannot_be() {
    let world = World::new(Terraform::V1_11);
    let output = |call: &str| format!("output \"it\" {{\n  value = provider::servicenow::{call}\n}}\n");
    world.hcl(&output("encoded_query({ name = \"a^b\" })")).plan().ends_with(1).says("no escape");
    world.hcl(&output("instance_url(\"dev12345\")")).converges();
    assert_eq!(
        world.show_json()["values"]["outputs"]["it"]["value"],
        json!("https://dev12345.service-now.com")
    );
}

#[test]
fn a_data_source_names_what_it_could_be() {
    for terraform in Terraform::ENDS {
        let world = company(terraform);
        let data = |body: &str| format!("data \"servicenow_http_connection\" \"it\" {{\n  {body}\n}}\n");
        world
            .hcl(&data("name = \"Jira porduction\""))
            .plan()
            .ends_with(1)
            .says("There is no such HTTP connection")
            .says("\"Jira production\"");
        world.hcl(&data("query = \"x\"")).plan().ends_with(1);
        world.hcl(&data("")).plan().ends_with(1).says("Nothing says which HTTP connection is meant");
        world
            .hcl(&data("active = false"))
            .plan()
            .ends_with(1)
            .says("More than one HTTP connection was found")
            .says("\"Jira sandbox\"");
    }
}

#[test]
fn an_identity_imports_from_1_12_on_and_the_plan_is_empty() {
    for terraform in [Terraform::V1_12, Terraform::V1_15] {
        let world = company(terraform);
        let host = world.instance.url.split_once("://").unwrap().1.to_owned();
        let import = |instance: &str| {
            format!(
                "import {{\n  to = servicenow_connection_alias.it\n  identity = {{\n    id       = \
                 \"a11a5000000000000000000000000001\"\n    instance = \"{instance}\"\n  }}\n}}\n\
                 resource \"servicenow_connection_alias\" \"it\" {{\n  name        = \"Jira\"\n  description = \
                 \"Change requests are mirrored to Jira\"\n}}\n"
            )
        };
        world
            .hcl(&import("prod.service-now.com"))
            .plan()
            .ends_with(1)
            .says("The identity belongs to another instance");
        world.hcl(&import(&host)).converges().says("1 imported, 0 added, 0 changed, 0 destroyed");
        assert!(world.writes().is_empty());
    }
}

/// Types of which the demo company has objects.
const LISTED_MIN: usize = 10;

#[test]
fn a_query_finds_everything_and_writes_it_down_so_that_nothing_changes() {
    for terraform in [Terraform::V1_14, Terraform::V1_15] {
        let world = company(terraform);
        with_everything(&world);
        world.instance.forget_journal().unwrap();
        let types = examples("list-resources");
        let lists: Vec<String> = types
            .iter()
            .map(|it| {
                // Of records of any table a list has to say which table.
                if it == "servicenow_record" {
                    return example(&format!("list-resources/{it}/list-resource.tfquery.hcl"));
                }
                format!(
                    "list \"{it}\" \"{}\" {{\n  provider = servicenow\n}}\n",
                    it.trim_start_matches("servicenow_")
                )
            })
            .collect();
        world.hcl("").file("everything.tfquery.hcl", &lists.join("\n"));
        world.run(&["query", "-no-color"]).ends_with(0).says("Jira production");
        world.run(&["query", "-no-color", "-generate-config-out=found.tf"]).ends_with(0);
        let found = fs::read_to_string(world.configuration().join("found.tf")).unwrap();
        let written: BTreeSet<&str> =
            found.lines().filter_map(|it| it.strip_prefix("resource \"")?.split('"').next()).collect();
        assert!(written.len() >= LISTED_MIN, "{written:?}");
        assert!(found.contains("password_wo") && !found.contains("demo-jira-production"), "{found}");
        fs::remove_file(world.configuration().join("everything.tfquery.hcl")).unwrap();
        let objects = found.matches("import {").count();
        world.converges().says(&format!("{objects} imported, 0 added, 0 changed, 0 destroyed"));
        assert!(world.writes().is_empty(), "adopting wrote to the instance");
    }
}

#[test]
fn every_example_of_a_list_is_true() {
    let world = company(Terraform::V1_15);
    with_everything(&world);
    let names = examples("list-resources");
    let text = |it: &String| example(&format!("list-resources/{it}/list-resource.tfquery.hcl"));
    world.hcl("").file("all.tfquery.hcl", &names.iter().map(text).collect::<Vec<_>>().join("\n"));
    let run = world.run(&["query", "-no-color"]).ends_with(0);
    assert_eq!(run.errors(), 0, "{run}");
    for name in names {
        assert!(run.text().contains(&format!("list.{name}.found")), "{name}: {run}");
    }
}

#[test]
fn an_import_block_without_a_resource_is_written_down() {
    let world = company(Terraform::V1_15);
    world.hcl("import {\n  to = servicenow_basic_auth_credential.it\n  id = \"Jira production\"\n}\n");
    world.run(&["plan", "-input=false", "-no-color", "-generate-config-out=written.tf"]).ends_with(0);
    let written = fs::read_to_string(world.configuration().join("written.tf")).unwrap();
    // A placeholder that says nothing and so overwrites nothing.
    assert!(written.contains("password_wo ") && written.contains("null # sensitive"), "{written}");
    assert!(!written.contains("order"), "a default goes without saying: {written}");
    world.converges().says("1 imported, 0 added, 0 changed, 0 destroyed");
    assert!(world.writes().is_empty());
}

#[test]
fn actions_switch_and_test_when_they_are_told_to() {
    let world = company(Terraform::V1_15);
    world.hcl(&example("actions/servicenow_activate_connection/action.tf"));
    let invoke = |address: &str| {
        world.run(&[
            "apply",
            "-input=false",
            "-no-color",
            "-auto-approve",
            &format!("-invoke=action.{address}"),
        ])
    };
    invoke("servicenow_activate_connection.spare").ends_with(0).says("active now: \"Jira sandbox\"");
    let active = world.instance.rows("http_connection", "connection_alias.name=Jira^active=true").unwrap();
    assert_eq!(active.iter().map(|it| it["name"].as_str().unwrap()).collect::<Vec<_>>(), ["Jira sandbox"]);
    world.edit("http_connection", "c0e00000000000000000000000000001", &json!({"active": "true"}));
    world.hcl(&example("actions/servicenow_switch_environment/action.tf"));
    invoke("servicenow_switch_environment.spare").ends_with(0).says("Jira production -> Jira sandbox");
    // Nobody is called like the other systems of the demo company.
    world.hcl(&example("actions/servicenow_test_connection/action.tf"));
    invoke("servicenow_test_connection.jira").ends_with(1).says("The test of \"Jira production\" failed");
    let here = format!(
        "action \"servicenow_test_connection\" \"here\" {{\n  config {{\n    url = \"{}\"\n  }}\n}}\n",
        world.instance.url
    );
    world.hcl(&here);
    invoke("servicenow_test_connection.here").ends_with(0).says("the other system answered with");
    world.hcl(&example("actions/servicenow_refresh_oauth_token/action.tf"));
    with_everything(&world);
    invoke("servicenow_refresh_oauth_token.jira").ends_with(1).says("does not represent any resource");
}

#[test]
fn a_token_is_there_for_one_run_and_signs_in_another_provider() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        application(&world);
        let (username, password) = (world.instance.username.clone(), world.instance.password.clone());
        // The environment would sign in both providers alike.
        world.without_environment("SERVICENOW_USERNAME").without_environment("SERVICENOW_PASSWORD");
        world.without_environment("SERVICENOW_OAUTH_CLIENT_SECRET");
        world.environment("TF_VAR_client_secret", CLIENT_SECRET).environment("TF_VAR_password", &password);
        let token = example("ephemeral-resources/servicenow_oauth_token/ephemeral-resource.tf");
        let token = token.replace("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "app-1");
        let providers = format!(
            "variable \"password\" {{\n  type      = string\n  ephemeral = true\n}}\n\
             provider \"servicenow\" {{\n  username = \"{username}\"\n  password = var.password\n}}\n\
             provider \"servicenow\" {{\n  alias = \"partner\"\n  token = \
             ephemeral.servicenow_oauth_token.partner.access_token\n}}\n"
        );
        let alias = "resource \"servicenow_connection_alias\" \"it\" {\n  provider = servicenow.partner\n  name     = \
                     \"it\"\n}\n";
        world.hcl_with_provider(&providers, &format!("{token}\n{alias}")).converges();
        for row in world.instance.rows("oauth_credential", "type=access_token").unwrap() {
            let id = row["sys_id"].as_str().unwrap();
            world.conceal(&world.instance.secret("oauth_credential", id, "token_received").unwrap().unwrap());
        }
    }
}

#[test]
fn a_made_up_secret_is_on_the_instance_alone() {
    for terraform in Terraform::ENDS {
        let world = World::new(terraform);
        world
            .hcl(&example("ephemeral-resources/servicenow_inbound_secret/ephemeral-resource.tf"))
            .converges();
        let row = world.instance.rows("basic_auth_credentials", "").unwrap().remove(0);
        let stored =
            world.instance.secret("basic_auth_credentials", row["sys_id"].as_str().unwrap(), "password");
        let stored = stored.unwrap().unwrap();
        assert_eq!(stored.len(), 32);
        world.conceal(&stored);
    }
}
