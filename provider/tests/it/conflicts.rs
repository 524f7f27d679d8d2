//! Changes that others make between plan and write: none is undone without anybody knowing.

use servicenow_core::Method;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Apply, State};

use crate::records::Trio;
use crate::world::{World, attribute, errors, text};

const CONNECTION: &str = "servicenow_http_connection";
const CREDENTIAL: &str = "servicenow_basic_auth_credential";

/// A connection that was planned, and then somebody changed it on the instance.
struct Race {
    world: World,
    state: State,
    config: Object,
}

impl Race {
    async fn new() -> Race {
        let world = World::new().await;
        let trio = Trio::new(&world).await;
        let (config, state) = trio.connection;
        Race { world, state, config }
    }

    fn by_hand(&self, body: &str) {
        let path = format!("/api/now/table/http_connection/{}", attribute(&self.state, "id"));
        assert_eq!(self.world.hand(Method::Patch, &path, body).status, 200);
    }

    /// Plans these attributes, lets somebody else in, and applies what was planned.
    async fn apply(&self, wish: &[(&str, Value)], body: &str) -> (Option<State>, Diagnostics) {
        let mut config = self.config.clone();
        for (name, value) in wish {
            config.insert((*name).to_owned(), value.clone());
        }
        let (planned, private, _) = self.world.plan(CONNECTION, Some(&self.state), &config).await;
        self.by_hand(body);
        let prior = Some(self.state.object.clone());
        let change =
            Apply { prior, planned: Some(planned), config: Some(config), private, ..Apply::default() };
        let applied = self.world.resource(CONNECTION).apply(change).await;
        (applied.state, applied.diagnostics)
    }

    fn stored(&self, column: &str) -> String {
        let rows = self.world.simulator.rows("http_connection");
        rows.iter().find(|it| it["sys_id"] == attribute(&self.state, "id")).unwrap()[column].clone()
    }
}

fn renamed() -> [(&'static str, Value); 1] {
    [("name", text("renamed"))]
}

#[tokio::test]
async fn a_change_by_somebody_else_stops_the_write_and_is_named() {
    let it = Race::new().await;
    let (state, problems) = it.apply(&renamed(), r#"{"connection_url":"https://moved.example"}"#).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    for part in [
        "\"orders-prod\" was changed since it was planned",
        "admin changed the record last at 20",
        "`connection_url`",
        "Nothing was changed",
        "on_conflict",
    ] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
    assert!(!problem.contains("`name`"), "{problem}");
    assert_eq!(
        (it.stored("name"), it.stored("connection_url")),
        ("orders-prod".into(), "https://moved.example".into())
    );
    // What the plan was made from stays, so that the next plan shows the other change.
    let state = state.unwrap();
    assert_eq!(attribute(&state, "connection_url"), "https://orders.example");
    let (state, _) = it.world.refresh(CONNECTION, &state).await;
    let mut config = it.config.clone();
    config.insert("name".to_owned(), text("renamed"));
    it.world.put(CONNECTION, state.as_ref(), &config).await;
    assert_eq!(
        (it.stored("name"), it.stored("connection_url")),
        ("renamed".into(), "https://orders.example".into())
    );
}

#[tokio::test]
async fn with_overwrite_what_was_planned_is_written() {
    let it = Race::new().await;
    assert!(!it.world.configure_with(&[("on_conflict", text("overwrite"))]).await.has_errors());
    let (_, problems) = it.apply(&renamed(), r#"{"connection_url":"https://moved.example"}"#).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    assert_eq!(
        (it.stored("name"), it.stored("connection_url")),
        ("renamed".into(), "https://orders.example".into())
    );
}

#[tokio::test]
async fn what_nobody_undoes_stops_nothing() {
    for (wish, body) in [
        // A column that the resource does not know.
        (renamed().to_vec(), r#"{"sys_tags":"x","order":"7","odata_ping_url":"/ping"}"#),
        // Which connection is active belongs to the pointer, and this very run may have switched it.
        (renamed().to_vec(), r#"{"active":"true"}"#),
        // The same change as the one that was planned.
        (
            vec![("connection_url", text("https://moved.example"))],
            r#"{"connection_url":"https://moved.example"}"#,
        ),
        // A change that was taken back by being written again as it was.
        (renamed().to_vec(), r#"{"connection_url":"https://orders.example"}"#),
    ] {
        let it = Race::new().await;
        let (_, problems) = it.apply(&wish, body).await;
        assert_eq!(errors(&problems), Vec::<String>::new(), "{body}");
    }
}

#[tokio::test]
async fn a_record_that_somebody_changed_is_not_deleted() {
    let it = Race::new().await;
    it.by_hand(r#"{"connection_url":"https://moved.example"}"#);
    let (state, problems) = it.world.delete(CONNECTION, &it.state).await;
    assert!(errors(&problems)[0].contains("`connection_url`"), "{problems:?}");
    let state = state.expect("it stays in the state");
    assert_eq!(it.stored("connection_url"), "https://moved.example");
    let (state, _) = it.world.refresh(CONNECTION, &state).await;
    assert_eq!(it.world.delete(CONNECTION, &state.unwrap()).await.0, None);
    assert_eq!(it.world.simulator.rows("http_connection").len(), 0);
}

#[tokio::test]
async fn own_writes_are_no_conflict() {
    let world = World::new().await;
    let trio = Trio::new(&world).await;
    let (mut config, mut state) = trio.credential;
    for user_name in ["one", "two", "three"] {
        config.insert("user_name".to_owned(), text(user_name));
        state = world.put(CREDENTIAL, Some(&state), &config).await;
    }
    assert_eq!(world.delete(CREDENTIAL, &state).await.0, None);
}

#[tokio::test]
async fn a_state_that_remembers_nothing_is_no_conflict() {
    let it = Race::new().await;
    it.by_hand(r#"{"connection_url":"https://moved.example"}"#);
    let state = State { private: Vec::new(), ..it.state.clone() };
    it.world.put(CONNECTION, Some(&state), &it.config).await;
    assert_eq!(it.stored("connection_url"), "https://orders.example");
}
