//! The transport against a server of a few lines on this machine.

mod encrypted;
mod proxies;
mod wire;

use std::sync::Arc;

use servicenow_core::{Kind, Secret, answer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;
use crate::{Authenticator, Signed};

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Behaviour {
    /// Answers with these bytes.
    Answer(&'static str),
    /// Takes the request and closes the connection.
    Close,
    /// Takes the request and says nothing.
    Silence,
}

/// A transport to a server with that behaviour, and the requests that it receives.
async fn serve(behaviour: Behaviour, connections: usize) -> (HttpTransport, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move {
        let mut received = Vec::new();
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 64 * 1024];
            let length = stream.read(&mut bytes).await.unwrap();
            received.push(String::from_utf8_lossy(&bytes[..length]).into_owned());
            match behaviour {
                Behaviour::Answer(answer) => stream.write_all(answer.as_bytes()).await.unwrap(),
                Behaviour::Close => {}
                Behaviour::Silence => tokio::time::sleep(Duration::from_secs(3)).await,
            }
        }
        received
    });
    (transport(port), server)
}

fn transport(port: u16) -> HttpTransport {
    let instance = InstanceUrl::parse(&format!("http://127.0.0.1:{port}"), false).unwrap();
    HttpTransport::new(HttpSettings {
        request_timeout: Duration::from_millis(700),
        ..HttpSettings::new(instance)
    })
}

/// The same transport as somebody who signs in.
fn signed(transport: HttpTransport) -> Signed {
    Signed::over(Arc::new(transport), Authenticator::basic("user", "planted"), Arc::new(|| 0))
}

fn request() -> Request {
    let mut request = Request::new(Method::Get, "/api/now/table/sys_alias");
    request.query.push(("sysparm_query".to_owned(), "name=a b^active=true".to_owned()));
    request.headers.push(("Accept".to_owned(), "application/json".to_owned()));
    request
}

#[tokio::test]
async fn a_request_is_signed_from_the_first_and_carries_no_cookie() {
    let answer = "HTTP/1.1 200 OK\r\nSet-Cookie: JSESSIONID=abc\r\nContent-Type: application/json\r\n\
                  X-Total-Count: 0\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{\"result\":[]}";
    let (transport, server) = serve(Behaviour::Answer(answer), 2).await;
    let transport = signed(transport);
    for _ in 0..2 {
        let response = transport.send(&request()).await.unwrap();
        assert_eq!((response.status, response.header("x-total-count")), (200, Some("0")));
        assert_eq!(response.body, b"{\"result\":[]}");
    }
    for received in server.await.unwrap() {
        let lower = received.to_lowercase();
        assert!(received.starts_with(
            "GET /api/now/table/sys_alias?sysparm_query=name%3Da%20b%5Eactive%3Dtrue HTTP/1.1\r\n"
        ));
        assert!(received.contains("Basic dXNlcjpwbGFudGVk\r\n"), "{received}");
        assert!(lower.contains("\r\naccept: application/json\r\n"), "{received}");
        assert!(lower.contains("\r\nuser-agent: servicenow-client/"), "{received}");
        assert!(!lower.contains("cookie"), "{received}");
    }
}

