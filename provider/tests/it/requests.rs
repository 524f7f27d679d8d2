//! How many requests a refresh takes, counted and not timed, and that what it is answered from is never old.

use servicenow_core::Method;
use tf_core::Value;
use tf_plugin::State;

use crate::world::{World, attribute, config, errors, text};

const ALIAS: &str = "servicenow_connection_alias";
const CONNECTION: &str = "servicenow_http_connection";

/// So many objects as Terraform asks for at the same time.
const PARALLELISM: usize = 10;

/// An alias with many connections, and a provider that has read nothing yet.
struct Fleet {
    world: World,
    states: Vec<State>,
}

impl Fleet {
    async fn new(size: usize) -> Fleet {
        let world = World::new().await;
        let alias = config(&world, ALIAS, &[("name", text("orders"))]);
        let alias = attribute(&world.put(ALIAS, None, &alias).await, "id");
        let mut states = Vec::new();
        for number in 0..size {
            let members = [
                ("name", text(&format!("orders-{number}"))),
                ("connection_alias_id", text(&alias)),
                ("connection_url", text("https://orders.example")),
            ];
            let config = config(&world, CONNECTION, &members);
            states.push(world.put(CONNECTION, None, &config).await);
        }
        let fleet = Fleet { world, states };
        fleet.begin(&[]).await;
        fleet
    }

    /// What a new Terraform command begins with.
    async fn begin(&self, settings: &[(&str, Value)]) {
        assert_eq!(errors(&self.world.configure_with(settings).await), Vec::<String>::new());
        self.world.simulator.clear_journal();
    }

    /// Refreshes all of them, a few at the same time, as Terraform does.
    async fn refresh(&self) -> Vec<Option<State>> {
        let mut live = Vec::new();
        for some in self.states.chunks(PARALLELISM) {
            let mut tasks = tokio::task::JoinSet::new();
            for (number, state) in some.iter().cloned().enumerate() {
                let resource = self.world.resource(CONNECTION);
                tasks.spawn(async move { (number, resource.read(state).await) });
            }
            let mut outcomes = tasks.join_all().await;
            outcomes.sort_by_key(|it| it.0);
            for (_, outcome) in outcomes {
                assert_eq!(errors(&outcome.diagnostics), Vec::<String>::new());
                live.push(outcome.state);
            }
        }
        live
    }

    fn by_hand(&self, method: Method, number: usize, body: &str) {
        let path = format!("/api/now/table/http_connection/{}", attribute(&self.states[number], "id"));
        assert!(self.world.hand(method, &path, body).status < 300);
        self.world.simulator.clear_journal();
    }
}

fn objects(states: &[Option<State>]) -> Vec<tf_core::Object> {
    states.iter().flatten().map(|it| it.object.clone()).collect()
}

#[tokio::test]
async fn a_refresh_of_hundreds_takes_a_handful_of_requests() {
    let fleet = Fleet::new(200).await;
    let live = fleet.refresh().await;
    assert_eq!(objects(&live), fleet.states.iter().map(|it| it.object.clone()).collect::<Vec<_>>());
    // A list by id, the size of the table, and the table.
    assert_eq!(fleet.world.requests().len(), 3, "{:?}", fleet.world.requests());
}

#[tokio::test]
async fn one_by_one_takes_a_request_for_each() {
    let fleet = Fleet::new(30).await;
    fleet.begin(&[("read_strategy", text("single"))]).await;
    fleet.refresh().await;
    assert_eq!(fleet.world.requests().len(), 30);
}

#[tokio::test]
async fn a_row_that_is_missing_is_asked_for_alone_before_it_is_dropped() {
    let fleet = Fleet::new(40).await;
    fleet.by_hand(Method::Delete, 35, "");
    let live = fleet.refresh().await;
    assert!(live.iter().enumerate().all(|(number, it)| it.is_some() == (number != 35)));
    let alone = format!("GET /api/now/table/http_connection/{}", attribute(&fleet.states[35], "id"));
    assert!(fleet.world.requests().contains(&alone), "{:?}", fleet.world.requests());
}

#[tokio::test]
async fn each_command_sees_what_is_there_when_it_begins() {
    let fleet = Fleet::new(40).await;
    fleet.refresh().await;
    fleet.by_hand(Method::Patch, 39, r#"{"connection_url":"https://moved.example"}"#);
    fleet.begin(&[]).await;
    let live = fleet.refresh().await;
    assert_eq!(attribute(live[39].as_ref().unwrap(), "connection_url"), "https://moved.example");
}

#[tokio::test]
async fn a_change_sees_what_is_there_now_and_not_what_the_refresh_saw() {
    let fleet = Fleet::new(40).await;
    let live = fleet.refresh().await;
    let state = live[39].clone().unwrap();
    fleet.by_hand(Method::Patch, 39, r#"{"connection_url":"https://moved.example"}"#);
    let mut config = state.object.clone();
    for unset in ["id", "active"] {
        config.insert(unset.to_owned(), Value::Null);
    }
    config.insert("name".to_owned(), text("renamed"));
    // An answer from the refresh would not show that somebody has moved it.
    let (_, problems) = fleet.world.apply(CONNECTION, Some(&state), &config).await;
    assert!(errors(&problems)[0].contains("`connection_url`"), "{problems:?}");
}
