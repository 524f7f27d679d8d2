//! Whoever else connects: strangers, garbage, silence, and far too much.

use std::time::Duration;

use tf_plugin::handshake::Address;
use tf_plugin::harness::{HarnessError, HostIdentity, Running};
use tf_plugin::proto::tfplugin6 as proto;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;

use crate::{NOTE, note, scratch};

/// More than may be in the middle of a handshake at once.
const CROWD: usize = 200;

/// Far less than a handshake may take: whoever is served within this has not waited for others.
const PROMPT: Duration = Duration::from_secs(20);

async fn reachable() -> (Running, String) {
    let running = scratch().tcp().start().await.unwrap();
    let Address::Tcp(address) = running.announcement().unwrap().address.clone() else { panic!("not TCP") };
    (running, address)
}

/// Fails the test unless the host gets a connection, promptly, and an answer over it.
async fn check_served(running: &Running) {
    let client = tokio::time::timeout(PROMPT, running.connect()).await.expect("promptly").unwrap();
    assert!(client.plan(NOTE, None, &note("x")).await.unwrap().diagnostics.is_empty());
}

#[tokio::test]
async fn a_stranger_is_refused_while_the_host_goes_on_working() {
    let running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let stranger = HostIdentity::new().unwrap();
    assert!(running.connect_as(Some(&stranger)).await.is_err(), "a stranger's certificate");
    assert!(running.connect_as(None).await.is_err(), "no TLS at all");
    assert!(client.plan(NOTE, None, &note("x")).await.unwrap().diagnostics.is_empty());
    assert!(running.connect().await.is_ok(), "the host may connect once more");
}

#[tokio::test]
async fn a_crowd_that_connects_and_says_nothing_keeps_nobody_waiting() {
    let (running, address) = reachable().await;
    let mut silent = Vec::new();
    for _ in 0..CROWD {
        silent.push(TcpStream::connect(&address).await.unwrap());
    }
    check_served(&running).await;
}

#[tokio::test]
async fn garbage_is_refused_and_keeps_nobody_waiting() {
    let (running, address) = reachable().await;
    let mut texts = vec![b"GET / HTTP/1.1\r\n\r\n".to_vec(), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()];
    texts.push(vec![0xff; 100_000]);
    // A record that promises a client's greeting and stops in the middle of it.
    texts.push(vec![0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]);
    let mut open = Vec::new();
    for text in texts {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        // It may be refused before all of it is sent.
        let _ = stream.write_all(&text).await;
        open.push(stream);
    }
    check_served(&running).await;
    let mut refused = open.remove(0);
    let mut answer = Vec::new();
    // An alert or a reset, but an end.
    let _ = tokio::time::timeout(PROMPT, refused.read_to_end(&mut answer)).await.expect("it is closed");
}

#[tokio::test]
async fn garbage_in_plain_text_ends_its_own_connection_only() {
    let running = scratch().tcp().plaintext().start().await.unwrap();
    let Address::Tcp(address) = running.announcement().unwrap().address.clone() else { panic!("not TCP") };
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
    check_served(&running).await;
}

/// What validating a note of so many bytes comes to.
async fn validated(running: &Running, bytes: usize) -> Result<(), HarnessError> {
    let client = running.connect().await.unwrap();
    client.validate(NOTE, &note(&"a".repeat(bytes))).await.map(|it| assert!(it.is_empty(), "{it:?}"))
}

#[tokio::test]
async fn a_message_of_two_hundred_megabytes_is_read_and_a_larger_one_is_refused_with_both_sizes() {
    let running = scratch().start().await.unwrap();
    validated(&running, 200_000_000).await.unwrap();
    // The harness has the same limit, so that the request is made without it.
    let mut raw = running.connect().await.unwrap().raw().max_encoding_message_size(usize::MAX);
    let config = proto::DynamicValue { msgpack: vec![0; 300_000_000], json: Vec::new() };
    let request = proto::validate_resource_config::Request {
        type_name: NOTE.to_owned(),
        config: Some(config),
        ..Default::default()
    };
    let status = raw.validate_resource_config(request).await.unwrap_err();
    assert_eq!(status.code(), Code::OutOfRange, "{status:?}");
    assert!(status.message().contains("268435456"), "{status:?}");
    check_served(&running).await;
}
