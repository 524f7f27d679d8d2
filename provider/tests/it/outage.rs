//! An instance that stops answering in the middle of a run: one message, few requests, and nothing lost.

use tf_plugin::State;

use crate::records::Trio;
use crate::world::{World, errors};

const CONNECTION: &str = "servicenow_http_connection";

/// Refreshes the same object many times, ten at the same time.
async fn refresh(world: &World, state: &State, times: usize) -> (Vec<String>, usize) {
    let (mut said, mut kept) = (Vec::new(), 0);
    for _ in 0..times / 10 {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..10 {
            let (resource, state) = (world.resource(CONNECTION), state.clone());
            tasks.spawn(async move { resource.read(state).await });
        }
        for outcome in tasks.join_all().await {
            said.extend(errors(&outcome.diagnostics));
            kept += usize::from(outcome.state.is_some_and(|it| it.object == state.object));
        }
    }
    (said, kept)
}

#[tokio::test]
async fn an_outage_is_one_message_and_not_one_for_every_object() {
    for (setting, part) in [("maintenance", "503"), ("hibernating", "ibernat")] {
        let world = World::new().await;
        let state = Trio::new(&world).await.connection.1;
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        world.simulator.clear_journal();
        world.simulator.set("state", setting).unwrap();
        let (said, kept) = refresh(&world, &state, 200).await;
        let [message] = &said[..] else { panic!("{setting}: {said:?}") };
        assert!(message.contains(part), "{message}");
        assert_eq!(kept, 199, "every other state stays as it was");
        assert!(world.requests().len() < 60, "{setting}: {} requests", world.requests().len());
        // The next command begins anew.
        world.simulator.set("state", "up").unwrap();
        assert_eq!(errors(&world.configure().await), Vec::<String>::new());
        assert_eq!(refresh(&world, &state, 20).await, (vec![], 20), "{setting}");
    }
}
