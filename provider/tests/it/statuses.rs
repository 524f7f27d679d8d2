//! The states of integrations of Unifi and of inbound endpoints, from what an instance holds.

use serde_json::{Value as Json, json};
use servicenow_core::Method;
use servicenow_sim::{Clock, Fixture, Options, Simulator};
use tf_core::{Object, Value};
use tf_plugin::harness::Client;

use crate::standing::{NOW_S, edit, outside, read, within};
use crate::world::{World, errors, text};

const INTEGRATION: &str = "0e0000000000000000000000000000b1";
const PRODUCTION: &str = "0e0000000000000000000000000000c1";
const TYPE: &str = "servicenow_connection_status";

/// The demonstration's company at a time that stands still until it is moved.
fn company() -> (Simulator, Clock) {
    let now = Clock::manual(NOW_S * 1_000);
    let applications = vec!["unifi".to_owned()];
    let options = Options { fixture: Fixture::Demo, applications, now: now.clone(), ..Options::default() };
    (Simulator::open(options).unwrap(), now)
}

/// Creates a record by hand and gives its id.
fn create(world: &World, table: &str, cells: &Json) -> String {
    let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), &cells.to_string());
    let body: Json = serde_json::from_slice(&answer.body).unwrap();
    body["result"]["sys_id"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned()
}

async fn host(simulator: Simulator) -> Client {
    within(World::over(simulator), outside(Ok(200))).await
}

/// Reads the state, and holds it against a word, where it comes from, and some of the reason.
async fn check(client: &Client, config: &[(&str, Value)], expected: (&str, &str), words: &str) -> Object {
    let found = read(client, TYPE, config).await;
    let word = |name: &str| found[name].as_str().unwrap();
    assert_eq!((word("status"), word("status_source")), expected, "{found:?}");
    assert!(word("status_reason").contains(words), "{found:?}");
    found
}

#[tokio::test]
async fn an_integration_of_unifi_is_in_one_of_five_states() {
    let (simulator, _) = company();
    let world = World::over(simulator.clone());
    let client = host(simulator).await;
    let unifi = [("unifi_integration_id", text(INTEGRATION))];
    let found = check(&client, &unifi, ("Connected", "servicenow"), "say `up`").await;
    assert_eq!(found["connection_id"], text(PRODUCTION));
    assert_eq!(found["connection_name"], text("Incident with Jira - Production"));
    assert_eq!(found["token_expires"], Value::Null);
    let beat = |code: u16| {
        let cells = json!({"integration": INTEGRATION, "heartbeat": "true", "status_code": code});
        create(&world, "x_snd_eb_http_request", &cells)
    };
    beat(503);
    check(&client, &unifi, ("Configured", "servicenow"), "paused since a heartbeat failed").await;
    beat(200);
    check(&client, &unifi, ("Connected", "servicenow"), "say `up`").await;
    edit(&world, "x_snd_eb_connection", PRODUCTION, &json!({"user": ""}));
    check(&client, &unifi, ("Not Configured", "derived"), "signs in with a user name").await;
    edit(&world, "x_snd_eb_connection", PRODUCTION, &json!({"active": "false"}));
    check(&client, &unifi, ("Deactivated", "derived"), "none of 3 connections is active").await;
    let bare = create(&world, "x_snd_eb_integration", &json!({"name": "Bare"}));
    let bare = [("unifi_integration_id", text(&bare))];
    check(&client, &bare, ("Not Configured", "derived"), "no connection").await;
}

#[tokio::test]
async fn a_heartbeat_grows_too_old_to_prove_anything() {
    let (simulator, clock) = company();
    let world = World::over(simulator.clone());
    let client = host(simulator.clone()).await;
    let young = [("unifi_integration_id", text(INTEGRATION)), ("freshness", text("1h"))];
    check(&client, &young, ("Configured", "derived"), "no heartbeat within 1h").await;
    let cells = json!({"integration": INTEGRATION, "heartbeat": "true", "status_code": 200});
    create(&world, "x_snd_eb_http_request", &cells);
    check(&client, &young, ("Connected", "servicenow"), "the last one at 2026-01-02 03:04:05 UTC").await;
    clock.advance_ms(2 * 3_600_000);
    let later = terraform_provider_servicenow::outside::Outside {
        clock: std::sync::Arc::new(|| NOW_S + 2 * 3_600),
        ..outside(Ok(200))
    };
    let client = within(World::over(simulator), later).await;
    check(&client, &young, ("Configured", "derived"), "no heartbeat within 1h").await;
    let tested = [young[0].clone(), young[1].clone(), ("test", Value::Bool(true))];
    check(&client, &tested, ("Connected", "derived"), "answered with 200").await;
    let older = [("unifi_integration_id", text(INTEGRATION)), ("freshness", text("3h"))];
    check(&client, &older, ("Connected", "servicenow"), "03:04:05").await;
}

