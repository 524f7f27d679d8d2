//! The instance over a socket: the same answers, lost ones, late ones, and the simulator's own paths.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::answer::tests::open_empty;
use crate::{Fault, FaultKind};

/// Serves an instance and gives its address.
async fn served(simulator: &Simulator) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(simulator.clone(), listener));
    address
}

/// All that comes back until the connection ends.
async fn ask(simulator: &Simulator, address: SocketAddr, method: &str, target: &str, body: &str) -> String {
    let (name, proof) = simulator.authorization();
    let text = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\n{name}: {proof}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A cut connection may end with an error; what came before it is what counts.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

fn body_of(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn the_table_api_answers_over_http() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    let created =
        ask(&simulator, address, "POST", "/api/now/table/http_connection", r#"{"name":"order intake é"}"#)
            .await;
    assert!(created.starts_with("HTTP/1.1 201 Created\r\n"), "{created}");
    assert!(created.contains("content-type: application/json;charset=UTF-8\r\n"), "{created}");
    let query = "sysparm_query=name%3Dorder+intake%20%C3%A9&sysparm_fields=name";
    let found = ask(&simulator, address, "GET", &format!("/api/now/table/http_connection?{query}"), "").await;
    assert_eq!(body_of(&found), json!({"result": [{"name": "order intake é"}]}));
    let head = ask(&simulator, address, "HEAD", "/api/now/table/http_connection", "").await;
    assert!(head.contains("x-total-count: 1\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    let options = ask(&simulator, address, "OPTIONS", "/api/now/table/http_connection", "").await;
    assert!(options.starts_with("HTTP/1.1 405"), "{options}");
}

#[tokio::test]
async fn a_lost_answer_ends_the_connection_without_a_byte() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    simulator.fault(Fault::next(FaultKind::LostAfter).on_method("POST"));
    let lost = ask(&simulator, address, "POST", "/api/now/table/sys_alias", r#"{"name":"orders"}"#).await;
    assert_eq!(lost, "");
    assert_eq!(simulator.rows("sys_alias").len(), 1);
    let next = ask(&simulator, address, "GET", "/api/now/table/sys_alias", "").await;
    assert!(next.starts_with("HTTP/1.1 200 OK\r\n"), "{next}");
}

#[tokio::test]
async fn latency_holds_an_answer_back() {
    let simulator = open_empty(&[("latency_ms", "150")]);
    let address = served(&simulator).await;
    let begin = Instant::now();
    ask(&simulator, address, "GET", "/api/now/table/sys_alias", "").await;
    assert!(begin.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn the_simulators_own_paths_need_no_password() {
    let simulator = open_empty(&[("password2_write", "always")]);
    let address = served(&simulator).await;
    let target = "/api/now/table/basic_auth_credentials";
    let created = ask(&simulator, address, "POST", target, r#"{"name":"orders","password":"s3cret"}"#).await;
    let sys_id = body_of(&created)["result"]["sys_id"].as_str().unwrap().to_owned();
    let secret = format!("/_sim/secret?table=basic_auth_credentials&sys_id={sys_id}&column=password");
    for (method, target, body, expected) in [
        ("GET", "/_sim/health", "", r#"{"status":"up"}"#),
        ("GET", secret.as_str(), "", r#"{"value":"s3cret"}"#),
        ("POST", "/_sim/settings", r#"{"one_active_rule":"none","latency_ms":3}"#, r#""latency_ms":"3""#),
        ("GET", "/_sim/settings", "", r#""one_active_rule":"none""#),
        (
            "POST",
            "/_sim/settings",
            r#"{"one_active_rule":"refuse","latency":1}"#,
            "there is no setting `latency`",
        ),
        ("GET", "/_sim/settings", "", r#""one_active_rule":"none""#),
        (
            "POST",
            "/_sim/faults",
            r#"{"kind":"lost_after","path_contains":"never"}"#,
            r#""kind":"lost_after""#,
        ),
        ("POST", "/_sim/faults", r#"[{"kind":"lost_after","at":0}]"#, "count from 1"),
        ("POST", "/_sim/faults", r#"{"kind":"earthquake"}"#, "No fault was planned"),
        ("GET", "/_sim/faults", "", r#""path_contains":"never""#),
        ("DELETE", "/_sim/faults", "", "204 No Content"),
        (
            "GET",
            "/_sim/journal",
            "",
            r#""path":"/api/now/table/basic_auth_credentials","status":201,"user":"admin""#,
        ),
        ("DELETE", "/_sim/journal", "", "204 No Content"),
        ("GET", "/_sim/journal", "", "\r\n\r\n[]"),
        ("GET", "/_sim/nowhere", "", "The simulator has no such path"),
    ] {
        let answer = ask(&simulator, address, method, target, body).await;
        assert!(answer.contains(expected), "{method} {target}: {answer}");
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_in_the_platforms_words() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    let body = "x".repeat(10 * 1024 * 1024 + 1);
    let answer = ask(&simulator, address, "POST", "/api/now/table/sys_alias", &body).await;
    assert!(answer.contains("Rejected large REST payload with content-length = 10485761 bytes"), "{answer}");
}

#[tokio::test]
async fn a_cut_body_promises_more_than_comes() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    simulator.fault(Fault::next(FaultKind::CutBody { after_bytes: Some(5) }));
    let answer = ask(&simulator, address, "GET", "/api/now/table/sys_user_role", "").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let length: usize =
        head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    assert!(length > 5 && head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!(body, r#"{"res"#);
}

#[tokio::test]
async fn a_dripping_body_comes_whole_but_late() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    simulator.fault(Fault::next(FaultKind::Drip { bytes: 20, every_ms: 50 }));
    let begin = Instant::now();
    let answer = ask(&simulator, address, "GET", "/api/now/table/sys_scope?sysparm_fields=sys_id", "").await;
    let body = body_of(&answer).to_string();
    let drops = u32::try_from(body.len().div_ceil(20)).unwrap();
    assert!(drops > 1 && begin.elapsed() >= Duration::from_millis(50) * drops, "{body}");
}

#[tokio::test]
async fn a_reset_is_no_orderly_end() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    for (kind, rows) in [(FaultKind::ResetBefore, 0), (FaultKind::ResetAfter, 1)] {
        simulator.fault(Fault::next(kind));
        let (name, proof) = simulator.authorization();
        let body = r#"{"name":"orders"}"#;
        let text = format!(
            "POST /api/now/table/sys_alias HTTP/1.1\r\nHost: localhost\r\n{name}: {proof}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert_eq!(simulator.rows("sys_alias").len(), rows);
    }
}

#[tokio::test]
async fn a_page_of_a_stranger_cannot_control() {
    let simulator = open_empty(&[]);
    let address = served(&simulator).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let text = "DELETE /_sim/journal HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("not this machine"), "{answer}");
}
