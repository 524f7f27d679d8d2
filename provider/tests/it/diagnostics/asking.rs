//! Messages about what was asked for: objects that are looked up, other systems that are tested, tokens.

use serde_json::json;
use servicenow_client::Cause;
use servicenow_core::Method;
use terraform_provider_servicenow::outside::Outside;
use tf_core::{Object, Value};
use tf_plugin::harness::Client;

use super::{CONNECTION, all};
use crate::catalogue;
use crate::doubts::instance;
use crate::found::{company, host};
use crate::standing;
use crate::world::{World, config, text};

fn object(members: &[(&str, Value)]) -> Object {
    members.iter().map(|(name, it)| ((*name).to_owned(), it.clone())).collect()
}

async fn read(client: &Client, type_name: &str, config: &[(&str, Value)]) -> Vec<String> {
    all(&client.read_data(type_name, &object(config)).await.unwrap().diagnostics)
}

pub async fn looking(name: &str) -> Vec<String> {
    let client = host(company()).await;
    let connection = |config: Vec<(&'static str, Value)>| {
        let client = &client;
        async move { read(client, CONNECTION, &config).await }
    };
    match name {
        "nothing_found" => connection(vec![("name", text("Jira porduction"))]).await,
        "several_found" => connection(vec![("active", Value::Bool(true))]).await,
        "bad_condition" => connection(vec![("name", text("a^b"))]).await,
        "kind_unseen" => {
            let simulator = company();
            let world = World::signed_in_as(simulator, "integration", "integration-password");
            let client = standing::within(world, Outside::default()).await;
            read(&client, "servicenow_connections", &[]).await
        }
        "fields_missing" => {
            let fields = Value::set(vec![text("bogus")]);
            let id = text("c0e00000000000000000000000000002");
            let config = [("table", text("http_connection")), ("id", id), ("fields", fields)];
            read(&client, "servicenow_record", &config).await
        }
        _ => {
            let identity = object(&[
                ("id", text("c0e00000000000000000000000000001")),
                ("instance", text("prod.service-now.com")),
            ]);
            all(&client.import_identified(CONNECTION, &identity).await.unwrap().diagnostics)
        }
    }
}

/// An instance whose table of connections has no column for an application.
pub async fn condition_left_out() -> Vec<String> {
    let simulator = instance(r#"{"tables":[{"name":"sys_connection","without":["sys_scope"]}]}"#, &[]);
    let world = World::over(simulator.clone());
    world.hand(Method::Post, "/api/now/table/http_connection", r#"{"name":"orders"}"#);
    read(&host(simulator).await, CONNECTION, &[("scope", text("x_acme"))]).await
}

pub async fn tokens(name: &str) -> Vec<String> {
    let client = host(company()).await;
    let config = match name {
        "token_refused" => object(&[("client_id", text("nobody")), ("client_secret", text("planted"))]),
        _ => object(&[("client_id", text("nobody")), ("grant_type", text("password"))]),
    };
    all(&client.open("servicenow_oauth_token", &config).await.unwrap().diagnostics)
}

pub async fn actions(name: &str) -> Vec<String> {
    let simulator = company();
    let client = standing::host(simulator.clone(), Err(Cause::Name)).await;
    if name == "test_failed" {
        let config = [("connection_id", text("c0e00000000000000000000000000001"))];
        return standing::invoke(&client, "servicenow_test_connection", &config).await.1;
    }
    let world = World::over(simulator);
    let create = |table: &str, cells: serde_json::Value| -> serde_json::Value {
        let answer = world.hand(Method::Post, &format!("/api/now/table/{table}"), &cells.to_string());
        let body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["result"].clone()
    };
    let credential = create("oauth_2_0_credentials", json!({"name": "Without a token"}))["sys_id"].clone();
    let service =
        create("sys_ws_definition", json!({"name": "OAuth", "service_id": "oauth"}))["sys_id"].clone();
    let operation = create(
        "sys_ws_operation",
        json!({"name": "refresh", "web_service_definition": service, "http_method": "POST", "relative_path": "/refresh"}),
    );
    let config = [
        ("credential_id", text(credential.as_str().unwrap())),
        ("endpoint_path", text(operation["operation_uri"].as_str().unwrap())),
    ];
    standing::invoke(&client, "servicenow_refresh_oauth_token", &config).await.1
}

/// A record with a column that its table does not have.
pub async fn no_such_field(table: &str) -> Vec<String> {
    let world = catalogue::world().await;
    let fields = Value::Map(object(&[("category_name", text("x"))]));
    let config = config(&world, "servicenow_record", &[("table", text(table)), ("fields", fields)]);
    all(&world.apply("servicenow_record", None, &config).await.1)
}

/// A word that is neither a value nor a label.
pub async fn unknown_choice() -> Vec<String> {
    let world = catalogue::world().await;
    let members = [
        ("integration_id", text(&catalogue::id("integra"))),
        ("environment", text("Test")),
        ("authentication", text("kerberos")),
    ];
    let config = config(&world, "servicenow_unifi_connection", &members);
    all(&world.apply("servicenow_unifi_connection", None, &config).await.1)
}
