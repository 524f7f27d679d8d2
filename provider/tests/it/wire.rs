//! What the settings of the provider put on the wire, seen by a server of a few lines.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use terraform_provider_servicenow::{Environment, ServiceNow};
use tf_core::{Object, Value};
use tf_plugin::{Configure, Provider};

use crate::world::errors;

/// Signs in at a server that finds nothing, and gives the head of the first request in lower case.
async fn first_request(variables: &[(&str, &str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut bytes = vec![0; 64 * 1024];
        let length = stream.read(&mut bytes).unwrap();
        let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{\"result\":[]}";
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&bytes[..length]).to_lowercase()
    });
    let environment = Environment::from_variables(|name| match name {
        "SERVICENOW_INSTANCE_URL" => Some(url.clone()),
        _ => variables.iter().find(|it| it.0 == name).map(|it| it.1.to_owned()),
    });
    let provider = ServiceNow::new(environment);
    let names = provider.schema().block.attributes;
    let config: Object = names.into_iter().map(|it| (it.name, Value::Null)).collect();
    let problems = provider.configure(Configure { terraform_version: "1.15.5".to_owned(), config }).await;
    assert_eq!(errors(&problems), Vec::<String>::new());
    server.join().unwrap()
}

#[tokio::test]
async fn the_instance_is_told_who_asks_with_versions() {
    let version = env!("CARGO_PKG_VERSION");
    let head = first_request(&[("SERVICENOW_TOKEN", "planted")]).await;
    let expected = format!("\r\nuser-agent: terraform-provider-servicenow/{version} terraform/1.15.5\r\n");
    assert!(head.contains(&expected), "{head}");
}

#[tokio::test]
async fn each_way_to_sign_in_has_its_header_and_no_other() {
    for (variables, expected) in [
        (&[("SERVICENOW_TOKEN", "planted")][..], "authorization: bearer planted"),
        (&[("SERVICENOW_API_KEY", "planted")], "x-sn-apikey: planted"),
        // The first colon divides them: a password may hold more.
        (&[("SERVICENOW_CREDENTIALS", "me:a:b")], "authorization: basic bwu6ytpi"),
        (&[("SERVICENOW_USERNAME", "me"), ("SERVICENOW_PASSWORD", "a:b")], "authorization: basic bwu6ytpi"),
    ] {
        let head = first_request(variables).await;
        assert!(head.contains(&format!("\r\n{expected}\r\n")), "{head}");
        let proofs = ["\r\nauthorization:", "\r\nx-sn-apikey:", "\r\ncookie:"];
        assert_eq!(proofs.iter().filter(|it| head.contains(**it)).count(), 1, "{head}");
    }
}

#[tokio::test]
async fn headers_of_ones_own_go_along_with_every_request() {
    let variables = [("SERVICENOW_TOKEN", "planted"), ("SERVICENOW_HEADERS", r#"{"X-Gateway-Key": "open"}"#)];
    assert!(first_request(&variables).await.contains("\r\nx-gateway-key: open\r\n"));
}
