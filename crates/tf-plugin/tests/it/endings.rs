//! How the process ends, and what does not end it.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tf_plugin::handshake::Address;
use tf_plugin::harness::Running;
use tonic::Code;

use crate::{NOTE, note, scratch};

/// That it ends by itself is what is tested. How soon it does without anything in the way is a constant of the program; on a
/// busy machine that says little about when somebody notices.
const SOON: Duration = Duration::from_secs(20);

/// Long enough to see that it goes on. A busy machine can only make this test kinder, never fail it.
const A_WHILE: Duration = Duration::from_millis(500);

fn signal(name: &str, running: &Running) {
    let sent = Command::new("kill").args([name, &running.process_id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn socket(running: &Running) -> String {
    match &running.announcement().unwrap().address {
        Address::Unix(path) => path.clone(),
        Address::Tcp(address) => panic!("{address} is no Unix socket"),
    }
}

#[test]
fn started_by_hand_it_explains_itself() {
    let output = scratch().command().env_remove("TF_PLUGIN_MAGIC_COOKIE").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let text = String::from_utf8(output.stderr).unwrap();
    for part in ["provider `example.com/test/scratch`", "started by", "terraform init", "documentation"] {
        assert!(text.contains(part), "{part:?} in:\n{text}");
    }
}

#[test]
fn a_broken_certificate_from_the_host_is_named() {
    let output = scratch().command().env("PLUGIN_CLIENT_CERT", "nonsense").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("PLUGIN_CLIENT_CERT"), "{text}");
}

#[tokio::test]
async fn ctrl_c_does_not_end_it_and_shutdown_does() {
    let mut running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let socket = socket(&running);
    signal("-INT", &running);
    assert_eq!(running.exited_within(A_WHILE).await, None);
    client.stop().await.unwrap();
    assert!(client.plan(NOTE, None, &note("x")).await.unwrap().diagnostics.is_empty());
    assert!(Path::new(&socket).exists());
    client.shutdown().await.unwrap();
    let status = running.exited_within(SOON).await.expect("it ended");
    assert!(status.success(), "{status}");
    assert!(!Path::new(&socket).exists());
}

/// The signals that a process has handlers for, as Linux tells: one bit for each, from the lowest.
#[cfg(target_os = "linux")]
fn minded(process_id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process_id}/status")).unwrap();
    let line = status.lines().find_map(|it| it.strip_prefix("SigCgt:")).unwrap();
    u64::from_str_radix(line.trim(), 16).unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn ctrl_c_may_be_pressed_in_the_very_moment_of_the_handshake() {
    const INTERRUPT: u64 = 1 << (2 - 1);
    for _ in 0..5 {
        let running = scratch().start().await.unwrap();
        assert_ne!(minded(running.process_id()) & INTERRUPT, 0, "the signal would have ended it");
    }
}

#[tokio::test]
async fn shutdown_does_not_wait_for_streams_that_the_host_keeps_open() {
    use tf_plugin::proto::plugin::grpc_broker_client::GrpcBrokerClient;
    use tf_plugin::proto::plugin::grpc_stdio_client::GrpcStdioClient;
    let mut running = scratch().start().await.unwrap();
    let client = running.connect().await.unwrap();
    let mut output = GrpcStdioClient::new(client.channel()).stream_stdio(()).await.unwrap().into_inner();
    let mut broker = GrpcBrokerClient::new(client.channel());
    let offers = broker.start_stream(tokio_stream::pending()).await.unwrap();
    client.shutdown().await.unwrap();
    assert!(matches!(output.message().await, Ok(None)), "the silent stream ends in an orderly way");
    assert!(running.exited_within(SOON).await.is_some());
    drop(offers);
}

#[tokio::test]
async fn the_signal_to_terminate_ends_it_tidily() {
    let mut running = scratch().start().await.unwrap();
    let _client = running.connect().await.unwrap();
    let socket = socket(&running);
    signal("-TERM", &running);
    assert!(running.exited_within(SOON).await.is_some());
    assert!(!Path::new(&socket).exists());
}

#[tokio::test]
async fn a_connection_that_closes_does_not_end_it_while_its_host_lives() {
    let mut running = scratch().start().await.unwrap();
    drop(running.connect().await.unwrap());
    assert_eq!(running.exited_within(A_WHILE).await, None);
    assert!(running.connect().await.is_ok());
}

/// How a host goes.
enum Death {
    /// It comes to its end without a word to the plugin.
    Natural,
    /// `kill -9`.
    Violent,
}

/// Starts the plugin from a shell that stands for the host, which ends when it has read a line or is killed.
async fn check_ends_with_its_host(death: Death) {
    let plugin = scratch().plaintext().tcp().command();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg("\"$0\" & read line").arg(plugin.get_program()).env_clear();
    shell.envs(plugin.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut host = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut output = host.stdout.take().unwrap();
    let mut line = Vec::new();
    while line.last() != Some(&b'\n') {
        let mut byte = [0];
        output.read_exact(&mut byte).unwrap();
        line.extend(byte);
    }
    let line = String::from_utf8(line).unwrap();
    let address = line.split('|').nth(3).unwrap().to_owned();
    let connection = tokio::net::TcpStream::connect(&address).await.unwrap();
    match death {
        Death::Natural => drop(host.stdin.take()),
        Death::Violent => host.kill().unwrap(),
    }
    host.wait().unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok(), "somebody is connected still");
    drop(connection);
    // The end of its output is the end of the process: nobody else holds it.
    let ended = tokio::task::spawn_blocking(move || output.read_to_end(&mut Vec::new()));
    let ended = tokio::time::timeout(Duration::from_secs(20), ended).await;
    ended.expect("an orphan was left").unwrap().unwrap();
}

#[tokio::test]
async fn it_ends_when_its_host_is_gone() {
    check_ends_with_its_host(Death::Natural).await;
}

#[tokio::test]
async fn it_ends_when_its_host_was_killed() {
    check_ends_with_its_host(Death::Violent).await;
}

#[tokio::test]
async fn it_says_that_it_is_well() {
    use tonic_health::pb::HealthCheckRequest;
    use tonic_health::pb::health_client::HealthClient;
    let running = scratch().start().await.unwrap();
    let mut health = HealthClient::new(running.connect().await.unwrap().channel());
    let ask = |service: &str| HealthCheckRequest { service: service.to_owned() };
    let answer = health.check(ask("plugin")).await.unwrap().into_inner();
    assert_eq!(answer.status(), tonic_health::pb::health_check_response::ServingStatus::Serving);
    assert_eq!(health.check(ask("another")).await.unwrap_err().code(), Code::NotFound);
}
