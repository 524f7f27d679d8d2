//! How long operations may take: waits that fit are waited out, others are reported at once with the time to come back.

use servicenow_sim::{Fault, FaultKind};
use tf_core::{Object, Value};

use crate::world::{World, config, errors, text};

const ALIAS: &str = "servicenow_connection_alias";

/// An hour, as a quota asks for it.
const HOUR_S: u64 = 3_600;

fn quota() -> FaultKind {
    FaultKind::Status { status: 429, retry_after_s: Some(HOUR_S) }
}

fn orders(world: &World, timeouts: &[(&str, &str)]) -> Object {
    let mut object = config(world, ALIAS, &[("name", text("orders"))]);
    let members = timeouts.iter().map(|(name, it)| ((*name).to_owned(), text(it))).collect();
    object.insert("timeouts".to_owned(), Value::Map(members));
    object
}

#[tokio::test]
async fn an_hour_of_quota_is_waited_out_where_the_operation_may_take_two() {
    let world = World::new().await;
    world.simulator.fault(Fault::next(quota()).on_method("POST"));
    let before_ms = world.waited_ms();
    let state = world.put(ALIAS, None, &orders(&world, &[("create", "2h")])).await;
    assert!(world.waited_ms() - before_ms >= HOUR_S * 1_000);
    // Reading may still take twenty minutes only.
    world.simulator.fault(Fault::next(quota()).on_method("GET"));
    let (_, problems) = world.refresh(ALIAS, &state).await;
    assert!(errors(&problems)[0].contains("3600 seconds"), "{problems:?}");
}

#[tokio::test]
async fn a_quota_that_outlasts_the_operation_is_reported_at_once_with_the_time_to_come_back() {
    let world = World::new().await;
    world.simulator.fault(Fault::next(quota()).on_method("POST"));
    let before_ms = world.waited_ms();
    let (state, problems) = world.apply(ALIAS, None, &orders(&world, &[])).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    assert!(state.is_none());
    for part in ["429", "3600 seconds", "Nothing was changed", "timeouts"] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert!(world.waited_ms() - before_ms < 1_000, "nobody waits for nothing");
}

#[tokio::test]
async fn every_resource_has_the_block() {
    let world = World::new().await;
    for resource in world.resources() {
        let schema = resource.schema();
        let block = schema.block.blocks.iter().find(|it| it.name == "timeouts");
        let names: Vec<&str> = block.unwrap().block.attributes.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["create", "read", "update", "delete"], "{}", resource.type_name());
    }
}
