//! Connections through a MID server that does not do its work: a warning of the plan, from one look for all of them.

use servicenow_core::Method;
use tf_core::{Object, Value};
use tf_plugin::State;

use crate::catalogue::{id, renew, samples, world};
use crate::doubts::{instance, person};
use crate::world::{World, config, text, warnings};

const CONNECTION: &str = "servicenow_http_connection";

/// The configurations of the registry's samples that name a MID server.
fn named() -> Vec<(&'static str, Object)> {
    let mut named = Vec::new();
    for sample in samples() {
        let names_one = |it: &&Object| it.get("mid_server").is_some_and(|it| !it.is_null());
        named.extend(
            sample.configs.iter().filter(names_one).map(|it| (sample.definition.type_name, it.clone())),
        );
    }
    named
}

/// The status of the MID server of the samples, for a new command.
async fn status(world: &World, cells: &str) {
    renew(world).await;
    let path = format!("/api/now/table/ecc_agent/{}", id("mid"));
    assert_eq!(world.hand(Method::Patch, &path, cells).status, 200);
}

/// What a plan of a new connection says of its MID server.
async fn told(world: &World, type_name: &str, config: &Object) -> String {
    let (_, _, problems) = world.plan(type_name, None, config).await;
    warnings(&problems).into_iter().filter(|it| it.contains("MID server")).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_kind_of_connection_warns_of_a_mid_server_that_does_not_work() {
    let world = world().await;
    let named = named();
    let types: std::collections::BTreeSet<&str> = named.iter().map(|it| it.0).collect();
    assert_eq!(types.len(), 6, "the five kinds of the platform and Unifi: {types:?}");
    for (cells, words) in [
        (r#"{"status":"Down","validated":"true"}"#, Some(["\"mid-one\"", "`Down`", "Start the MID server"])),
        (
            r#"{"status":"Paused","validated":"true"}"#,
            Some(["\"mid-one\"", "`Paused`", "Start the MID server"]),
        ),
        (r#"{"status":"Up","validated":"false"}"#, Some(["\"mid-one\"", "`Up`", "Validate the MID server"])),
        (r#"{"status":"Up","validated":"true"}"#, None),
    ] {
        status(&world, cells).await;
        for (type_name, config) in &named {
            let said = told(&world, type_name, config).await;
            assert_eq!(said.is_empty(), words.is_none(), "{type_name} {cells}: {said}");
            let words = words.unwrap_or_default();
            assert!(words.iter().all(|it| said.contains(it)), "{type_name} {cells}: {said}");
        }
    }
}

#[tokio::test]
async fn a_mid_server_that_is_not_there_is_a_warning_with_similar_names_before_it_is_an_error() {
    let world = world().await;
    for (type_name, config) in named() {
        let mut config = config;
        config.insert("mid_server".to_owned(), text("mid-ohne"));
        let (_, _, problems) = world.plan(type_name, None, &config).await;
        let about = |it: &String| it.contains("`mid-ohne`");
        let said: Vec<String> = warnings(&problems).into_iter().filter(about).collect();
        let [said] = &said[..] else { panic!("{type_name} says it once: {said:?}") };
        assert!(said.contains("There is \"mid-one\""), "{type_name}: {said}");
    }
}

#[tokio::test]
async fn a_connection_that_goes_through_no_specific_one_says_nothing() {
    let world = world().await;
    for (type_name, config) in named().into_iter().filter(|it| it.1.contains_key("mid_selection")) {
        let mut config = config;
        config.insert("mid_selection".to_owned(), text("auto_select"));
        assert_eq!(told(&world, type_name, &config).await, "", "{type_name}");
    }
}

/// A connection through the MID server of the samples.
fn through(world: &World, name: &str, active: bool) -> Object {
    let members = [
        ("name", text(name)),
        ("connection_alias_id", text(&id("alias"))),
        ("connection_url", text("https://orders.example")),
        ("use_mid", Value::Bool(true)),
        ("mid_selection", text("specific_mid_server")),
        ("mid_server", text("mid-one")),
        ("active", if active { Value::Bool(true) } else { Value::Null }),
    ];
    config(world, CONNECTION, &members)
}

#[tokio::test]
async fn an_inactive_connection_that_stays_as_it_is_says_nothing_and_an_active_one_says_it_once() {
    let world = world().await;
    let (idle, active) = (through(&world, "idle", false), through(&world, "active", true));
    let states = [world.put(CONNECTION, None, &idle).await, world.put(CONNECTION, None, &active).await];
    assert!(!world.configure().await.has_errors());
    let about = async |config: &Object, state: &State| {
        let (_, _, problems) = world.plan_beside(CONNECTION, Some(state), config).await;
        warnings(&problems).iter().filter(|it| it.contains("is not up")).count()
    };
    assert_eq!(about(&idle, &states[0]).await, 0);
    assert_eq!(about(&active, &states[1]).await, 1);
    assert_eq!(about(&active, &states[1]).await, 0, "one message for all that only stay active");
    let mut changed = idle.clone();
    changed.insert("connection_url".to_owned(), text("https://moved.example"));
    assert_eq!(about(&changed, &states[0]).await, 1);
}

#[tokio::test]
async fn many_connections_cost_no_more_looks_at_mid_servers_than_one() {
    let world = world().await;
    let mut known = Vec::new();
    for number in 0..40 {
        let config = through(&world, &format!("orders-{number}"), false);
        known.push((world.put(CONNECTION, None, &config).await, config));
    }
    assert!(!world.configure().await.has_errors());
    world.simulator.clear_journal();
    for (state, config) in &mut known {
        config.insert("connection_url".to_owned(), text("https://moved.example"));
        let (_, _, problems) = world.plan_beside(CONNECTION, Some(state), config).await;
        assert_eq!(warnings(&problems).len(), 1, "{problems:?}");
    }
    let looks = world.requests().into_iter().filter(|it| it.contains("ecc_agent")).count();
    // What the name stands for, and what all of them do.
    assert_eq!(looks, 2, "{:?}", world.requests());
}

#[tokio::test]
async fn who_may_not_read_mid_servers_is_told_nothing_of_them() {
    let tables = r#"{"tables": []}"#;
    for roles in [&["itil"][..], &["connection_admin"]] {
        let simulator = instance(tables, &[person(roles)]);
        let world = World::signed_in_as(simulator, "integration", "planted");
        assert!(!world.configure().await.has_errors());
        let agent = r#"{"name":"mid-one","status":"Down"}"#;
        assert_eq!(world.hand(Method::Post, "/api/now/table/ecc_agent", agent).status, 201);
        let said = told(&world, CONNECTION, &through(&world, "orders", true)).await;
        assert_eq!(!said.is_empty(), roles.contains(&"connection_admin"), "{roles:?}: {said}");
    }
}
