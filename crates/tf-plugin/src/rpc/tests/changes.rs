//! Planning and applying.

use std::sync::Mutex;

use tf_core::{Diagnostic, Value};

use super::puppet::{applied, done};
use super::*;
use crate::convert::to;
use crate::proto::tfplugin6 as proto;
use crate::provider::{Applied, State};

fn named(name: &str) -> Object {
    object([("name", text(name))])
}

/// A thing that exists.
fn existing() -> State {
    let members = [
        ("id", text("1")),
        ("name", text("a")),
        ("purpose", text("work")),
        ("mood", text("fine")),
        ("secret_wo", Value::Null),
    ];
    State { object: object(members), private: b"stored".to_vec() }
}

#[tokio::test]
async fn a_create_is_planned_with_defaults_and_unknowns_and_then_applied() {
    let host = host(Puppet::default()).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    assert!(planned.diagnostics.is_empty(), "{:?}", planned.diagnostics);
    let state = planned.state.clone().unwrap();
    assert!(state["id"].is_unknown() && state["mood"].is_unknown());
    assert_eq!((&state["name"], &state["purpose"]), (&text("a"), &text("work")));
    let result = host.apply(PUPPET, None, &planned, &named("a")).await.unwrap();
    assert!(result.diagnostics.is_empty(), "{:?}", result.diagnostics);
    let state = result.state.unwrap();
    assert_eq!(state.object["mood"], text("known now"));
    assert_eq!(state.private, b"applied");
}

#[tokio::test]
async fn an_object_that_is_as_configured_is_planned_as_it_is() {
    let host = host(Puppet::default()).await;
    let planned = host.plan(PUPPET, Some(&existing()), &named("a")).await.unwrap();
    assert_eq!(planned.state, Some(existing().object));
    assert_eq!(planned.private, b"stored");
    assert!(planned.requires_replace.is_empty());
}

#[tokio::test]
async fn a_change_that_forces_a_replacement_says_where() {
    let host = host(Puppet::default()).await;
    let planned = host.plan(PUPPET, Some(&existing()), &named("b")).await.unwrap();
    assert_eq!(planned.requires_replace, [tf_core::Path::attribute("name")]);
}

#[tokio::test]
async fn a_deletion_is_planned_as_nothing_and_keeps_the_private_bytes() {
    let host = host(Puppet::default()).await;
    let ty = host.schema(PUPPET).unwrap().block.implied_type();
    let request = proto::plan_resource_change::Request {
        type_name: PUPPET.to_owned(),
        prior_state: Some(to::value(&Value::Map(existing().object), &ty).unwrap()),
        proposed_new_state: Some(to::value(&Value::Null, &ty).unwrap()),
        prior_private: b"stored".to_vec(),
        ..proto::plan_resource_change::Request::default()
    };
    let answer = host.raw().plan_resource_change(request).await.unwrap().into_inner();
    assert_eq!((answer.planned_state, answer.diagnostics.len()), (None, 0));
    assert_eq!(answer.planned_private, b"stored");
    let result = host.destroy(PUPPET, &existing()).await.unwrap();
    assert_eq!(result, Applied::default());
}

#[tokio::test]
async fn what_a_resource_says_about_a_planned_deletion_arrives() {
    let plan_deletion =
        |state: State| Diagnostic::warning("Careful", format!("{:?} goes.", state.private)).into();
    let host = host(Puppet { plan_deletion: Box::new(plan_deletion), ..Puppet::default() }).await;
    let ty = host.schema(PUPPET).unwrap().block.implied_type();
    let request = proto::plan_resource_change::Request {
        type_name: PUPPET.to_owned(),
        prior_state: Some(to::value(&Value::Map(existing().object), &ty).unwrap()),
        proposed_new_state: Some(to::value(&Value::Null, &ty).unwrap()),
        prior_private: vec![7],
        ..proto::plan_resource_change::Request::default()
    };
    let answer = host.raw().plan_resource_change(request).await.unwrap().into_inner();
    assert_eq!((answer.planned_state, answer.planned_private), (None, vec![7]));
    assert_eq!(answer.diagnostics[0].detail, "[7] goes.");
}

#[tokio::test]
async fn a_plan_that_terraform_would_refuse_is_a_fault_of_the_provider() {
    let adjust = |planning: &mut crate::Planning<'_>| {
        planning.plan.planned.insert("name".to_owned(), text("other"));
        Diagnostics::none()
    };
    let host = host(Puppet { adjust: Box::new(adjust), ..Puppet::default() }).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    let parts = [PUPPET, ADDRESS, "`name`", "as configured", "fault of the provider", "Nothing was changed"];
    check_error(&planned.diagnostics, "name", &parts);
}

#[tokio::test]
async fn what_a_resource_adds_while_planning_arrives() {
    let adjust = |planning: &mut crate::Planning<'_>| {
        planning.plan.planned.insert("mood".to_owned(), text("eager"));
        planning.private = b"planned".to_vec();
        Diagnostic::warning("Careful", "It is eager.").into()
    };
    let host = host(Puppet { adjust: Box::new(adjust), ..Puppet::default() }).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    assert_eq!(planned.state.unwrap()["mood"], text("eager"));
    assert_eq!(planned.private, b"planned");
    assert_eq!(planned.diagnostics, Diagnostic::warning("Careful", "It is eager.").into());
}

