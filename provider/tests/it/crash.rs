//! Our own code breaks in the middle of a create: what reached the instance is not lost.

use std::sync::atomic::Ordering;

use tf_plugin::{Apply, Progress};

use crate::world::{World, config, text};

#[tokio::test]
async fn a_create_that_reached_the_instance_before_a_panic_keeps_its_id() {
    const ALIAS: &str = "servicenow_connection_alias";
    let world = World::new().await;
    let config = config(&world, ALIAS, &[("name", text("orders"))]);
    let (planned, private, _) = world.plan(ALIAS, None, &config).await;
    let progress = Progress::default();
    let apply = Apply {
        planned: Some(planned),
        config: Some(config.clone()),
        private,
        progress: progress.clone(),
        ..Apply::default()
    };
    world.breaks.store(true, Ordering::Relaxed);
    let resource = world.resource(ALIAS);
    let broken = tokio::spawn(async move { resource.apply(apply).await }).await;
    assert!(broken.unwrap_err().is_panic());
    // The framework keeps what was noted; the next read finds the record by it.
    let (state, _) = world.refresh(ALIAS, &progress.noted().unwrap()).await;
    assert_eq!(state.unwrap().object["name"], text("orders"));
}
