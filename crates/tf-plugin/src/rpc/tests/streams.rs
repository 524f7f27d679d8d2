//! Lists and actions: streams that end as they should.

use std::sync::atomic::{AtomicUsize, Ordering};

use tf_core::{Diagnostic, Value};

use super::cast::{Cast, OTHER, host};
use super::*;
use crate::harness::{Host, Listed, Wish};
use crate::provider::{ActionPlan, Deferral, Enough, Found};

fn config() -> Object {
    object([("name", text("a"))])
}

fn thing(number: usize) -> Object {
    object([("id", text(&number.to_string())), ("name", text("found"))])
}

/// A list of so many things, and how many of them were asked for.
fn of_things(amount: usize) -> (Cast, Arc<AtomicUsize>) {
    let handed_out = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&handed_out);
    let cast = Cast {
        list: Box::new(move |_, listing| {
            let count = Arc::clone(&count);
            Box::pin(async move {
                for number in 0..amount {
                    if listing.found(Found::new(format!("thing {number}"), thing(number))).await
                        == Err(Enough)
                    {
                        break;
                    }
                    count.fetch_add(1, Ordering::SeqCst);
                }
                Diagnostics::none()
            })
        }),
        ..Cast::default()
    };
    (cast, handed_out)
}

async fn listed(cast: Cast, wish: Wish) -> Vec<Listed> {
    host(cast).await.list(PUPPET, &config(), wish).await.unwrap()
}

#[tokio::test]
async fn everything_that_is_found_arrives_with_its_identity() {
    let listed = listed(of_things(3).0, Wish::default()).await;
    let names: Vec<_> = listed.iter().map(|it| it.display_name.as_str()).collect();
    assert_eq!(names, ["thing 0", "thing 1", "thing 2"]);
    assert_eq!(listed[2].identity, Some(object([("id", text("2"))])));
    assert!(listed.iter().all(|it| it.object.is_none() && it.diagnostics.is_empty()));
}

#[tokio::test]
async fn whole_objects_come_when_they_are_wanted() {
    let listed = listed(of_things(1).0, Wish { whole: true, ..Wish::default() }).await;
    let object = listed[0].object.as_ref().unwrap();
    assert_eq!((&object["name"], &object["purpose"], object.len()), (&text("found"), &Value::Null, 5));
}

#[tokio::test]
async fn no_more_is_passed_on_than_the_limit_and_the_search_ends() {
    let (cast, handed_out) = of_things(usize::MAX);
    let listed = listed(cast, Wish { limit: 7, ..Wish::default() }).await;
    assert_eq!(listed.len(), 7);
    assert!(handed_out.load(Ordering::SeqCst) < 100);
}

