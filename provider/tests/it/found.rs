//! Everything that the provider finds, by iterating over what it offers: lists, what is written down from them, imports by
//! identity, and data sources, on an instance that people have used for years.

use std::collections::BTreeSet;

use servicenow_core::Method;
use servicenow_sim::{Fixture, Options, Simulator};
use terraform_provider_servicenow::SOURCE_ADDRESS;
use terraform_provider_servicenow::registry::OF_NO_RECORD;
use tf_core::{Object, Value};
use tf_plugin::harness::{Client, Listed, Wish};

use crate::world::{World, errors, text};

const ALIAS: &str = "servicenow_connection_alias";
const CONNECTION: &str = "servicenow_http_connection";

/// Types of which the company has objects.
const TYPES_MIN: usize = 10;

/// What the demo company does not have: a row for every other table that something is kept in.
const MORE: &[(&str, &str)] = &[
    ("ecc_agent", r#"{"name": "mid-warehouse", "status": "Up", "validated": "true"}"#),
    ("sys_protocol_profile", r#"{"name": "mauth", "protocol": "mauth"}"#),
    ("api_key_credentials", r#"{"name": "Monitoring key", "api_key_header_name": "X-Api-Key"}"#),
    ("ssh_private_key_credentials", r#"{"name": "Backup host", "user_name": "backup"}"#),
    ("oauth_2_0_credentials", r#"{"name": "Jira OAuth"}"#),
    (
        "oauth_entity",
        r#"{"name": "Jira", "type": "consumer", "token_url": "https://jira.example/token", "default_grant_type": "client_credentials"}"#,
    ),
    ("oauth_entity_profile", r#"{"name": "Jira profile", "grant_type": "client_credentials"}"#),
    ("sys_retry_policy", r#"{"name": "Standard retry", "count": "3", "interval": "10"}"#),
    ("jdbc_connection", r#"{"name": "Warehouse", "connection_url": "jdbc:mysql://dwh.example:3306/dwh"}"#),
    ("basic_connection", r#"{"name": "Backup host", "host": "backup.example"}"#),
    ("orch_jms_ds", r#"{"name": "Broker", "provider_url": "tcp://broker.example:61616"}"#),
    ("kafka_connection", r#"{"name": "Events", "bootstrap_servers": "events.example:9092"}"#),
];

/// The demonstration's company with more records.
pub fn company() -> Simulator {
    let simulator = Simulator::open(Options {
        fixture: Fixture::Demo,
        applications: vec!["unifi".to_owned()],
        ..Options::default()
    })
    .unwrap();
    let world = World::over(simulator.clone());
    for (table, cells) in MORE {
        let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), cells);
        assert_eq!(answer.status, 201, "{table}: {}", String::from_utf8_lossy(&answer.body));
    }
    simulator
}

/// A host over the company's instance, signed in as its administrator.
pub async fn host(simulator: Simulator) -> Client {
    let provider = World::over(simulator).into_provider();
    let client = Client::in_process(provider, SOURCE_ADDRESS).await.unwrap();
    assert_eq!(errors(&client.configure(&Object::new()).await.unwrap()), Vec::<String>::new());
    client
}

fn object(members: &[(&str, Value)]) -> Object {
    members.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect()
}

async fn list(client: &Client, type_name: &str, config: &[(&str, Value)], wish: Wish) -> Vec<Listed> {
    let listed = client.list(type_name, &object(config), wish).await.unwrap();
    for it in &listed {
        assert_eq!(errors(&it.diagnostics), Vec::<String>::new(), "{type_name}");
    }
    listed
}

/// The types that are managed and stand for records, in order.
fn managed(client: &Client) -> Vec<String> {
    client
        .type_names()
        .into_iter()
        .filter(|it| !OF_NO_RECORD.contains(it) && *it != "servicenow_record")
        .map(str::to_owned)
        .collect()
}

fn id(listed: &Listed) -> String {
    listed.identity.as_ref().unwrap()["id"].as_str().unwrap().to_owned()
}

async fn read(client: &Client, type_name: &str, config: &[(&str, Value)]) -> Result<Object, String> {
    let outcome = client.read_data(type_name, &object(config)).await.unwrap();
    outcome.object.ok_or_else(|| errors(&outcome.diagnostics).join("\n"))
}

fn ids(found: &Object) -> Vec<String> {
    found["ids"].as_elements().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_is_found_can_be_written_down_imported_and_planned_without_a_change() {
    let client = host(company()).await;
    let mut types = BTreeSet::new();
    for type_name in managed(&client) {
        for found in list(&client, &type_name, &[], Wish { whole: true, ..Wish::default() }).await {
            types.insert(type_name.clone());
            let listed = found.object.clone().unwrap();
            let (written, problems) = client.generate_config(&type_name, &listed).await.unwrap();
            assert_eq!(errors(&problems), Vec::<String>::new());
            let written = written.unwrap();
            let invalid = client.validate(&type_name, &written).await.unwrap();
            assert_eq!(errors(&invalid), Vec::<String>::new(), "{type_name} {written:?}");
            let imported =
                client.import_identified(&type_name, found.identity.as_ref().unwrap()).await.unwrap();
            assert_eq!(errors(&imported.diagnostics), Vec::<String>::new(), "{type_name}");
            let (read, identity) = client
                .read_identified(&type_name, &imported.state.unwrap(), imported.identity.as_ref())
                .await
                .unwrap();
            let state = read.state.unwrap();
            assert_eq!(identity, found.identity, "{type_name}");
            let planned = client.plan(&type_name, Some(&state), &written).await.unwrap();
            assert_eq!(errors(&planned.diagnostics), Vec::<String>::new(), "{type_name}");
            assert_eq!(planned.state, Some(state.object), "{type_name} \"{}\"", found.display_name);
        }
    }
    assert!(types.len() >= TYPES_MIN, "{types:?}");
}

#[tokio::test]
async fn data_sources_show_what_lists_show() {
    let client = host(company()).await;
    for type_name in managed(&client) {
        let listed = list(&client, &type_name, &[], Wish { whole: true, ..Wish::default() }).await;
        let many = terraform_provider_servicenow::data_sources::plural(&type_name);
        let found = read(&client, &many, &[]).await.unwrap();
        let names: Vec<&str> = listed.iter().map(|it| it.display_name.as_str()).collect();
        let mut expected: Vec<String> = listed.iter().map(id).collect();
        let mut found_ids = ids(&found);
        assert_eq!(found["objects"].as_elements().unwrap().len(), expected.len(), "{many}");
        expected.sort();
        found_ids.sort();
        assert_eq!(found_ids, expected, "{many} {names:?}");
        for it in &listed {
            let one = read(&client, &type_name, &[("id", text(&id(it)))]).await.unwrap();
            for (name, value) in
                one.iter().filter(|(name, _)| it.object.as_ref().unwrap().contains_key(*name))
            {
                assert_eq!(Some(value), it.object.as_ref().unwrap().get(name), "{type_name}.{name}");
            }
        }
    }
}

#[tokio::test]
async fn a_list_honours_its_limit_and_an_early_end() {
    let simulator = company();
    let client = host(simulator.clone()).await;
    for type_name in managed(&client) {
        let all = list(&client, &type_name, &[], Wish::default()).await.len();
        let two = list(&client, &type_name, &[], Wish { limit: 2, ..Wish::default() }).await.len();
        assert_eq!(two, all.min(2), "{type_name}");
        let one =
            list(&client, &type_name, &[], Wish { stop_after: Some(1), whole: true, ..Wish::default() })
                .await;
        assert_eq!(one.len(), all.min(1), "{type_name}");
    }
    simulator.clear_journal();
    list(&client, ALIAS, &[], Wish { limit: 2, ..Wish::default() }).await;
    let asked = simulator.journal().to_string();
    assert!(asked.contains("sysparm_limit=2"), "{asked}");
}

#[tokio::test]
async fn filters_go_to_the_instance() {
    let client = host(company()).await;
    let jira = text("a11a5000000000000000000000000001");
    for (type_name, filters, expected) in [
        (CONNECTION, vec![("name", text("Jira production"))], vec!["Jira production"]),
        (CONNECTION, vec![("name", text("jira production"))], vec![]),
        (CONNECTION, vec![("connection_alias_id", jira.clone())], vec!["Jira production", "Jira sandbox"]),
        (
            CONNECTION,
            vec![("connection_alias_id", jira), ("active", Value::Bool(false))],
            vec!["Jira sandbox"],
        ),
        (
            CONNECTION,
            vec![("query", text("nameLIKEgreen^NQnameLIKEold"))],
            vec!["Monitoring old", "Orders green"],
        ),
        (
            CONNECTION,
            vec![("active", Value::Bool(false)), ("query", text("nameLIKEblue^NQnameLIKEold"))],
            vec!["Monitoring old"],
        ),
        (
            CONNECTION,
            vec![("query", text("nameSTARTSWITHPayments^ORDERBYDESCname"))],
            vec!["Payments Europe", "Payments America"],
        ),
        (ALIAS, vec![("scope", text("x_acme_orders"))], vec!["x_acme_orders.Orders"]),
        (ALIAS, vec![("qualified_name", text("Jira"))], vec!["Jira"]),
        (
            "servicenow_basic_auth_credential",
            vec![("credential_alias_ids", Value::set(vec![text("a11a5000000000000000000000000007")]))],
            vec!["Jira production"],
        ),
    ] {
        let listed = list(&client, type_name, &filters, Wish::default()).await;
        let mut listed: Vec<&str> = listed.iter().map(|it| it.display_name.as_str()).collect();
        let is_ordered = filters.iter().any(|(_, it)| it.as_str().is_some_and(|it| it.contains("ORDERBY")));
        if !is_ordered {
            listed.sort_unstable();
        }
        assert_eq!(listed, expected, "{type_name} {filters:?}");
        let many = terraform_provider_servicenow::data_sources::plural(type_name);
        let found = read(&client, &many, &filters).await.unwrap();
        let labels: Vec<String> = names(&found, if type_name == ALIAS { "qualified_name" } else { "name" });
        assert_eq!(labels, expected, "{many} {filters:?}");
    }
}

fn names(found: &Object, attribute: &str) -> Vec<String> {
    let objects = found["objects"].as_elements().unwrap().iter();
    objects.map(|it| it.as_object().unwrap()[attribute].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_condition_that_the_instance_leaves_out_is_an_error_and_not_everything() {
    let client = host(company()).await;
    for query in ["bogus=1", "active=true^ORbogus=1", "connection_alias.bogus=1"] {
        let refused =
            read(&client, "servicenow_http_connections", &[("query", text(query))]).await.unwrap_err();
        assert!(refused.contains("bogus"), "{query}: {refused}");
    }
    let refused =
        read(&client, "servicenow_http_connections", &[("query", text("name=a\nactive=true"))]).await;
    assert!(refused.unwrap_err().contains("control characters"));
}

/// Attributes by which people know an object, the surest first; a user is known by another one.
const KNOWN_BY: [&str; 2] = ["qualified_name", "name"];
const USER: &str = "servicenow_integration_user";

/// What is looked up and never managed, with the name of one.
const DIRECTORY: [(&str, &str, &str); 4] = [
    ("servicenow_mid_server", "name", "mid-warehouse"),
    ("servicenow_protocol_profile", "name", "mauth"),
    ("servicenow_user", "user_name", "integration"),
    ("servicenow_application", "name", "Acme Orders"),
];

/// A name with one letter too many in its middle.
fn misspelt(name: &str) -> String {
    let (one, other) = name.split_at(name.len() / 2);
    format!("{one}q{other}")
}

#[tokio::test]
async fn every_source_of_one_offers_the_name_that_was_meant() {
    let client = host(company()).await;
    let mut names: Vec<(String, &str, String)> = DIRECTORY
        .iter()
        .map(|(type_name, attribute, name)| ((*type_name).to_owned(), *attribute, (*name).to_owned()))
        .collect();
    for type_name in managed(&client) {
        let listed = list(&client, &type_name, &[], Wish { whole: true, ..Wish::default() }).await;
        let Some(first) = listed.first().and_then(|it| it.object.as_ref()) else { continue };
        let known_by: &[&'static str] = if type_name == USER { &["user_name"] } else { &KNOWN_BY };
        let known = known_by.iter().find_map(|it| Some((*it, first.get(*it)?.as_str()?)));
        // A pointer has no name; the instance makes that of a connection of Unifi, which is found by what it is made of.
        let known = known.filter(|_| type_name != "servicenow_unifi_connection");
        names.extend(known.map(|(attribute, name)| (type_name.clone(), attribute, name.to_owned())));
    }
    let mut lacking = Vec::new();
    for (type_name, attribute, name) in &names {
        let refused = read(&client, type_name, &[(attribute, text(&misspelt(name)))]).await.unwrap_err();
        if !refused.contains(&format!("\"{name}\"")) {
            lacking.push(format!("{type_name}: {refused}"));
        }
    }
    assert!(names.len() >= TYPES_MIN + DIRECTORY.len(), "{names:?}");
    assert_eq!(lacking, Vec::<String>::new());
}

#[tokio::test]
async fn one_that_is_not_there_brings_similar_names_and_several_are_named() {
    let simulator = company();
    let client = host(simulator).await;
    for (config, parts) in [
        (
            vec![("name", text("Jira porduction"))],
            &[
                "There is no such HTTP connection",
                "`name` is `Jira porduction`",
                "\"Jira production\"",
                "Nothing was changed",
            ][..],
        ),
        (
            vec![("name", text("jira production"))],
            &["There is no such", "\"Jira production\"", "case-sensitive"][..1],
        ),
        (vec![("name", text("utterly different"))], &["There is no such", "Check the spelling"]),
        (
            vec![("connection_alias_id", text("a11a5000000000000000000000000001"))],
            &[
                "More than one HTTP connection",
                "\"Jira production\" (sys_id c0e00000000000000000000000000001)",
                "\"Jira sandbox\"",
            ],
        ),
        (vec![("id", text("00000000000000000000000000000000"))], &["There is no such", "`id` is"]),
        (vec![("name", text("a^b"))], &["cannot be looked up like this", "no escape"]),
    ] {
        let refused = read(&client, CONNECTION, &config).await.unwrap_err();
        for part in parts {
            assert!(refused.contains(part), "{config:?}: {part} is missing in {refused}");
        }
    }
    let found = read(&client, CONNECTION, &[("name", text("Jira production"))]).await.unwrap();
    assert_eq!(found["connection_url"], text("https://jira.acme.example/rest"));
}

#[tokio::test]
async fn an_identity_of_another_instance_is_refused() {
    let client = host(company()).await;
    let identity =
        |instance: Value| object(&[("id", text("c0e00000000000000000000000000001")), ("instance", instance)]);
    let here = client.import_identified(CONNECTION, &identity(Value::Null)).await.unwrap();
    let named = here.identity.unwrap()["instance"].clone();
    assert_eq!(named, text("simulated.service-now.com"));
    let again = client.import_identified(CONNECTION, &identity(named)).await.unwrap();
    assert_eq!(errors(&again.diagnostics), Vec::<String>::new());
    let elsewhere =
        client.import_identified(CONNECTION, &identity(text("prod.service-now.com"))).await.unwrap();
    assert!(elsewhere.state.is_none());
    let said = errors(&elsewhere.diagnostics).join("\n");
    assert!(said.contains("`prod.service-now.com`") && said.contains("another instance"), "{said}");
}
