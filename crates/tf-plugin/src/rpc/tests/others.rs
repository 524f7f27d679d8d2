//! Data sources and ephemeral resources.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tf_core::{Diagnostic, Value};

use super::cast::{Cast, OTHER, answered, host};
use super::*;
use crate::harness::{HarnessError, Host};
use crate::provider::{DataOutcome, Deferral, Opened, Renewed};

fn asked() -> Object {
    object([("name", text("a"))])
}

fn whole() -> Object {
    object([("answer", text("here it is")), ("more", Value::Null), ("name", text("a"))])
}

/// Reads a data source that answers so.
async fn read(answer: impl Fn(Object) -> DataOutcome + Send + Sync + 'static) -> DataOutcome {
    let host = host(Cast { data: Box::new(answer), ..Cast::default() }).await;
    host.read_data(OTHER, &asked()).await.unwrap()
}

/// Opens an ephemeral resource that answers so.
async fn opened(answer: impl Fn(Object) -> Opened + Send + Sync + 'static) -> Opened {
    let host = host(Cast { open: Box::new(answer), ..Cast::default() }).await;
    host.open(OTHER, &asked()).await.unwrap()
}

#[tokio::test]
async fn what_was_looked_up_arrives_whole() {
    let outcome = read(|config| answered(config).into()).await;
    assert_eq!((outcome.object, outcome.diagnostics.is_empty()), (Some(whole()), true));
    // What is left out is null.
    let outcome = read(|_| asked().into()).await;
    assert_eq!(outcome.object.unwrap()["answer"], Value::Null);
}

#[tokio::test]
async fn a_lookup_that_breaks_a_rule_is_a_fault_of_the_provider() {
    let outcome = read(|mut config| {
        config.insert("answer".to_owned(), Value::unknown());
        config.into()
    });
    check_error(&outcome.await.diagnostics, "answer", &[OTHER, ADDRESS, "unknown", "fault of the provider"]);
    let outcome = read(|_| DataOutcome::default()).await;
    check_error(&outcome.diagnostics, "", &[OTHER, "no object", "fault of the provider"]);
    let outcome = read(|mut config| {
        config.insert("nonsense".to_owned(), Value::Null);
        config.into()
    });
    check_error(&outcome.await.diagnostics, "nonsense", &[OTHER, "does not fit its schema"]);
    let outcome = read(|_| panic!("lookup")).await;
    check_error(&outcome.diagnostics, "", &[OTHER, "ReadDataSource", "panic"]);
}

#[tokio::test]
async fn what_a_lookup_says_arrives_and_an_error_needs_no_object() {
    let error = Diagnostic::error("Not found", "There is none.");
    let answer = error.clone();
    let outcome = read(move |_| Diagnostics::from(answer.clone()).into()).await;
    assert_eq!((outcome.object, outcome.diagnostics), (None, error.into()));
}

#[tokio::test]
async fn every_kind_is_validated_by_its_schema_and_by_itself() {
    let warning = Diagnostic::warning("Careful", "It is hot.");
    let answer = warning.clone();
    let host = host(Cast { validate: Box::new(move |_| answer.clone().into()), ..Cast::default() }).await;
    let config = asked();
    assert_eq!(host.validate_data_source(OTHER, &config).await.unwrap(), warning.clone().into());
    assert_eq!(host.validate_ephemeral(OTHER, &config).await.unwrap(), warning.clone().into());
    assert_eq!(host.validate_list(PUPPET, &config).await.unwrap(), warning.clone().into());
    assert_eq!(host.validate_action(OTHER, &config).await.unwrap(), warning.into());
}

