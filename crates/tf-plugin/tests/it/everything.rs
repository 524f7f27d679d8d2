//! The example with one of everything, as a process behind TLS: every call once, as a host makes them.

use serde_json::json;
use tf_core::{Object, Path, Value};
use tf_plugin::harness::{Client, Host, Running, Wish};
use tf_plugin::{Deferral, FunctionError, MoveSource, State};

use crate::{example, number};

const THING: &str = "everything_thing";

async fn everything() -> (Running, Client) {
    let running = example("everything").start().await.unwrap();
    let client = running.connect().await.unwrap();
    (running, client)
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn text(text: &str) -> Value {
    Value::string(text)
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(object(members))
}

/// A thing with as much as possible.
fn config(name: &str) -> Object {
    object([
        ("name", text(name)),
        ("note", text("hello")),
        ("tags", Value::set(vec![text("x"), text("y")])),
        ("shape", map([("what", text("round")), ("amount", Value::Null), ("mark", Value::Null)])),
        ("base", map([("what", text("ground")), ("outcome", Value::Null)])),
        ("step", Value::List(vec![map([("what", text("one")), ("outcome", Value::Null)])])),
        ("rule", Value::set(vec![map([("what", text("r")), ("weight", number(2))])])),
        ("secret_wo", text("hush")),
        ("secret_wo_version", number(1)),
    ])
}

/// Creates it and gives its state and identity.
async fn created(client: &Client, name: &str) -> (State, Option<Object>) {
    assert!(client.validate(THING, &config(name)).await.unwrap().is_empty());
    let planned = client.plan(THING, None, &config(name)).await.unwrap();
    assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
    let (applied, identity) = client.apply_identified(THING, None, &planned, &config(name)).await.unwrap();
    assert!(applied.diagnostics.is_empty(), "{:?}", applied.diagnostics);
    (applied.state.unwrap(), identity)
}

#[tokio::test]
async fn a_thing_lives_from_its_creation_to_its_end() {
    let (_running, client) = everything().await;
    assert!(client.configure(&Object::new()).await.unwrap().is_empty());
    let (state, identity) = created(&client, "a").await;
    assert_eq!((&state.object["id"], &state.object["revision"]), (&text("thing-a"), &number(1)));
    assert_eq!((&state.object["size"], &state.object["secret_wo"]), (&number(1), &Value::Null));
    assert_eq!(identity, Some(object([("name", text("a"))])));
    let (read, same) = client.read_identified(THING, &state, identity.as_ref()).await.unwrap();
    assert_eq!((read.state.as_ref(), same), (Some(&state), identity));
    let unchanged = client.plan(THING, Some(&state), &config("a")).await.unwrap();
    assert_eq!(unchanged.state.as_ref(), Some(&state.object));
    let replaced = client.plan(THING, Some(&state), &config("b")).await.unwrap();
    assert_eq!(replaced.requires_replace, [Path::attribute("name")]);
    assert!(client.destroy(THING, &state).await.unwrap().state.is_none());
}

#[tokio::test]
async fn a_thing_is_imported_both_ways_upgraded_moved_and_written_down() {
    let (_running, client) = everything().await;
    let by_id = client.import(THING, "thing-a").await.unwrap();
    let by_identity = client.import_identified(THING, &object([("name", text("a"))])).await.unwrap();
    assert_eq!((by_id.diagnostics.is_empty(), &by_id), (true, &by_identity));
    let read = client.read(THING, &by_id.state.unwrap()).await.unwrap().state.unwrap();
    assert_eq!((&read.object["size"], &read.object["color"]), (&number(1), &text("made")));

    let old = json!({ "id": "thing-a", "name": "a", "size": "7", "gone": true });
    let (upgraded, _) = client.upgrade(THING, 0, &old).await.unwrap();
    assert_eq!(upgraded.unwrap()["size"], number(7));
    let (identity, _) = client.upgrade_identity(THING, 0, &json!({ "title": "a" })).await.unwrap();
    assert_eq!(identity, Some(object([("name", text("a"))])));

    let source = MoveSource {
        address: "terraform.io/builtin/terraform".to_owned(),
        type_name: "terraform_data".to_owned(),
        schema_version: 0,
        state: json!({ "id": "1-2-3" }),
        private: Vec::new(),
        identity: None,
    };
    let taken = client.take_over(THING, &source).await.unwrap();
    assert_eq!(taken.state.unwrap().object["name"], text("1-2-3"));

    let (written, _) = client.generate_config(THING, &read.object).await.unwrap();
    let mut written = written.unwrap();
    written.retain(|_, it| !it.is_null());
    let names: Vec<_> = written.keys().map(String::as_str).collect();
    assert_eq!(names, ["door", "frame", "name", "rule", "step"], "blocks are empty and not null");
}

#[tokio::test]
async fn what_is_created_before_a_panic_stays_in_the_state() {
    let (_running, client) = everything().await;
    let planned = client.plan(THING, None, &config("panic")).await.unwrap();
    let applied = client.apply(THING, None, &planned, &config("panic")).await.unwrap();
    assert!(applied.diagnostics.0[0].detail.contains("The state holds"), "{:?}", applied.diagnostics);
    assert_eq!(applied.state.unwrap().object["id"], text("thing-panic"));
    created(&client, "b").await;
}

#[tokio::test]
async fn what_is_not_managed_is_looked_up_opened_listed_and_done() {
    let (_running, client) = everything().await;
    let found = client.read_data("everything_lookup", &object([("word", text("tree"))])).await.unwrap();
    assert_eq!(found.object.unwrap()["meaning"], text("what tree means"));

    let ticket = "everything_ticket";
    let opened = client.open(ticket, &object([("destination", text("home"))])).await.unwrap();
    assert_eq!(opened.result.unwrap()["code"], text("ticket to home"));
    assert!(opened.renew_at.is_some());
    let renewed = client.renew(ticket, &opened.private).await.unwrap();
    assert!(renewed.renew_at.is_some() && renewed.diagnostics.is_empty());
    assert!(client.close(ticket, &opened.private).await.unwrap().is_empty());

    let many = object([("amount", number(5000))]);
    let wish = Wish { whole: true, limit: 200, ..Wish::default() };
    let listed = client.list(THING, &many, wish).await.unwrap();
    assert_eq!((listed.len(), &listed[199].identity), (200, &Some(object([("name", text("found-200"))]))));
    let stopped = Wish { stop_after: Some(3), ..Wish::default() };
    assert_eq!(client.list(THING, &many, stopped).await.unwrap().len(), 3);

    let rung = client.invoke("everything_bell", &object([("times", number(3))])).await.unwrap();
    assert_eq!(
        (rung.lines, rung.diagnostics.is_empty()),
        (["ring 1", "ring 2", "ring 3"].map(str::to_owned).into(), true)
    );
    let nobody = object([("times", number(1)), ("whom", text("nobody"))]);
    assert!(client.invoke("everything_bell", &nobody).await.unwrap().diagnostics.has_errors());
    let silent = client.plan_action("everything_bell", &object([("times", number(0))])).await.unwrap();
    assert_eq!(silent.0[0].summary, "The bell stays silent");
}

#[tokio::test]
async fn functions_are_called_by_terraform_and_by_opentofu() {
    let (_running, client) = everything().await;
    for client in [client.clone(), client.posing_as(Host::opentofu(8))] {
        let joined = client.call("join", &[text("-"), text("a"), text("b")]).await.unwrap();
        assert_eq!(joined, Ok(text("a-b")));
        let odd = client.call("half", &[number(3)]).await.unwrap();
        assert_eq!(odd, Err(FunctionError::argument(0, "it is not an even number")));
        let instead = client.call("or_else", &[Value::Null, text("b")]).await.unwrap();
        assert_eq!(instead, Ok(text("b")));
    }
}

#[tokio::test]
async fn what_cannot_be_planned_yet_is_put_off_where_the_host_comes_back() {
    let (_running, client) = everything().await;
    let client = client.posing_as(Host::terraform(15).deferring());
    let later = client.plan(THING, None, &config("later")).await.unwrap();
    assert_eq!(later.deferred, Some(Deferral::Missing));
    let unknown = object([("greeting", Value::unknown())]);
    assert!(client.configure(&unknown).await.unwrap().is_empty());
    let planned = client.plan(THING, None, &config("a")).await.unwrap();
    assert_eq!(planned.deferred, Some(Deferral::SettingsUnknown));
    let found = client.read_data("everything_lookup", &object([("word", text("tree"))])).await.unwrap();
    assert_eq!(found.deferred, Some(Deferral::SettingsUnknown));
}
