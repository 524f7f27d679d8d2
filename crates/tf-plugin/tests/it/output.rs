//! Standard output after the handshake: silent, whatever the provider does.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::Duration;

use tf_plugin::handshake::Announcement;
use tf_plugin::harness::Client;

use crate::{NOTE, note, scratch};

#[tokio::test]
async fn what_a_resource_prints_does_not_reach_the_host() {
    let mut command = scratch().plaintext().command();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let announcement = Announcement::parse(&line).unwrap();
    let value = tf_plugin::debug::value("a/b", child.id(), &announcement.address);
    let client = Client::attached(&value, "a/b").await.unwrap();
    let planned = client.plan(NOTE, None, &note("print")).await.unwrap();
    assert!(client.apply(NOTE, None, &planned, &note("print")).await.unwrap().diagnostics.is_empty());
    client.shutdown().await.unwrap();
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "nothing may follow the handshake line");
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    for said in ["printed by the provider", "printed by a program of its own"] {
        assert!(errors.contains(said), "{said:?} went to standard error instead:\n{errors}");
    }
    assert!(child.wait().unwrap().success());
}

#[tokio::test]
async fn the_host_sees_its_end_of_the_output_close_only_with_the_process() {
    let mut child = scratch().plaintext().command().stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    let closed = tokio::task::spawn_blocking(move || output.read_to_end(&mut Vec::new()));
    let mut closed = closed;
    assert!(tokio::time::timeout(Duration::from_millis(300), &mut closed).await.is_err(), "it stays open");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(closed.await.unwrap().unwrap(), 0);
}

#[test]
fn a_host_of_another_protocol_is_told_which_versions_do() {
    let mut command = scratch().plaintext().command();
    command.env("PLUGIN_PROTOCOL_VERSIONS", "4,5").stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("1|6|"), "the host compares the versions itself: {line}");
    let mut error = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut error).unwrap();
    for part in ["[ERROR]", "example.com/test/scratch", "version 6", "`4,5`", "Terraform 1.0"] {
        assert!(error.contains(part), "{part:?} in {error}");
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
