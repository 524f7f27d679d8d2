//! Rules across the attributes of one resource: what excludes, needs or doubts what.

use serde_json::json;
use tf_core::wire::json;
use tf_core::{Object, Severity, Value};

use crate::world::{World, empty};

/// The attributes that a configuration is refused or doubted for.
fn check(world: &World, type_name: &str, members: &serde_json::Value, severity: Severity, expected: &[&str]) {
    let resource = world.resource(type_name);
    let attributes = resource.schema().block.attributes;
    let value = |it: &tf_core::Attribute| match members.get(&it.name) {
        None => Value::Null,
        Some(given) if given == "(unknown)" => Value::unknown(),
        Some(given) => json::decode(given, &it.ty.implied_type()).unwrap(),
    };
    let config: Object = attributes.iter().map(|it| (it.name.clone(), value(it))).collect();
    let problems = resource.validate(&config);
    let mut found: Vec<String> = problems
        .0
        .iter()
        .filter(|it| it.severity == severity)
        .map(|it| it.path.as_ref().map(ToString::to_string).unwrap_or_default())
        .collect();
    found.sort();
    assert_eq!(found, expected, "{type_name}: {members}: {problems:?}");
}

#[tokio::test]
async fn attributes_that_do_not_belong_together_are_refused() {
    let world = World::over(empty());
    let http = "servicenow_http_connection";
    let (unifi, kafka) = ("servicenow_unifi_connection", "servicenow_kafka_connection");
    let credential = "servicenow_basic_auth_credential";
    for (type_name, members, expected) in [
        (http, json!({"connection_url": "https://x.example"}), &[][..]),
        (kafka, json!({"bootstrap_servers": "x.example:9092"}), &[]),
        (kafka, json!({"bootstrap_servers": "x.example:9092", "mid_server": "m"}), &["mid_server"]),
        (kafka, json!({"bootstrap_servers": "x", "mid_selection": "specific_mid_cluster"}), &["mid_cluster"]),
        (http, json!({}), &["connection_url"]),
        (http, json!({"url_builder": true}), &["host"]),
        (
            http,
            json!({"url_builder": true, "host": "h", "connection_url": "https://x.example"}),
            &["connection_url"],
        ),
        (http, json!({"connection_url": "https://x.example", "port": 1}), &["port"]),
        (http, json!({"connection_url": "https://x.example", "mid_server": "m"}), &["mid_server"]),
        (
            http,
            json!({"connection_url": "https://x.example", "use_mid": true, "mid_server": "m"}),
            &["mid_server"],
        ),
        (
            http,
            json!({"connection_url": "https://x.example", "use_mid": true, "mid_selection": "specific_mid_server"}),
            &["mid_server"],
        ),
        (http, json!({"connection_url": "https://x.example", "mutual_auth": true}), &["protocol_profile"]),
        (
            http,
            json!({"connection_url": "https://x.example", "protocol_profile": "p"}),
            &["protocol_profile"],
        ),
        (http, json!({"url_builder": "(unknown)", "port": 1}), &[]),
        (credential, json!({}), &["user_name"]),
        (
            credential,
            json!({"use_external_store": true, "user_name": "u"}),
            &["external_credential_id", "user_name"],
        ),
        (credential, json!({"user_name": "u", "external_vault": "v"}), &["external_vault"]),
        (credential, json!({"user_name": "u", "mid_servers": ["m"]}), &["mid_servers"]),
        (credential, json!({"user_name": "u", "applies_to": "specific"}), &["mid_servers"]),
        ("servicenow_retry_policy", json!({"strategy": "retry_after"}), &["max_elapsed_seconds"]),
        (
            "servicenow_retry_policy",
            json!({"strategy": "retry_after", "max_elapsed_seconds": 9, "max_retries": 1}),
            &["max_retries"],
        ),
        ("servicenow_retry_policy", json!({"connection_type": "jdbc", "condition": "x=1"}), &["condition"]),
        (
            "servicenow_connection_alias",
            json!({"parent_id": "0".repeat(32), "retry_policy": "p"}),
            &["retry_policy"],
        ),
        (unifi, json!({"authentication": "oauth"}), &["oauth_profile"]),
        (unifi, json!({"authentication": "oauth", "oauth_profile": "p", "user": "u"}), &["user"]),
        (unifi, json!({"authentication": "basic", "user": "u", "oauth_profile": "p"}), &["oauth_profile"]),
        (unifi, json!({"protocol_profile": "p"}), &["protocol_profile"]),
        (unifi, json!({"mutual_auth": true}), &["protocol_profile"]),
        (unifi, json!({"authentication": "(unknown)", "user": "u"}), &[]),
        (
            "servicenow_oauth_provider",
            json!({"default_grant_type": "authorization_code"}),
            &["authorization_url"],
        ),
    ] {
        check(&world, type_name, &members, Severity::Error, expected);
    }
}

#[tokio::test]
async fn what_seldom_works_is_a_warning() {
    let world = World::over(empty());
    let mutual = json!({"mutual_auth": true, "protocol_profile": "p", "mid_server": "m"});
    check(&world, "servicenow_unifi_connection", &mutual, Severity::Warning, &["mutual_auth"]);
    let mutual = json!({"connection_url": "https://x.example", "mutual_auth": true, "protocol_profile": "p", "use_mid": true});
    check(&world, "servicenow_http_connection", &mutual, Severity::Warning, &["mutual_auth"]);
}

#[tokio::test]
async fn a_unifi_connection_has_what_its_direction_or_being_active_takes() {
    let world = World::over(empty());
    let unifi = "servicenow_unifi_connection";
    for (members, expected) in [
        (json!({"direction": "outbound"}), &["endpoint_url"][..]),
        (
            json!({"direction": "outbound", "endpoint_url": "https://x", "inbound_user": "u"}),
            &["inbound_user"],
        ),
        (json!({"direction": "inbound"}), &["inbound_user"]),
        (json!({"direction": "inbound", "inbound_user": "u", "active": true}), &[]),
        (json!({"direction": "bidirectional"}), &["endpoint_url", "inbound_user"]),
        (json!({"direction": "bidirectional", "endpoint_url": "https://x", "inbound_user": "u"}), &[]),
        (json!({"direction": "inbound", "inbound_user": "(unknown)"}), &[]),
        (json!({"active": true}), &["endpoint_url"]),
        (json!({"active": true, "endpoint_url": "(unknown)"}), &[]),
        (json!({"active": true, "inbound_user": "u"}), &[]),
    ] {
        check(&world, unifi, &members, Severity::Error, expected);
    }
}