#[tokio::test]
async fn a_body_travels_as_it_was_built() {
    let answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let (transport, server) = serve(Behaviour::Answer(answer), 1).await;
    let mut request = Request::new(Method::Patch, "/api/now/table/sys_alias/x");
    request.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    request.body = Some(r#"{"name":"ü"}"#.to_owned());
    assert_eq!(transport.send(&request).await.unwrap().status, 204);
    let received = server.await.unwrap().remove(0);
    assert!(received.starts_with("PATCH ") && received.ends_with("\r\n\r\n{\"name\":\"ü\"}"), "{received}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer =
        "HTTP/1.1 302 Found\r\nLocation: /login.do\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    let (transport, server) = serve(Behaviour::Answer(answer), 1).await;
    let response = transport.send(&request()).await.unwrap();
    assert_eq!(answer::classify(&request(), &response).unwrap_err().kind, Kind::NotServiceNow);
    assert_eq!(server.await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_page_arrives_as_what_it_is() {
    let answer =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>Welcome</title>";
    let (transport, _server) = serve(Behaviour::Answer(answer), 1).await;
    let response = transport.send(&request()).await.unwrap();
    assert_eq!(answer::classify(&request(), &response).unwrap_err().kind, Kind::NotServiceNow);
}

/// Where a request fails, and that its error shows neither secret nor query.
async fn check_failure(transport: HttpTransport, sent: bool, kind: Cause) {
    let transport = signed(transport);
    let error = transport.send(&request()).await.unwrap_err();
    assert_eq!((error.sent, error.kind), (sent, kind), "{error}");
    for hidden in ["planted", "dXNlcjpwbGFudGVk", "active"] {
        assert!(!format!("{error:?}").contains(hidden), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_may_have_taken_effect() {
    let (transport, _server) = serve(Behaviour::Silence, 1).await;
    check_failure(transport, true, Cause::Timeout).await;
}

#[tokio::test]
async fn a_connection_that_closes_before_the_answer_may_have_taken_effect() {
    let (transport, _server) = serve(Behaviour::Close, 1).await;
    check_failure(transport, true, Cause::Lost).await;
}

#[tokio::test]
async fn a_body_that_breaks_off_may_have_taken_effect() {
    let answer = "HTTP/1.1 201 Created\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{\"result\":";
    let (transport, _server) = serve(Behaviour::Answer(answer), 1).await;
    check_failure(transport, true, Cause::Lost).await;
}

#[tokio::test]
async fn a_refused_connection_took_no_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    check_failure(transport(port), false, Cause::Tcp).await;
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls_took_no_effect() {
    let (plain, _server) = serve(Behaviour::Answer("HTTP/1.1 400 Bad Request\r\n\r\n"), 1).await;
    let instance = InstanceUrl::parse(&plain.base.replace("http://", "https://"), false).unwrap();
    let transport = HttpTransport::new(HttpSettings { instance, ..plain.settings });
    check_failure(transport, false, Cause::Tls(TlsFault::NotTls)).await;
}

#[tokio::test]
async fn an_unknown_host_name_took_no_effect() {
    let instance = InstanceUrl::parse("https://nowhere.invalid", false).unwrap();
    let error = HttpTransport::new(HttpSettings::new(instance)).send(&request()).await.unwrap_err();
    assert_eq!((error.sent, error.kind), (false, Cause::Name), "{error}");
    assert!(error.reason.contains("`nowhere.invalid`"), "{error}");
}

#[tokio::test]
async fn headers_of_ones_own_travel_with_every_request_and_are_not_printed() {
    let answer = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let (plain, server) = serve(Behaviour::Answer(answer), 1).await;
    let header = ExtraHeader::new("X-Gateway-Key", Secret::new("planted-key")).unwrap();
    let settings = HttpSettings { headers: vec![header], ..plain.settings };
    assert!(!format!("{settings:?}").contains("planted-key"));
    HttpTransport::new(settings).send(&request()).await.unwrap();
    let received = server.await.unwrap().remove(0);
    assert!(received.contains("x-gateway-key: planted-key\r\n"), "{received}");
}

#[test]
fn a_header_that_proves_who_asks_is_marked_as_a_secret() {
    for (name, expected) in
        [("Authorization", true), ("x-sn-apikey", true), ("X-Orders-Key", true), ("Accept", false)]
    {
        let (_, value) = header(name, "planted").unwrap();
        assert_eq!(value.is_sensitive(), expected, "{name}");
        assert_eq!(format!("{value:?}").contains("planted"), !expected, "{name}");
    }
    let error = header("Authorization", "a\nb").unwrap_err();
    assert_eq!((error.sent, error.kind), (false, Cause::Url));
}

#[test]
fn chance_stays_within_its_bounds_and_ids_differ() {
    let transport = transport(1);
    let numbers: Vec<f64> = (0..1_000).map(|_| transport.random()).collect();
    assert!(numbers.iter().all(|it| (0.0..1.0).contains(it)));
    assert!(numbers.iter().any(|it| *it < 0.25) && numbers.iter().any(|it| *it > 0.75));
    assert_ne!(transport.new_sys_id(), transport.new_sys_id());
}
