//! Every connection of an instance in one data source, whatever its kind, and what a single integration shows of itself.

use serde_json::json;
use servicenow_client::Cause;
use tf_core::{Object, Value};
use tf_plugin::harness::Client;

use crate::found::{company, host};
use crate::standing::{edit, invoke, read};
use crate::world::{World, errors, text, warnings};

const JIRA: &str = "a11a5000000000000000000000000001";
const INTEGRATION: &str = "0e0000000000000000000000000000b1";
const PRODUCTION: &str = "0e0000000000000000000000000000c1";
const PROCESS: &str = "0e0000000000000000000000000000a1";
const TYPE: &str = "servicenow_connections";

/// Names of everything in the company's instance, by kind.
const UNIFI: [&str; 3] =
    ["Incident with Jira - Development", "Incident with Jira - Production", "Incident with Jira - Test"];

fn names(found: &Object) -> Vec<String> {
    let objects = found["objects"].as_elements().unwrap().iter().map(|it| it.as_object().unwrap());
    objects.map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

fn named<'a>(found: &'a Object, name: &str) -> &'a Object {
    let mut objects = found["objects"].as_elements().unwrap().iter().map(|it| it.as_object().unwrap());
    objects.find(|it| it["name"] == text(name)).unwrap_or_else(|| panic!("{name}: {:?}", names(found)))
}

fn set(items: &[&str]) -> Value {
    Value::set(items.iter().map(|it| text(it)).collect())
}

#[tokio::test]
async fn an_inventory_shows_every_kind_in_one_list_of_each_table() {
    let simulator = company();
    let client = host(simulator.clone()).await;
    simulator.clear_journal();
    let found = read(&client, TYPE, &[]).await;
    let requests = simulator.journal();
    assert!(requests.as_array().unwrap().len() <= 4, "{requests}");
    let of = |table: &str| -> Vec<String> {
        simulator.rows(table).into_iter().map(|it| it["name"].clone()).collect()
    };
    let tables =
        ["http_connection", "jdbc_connection", "basic_connection", "orch_jms_ds", "kafka_connection"];
    let tables = tables.into_iter().chain(["x_snd_eb_connection", "sys_ws_definition"]);
    let mut expected: Vec<String> = tables.flat_map(of).collect();
    expected.sort();
    assert_eq!(names(&found), expected);
    assert_eq!(found["ids"].as_elements().unwrap().len(), expected.len());
    let jira = named(&found, "Jira production");
    for (attribute, expected) in [
        ("id", "c0e00000000000000000000000000001"),
        ("resource_type", "servicenow_http_connection"),
        ("table", "http_connection"),
        ("direction", "outbound"),
        ("connection_alias_id", JIRA),
        ("connection_alias", "Jira"),
        ("url", "https://jira.acme.example/rest"),
        ("application", "global"),
        ("updated_by", "admin"),
        ("updated_on", "2024-04-02 08:11:17"),
    ] {
        assert_eq!(jira[attribute], text(expected), "{attribute}");
    }
    assert_eq!(jira["active"], Value::Bool(true));
    for attribute in ["unifi_integration_id", "unifi_integration", "environment", "mid_server"] {
        assert_eq!(jira[attribute], Value::Null, "{attribute}");
    }
    let unifi = named(&found, UNIFI[1]);
    for (attribute, expected) in [
        ("resource_type", "servicenow_unifi_connection"),
        ("unifi_integration_id", INTEGRATION),
        ("unifi_integration", "Incident with Jira"),
        ("environment", "Production"),
    ] {
        assert_eq!(unifi[attribute], text(expected), "{attribute}");
    }
    let inbound = named(&found, "Incident");
    assert_eq!(inbound["direction"], text("inbound"));
    assert_eq!(inbound["resource_type"], text("servicenow_inbound_endpoint"));
    let url = inbound["url"].as_str().unwrap();
    assert!(url.starts_with("https://") && url.ends_with("/incident"), "{url}");
}

