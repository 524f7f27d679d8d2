//! Columns that this instance calls otherwise, or does not have.

use std::collections::BTreeMap;

use servicenow_sim::{Fixture, Options, Simulator};
use tf_core::{Object, Value};

use crate::world::{World, config, errors, text, warnings};

const CONNECTION: &str = "servicenow_http_connection";

/// An instance whose dictionary lacks columns of connections and has others.
fn instance() -> Simulator {
    let options = Options { fixture: Fixture::Empty, ..Options::default() };
    Simulator::open(options).unwrap()
}

fn corrected(pairs: &[(&str, &str)]) -> Value {
    let pairs: BTreeMap<String, Value> =
        pairs.iter().map(|(key, name)| ((*key).to_owned(), Value::string(*name))).collect();
    Value::Map(pairs)
}

async fn world(pairs: &[(&str, &str)]) -> World {
    let world = World::over(instance());
    assert_eq!(errors(&world.configure_with(&[("columns", corrected(pairs))]).await), Vec::<String>::new());
    world
}

async fn connection(world: &World, more: &[(&str, Value)]) -> Object {
    let alias = config(world, "servicenow_connection_alias", &[("name", text("orders"))]);
    let alias = world.put("servicenow_connection_alias", None, &alias).await;
    let members = [
        ("name", text("one")),
        ("connection_alias_id", alias.object["id"].clone()),
        ("connection_url", text("https://one.example")),
    ];
    config(world, CONNECTION, &members.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>())
}

#[tokio::test]
async fn a_corrected_column_is_written_and_read_under_its_real_name() {
    let world = world(&[("http_connection.connection_timeout", "port")]).await;
    let config = connection(&world, &[("connection_timeout_ms", Value::Number(777_i64.into()))]).await;
    let state = world.put(CONNECTION, None, &config).await;
    let row = &world.rows("http_connection", "name")["one"];
    assert_eq!((row["port"].as_str(), row["connection_timeout"].as_str()), ("777", ""));
    assert_eq!(world.drift(CONNECTION, &state, &config).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_attribute_whose_column_is_not_there_is_an_error_before_any_write() {
    let world = world(&[("http_connection.connection_timeout", "timeout_of_connection")]).await;
    let config = connection(&world, &[("connection_timeout_ms", Value::Number(777_i64.into()))]).await;
    let writes = world.writes().len();
    let (state, problems) = world.apply(CONNECTION, None, &config).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    assert!(state.is_none() && world.writes().len() == writes, "nothing was written");
    for part in [
        "`connection_timeout_ms`",
        "http_connection.connection_timeout",
        "`columns",
        "Nothing was changed",
        "connection_timeout",
    ] {
        assert!(problem.contains(part), "{part} is missing in {problem}");
    }
}

#[tokio::test]
async fn a_column_that_is_not_there_and_not_used_is_told_once_and_stops_nothing() {
    let world = world(&[("http_connection.connection_timeout", "timeout_of_connection")]).await;
    let config = connection(&world, &[]).await;
    let (state, problems) = world.apply(CONNECTION, None, &config).await;
    assert_eq!((errors(&problems), warnings(&problems)), (vec![], vec![]), "nobody asked for it");
    let state = state.unwrap();
    let told = warnings(&world.refresh(CONNECTION, &state).await.1);
    let [warning] = &told[..] else { panic!("{told:?}") };
    assert!(warning.contains("no column `http_connection.connection_timeout`"), "{warning}");
    assert_eq!(warnings(&world.refresh(CONNECTION, &state).await.1), Vec::<String>::new(), "once in a run");
    assert_eq!(world.drift(CONNECTION, &state, &config).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_column_that_is_said_not_to_be_there_is_not_asked_for() {
    let world = world(&[("http_connection.connection_timeout", "")]).await;
    let config = connection(&world, &[]).await;
    let state = world.put(CONNECTION, None, &config).await;
    assert_eq!(warnings(&world.refresh(CONNECTION, &state).await.1), Vec::<String>::new());
    let journal = world.simulator.journal().to_string();
    assert!(!journal.contains("connection_timeout"), "{journal}");
}

#[tokio::test]
async fn a_correction_of_nothing_is_refused() {
    let world = World::over(instance());
    let problems = world.configure_with(&[("columns", corrected(&[("http_connection.url", "u_url")]))]).await;
    let [problem] = &errors(&problems)[..] else { panic!("{problems:?}") };
    assert!(problem.contains("`http_connection.url`") && problem.contains("`connection_url`"), "{problem}");
}
