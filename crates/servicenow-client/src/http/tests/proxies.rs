//! Requests through a proxy, and proxies that do not let them through.

use super::*;
use crate::proxy::Proxy;

/// Settings that reach `url` through a proxy of this machine.
fn through(port: u16, url: &str) -> HttpTransport {
    let instance = InstanceUrl::parse(url, true).unwrap();
    let address = Secret::new(format!("http://user:planted@127.0.0.1:{port}"));
    let proxy = ProxyChoice::Given(Proxy::parse(&address, &["excepted.invalid".to_owned()]).unwrap());
    HttpTransport::new(HttpSettings { proxy, ..HttpSettings::new(instance) })
}

async fn check_proxy(port: u16, url: &str, kind: Cause, parts: &[&str]) {
    let error = through(port, url).send(&request()).await.unwrap_err();
    assert_eq!((error.sent, error.kind), (false, kind), "{error}");
    for part in parts {
        assert!(error.reason.contains(part), "{part} is missing in {error}");
    }
    assert!(!error.reason.contains("planted"), "{error}");
}

#[tokio::test]
async fn a_request_goes_through_the_proxy_with_its_credentials() {
    let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{\"result\":[]}";
    let (plain, server) = serve(Behaviour::Answer(answer), 1).await;
    let port = plain.base.rsplit(':').next().unwrap().parse().unwrap();
    let response = through(port, "http://instance.invalid").send(&request()).await.unwrap();
    assert_eq!(response.status, 200);
    let received = server.await.unwrap().remove(0).to_lowercase();
    assert!(received.starts_with("get http://instance.invalid/api/now/table/sys_alias?"), "{received}");
    assert!(received.contains("proxy-authorization: basic "), "{received}");
}

#[tokio::test]
async fn a_host_that_is_excepted_is_reached_without_the_proxy() {
    check_proxy(1, "http://excepted.invalid", Cause::Name, &["`excepted.invalid`"]).await;
}

#[tokio::test]
async fn a_proxy_that_is_not_there_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for url in ["https://instance.invalid", "http://instance.invalid"] {
        check_proxy(port, url, Cause::Proxy, &[&format!("127.0.0.1:{port}"), "cannot be reached"]).await;
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named() {
    for status in ["407 Proxy Authentication Required", "403 Forbidden", "502 Bad Gateway"] {
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let (plain, _server) = serve(Behaviour::Answer(Box::leak(answer.into_boxed_str())), 1).await;
        let port = plain.base.rsplit(':').next().unwrap().parse().unwrap();
        check_proxy(
            port,
            "https://instance.invalid",
            Cause::Proxy,
            &["did not connect to `instance.invalid`"],
        )
        .await;
    }
}
