//! Identities, moves, generated configuration, and what the provider as a whole puts off.

use serde_json::json;
use tf_core::{Diagnostic, Value};

use super::cast::{Cast, host as cast_host};
use super::puppet::{applied, done};
use super::*;
use crate::harness::{HarnessError, Host};
use crate::provider::{Deferral, MoveSource, State};

fn named(name: &str) -> Object {
    object([("name", text(name))])
}

fn identity(id: &str) -> Option<Object> {
    Some(object([("id", text(id))]))
}

fn existing() -> State {
    let members = [
        ("id", text("1")),
        ("name", text("a")),
        ("purpose", text("work")),
        ("mood", text("fine")),
        ("secret_wo", Value::Null),
    ];
    State { object: object(members), private: Vec::new() }
}

#[tokio::test]
async fn a_new_object_has_no_identity_in_the_plan_before_it_is_known_and_one_afterwards() {
    let host = host(Puppet::default()).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    assert_eq!(planned.identity, None, "a host cannot print an unknown one");
    let (_, known) = host.apply_identified(PUPPET, None, &planned, &named("a")).await.unwrap();
    assert_eq!(known, identity("known now"));
}

#[tokio::test]
async fn an_object_that_stays_keeps_its_identity_and_one_that_is_replaced_gets_another() {
    let host = host(Puppet::default()).await;
    let planned = host.plan(PUPPET, Some(&existing()), &named("a")).await.unwrap();
    assert_eq!(planned.identity, identity("1"));
    let planned = host.plan(PUPPET, Some(&existing()), &named("b")).await.unwrap();
    assert_eq!(planned.requires_replace.len(), 1);
    assert_eq!(planned.identity, identity("1"), "`id` is stable as long as the prior object is there");
}

#[tokio::test]
async fn reading_gives_an_object_its_identity_and_must_not_change_it() {
    let host = host(Puppet::default()).await;
    let (_, read) = host.read_identified(PUPPET, &existing(), None).await.unwrap();
    assert_eq!(read, identity("1"));
    let before = identity("2");
    let (outcome, _) = host.read_identified(PUPPET, &existing(), before.as_ref()).await.unwrap();
    check_error(
        &outcome.diagnostics,
        "id",
        &[PUPPET, "identity", "must not change", "fault of the provider"],
    );
}

#[tokio::test]
async fn a_half_made_object_has_an_identity_only_if_it_has_an_id() {
    for (id, wanted) in [(Value::Null, None), (text("9"), identity("9"))] {
        let apply = move |it: crate::Apply| {
            let mut object = done(it.planned.unwrap());
            object.insert("id".to_owned(), id.clone());
            let error = Diagnostic::error("Half done", "The rest is missing.");
            crate::Applied { diagnostics: error.into(), ..applied(Some(object), b"") }
        };
        let host = host(Puppet { apply: Box::new(apply), ..Puppet::default() }).await;
        let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
        let planned = crate::harness::Planned { identity: None, ..planned };
        let (result, found) = host.apply_identified(PUPPET, None, &planned, &named("a")).await.unwrap();
        assert_eq!((result.diagnostics.0.len(), found), (1, wanted));
    }
}

#[tokio::test]
async fn an_import_by_identity_needs_nothing_but_the_identity() {
    let host = host(Puppet::default()).await;
    let imported = host.import_identified(PUPPET, &object([("id", text("7"))])).await.unwrap();
    assert!(imported.diagnostics.is_empty(), "{:?}", imported.diagnostics);
    assert_eq!(imported.state.unwrap().object["id"], text("7"));
    assert_eq!(imported.identity, identity("7"));
    let imported = host.import(PUPPET, "8").await.unwrap();
    assert_eq!(imported.identity, identity("8"));
    let old = host.posing_as(Host::terraform(11));
    let refused = old.import_identified(PUPPET, &object([("id", text("7"))])).await.unwrap_err();
    assert!(refused.to_string().contains("Terraform 1.12 or later"), "{refused}");
}

#[tokio::test]
async fn an_imported_object_that_is_unknown_is_a_fault_of_the_provider() {
    let import = |_| Ok(State { object: object([("id", Value::unknown())]), private: Vec::new() });
    let host = host(Puppet { import: Box::new(import), ..Puppet::default() }).await;
    let imported = host.import(PUPPET, "8").await.unwrap();
    check_error(&imported.diagnostics, "id", &[PUPPET, "unknown", "fault of the provider"]);
}