#[tokio::test]
async fn conditions_narrow_an_inventory() {
    let client = host(company()).await;
    let all = names(&read(&client, TYPE, &[]).await);
    let is_inbound = |it: &&String| it.as_str() == "Incident";
    let outbound: Vec<&str> = all.iter().filter(|it| !is_inbound(it)).map(String::as_str).collect();
    for (config, expected) in [
        (vec![("direction", text("inbound"))], vec!["Incident"]),
        (vec![("direction", text("outbound"))], outbound),
        (vec![("connection_alias_id", text(JIRA))], vec!["Jira production", "Jira sandbox"]),
        (vec![("unifi_integration_id", text(INTEGRATION))], UNIFI.to_vec()),
        (vec![("unifi_integration_id", text(INTEGRATION)), ("active", Value::Bool(true))], vec![UNIFI[1]]),
        (vec![("environment", text("test"))], vec![UNIFI[2]]),
        (vec![("types", set(&["servicenow_kafka_connection"]))], vec!["Events"]),
        (
            vec![("types", set(&["servicenow_jdbc_connection", "servicenow_inbound_endpoint"]))],
            vec!["Incident", "Warehouse"],
        ),
        (
            vec![
                ("types", set(&["servicenow_http_connection"])),
                ("query", text("nameSTARTSWITHOrders^ORDERBYDESCname")),
            ],
            vec!["Orders green", "Orders blue"],
        ),
        (vec![("connection_alias_id", text(JIRA)), ("types", set(&["servicenow_unifi_connection"]))], vec![]),
    ] {
        assert_eq!(names(&read(&client, TYPE, &config).await), expected, "{config:?}");
    }
}

async fn refused(client: &Client, config: &[(&str, Value)], words: &str) {
    let config: Object = config.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect();
    let outcome = client.read_data(TYPE, &config).await.unwrap();
    let said = errors(&outcome.diagnostics).join("\n");
    assert!(outcome.object.is_none() && said.contains(words), "{words}: {said}");
}

#[tokio::test]
async fn an_inventory_refuses_what_cannot_be_asked() {
    let client = host(company()).await;
    refused(&client, &[("query", text("active=true"))], "set `types` to what is meant").await;
    refused(&client, &[("types", set(&["servicenow_user"]))], "`servicenow_user`").await;
    let bogus = [("types", set(&["servicenow_unifi_connection"])), ("query", text("bogus=1"))];
    refused(&client, &bogus, "`bogus`").await;
}

#[tokio::test]
async fn an_instance_without_unifi_has_no_such_connections() {
    let client = host(crate::world::empty()).await;
    let found = read(&client, TYPE, &[]).await;
    assert_eq!(names(&found), Vec::<String>::new());
    refused(&client, &[("types", set(&["servicenow_unifi_connection"]))], "x_snd_eb_connection").await;
    refused(&client, &[("unifi_integration_id", text(INTEGRATION))], "x_snd_eb_connection").await;
}

#[tokio::test]
async fn kinds_that_may_not_be_seen_are_a_warning() {
    let robot = World::signed_in_as(company(), "integration", "integration-password");
    let robot = crate::standing::within(robot, crate::standing::outside(Ok(200))).await;
    let outcome = robot.read_data(TYPE, &Object::new()).await.unwrap();
    let said = warnings(&outcome.diagnostics);
    assert!(said.len() == 2 && said.iter().all(|it| it.contains("missing from the answer")), "{said:?}");
    assert!(names(&outcome.object.unwrap()).contains(&"Jira production".to_owned()));
}

#[tokio::test]
async fn an_integration_shows_where_the_other_system_calls() {
    let simulator = company();
    let world = World::over(simulator.clone());
    let client = host(simulator).await;
    let integration = [("id", text(INTEGRATION))];
    let operations = world.rows("sys_ws_operation", "name");
    let endpoints = |found: &Object| -> Vec<(String, String, bool)> {
        let each = found["inbound_endpoints"].as_elements().unwrap().iter().map(|it| it.as_object().unwrap());
        each.map(|it| {
            let word = |name: &str| it[name].as_str().unwrap().to_owned();
            (word("kind"), word("path"), it["active"].as_bool().unwrap())
        })
        .collect()
    };
    let expected = |message: bool, action: bool| {
        [("message", "Message", message), ("action", "Action", action)]
            .map(|(kind, name, on)| (kind.to_owned(), operations[name]["operation_uri"].clone(), on))
    };
    let type_name = "servicenow_unifi_integration";
    assert_eq!(endpoints(&read(&client, type_name, &integration).await), expected(true, true));
    edit(&world, "sys_ws_operation", &operations["Action"]["sys_id"], &json!({"active": "false"}));
    assert_eq!(endpoints(&read(&client, type_name, &integration).await), expected(true, false));
    let service = &operations["Message"]["web_service_definition"];
    edit(&world, "sys_ws_definition", service, &json!({"active": "false"}));
    assert_eq!(endpoints(&read(&client, type_name, &integration).await), expected(false, false));
    let cells = json!({"message_method": "", "action_method": ""});
    edit(&world, "x_snd_eb_process", PROCESS, &cells);
    assert_eq!(read(&client, type_name, &integration).await["inbound_endpoints"], Value::Null);
    edit(&world, "x_snd_eb_integration", INTEGRATION, &json!({"process": ""}));
    assert_eq!(read(&client, type_name, &integration).await["inbound_endpoints"], Value::Null);
}