#[tokio::test]
async fn an_ephemeral_resource_is_opened_renewed_and_closed() {
    let closed = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&closed);
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400);
    let cast = Cast {
        open: Box::new(move |config| Opened {
            result: Some(answered(config)),
            private: b"opened".to_vec(),
            renew_at: Some(later),
            ..Opened::default()
        }),
        renew: Some(Box::new(move |private| Renewed {
            private: [private, b" and renewed".to_vec()].concat(),
            renew_at: None,
            diagnostics: Diagnostics::none(),
        })),
        close: Some(Box::new(move |private| {
            note.lock().unwrap().push(private);
            Diagnostics::none()
        })),
        ..Cast::default()
    };
    let host = host(cast).await;
    let opened = host.open(OTHER, &asked()).await.unwrap();
    assert_eq!((opened.result, opened.renew_at), (Some(whole()), Some(later)));
    let renewed = host.renew(OTHER, &opened.private).await.unwrap();
    assert_eq!((renewed.private.as_slice(), renewed.renew_at), (&b"opened and renewed"[..], None));
    assert!(host.close(OTHER, &opened.private).await.unwrap().is_empty());
    assert_eq!(*closed.lock().unwrap(), [b"opened".to_vec()]);
}

#[tokio::test]
async fn what_cannot_be_closed_is_closed_without_a_word_and_what_cannot_be_renewed_must_not_run_out() {
    let host = host(Cast::default()).await;
    assert!(host.close(OTHER, b"").await.unwrap().is_empty());
    check_error(&host.renew(OTHER, b"").await.unwrap().diagnostics, "", &[OTHER, "cannot be renewed"]);
    let opened = opened(|config| Opened {
        result: Some(answered(config)),
        renew_at: Some(SystemTime::UNIX_EPOCH),
        ..Opened::default()
    });
    check_error(&opened.await.diagnostics, "", &[OTHER, "cannot be renewed", "fault of the provider"]);
}

#[tokio::test]
async fn an_opened_object_that_breaks_a_rule_is_a_fault_of_the_provider() {
    let changed = opened(|mut config| {
        config.insert("name".to_owned(), text("other"));
        Opened { result: Some(answered(config)), ..Opened::default() }
    });
    check_error(&changed.await.diagnostics, "name", &[OTHER, "as configured", "fault of the provider"]);
    let added = opened(|mut config| {
        config.insert("more".to_owned(), text("of it"));
        Opened { result: Some(answered(config)), ..Opened::default() }
    });
    check_error(&added.await.diagnostics, "more", &[OTHER, "not computed", "fault of the provider"]);
    let unknown = opened(|mut config| {
        config.insert("answer".to_owned(), Value::unknown());
        Opened { result: Some(config), ..Opened::default() }
    });
    check_error(&unknown.await.diagnostics, "answer", &[OTHER, "unknown"]);
    check_error(&opened(|_| Opened::default()).await.diagnostics, "", &[OTHER, "no object"]);
    check_error(&opened(|_| panic!("open")).await.diagnostics, "", &["OpenEphemeralResource", "panic"]);
}

#[tokio::test]
async fn a_host_that_does_not_come_back_gets_an_error_instead_of_a_deferral() {
    let put_off = |_| DataOutcome { deferred: Some(Deferral::Missing), ..DataOutcome::default() };
    let cast = Cast { data: Box::new(put_off), ..Cast::default() };
    let host = host(cast).await;
    let outcome = host.read_data(OTHER, &asked()).await.unwrap();
    check_error(
        &outcome.diagnostics,
        "",
        &[OTHER, "does not exist yet", "-target", "Terraform 1.9 or later"],
    );
    let outcome = host.posing_as(Host::terraform(15).deferring()).read_data(OTHER, &asked()).await.unwrap();
    assert_eq!((outcome.deferred, outcome.diagnostics.is_empty()), (Some(Deferral::Missing), true));
    let object = outcome.object.unwrap();
    assert_eq!((&object["name"], object["answer"].is_unknown()), (&text("a"), true));
}

#[tokio::test]
async fn a_host_without_ephemeral_resources_is_named_with_the_version_it_takes() {
    let host = host(Cast::default()).await.posing_as(Host::terraform(9));
    let refused = host.open(OTHER, &asked()).await.unwrap_err();
    assert!(matches!(refused, HarnessError::HostLacks(..)), "{refused}");
    assert!(refused.to_string().contains("Terraform 1.10 or later (OpenTofu 1.11 or later)"), "{refused}");
}
