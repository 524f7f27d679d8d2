//! Tests of when the process ends, with a clock that goes on by itself when everybody waits.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

const QUICK: Patience = Patience {
    first_connection: Duration::from_millis(200),
    look: Duration::from_millis(5),
    next_connection: Duration::from_millis(200),
};

/// Long enough for anything that should not happen to happen.
const A_WHILE: Duration = Duration::from_millis(60);

fn watched(lifetime: &Lifetime, parent: fn() -> Option<u32>) {
    let lifetime = lifetime.clone();
    let host = parent();
    tokio::spawn(async move { lifetime.watch_host(QUICK, host, parent).await });
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_nobody_comes() {
    let lifetime = Lifetime::new(Owner::Host);
    watched(&lifetime, || None);
    assert_eq!(lifetime.ended().await, Ending::NobodyCame);
}

#[tokio::test(start_paused = true)]
async fn it_goes_on_while_somebody_is_connected_or_may_come_back() {
    let lifetime = Lifetime::new(Owner::Host);
    let first = lifetime.connection();
    watched(&lifetime, || Some(1));
    assert!(timeout(2 * QUICK.next_connection, lifetime.ended()).await.is_err(), "connected");
    drop(first);
    assert!(timeout(A_WHILE, lifetime.ended()).await.is_err(), "the host may come back");
    let second = lifetime.connection();
    assert!(timeout(2 * QUICK.next_connection, lifetime.ended()).await.is_err(), "it came back");
    drop(second);
    assert_eq!(lifetime.ended().await, Ending::HostGone);
}

#[tokio::test(start_paused = true)]
async fn it_ends_soon_after_the_parent_process_and_the_connection_are_gone() {
    static PARENT: AtomicU32 = AtomicU32::new(7);
    let lifetime = Lifetime::new(Owner::Host);
    let connection = lifetime.connection();
    watched(&lifetime, || Some(PARENT.load(Ordering::SeqCst)));
    PARENT.store(1, Ordering::SeqCst);
    assert!(timeout(A_WHILE, lifetime.ended()).await.is_err(), "still connected");
    drop(connection);
    assert_eq!(timeout(A_WHILE, lifetime.ended()).await, Ok(Ending::HostGone));
}

#[tokio::test(start_paused = true)]
async fn the_first_reason_counts() {
    let lifetime = Lifetime::new(Owner::Host);
    lifetime.end(Ending::Shutdown);
    lifetime.end(Ending::Terminated);
    assert_eq!(lifetime.ended().await, Ending::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn it_ends_when_the_host_dies_before_it_ever_connects() {
    static PARENT: AtomicU32 = AtomicU32::new(7);
    let lifetime = Lifetime::new(Owner::Host);
    watched(&lifetime, || Some(PARENT.load(Ordering::SeqCst)));
    PARENT.store(1, Ordering::SeqCst);
    assert_eq!(timeout(A_WHILE, lifetime.ended()).await, Ok(Ending::HostGone));
}

#[tokio::test(start_paused = true)]
async fn only_a_person_ends_what_a_person_owns() {
    let lifetime = Lifetime::new(Owner::Person);
    for ending in [Ending::Shutdown, Ending::HostGone, Ending::NobodyCame] {
        lifetime.end(ending);
    }
    assert!(timeout(A_WHILE, lifetime.ended()).await.is_err());
    lifetime.end(Ending::Interrupted);
    assert_eq!(lifetime.ended().await, Ending::Interrupted);
}