#[tokio::test]
async fn tokens_of_a_unifi_connection_expire() {
    let (simulator, _) = company();
    let world = World::over(simulator.clone());
    let client = host(simulator).await;
    let profile = create(&world, "oauth_entity_profile", &json!({"name": "Jira"}));
    edit(&world, "x_snd_eb_integration", INTEGRATION, &json!({"status": "awaiting"}));
    let cells = json!({"authentication": "oauth", "oauth_profile": profile});
    edit(&world, "x_snd_eb_connection", PRODUCTION, &cells);
    let unifi = [("unifi_integration_id", text(INTEGRATION))];
    check(&client, &unifi, ("Configured", "derived"), "no token yet").await;
    let token = json!({
        "type": "access_token", "expires": "2026-01-02 03:30:00", "oauth_entity_profile": profile,
    });
    let token = create(&world, "oauth_credential", &token);
    let found = check(&client, &unifi, ("Connected", "derived"), "until 2026-01-02 03:30:00 UTC").await;
    assert_eq!(found["token_expires"], text("2026-01-02 03:30:00"));
    edit(&world, "oauth_credential", &token, &json!({"expires": "2026-01-02 03:00:00"}));
    check(&client, &unifi, ("Expired", "derived"), "ran out at 2026-01-02 03:00:00 UTC").await;
    // The tokens of somebody else are not those of this connection.
    let other = create(&world, "oauth_entity_profile", &json!({"name": "Other"}));
    edit(&world, "oauth_credential", &token, &json!({"oauth_entity_profile": other}));
    check(&client, &unifi, ("Configured", "derived"), "no token yet").await;
}

/// An inbound endpoint with one operation that anybody calls who signed in; its id and its path.
fn endpoint(world: &World) -> (String, String) {
    let definition = create(world, "sys_ws_definition", &json!({"name": "Order intake"}));
    let cells = json!({
        "web_service_definition": definition, "name": "orders", "relative_path": "/orders",
        "requires_acl_authorization": "false",
    });
    let operation = create(world, "sys_ws_operation", &cells);
    (definition, world.rows("sys_ws_operation", "sys_id")[&operation]["operation_uri"].clone())
}

#[tokio::test]
async fn an_inbound_endpoint_is_in_one_of_five_states() {
    let (simulator, clock) = company();
    let world = World::over(simulator.clone());
    let client = host(simulator).await;
    let bare = create(&world, "sys_ws_definition", &json!({"name": "Bare"}));
    let of = |id: &str| [("inbound_endpoint_id", text(id))];
    check(&client, &of(&bare), ("Not Configured", "derived"), "no operation").await;
    let (id, path) = endpoint(&world);
    check(&client, &of(&id), ("Configured", "derived"), "no call within 24h").await;
    assert_eq!(world.hand(Method::Get, &path, "").status, 200);
    let found = check(&client, &of(&id), ("Connected", "derived"), "2026-01-02 03:04:05 UTC").await;
    assert_eq!((&found["connection_id"], &found["token_expires"]), (&Value::Null, &Value::Null));
    let young = [of(&id)[0].clone(), ("freshness", text("10m"))];
    check(&client, &young, ("Connected", "derived"), "called it").await;
    clock.advance_ms(1);
    needs_a_key(&world, &path);
    check(&client, &of(&id), ("Connected", "derived"), "called it").await;
    let key = json!({"name": "k", "user": "admin", "expires": "2026-01-02 03:00:00"});
    let key = create(&world, "api_key", &key);
    check(&client, &of(&id), ("Expired", "derived"), "the last of 1 ran out").await;
    edit(&world, "api_key", &key, &json!({"expires": "2027-01-02 03:00:00"}));
    check(&client, &of(&id), ("Connected", "derived"), "called it").await;
    edit(&world, "sys_ws_definition", &id, &json!({"active": "false"}));
    check(&client, &of(&id), ("Deactivated", "derived"), "changed last by admin").await;
}

/// A policy by which a path takes nothing but API keys.
fn needs_a_key(world: &World, path: &str) {
    let policy = json!({"name": "keys", "rest_api_path": path.trim_end_matches("/orders")});
    let policy = create(world, "sys_api_access_policy", &policy);
    let profile = create(world, "http_key_auth", &json!({"name": "keys"}));
    let mapping = json!({"api_access_policy": policy, "inbound_auth_profile": profile});
    create(world, "sys_auth_profile_mapping", &mapping);
}

#[tokio::test]
async fn what_may_not_be_seen_is_said_and_not_guessed() {
    let (simulator, _) = company();
    let world = World::over(simulator.clone());
    let (id, _) = endpoint(&world);
    let robot = World::signed_in_as(simulator.clone(), "integration", "integration-password");
    let robot = within(robot, outside(Ok(200))).await;
    for config in [("unifi_integration_id", text(INTEGRATION)), ("inbound_endpoint_id", text(&id))] {
        let config: Object = [(config.0.to_owned(), config.1)].into();
        let outcome = robot.read_data(TYPE, &config).await.unwrap();
        let said = errors(&outcome.diagnostics).join("\n");
        assert!(outcome.object.is_none() && said.contains("sees none of them"), "{said}");
    }
}

#[tokio::test]
async fn a_state_is_asked_of_one_thing() {
    let client = host(company().0).await;
    let alias = ("connection_alias_id".to_owned(), text("a11a5000000000000000000000000001"));
    let endpoint = ("inbound_endpoint_id".to_owned(), text(INTEGRATION));
    for (config, words) in [
        (Object::new(), "connection_alias_id"),
        (Object::from([alias.clone(), endpoint.clone()]), "inbound_endpoint_id"),
        (Object::from([endpoint, ("test".to_owned(), Value::Bool(true))]), "no other system to ask"),
        (Object::from([alias.clone(), ("freshness".to_owned(), text("2d"))]), "`2d` is no time"),
    ] {
        let said = errors(&client.validate_data_source(TYPE, &config).await.unwrap()).join("\n");
        assert!(said.contains(words), "{words}: {said}");
    }
    let nobody = Object::from([("unifi_integration_id".to_owned(), text(PRODUCTION))]);
    let outcome = client.read_data(TYPE, &nobody).await.unwrap();
    let said = errors(&outcome.diagnostics).join("\n");
    assert!(said.contains("`unifi_integration_id` is"), "{said}");
}
