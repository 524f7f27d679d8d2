//! The Attachment API: files come back as they were sent.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use servicenow_core::{Method, Request, Response};

use super::{Asking, open_empty};
use crate::Simulator;
use crate::answer::header;
use crate::arrival::{Arrival, pairs};

/// Every byte there is, and a line end that a form would also have.
fn bytes() -> Vec<u8> {
    (0..=255).chain(*b"\r\n--not-the-end\r\n").collect()
}

fn send(asking: &Asking<'_>, target: &str, content_type: &str, bytes: Vec<u8>) -> Response {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut request = Request::new(Method::Post, path);
    request.query = pairs(query);
    let proof = STANDARD.encode(format!("{}:{}", asking.user_name, asking.password));
    request.headers =
        vec![header("Content-Type", content_type), header("Authorization", &format!("Basic {proof}"))];
    request.body = Some(String::from_utf8_lossy(&bytes).into_owned());
    asking.simulator.exchange(&Arrival { request, bytes, certificate: None, takes_time: true }).response
}

fn case(simulator: &Simulator) -> (Asking<'_>, String) {
    let admin = Asking::administrator(simulator);
    let alias = admin.create("sys_alias", r#"{"name":"orders"}"#);
    (admin, alias)
}

fn form(alias: &str) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, value) in [("table_name", "sys_alias"), ("table_sys_id", alias)] {
        let part = format!("--bound\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        form.extend(part.into_bytes());
    }
    let head = "--bound\r\nContent-Disposition: form-data; name=\"uploadFile\"; filename=\"key.jks\"\r\n\
                Content-Type: application/x-java-keystore\r\n\r\n";
    form.extend(head.as_bytes());
    form.extend(bytes());
    form.extend(b"\r\n--bound--\r\n");
    form
}

#[test]
fn a_file_comes_back_as_it_was_sent_in_either_way() {
    let simulator = open_empty(&[]);
    let (admin, alias) = case(&simulator);
    let target =
        format!("/api/now/attachment/file?table_name=sys_alias&table_sys_id={alias}&file_name=key.jks");
    for raw in [true, false] {
        let answer = if raw {
            send(&admin, &target, "application/x-java-keystore", bytes())
        } else {
            let kind = "multipart/form-data; boundary=bound";
            send(&admin, "/api/now/attachment/upload", kind, form(&alias))
        };
        assert_eq!(answer.status, 201, "{:?}", String::from_utf8(answer.body));
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        let known = &body["result"];
        for (column, value) in [
            ("file_name", "key.jks"),
            ("table_name", "sys_alias"),
            ("table_sys_id", alias.as_str()),
            ("content_type", "application/x-java-keystore"),
            ("size_bytes", bytes().len().to_string().as_str()),
        ] {
            assert_eq!(known[column], value, "{column}");
        }
        assert_eq!(known["hash"].as_str().unwrap().len(), 64);
        let one = format!("/api/now/attachment/{}", known["sys_id"].as_str().unwrap());
        assert_eq!(known["download_link"], format!("https://instance.example{one}/file"));
        assert_eq!(admin.json(Method::Get, &one, "")["result"], *known);
        let file = admin.ask(Method::Get, &format!("{one}/file"), "");
        assert_eq!((file.status, &file.body), (200, &bytes()));
        assert_eq!(file.header("Content-Type"), Some("application/x-java-keystore"));
        let list = format!("/api/now/attachment?sysparm_query=table_name=sys_alias^table_sys_id={alias}");
        assert_eq!(admin.column(&list, "file_name"), ["key.jks"]);
        assert_eq!(admin.status(Method::Delete, &one, ""), 204);
        assert_eq!(admin.status(Method::Get, &format!("{one}/file"), ""), 404);
        assert!(simulator.rows("sys_attachment_doc").is_empty(), "nor are its bytes kept");
    }
}

#[test]
fn a_file_needs_a_record_that_its_sender_may_write() {
    let simulator = open_empty(&[]);
    let (admin, alias) = case(&simulator);
    let user = admin.user("robot", &["connection_admin"]);
    let file = |table: &str, sys_id: &str, name: &str| {
        format!("/api/now/attachment/file?table_name={table}&table_sys_id={sys_id}&file_name={name}")
    };
    for (asking, target, status) in [
        (&admin, file("sys_alias", "aaaabbbbccccddddeeeeffff00001111", "a"), 404),
        (&admin, file("bogus", &alias, "a"), 400),
        (&admin, file("sys_alias", &alias, ""), 400),
        (&admin, "/api/now/attachment/upload".to_owned(), 400),
        (&user, file("sys_alias", &alias, "a"), 403),
        (&admin, file("sys_alias", &alias, "a"), 201),
    ] {
        assert_eq!(send(asking, &target, "text/plain", b"x".to_vec()).status, status, "{target}");
    }
    let rows = simulator.rows("sys_attachment");
    assert_eq!(rows.len(), 1);
    let nobody = admin.user("nobody", &[]);
    let one = format!("/api/now/attachment/{}/file", rows[0]["sys_id"]);
    assert_eq!(nobody.status(Method::Get, &one, ""), 404, "the record is hidden, and so is its file");
    assert_eq!(admin.status(Method::Put, &one, ""), 405);
}
