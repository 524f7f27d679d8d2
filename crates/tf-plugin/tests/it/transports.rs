//! Over which ways a host can reach the plugin, and who cannot.

use std::time::Duration;

use tf_plugin::handshake::Address;
use tf_plugin::harness::Launch;

use crate::{NOTE, note, number, scratch};

async fn check(launch: Launch) {
    let running = launch.start().await.unwrap();
    let client = running.connect().await.unwrap();
    assert_eq!(client.type_names(), [NOTE]);
    let planned = client.plan(NOTE, None, &note("hello")).await.unwrap();
    let applied = client.apply(NOTE, None, &planned, &note("hello")).await.unwrap();
    assert!(applied.diagnostics.is_empty(), "{:?}", applied.diagnostics);
    assert_eq!(applied.state.unwrap().object["length"], number(5));
}

#[tokio::test]
async fn a_host_reaches_the_plugin_over_a_unix_socket_with_tls() {
    check(scratch()).await;
}

#[tokio::test]
async fn a_host_reaches_the_plugin_over_a_unix_socket_in_plain_text() {
    check(scratch().plaintext()).await;
}

#[tokio::test]
async fn a_host_reaches_the_plugin_over_tcp_with_tls() {
    check(scratch().tcp()).await;
}

#[tokio::test]
async fn a_host_reaches_the_plugin_over_tcp_in_plain_text() {
    check(scratch().tcp().plaintext()).await;
}

#[tokio::test]
async fn the_handshake_line_names_what_was_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let running = scratch().env("PLUGIN_UNIX_SOCKET_DIR", directory.path()).start().await.unwrap();
    let announcement = running.announcement().unwrap();
    let Address::Unix(path) = &announcement.address else { panic!("{announcement:?}") };
    assert!(path.starts_with(directory.path().to_str().unwrap()), "{path}");
    assert!(announcement.certificate.is_some());
    assert!(running.started_in() > Duration::ZERO);

    let running = scratch().tcp().plaintext().start().await.unwrap();
    let announcement = running.announcement().unwrap();
    let Address::Tcp(address) = &announcement.address else { panic!("{announcement:?}") };
    let port: u16 = address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!((10_000..=25_000).contains(&port), "{port}");
    assert_eq!(announcement.certificate, None);
}

#[tokio::test]
async fn a_message_of_twenty_megabytes_passes_in_both_directions() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let config = note(&"a".repeat(20_000_000));
    let planned = client.plan(NOTE, None, &config).await.unwrap();
    assert_eq!(planned.state.unwrap()["text"], config["text"]);
}

#[tokio::test]
async fn ten_calls_at_once_are_all_answered() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let calls = (0..10).map(|it| {
        let client = client.clone();
        tokio::spawn(async move { client.plan(NOTE, None, &note(&it.to_string())).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap().unwrap().diagnostics.is_empty());
    }
}
