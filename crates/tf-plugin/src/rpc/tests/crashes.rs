//! A panic while something is being changed loses nothing that was created.

use tf_core::Value;

use super::puppet::{applied, done};
use super::*;
use crate::provider::{Applied, State};

fn named(name: &str) -> Object {
    object([("name", text(name))])
}

fn existing() -> State {
    let object =
        object([("id", text("1")), ("name", text("a")), ("purpose", text("work")), ("mood", text("fine"))]);
    State { object, private: b"stored".to_vec() }
}

/// Applies with a resource that notes so much and then panics.
async fn crashed(prior: Option<&State>, noted: Option<State>) -> Applied {
    let apply = move |it: crate::Apply| {
        if let Some(state) = noted.clone() {
            it.progress.exists(state);
        }
        panic!("in the middle of it")
    };
    let host = host(Puppet { apply: Box::new(apply), ..Puppet::default() }).await;
    let mut prior = prior.cloned();
    prior.iter_mut().for_each(|it| host.schema(PUPPET).unwrap().block.complete(&mut it.object));
    let planned = host.plan(PUPPET, prior.as_ref(), &named("a")).await.unwrap();
    host.apply(PUPPET, prior.as_ref(), &planned, &named("a")).await.unwrap()
}

#[tokio::test]
async fn a_create_that_had_an_id_keeps_it() {
    let noted =
        State { object: object([("id", text("7")), ("mood", Value::unknown())]), private: b"half".to_vec() };
    let result = crashed(None, Some(noted)).await;
    check_error(
        &result.diagnostics,
        "",
        &["ApplyResourceChange", PUPPET, ADDRESS, "panic", "The state holds"],
    );
    let state = result.state.unwrap();
    assert_eq!((&state.object["id"], &state.object["mood"]), (&text("7"), &Value::Null));
    assert_eq!((state.object.len(), state.private.as_slice()), (5, &b"half"[..]));
}

#[tokio::test]
async fn a_create_that_noted_nothing_says_that_something_may_be_there() {
    let result = crashed(None, None).await;
    check_error(&result.diagnostics, "", &["ApplyResourceChange", "noted nothing", "look at the service"]);
    assert_eq!(result.state, None);
}

#[tokio::test]
async fn an_update_that_noted_nothing_leaves_the_state_to_the_host() {
    let result = crashed(Some(&existing()), None).await;
    check_error(&result.diagnostics, "", &["ApplyResourceChange", "keeps the state it had"]);
    assert_eq!(result.state, None, "the host keeps what it had when nothing comes back");
}

#[tokio::test]
async fn an_update_that_noted_something_keeps_that() {
    let mut noted = existing();
    noted.object.insert("mood".to_owned(), text("better"));
    let result = crashed(Some(&existing()), Some(noted)).await;
    check_error(&result.diagnostics, "", &["ApplyResourceChange", "The state holds"]);
    assert_eq!(result.state.unwrap().object["mood"], text("better"));
}

#[tokio::test]
async fn whoever_returns_is_believed_and_not_what_was_noted() {
    let apply = |it: crate::Apply| {
        it.progress.exists(State { object: object([("id", text("7"))]), private: Vec::new() });
        applied(it.planned.map(done), b"returned")
    };
    let host = host(Puppet { apply: Box::new(apply), ..Puppet::default() }).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    let result = host.apply(PUPPET, None, &planned, &named("a")).await.unwrap();
    assert_eq!(result.state.unwrap().object["id"], text("known now"));
}