#[tokio::test]
async fn a_stored_identity_is_upgraded_only_when_it_is_older() {
    let host = host(Puppet::default()).await;
    for (version, wanted) in [(0, "1 from version 0"), (1, "1")] {
        let (upgraded, diagnostics) =
            host.upgrade_identity(PUPPET, version, &json!({ "id": "1", "gone": true })).await.unwrap();
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(upgraded, identity(wanted));
    }
}

fn source(type_name: &str) -> MoveSource {
    MoveSource {
        address: "example.com/test/other".to_owned(),
        type_name: type_name.to_owned(),
        schema_version: 3,
        state: json!({ "key": "42" }),
        private: b"theirs".to_vec(),
        identity: None,
    }
}

#[tokio::test]
async fn an_object_of_a_known_type_is_taken_over_and_of_another_one_is_not() {
    let host = host(Puppet::default()).await;
    let taken = host.take_over(PUPPET, &source("other_thing")).await.unwrap();
    assert!(taken.diagnostics.is_empty(), "{:?}", taken.diagnostics);
    let state = taken.state.unwrap();
    assert_eq!((&state.object["id"], state.private.as_slice()), (&text("42"), &b"theirs"[..]));
    assert_eq!(taken.identity, identity("42"));
    let refused = host.take_over(PUPPET, &source("stranger")).await.unwrap();
    check_error(&refused.diagnostics, "", &["`stranger`", "example.com/test/other", PUPPET]);
    let old = host.posing_as(Host::terraform(7)).take_over(PUPPET, &source("other_thing")).await;
    assert!(matches!(old.unwrap_err(), HarnessError::HostLacks(..)));
}

#[tokio::test]
async fn configuration_is_written_without_what_the_provider_decides() {
    let host = host(Puppet::default()).await;
    let (config, diagnostics) = host.generate_config(PUPPET, &existing().object).await.unwrap();
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let config = config.unwrap();
    let written: Vec<_> = config.iter().filter(|it| !it.1.is_null()).map(|it| it.0.as_str()).collect();
    assert_eq!(written, ["name"], "`purpose` is as by default");
}

#[tokio::test]
async fn what_the_provider_puts_off_is_not_asked_of_a_resource() {
    let puppet = Puppet {
        read: Box::new(|_| panic!("not to be asked")),
        adjust: Box::new(|_| panic!("not to be asked")),
        import: Box::new(|_| panic!("not to be asked")),
        ..Puppet::default()
    };
    let cast =
        Cast { puppet: Arc::new(puppet), deferral: Some(Deferral::SettingsUnknown), ..Cast::default() };
    let host = cast_host(cast).await.posing_as(Host::terraform(15).deferring());
    let put_off = Some(Deferral::SettingsUnknown);
    let (outcome, kept) = host.read_identified(PUPPET, &existing(), identity("1").as_ref()).await.unwrap();
    assert_eq!((outcome.deferred, outcome.state, kept), (put_off, Some(existing()), identity("1")));
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    assert_eq!((planned.deferred, planned.diagnostics.is_empty()), (put_off, true));
    assert!(planned.state.unwrap()["mood"].is_unknown());
    assert_eq!(host.import(PUPPET, "1").await.unwrap().deferred, put_off);
}

#[tokio::test]
async fn a_plan_is_put_off_where_the_host_comes_back_and_refused_elsewhere() {
    let adjust = |planning: &mut crate::Planning<'_>| {
        planning.deferred = Some(Deferral::ConfigUnknown);
        Diagnostics::none()
    };
    let host = host(Puppet { adjust: Box::new(adjust), ..Puppet::default() }).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    check_error(&planned.diagnostics, "", &[PUPPET, "known after apply", "Nothing was changed"]);
    let deferring = [Host::terraform(15).deferring(), Host::opentofu(11)];
    for imitated in deferring {
        let planned = host.clone().posing_as(imitated).plan(PUPPET, None, &named("a")).await.unwrap();
        assert_eq!(planned.deferred, Some(Deferral::ConfigUnknown), "{}", imitated.name());
    }
}