#[tokio::test]
async fn a_host_that_has_enough_ends_the_search() {
    /// Says when it is dropped.
    struct Until(tokio::sync::mpsc::Sender<&'static str>);

    impl Drop for Until {
        fn drop(&mut self) {
            self.0.try_send("ended").unwrap();
        }
    }

    let (ended, mut was_ended) = tokio::sync::mpsc::channel(1);
    let cast = Cast {
        list: Box::new(move |_, listing| {
            let until = Until(ended.clone());
            Box::pin(async move {
                // Gone when the search is, even if it is busy with something else.
                let _until = until;
                let _ = listing.found(Found::new("the only one", thing(1))).await;
                std::future::pending().await
            })
        }),
        ..Cast::default()
    };
    let host = host(cast).await;
    let listed = host.list(PUPPET, &config(), Wish { stop_after: Some(1), ..Wish::default() }).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(was_ended.recv().await, Some("ended"));
}

/// Lists with a search that does so with its first find.
async fn first(found: impl Fn() -> Found + Send + Sync + 'static) -> Listed {
    let found = Arc::new(found);
    let cast = Cast {
        list: Box::new(move |_, listing| {
            let found = Arc::clone(&found);
            Box::pin(async move {
                let _ = listing.found(found()).await;
                Diagnostics::none()
            })
        }),
        ..Cast::default()
    };
    listed(cast, Wish { whole: true, ..Wish::default() }).await.remove(0)
}

#[tokio::test]
async fn a_find_that_breaks_a_rule_is_a_fault_of_the_provider() {
    let unknown = first(|| Found::new("x", object([("id", text("1")), ("mood", Value::unknown())]))).await;
    check_error(&unknown.diagnostics, "mood", &[PUPPET, "unknown", "fault of the provider"]);
    let nobody = first(|| Found::new("x", object([("name", text("a"))]))).await;
    check_error(&nobody.diagnostics, "", &[PUPPET, "identity", "fault of the provider"]);
    let nonsense = first(|| Found::new("x", object([("id", text("1")), ("nonsense", Value::Null)]))).await;
    check_error(&nonsense.diagnostics, "nonsense", &[PUPPET, "does not fit its schema"]);
    let panicked = first(|| panic!("search")).await;
    check_error(&panicked.diagnostics, "", &[PUPPET, "ListResource", "panic"]);
}

#[tokio::test]
async fn what_a_search_says_comes_at_its_end() {
    let warning = Diagnostic::warning("Slow", "It took long.");
    let answer = warning.clone();
    let cast = Cast {
        list: Box::new(move |_, _| {
            let answer = answer.clone();
            Box::pin(async move { answer.into() })
        }),
        ..Cast::default()
    };
    let listed = listed(cast, Wish::default()).await;
    assert_eq!(listed, [Listed { diagnostics: warning.into(), ..Listed::default() }]);
}

#[tokio::test]
async fn an_action_tells_how_far_it_is_and_ends_with_its_messages() {
    let error = Diagnostic::error("Not done", "It is late.");
    let answer = error.clone();
    let cast = Cast {
        invoke: Box::new(move |config, telling| {
            let answer = answer.clone();
            Box::pin(async move {
                for number in 0..40 {
                    telling.tell(format!("{} {number}", config["name"].as_str().unwrap())).await;
                }
                answer.into()
            })
        }),
        ..Cast::default()
    };
    let invoked = host(cast).await.invoke(OTHER, &config()).await.unwrap();
    assert_eq!((invoked.lines.len(), invoked.lines[39].as_str()), (40, "a 39"));
    assert_eq!(invoked.diagnostics, error.into());
}

#[tokio::test]
async fn an_action_that_panics_ends_with_a_message() {
    let cast = Cast { invoke: Box::new(|_, _| panic!("action")), ..Cast::default() };
    let invoked = host(cast).await.invoke(OTHER, &config()).await.unwrap();
    check_error(&invoked.diagnostics, "", &[OTHER, "InvokeAction", "panic"]);
}

#[tokio::test]
async fn an_action_goes_on_when_nobody_listens_any_more() {
    let (done, mut was_done) = tokio::sync::mpsc::channel(1);
    let (go_on, may_go_on) = tokio::sync::watch::channel(false);
    let cast = Cast {
        invoke: Box::new(move |_, telling| {
            let (done, mut may_go_on) = (done.clone(), may_go_on.clone());
            Box::pin(async move {
                telling.tell("begun").await;
                may_go_on.wait_for(|it| *it).await.unwrap();
                for _ in 0..100 {
                    telling.tell("to nobody").await;
                }
                done.send("to its end").await.unwrap();
                Diagnostics::none()
            })
        }),
        ..Cast::default()
    };
    let host = host(cast).await;
    let request = crate::proto::tfplugin6::invoke_action::Request {
        action_type: OTHER.to_owned(),
        ..Default::default()
    };
    let mut events = host.raw().invoke_action(request).await.unwrap().into_inner();
    assert!(events.message().await.unwrap().is_some());
    drop(events);
    go_on.send(true).unwrap();
    assert_eq!(was_done.recv().await, Some("to its end"));
}

#[tokio::test]
async fn an_action_is_planned_and_put_off_where_the_host_comes_back() {
    let warning = Diagnostic::warning("Careful", "It is loud.");
    let planned = ActionPlan { diagnostics: warning.clone().into(), ..ActionPlan::default() };
    let client = host(Cast { plan: Box::new(move |_| planned.clone()), ..Cast::default() }).await;
    assert_eq!(client.plan_action(OTHER, &config()).await.unwrap(), warning.into());
    let put_off = |_| ActionPlan { deferred: Some(Deferral::SettingsUnknown), ..ActionPlan::default() };
    let client = host(Cast { plan: Box::new(put_off), ..Cast::default() }).await;
    let diagnostics = client.plan_action(OTHER, &config()).await.unwrap();
    check_error(&diagnostics, "", &[OTHER, "settings of the provider", "-target"]);
    let client = client.posing_as(Host::terraform(15).deferring());
    assert!(client.plan_action(OTHER, &config()).await.unwrap().is_empty());
}
