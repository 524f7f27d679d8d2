//! What data sources say of connections of every kind, through real Terraform.

use std::fs;

use acceptance_tests::{Setup, Terraform, World, root};
use serde_json::{Value, json};

/// The examples that this looks at, as they are published.
const EXAMPLES: [&str; 2] = ["servicenow_connection_status", "servicenow_connections"];

const MORE: &str = r#"
data "servicenow_unifi_integration" "it" {
  name = "Incident with Jira"
}

data "servicenow_connections" "unifi" {
  unifi_integration_id = data.servicenow_unifi_integration.it.id
  active               = true
}

data "servicenow_connection_test" "unifi" {
  unifi_connection_id = one(data.servicenow_connections.unifi.ids)
  mode                = "unifi_compatible"
}

output "more" {
  value = {
    endpoints = data.servicenow_unifi_integration.it.inbound_endpoints
    tested    = data.servicenow_connection_test.unifi
    name      = provider::servicenow::instance_name("https://DEV1.service-now.com")
  }
}
"#;

#[test]
fn connections_of_every_kind_are_found_and_have_a_status() {
    let simulator = &["--fixture", "demo", "--app", "unifi"];
    let world = World::with(Setup { terraform: Terraform::V1_15, simulator });
    world.instance.insert("sys_ws_definition", &json!({"name": "Orders in", "service_id": "in"})).unwrap();
    let cells = json!({"endpoint_url": "https://{host}.example"});
    world.edit("x_snd_eb_connection", "0e0000000000000000000000000000c1", &cells);
    let text = |it: &&str| {
        fs::read_to_string(root().join(format!("examples/data-sources/{it}/data-source.tf"))).unwrap()
    };
    let examples: String = EXAMPLES.iter().map(text).collect();
    // Two examples name the same data source; each is a file of its own for its readers.
    world.hcl(&format!("{}{MORE}", examples.replace("\"jira\" {\n  types", "\"more\" {\n  types")));
    world.instance.forget_journal().unwrap();
    world.apply().ends_with(0);
    assert!(world.writes().is_empty(), "looking wrote to the instance");
    let outputs = world.show_json()["values"]["outputs"].clone();
    let status = |name: &str| outputs["statuses"]["value"][name].as_str().unwrap().to_owned();
    assert!(status("jira").starts_with("Configured (derived): "), "{outputs}");
    assert!(status("unifi").contains("no heartbeat within 24h"), "{outputs}");
    assert!(status("orders").starts_with("Not Configured (derived): it has no operation"), "{outputs}");
    let lines = outputs["inventory"]["value"].as_array().unwrap();
    let has = |parts: &[&str]| {
        lines.iter().filter_map(Value::as_str).any(|line| parts.iter().all(|it| line.contains(it)))
    };
    assert!(has(&["outbound | servicenow_http_connection | Jira | Jira production"]), "{lines:?}");
    assert!(has(&["servicenow_unifi_connection | Incident with Jira", "| Production |"]), "{lines:?}");
    assert!(has(&["inbound | servicenow_inbound_endpoint | - | Orders in"]), "{lines:?}");
    assert!(!has(&["Jira sandbox"]), "it is not active: {lines:?}");
    let more = &outputs["more"]["value"];
    let stored = world.instance.rows("sys_ws_operation", "").unwrap();
    let paths: Vec<&Value> = more["endpoints"].as_array().unwrap().iter().map(|it| &it["path"]).collect();
    assert_eq!(paths.len(), 2);
    for path in paths {
        assert!(stored.iter().any(|it| it["operation_uri"] == *path), "{path} is stored nowhere");
    }
    assert_eq!((&more["tested"]["class"], &more["tested"]["attempts"]), (&json!("url"), &json!(0)));
    assert_eq!(more["name"], json!("dev1"));
    world.plan().ends_with(0);
}
