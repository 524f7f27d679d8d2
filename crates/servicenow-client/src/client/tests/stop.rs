//! What a stop does to requests at every stage.

use super::*;

#[tokio::test]
async fn after_a_stop_no_request_starts() {
    let (script, client) = scenario(vec![]);
    client.clone().stop();
    assert!(client.is_stopped());
    assert_eq!(client.get(&table(), &id(), &[]).await.unwrap_err().kind, Kind::Stopped);
    assert_eq!(client.create(&table(), &id(), &cells(), &[]).await.unwrap_err().kind, Kind::Stopped);
    assert_eq!(client.delete(&table(), &id()).await.unwrap_err().kind, Kind::Stopped);
    assert_eq!((script.asked(), script.waits()), (vec![], vec![]));
}

#[tokio::test]
async fn a_stop_ends_a_wait_at_once() {
    for (scenes, kind) in [
        (vec![(PATCH, ok(429, ""))], Kind::Stopped),
        (vec![(PATCH, Play::Unreachable(Cause::Tcp))], Kind::Stopped),
        (vec![(PATCH, Play::Lost)], Kind::Lost),
    ] {
        let (script, client) = scenario(scenes);
        script.endless_from_ms.store(0, Ordering::SeqCst);
        let stopper = client.clone();
        let work = async { client.update(&table(), &id(), &cells(), &[], WriteStyle::DisplayValues).await };
        let (updated, ()) = tokio::join!(work, async {
            script.hanging.notified().await;
            stopper.stop()
        });
        assert_eq!(updated.unwrap_err().kind, kind);
        script.finish();
    }
}

#[tokio::test]
async fn a_request_in_flight_ends_after_a_grace_and_a_write_stays_uncertain() {
    for (scene, expected) in [(GET, Kind::Stopped), (DELETE, Kind::Lost)] {
        let (script, client) = scenario(vec![(scene, Play::Hang)]);
        let stopper = client.clone();
        let work = async {
            if scene == GET {
                client.get(&table(), &id(), &[]).await.map(|_| ())
            } else {
                client.delete(&table(), &id()).await.map(|_| ())
            }
        };
        let (ended, ()) = tokio::join!(work, async {
            script.hanging.notified().await;
            stopper.stop()
        });
        assert_eq!((ended.unwrap_err().kind, script.waits()), (expected, vec![5_000]));
    }
}

#[tokio::test]
async fn an_answer_within_the_grace_counts() {
    let (script, client) = scenario(vec![(POST, ok(201, row("orders")))]);
    script.endless_from_ms.store(0, Ordering::SeqCst);
    let stopper = client.clone();
    let work = async { client.create(&table(), &id(), &cells(), &[]).await };
    let (created, ()) = tokio::join!(work, async {
        assert_eq!(script.asked().len(), 1, "the request is under way");
        stopper.stop();
    });
    assert_eq!(created.unwrap().text("name"), "orders");
}

#[tokio::test]
async fn a_stop_lets_requests_that_wait_for_their_turn_go() {
    let (script, client) = scenario((0..4).map(|_| (GET, Play::Hang)).collect());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let client = client.clone();
        tasks.spawn(async move { client.get(&table(), &id(), &[]).await.map_err(|it| it.kind) });
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    client.stop();
    let ended = tasks.join_all().await;
    assert!(ended.iter().all(|it| *it == Err(Kind::Stopped)), "{ended:?}");
    assert_eq!(script.asked().len(), 4);
}

#[tokio::test]
async fn an_insistent_client_begins_requests_after_a_stop() {
    let (script, client) = scenario(vec![
        (PATCH, ok(429, "")),
        (PATCH, ok(200, row("orders"))),
        (GET, Play::Answer(429, vec![("Retry-After", "60")], String::new())),
        (DELETE, Play::Hang),
        (GET, Play::Hang),
    ]);
    script.endless_from_ms.store(5_000, Ordering::SeqCst);
    client.stop();
    let client = client.insistent();
    let style = WriteStyle::DisplayValues;
    assert!(client.update(&table(), &id(), &cells(), &[], style).await.is_ok());
    // It does not wait for longer than a person would.
    assert_eq!(client.get(&table(), &id(), &[]).await.unwrap_err().kind, Kind::Throttled);
    // Nor does a request in flight take longer than any other, and its outcome is still looked up.
    script.endless_from_ms.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(client.delete(&table(), &id()).await.unwrap_err().kind, Kind::Lost);
    script.finish();
}
