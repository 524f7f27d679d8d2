//! A key lets another system in where a policy admits keys, and is in no state.

use servicenow_core::{Method, Request};
use tf_core::Value;
use tf_plugin::State;

use crate::catalogue::{PLANTED, world};
use crate::world::{World, attribute, config, text};

const ENDPOINT: &str = "servicenow_inbound_endpoint";
const KEY: &str = "servicenow_inbound_api_key";
const PROFILE: &str = "servicenow_api_key_profile";
const POLICY: &str = "servicenow_api_access_policy";

async fn endpoint(world: &World) -> State {
    let operations = [("create".to_owned(), operation(world))].into();
    let members =
        [("name", text("Orders in")), ("api_id", text("orders_in")), ("operations", Value::Map(operations))];
    world.put(ENDPOINT, None, &config(world, ENDPOINT, &members)).await
}

/// An operation that every internal user may call, and everybody else with a key.
fn operation(world: &World) -> Value {
    let schema = world.resource(ENDPOINT).schema();
    let operations = schema.block.attributes.into_iter().find(|it| it.name == "operations").unwrap();
    let tf_core::AttributeType::Nested { attributes, .. } = operations.ty else { panic!("no entries") };
    let value = |name: &str| match name {
        "method" => text("POST"),
        "path" => text("/orders"),
        _ => Value::Null,
    };
    Value::Map(attributes.into_iter().map(|it| (it.name.clone(), value(&it.name))).collect())
}

/// The status of a call with a key.
fn status(world: &World, path: &str, key: &str) -> u16 {
    let mut request = Request::new(Method::Post, path);
    request.headers.push(("x-sn-apikey".to_owned(), key.to_owned()));
    request.body = Some("{}".to_owned());
    world.simulator.answer(&request).status
}

#[tokio::test]
async fn a_key_lets_in_where_a_policy_admits_keys_and_nowhere_else() {
    let world = world().await;
    let endpoint = endpoint(&world).await;
    let path = format!("{}/orders", attribute(&endpoint, "base_path"));
    let members = [
        ("name", text("Shop")),
        ("user", text("caller")),
        ("key_wo", text(PLANTED)),
        ("key_wo_version", text("1")),
    ];
    let key_config = config(&world, KEY, &members);
    let key = world.put(KEY, None, &key_config).await;
    assert!(!format!("{:?}", key.object).contains(PLANTED));
    assert_eq!(status(&world, &path, PLANTED), 401, "no policy admits keys");
    world.put(PROFILE, None, &config(&world, PROFILE, &[("name", text("Shop keys"))])).await;
    let policy = |profile: &str| {
        let profiles = Value::set(vec![text(profile)]);
        let path = endpoint.object["base_path"].clone();
        let members = [("name", text("Shop")), ("api_path", path), ("authentication_profiles", profiles)];
        config(&world, POLICY, &members)
    };
    let admitted = world.put(POLICY, None, &policy("Shop keys")).await;
    assert_eq!(status(&world, &path, PLANTED), 200);
    assert_eq!(status(&world, &path, "another key"), 401);
    assert_eq!(
        status(&world, "/api/now/table/incident", PLANTED),
        401,
        "the policy covers the endpoint alone"
    );
    let other = world.put(POLICY, Some(&admitted), &policy("tokens-one")).await;
    assert_eq!(status(&world, &path, PLANTED), 401, "keys are not admitted any more");
    world.put(POLICY, Some(&other), &policy("Shop keys")).await;
    let mut inactive = key_config.clone();
    inactive.insert("active".to_owned(), Value::Bool(false));
    world.put(KEY, Some(&key), &inactive).await;
    assert_eq!(status(&world, &path, PLANTED), 401, "the key is not active");
}