/// Applies a create with a resource that answers so.
async fn created(answer: impl Fn(Object) -> Applied + Send + Sync + 'static) -> Applied {
    let apply = Box::new(move |it: crate::Apply| answer(it.planned.unwrap_or_default()));
    let host = host(Puppet { apply, ..Puppet::default() }).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    host.apply(PUPPET, None, &planned, &named("a")).await.unwrap()
}

#[tokio::test]
async fn after_an_error_what_is_there_is_kept_and_what_is_unknown_is_null() {
    let error = Diagnostic::error("Half done", "The rest is missing.");
    let answer = error.clone();
    let result = created(move |planned| Applied {
        diagnostics: answer.clone().into(),
        ..applied(Some(planned), b"half")
    });
    let result = result.await;
    assert_eq!(result.diagnostics, error.into());
    let state = result.state.unwrap();
    assert_eq!((&state.object["name"], &state.object["id"]), (&text("a"), &Value::Null));
    assert_eq!(state.private, b"half");
}

#[tokio::test]
async fn a_result_that_breaks_the_plan_is_a_fault_of_the_provider_and_is_stored_all_the_same() {
    let result = created(|planned| {
        let mut object = done(planned);
        object.insert("name".to_owned(), text("other"));
        applied(Some(object), b"")
    });
    let result = result.await;
    check_error(&result.diagnostics, "name", &[PUPPET, "`name`", "must not change", "the state holds"]);
    assert_eq!(result.state.unwrap().object["name"], text("other"));
}

#[tokio::test]
async fn a_result_that_spells_the_plan_in_another_way_keeps_the_plan() {
    let adjust = |planning: &mut crate::Planning<'_>| {
        planning.plan.planned.insert("mood".to_owned(), text("Eager"));
        Diagnostics::none()
    };
    let apply = |it: crate::Apply| {
        let mut object = done(it.planned.unwrap_or_default());
        object.insert("mood".to_owned(), text("EAGER"));
        applied(Some(object), b"")
    };
    let puppet = Puppet { adjust: Box::new(adjust), apply: Box::new(apply), ..Puppet::default() };
    let host = host(puppet).await;
    let planned = host.plan(PUPPET, None, &named("a")).await.unwrap();
    let result = host.apply(PUPPET, None, &planned, &named("a")).await.unwrap();
    assert!(result.diagnostics.is_empty(), "{:?}", result.diagnostics);
    assert_eq!(result.state.unwrap().object["mood"], text("Eager"));
}

#[tokio::test]
async fn a_result_that_is_unknown_or_absent_without_an_error_is_a_fault_of_the_provider() {
    let result = created(|planned| {
        let mut object = done(planned);
        object.insert("mood".to_owned(), Value::unknown());
        applied(Some(object), b"")
    });
    let result = result.await;
    check_error(&result.diagnostics, "mood", &[PUPPET, "nothing may be unknown after apply"]);
    assert_eq!(result.state.unwrap().object["mood"], Value::Null);

    let result = created(|_| Applied::default()).await;
    check_error(&result.diagnostics, "", &[PUPPET, "to be there and is not"]);
    assert_eq!(result.state, None);
}

#[tokio::test]
async fn a_deleted_object_that_is_still_there_is_a_fault_of_the_provider() {
    let apply = |it: crate::Apply| applied(it.prior, b"");
    let host = host(Puppet { apply: Box::new(apply), ..Puppet::default() }).await;
    let result = host.destroy(PUPPET, &existing()).await.unwrap();
    check_error(&result.diagnostics, "", &[PUPPET, "to be deleted and is still there"]);
    assert_eq!(result.state.unwrap().object, existing().object);
}

#[tokio::test]
async fn a_result_with_members_that_the_schema_does_not_have_is_refused() {
    let result = created(|planned| {
        let mut object = done(planned);
        object.insert("nonsense".to_owned(), text("x"));
        applied(Some(object), b"")
    });
    let result = result.await;
    check_error(
        &result.diagnostics,
        "nonsense",
        &[PUPPET, "does not fit its schema", "fault of the provider"],
    );
}

#[tokio::test]
async fn write_only_values_reach_the_resource_and_nothing_else() {
    let seen = Arc::new(Mutex::new(None));
    let note = Arc::clone(&seen);
    let apply = move |it: crate::Apply| {
        let secret = it.config.unwrap_or_default().remove("secret_wo");
        let mut object = done(it.planned.unwrap_or_default());
        // A careless resource hands it back.
        object.insert("secret_wo".to_owned(), secret.clone().unwrap_or(Value::Null));
        *note.lock().unwrap() = secret;
        applied(Some(object), b"")
    };
    let host = host(Puppet { apply: Box::new(apply), ..Puppet::default() }).await;
    let config = object([("name", text("a")), ("secret_wo", text("hush"))]);
    let planned = host.plan(PUPPET, None, &config).await.unwrap();
    assert_eq!(planned.state.as_ref().unwrap()["secret_wo"], Value::Null);
    let result = host.apply(PUPPET, None, &planned, &config).await.unwrap();
    assert!(result.diagnostics.is_empty(), "{:?}", result.diagnostics);
    assert_eq!(result.state.unwrap().object["secret_wo"], Value::Null);
    assert_eq!(*seen.lock().unwrap(), Some(text("hush")));
}
