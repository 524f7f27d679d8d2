//! Reading, upgrading and importing.

use serde_json::json;
use tf_core::{Diagnostic, Value};

use super::*;
use crate::proto::tfplugin6 as proto;
use crate::provider::{ReadOutcome, State};

fn stored() -> State {
    let members = [
        ("id", text("1")),
        ("name", text("a")),
        ("purpose", Value::Null),
        ("mood", text("fine")),
        ("secret_wo", Value::Null),
    ];
    State { object: object(members), private: b"stored".to_vec() }
}

/// Reads with a resource that answers so.
async fn read(answer: impl Fn(State) -> ReadOutcome + Send + Sync + 'static) -> ReadOutcome {
    let host = host(Puppet { read: Box::new(answer), ..Puppet::default() }).await;
    host.read(PUPPET, &stored()).await.unwrap()
}

#[tokio::test]
async fn a_state_that_did_not_change_comes_back_with_its_private_bytes() {
    let outcome = read(|state| state.into()).await;
    assert_eq!(outcome.state, Some(stored()));
    assert!(outcome.diagnostics.is_empty());
}

#[tokio::test]
async fn another_spelling_of_what_is_stored_is_no_change() {
    for (answer, kept) in [("FINE", "fine"), ("bad", "bad")] {
        let outcome = read(move |mut state| {
            state.object.insert("mood".to_owned(), text(answer));
            state.into()
        });
        assert_eq!(outcome.await.state.unwrap().object["mood"], text(kept));
    }
}

#[tokio::test]
async fn an_object_that_is_gone_is_null() {
    let outcome = read(|_| ReadOutcome::default()).await;
    assert_eq!((outcome.state, outcome.diagnostics.is_empty()), (None, true));
}

#[tokio::test]
async fn after_an_error_the_stored_state_stays() {
    let error = Diagnostic::error("Not now", "Try later.");
    let answer = error.clone();
    let outcome = read(move |_| Diagnostics::from(answer.clone()).into()).await;
    assert_eq!(outcome.state, Some(stored()));
    assert_eq!(outcome.diagnostics, error.into());
}

#[tokio::test]
async fn a_state_with_an_unknown_value_is_a_fault_of_the_provider() {
    let outcome = read(|mut state| {
        state.object.insert("mood".to_owned(), Value::unknown());
        state.into()
    });
    let outcome = outcome.await;
    check_error(&outcome.diagnostics, "mood", &[PUPPET, "unknown", "fault of the provider"]);
}

#[tokio::test]
async fn what_a_resource_leaves_out_is_null_and_what_it_must_not_tell_is_too() {
    let outcome = read(|_| {
        let object = object([("id", text("1")), ("secret_wo", text("hush"))]);
        State { object, private: Vec::new() }.into()
    });
    let object = outcome.await.state.unwrap().object;
    assert_eq!((object.len(), &object["secret_wo"], &object["name"]), (5, &Value::Null, &Value::Null));
}

#[tokio::test]
async fn only_an_older_state_is_upgraded() {
    let upgrade = |(version, mut state): (i64, serde_json::Value)| {
        state["name"] = json!(format!("from version {version}"));
        Ok(state)
    };
    let host = host(Puppet { upgrade: Box::new(upgrade), ..Puppet::default() }).await;
    for (version, name) in [(0, "from version 0"), (1, "from version 1"), (2, "a")] {
        let stored = json!({ "id": "1", "name": "a", "mood": "fine", "removed": [1, 2] });
        let (state, diagnostics) = host.upgrade(PUPPET, version, &stored).await.unwrap();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let state = state.unwrap();
        assert_eq!((&state["name"], &state["purpose"], state.len()), (&text(name), &Value::Null, 5));
    }
}

#[tokio::test]
async fn a_state_that_cannot_be_read_is_refused_without_being_quoted() {
    let host = host(Puppet::default()).await;
    let rows: [(&[u8], &str, &[&str]); 4] = [
        (b"", "", &["missing", "terraform state rm"]),
        (b"{\"name\": hush", "", &["the stored state", "not JSON from line 1"]),
        (b"{\"name\": {\"hush\": true}}", "name", &["the stored state", PUPPET]),
        (b"null", "", &["missing"]),
    ];
    for (json, path, parts) in rows {
        let raw_state = Some(proto::RawState { json: json.to_vec(), ..proto::RawState::default() });
        let request =
            proto::upgrade_resource_state::Request { type_name: PUPPET.to_owned(), version: 2, raw_state };
        let answer = host.raw().upgrade_resource_state(request).await.unwrap().into_inner();
        let diagnostics = crate::convert::from::diagnostics(&answer.diagnostics);
        check_error(&diagnostics, path, parts);
        assert!(!diagnostics.0[0].detail.contains("hush"), "{diagnostics:?}");
    }
}

#[tokio::test]
async fn a_state_from_before_terraform_0_12_is_refused_with_a_way_out() {
    let host = host(Puppet::default()).await;
    let flatmap = [("id".to_owned(), "1".to_owned())].into();
    let raw_state = Some(proto::RawState { json: Vec::new(), flatmap });
    let request =
        proto::upgrade_resource_state::Request { type_name: PUPPET.to_owned(), version: 0, raw_state };
    let answer = host.raw().upgrade_resource_state(request).await.unwrap().into_inner();
    let diagnostics = crate::convert::from::diagnostics(&answer.diagnostics);
    check_error(&diagnostics, "", &["Terraform 0.11", "terraform import"]);
}

#[tokio::test]
async fn an_import_gives_an_object_with_nulls_and_its_type() {
    let host = host(Puppet::default()).await;
    let imported = host.import(PUPPET, "42").await.unwrap();
    assert!(imported.diagnostics.is_empty());
    let object = imported.state.unwrap().object;
    assert_eq!((&object["id"], &object["name"], object.len()), (&text("42"), &Value::Null, 5));
}

#[tokio::test]
async fn an_import_that_finds_nothing_or_names_nothing_says_so() {
    let error = Diagnostic::error("No such thing", "There is none.");
    let answer = error.clone();
    let import = move |_| Err(answer.clone().into());
    let host = host(Puppet { import: Box::new(import), ..Puppet::default() }).await;
    let imported = host.import(PUPPET, "42").await.unwrap();
    assert_eq!((imported.state, imported.diagnostics), (None, error.into()));
    let imported = host.import(PUPPET, "").await.unwrap();
    check_error(&imported.diagnostics, "", &["needs an id", PUPPET]);
}