#[tokio::test]
async fn a_connection_of_unifi_is_tested_as_unifi_tests() {
    for (answers, mode, passed, attempts, class) in [
        (vec![Ok(200)], "unifi_compatible", true, 1, "ok"),
        (vec![Ok(401), Ok(200)], "unifi_compatible", true, 2, "ok"),
        (vec![Err(Cause::Timeout), Ok(503)], "unifi_compatible", true, 2, "server"),
        (vec![Ok(404), Ok(403)], "unifi_compatible", false, 2, "authorisation"),
        (vec![Ok(404)], "strict", false, 1, "content"),
        (vec![Ok(401)], "strict", true, 1, "credentials"),
    ] {
        let expected = answers.len();
        let (outside, asked) = crate::standing::in_turn(answers.clone());
        let client = crate::standing::within(World::over(company()), outside).await;
        let config = [("unifi_connection_id", text(PRODUCTION)), ("mode", text(mode))];
        let found = read(&client, "servicenow_connection_test", &config).await;
        let counted = asked.load(std::sync::atomic::Ordering::Relaxed);
        assert_eq!(found["passed"], Value::Bool(passed), "{answers:?} {mode}");
        assert_eq!(found["attempts"], Value::Number(i64::from(attempts).into()), "{answers:?} {mode}");
        assert_eq!((found["class"].clone(), counted), (text(class), expected), "{answers:?} {mode}");
        assert_eq!(found["url"], text("https://jira.acme.example/rest"));
    }
}

#[tokio::test]
async fn what_unifi_alone_fills_in_is_not_asked_from_here() {
    for (url, words) in [
        ("https://{host}/rest", "filled in by a script"),
        ("mauth://jira.acme.example", "`mauth` stands where `https` would"),
    ] {
        let simulator = company();
        edit(
            &World::over(simulator.clone()),
            "x_snd_eb_connection",
            PRODUCTION,
            &json!({"endpoint_url": url}),
        );
        let (outside, asked) = crate::standing::in_turn(Vec::new());
        let client = crate::standing::within(World::over(simulator), outside).await;
        let config = [("unifi_connection_id", text(PRODUCTION)), ("mode", text("unifi_compatible"))];
        let found = read(&client, "servicenow_connection_test", &config).await;
        assert_eq!((&found["class"], &found["answered"]), (&text("url"), &Value::Bool(false)));
        assert_eq!(found["attempts"], Value::Number(0_i64.into()));
        assert!(found["reason"].as_str().unwrap().contains(words), "{found:?}");
        let (_, failures) = invoke(&client, "servicenow_test_connection", &config).await;
        assert!(failures.join("").contains("nothing was sent"), "{failures:?}");
        assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn the_action_tests_a_connection_of_unifi() {
    let (outside, _) = crate::standing::in_turn(vec![Ok(404), Ok(200)]);
    let client = crate::standing::within(World::over(company()), outside).await;
    let config = [("unifi_connection_id", text(PRODUCTION)), ("mode", text("unifi_compatible"))];
    let (lines, failures) = invoke(&client, "servicenow_test_connection", &config).await;
    assert_eq!(failures, Vec::<String>::new());
    let told = lines.join("\n");
    assert!(told.contains(UNIFI[1]) && told.contains("asked 2 times"), "{told}");
    let nobody = [("unifi_connection_id", text(INTEGRATION))];
    let (_, failures) = invoke(&client, "servicenow_test_connection", &nobody).await;
    assert!(failures.join("").contains("`unifi_connection_id` is"), "{failures:?}");
}
