//! Real clients, unmodified: curl with the recipes that people write down, and a published library.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use acceptance_tests::root;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::started::{PASSWORD, Started, output};

/// The library, at a version that stays.
const LIBRARY: &str = "pysnow==0.7.17";

/// What curl prints, with the head of the answer.
fn curl(started: &Started, arguments: &[&str], target: &str) -> String {
    let mut command = Command::new("curl");
    command.args(["--silent", "--show-error", "--include", "--globoff", "--max-time", "30"]);
    command.args(["--user", &format!("admin:{PASSWORD}")]).args(arguments);
    output(command.arg(format!("{}{target}", started.text("url"))))
}

#[track_caller]
fn check(started: &Started, arguments: &[&str], target: &str, expected: &[&str]) -> String {
    let answer = curl(started, arguments, target);
    for part in expected {
        assert!(answer.contains(part), "no `{part}` for {target}: {answer}");
    }
    answer
}

#[test]
fn curl_creates_reads_changes_and_deletes_a_record() {
    let started = Started::with(&["--fixture", "empty"]);
    let json = ["--header", "Accept: application/json", "--header", "Content-Type: application/json"];
    let id = "aaaabbbbccccddddeeeeffff00001111";
    let body = format!(r#"{{"sys_id":"{id}","name":"orders","active":false,"bunk_field":"x"}}"#);
    let record = format!("/api/now/table/http_connection/{id}");
    let location = format!("location: {}{record}", started.text("url"));
    let post = [&json[..], &["--data", &body]].concat();
    check(
        &started,
        &post,
        "/api/now/table/http_connection",
        &["HTTP/1.1 201", &location, r#""active":"false""#],
    );
    check(&started, &json, &record, &["HTTP/1.1 200", r#""name":"orders""#, r#""sys_mod_count":"0""#]);
    for (verb, host) in [("PATCH", "one.example"), ("PUT", "two.example")] {
        let body = format!(r#"{{"host":"{host}"}}"#);
        let change = [&json[..], &["--request", verb, "--data", &body]].concat();
        check(&started, &change, &record, &["HTTP/1.1 200", host, r#""name":"orders""#]);
    }
    check(&started, &["--head"], &record, &["HTTP/1.1 200"]);
    check(&started, &["--request", "DELETE"], &record, &["HTTP/1.1 204"]);
    check(
        &started,
        &[],
        &record,
        &["HTTP/1.1 404", r#""message":"No Record found""#, r#""status":"failure""#],
    );
}

#[test]
fn curl_pages_through_a_table() {
    let started = Started::with(&[]);
    let base = "/api/now/table/sys_user_role?sysparm_query=ORDERBYname&sysparm_fields=name";
    let first = check(
        &started,
        &[],
        &format!("{base}&sysparm_limit=2"),
        &["x-total-count: ", r#"rel="next""#, r#"rel="first""#, r#"rel="last""#],
    );
    assert_eq!(first.matches(r#""name""#).count(), 2, "{first}");
    assert!(!first.contains(r#"rel="prev""#), "{first}");
    check(&started, &[], &format!("{base}&sysparm_limit=2&sysparm_offset=2"), &[r#"rel="prev""#]);
    let quiet = curl(&started, &[], &format!("{base}&sysparm_suppress_pagination_header=true"));
    assert!(!quiet.contains("link: "), "{quiet}");
}

#[test]
fn curl_sees_every_shape_of_a_value() {
    let started = Started::with(&[]);
    let base =
        "/api/now/table/http_connection?sysparm_query=nameLIKEblue&sysparm_fields=active,connection_alias";
    check(&started, &[], base, &[r#""active":"true""#, r#""link":"http"#, r#""value":""#]);
    let plain = check(&started, &[], &format!("{base}&sysparm_exclude_reference_link=true"), &[]);
    assert!(!plain.contains(r#""link""#), "{plain}");
    check(&started, &[], &format!("{base}&sysparm_display_value=true"), &[r#""display_value":"#]);
    let all = format!("{base}&sysparm_display_value=all");
    check(&started, &[], &all, &[r#""active":{"display_value":"true","value":"true"}"#]);
    // An unknown column in a query is ignored: the whole table comes.
    check(&started, &[], "/api/now/table/http_connection?sysparm_query=bogus=1", &["x-total-count: 8"]);
}

#[test]
fn curl_is_refused_in_the_platforms_words() {
    let started = Started::with(&[]);
    let nobody = ["--user", "admin:wrong"];
    let told =
        ["HTTP/1.1 401", r#""message":"User Not Authenticated""#, "Required to provide Auth information"];
    check(&started, &nobody, "/api/now/table/sys_alias", &told);
    check(&started, &[], "/api/now/table/bogus", &["HTTP/1.1 400", "Invalid table bogus"]);
    check(&started, &[], "/api/nowhere", &["HTTP/1.1 400", "Requested URI does not represent any resource"]);
    let desk = ["--user", "service.desk:service-desk-password", "--request", "POST", "--data", "{}"];
    let json = [&desk[..], &["--header", "Content-Type: application/json"]].concat();
    check(&started, &json, "/api/now/table/sys_alias", &["HTTP/1.1 403"]);
}

#[test]
fn curl_retries_when_it_is_told_to_wait() {
    let started = Started::with(&[]);
    let fault = r#"{"kind":{"status":{"status":429,"retry_after_s":1}},"times":2}"#;
    assert_eq!(started.control("POST", "/_sim/faults", fault).0, 200);
    let answer =
        check(&started, &["--retry", "3"], "/api/now/table/sys_alias?sysparm_limit=1", &["HTTP/1.1 200"]);
    assert_eq!(answer.matches("HTTP/1.1 429").count(), 2, "{answer}");
    assert!(answer.contains("retry-after: 1") && answer.contains("x-ratelimit-limit: "), "{answer}");
}

/// The records that the processor JSONv2 answers, asked as the provider in Go does: the parameter has no value, the query
/// is not escaped, and every request has the same three headers.
fn processor(started: &Started, method: &str, target: &str, body: &str) -> Vec<Value> {
    let proof = STANDARD.encode(format!("admin:{PASSWORD}"));
    let answer = started.say(
        format!(
            "{method} /{target} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: terraform-provider-servicenow\r\nConnection: close\r\n\
             Content-Length: {}\r\nAccept: application/json\r\nAuthorization: Basic {proof}\r\nContent-Type: application/json\r\n\r\n{body}",
            body.len()
        )
        .as_bytes(),
    );
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    body["records"].as_array().unwrap_or_else(|| panic!("{body}")).clone()
}

/// A record with everything that the provider sends, over its life.
fn lives(started: &Started, table: &str, sent: &Value, changed: (&str, &str)) -> String {
    let created =
        processor(started, "POST", &format!("{table}.do?JSONv2&sysparm_action=insert"), &sent.to_string());
    assert_eq!((created.len(), &created[0]["__status"]), (1, &json!("success")), "{table}: {created:?}");
    for (column, value) in sent.as_object().unwrap() {
        if !column.contains("password") {
            assert_eq!(&created[0][column], value, "{table}.{column}");
        }
    }
    let id = created[0]["sys_id"].as_str().unwrap().to_owned();
    let by_id = format!("{table}.do?JSONv2&sysparm_query=sys_id={id}");
    assert_eq!(processor(started, "GET", &by_id, ""), created);
    let mut whole = sent.clone();
    whole["sys_id"] = json!(id);
    whole[changed.0] = json!(changed.1);
    let update = format!("{table}.do?JSONv2&sysparm_action=update&sysparm_query=sys_id={id}");
    assert_eq!(processor(started, "POST", &update, &whole.to_string())[0]["__status"], "success");
    assert_eq!(processor(started, "GET", &by_id, "")[0][changed.0], changed.1, "{table}");
    id
}

#[test]
fn the_requests_of_the_provider_in_go_create_read_change_and_delete() {
    let started = Started::with(&["--fixture", "empty"]);
    let alias = json!({
        "sys_scope": "global", "name": "orders", "parent": "", "type": "connection", "connection_type": "http_connection",
        "multiple_connections": "false", "retry_policy": "", "configuration_template": "",
    });
    let alias = lives(&started, "sys_alias", &alias, ("name", "intake"));
    let credential =
        json!({"name": "orders", "order": "100", "user_name": "robot", "password": "planted", "tag": alias});
    let credential = lives(&started, "basic_auth_credentials", &credential, ("user_name", "other"));
    let connection = json!({
        "name": "blue", "active": "true", "credential": credential, "connection_alias": alias,
        "connection_url": "https://blue.example", "use_mid": "false", "mid_selection": "auto_select", "mid_server": "",
    });
    let connection = lives(&started, "http_connection", &connection, ("active", "false"));
    let jdbc = json!({
        "name": "store", "active": "true", "credential": "", "connection_alias": "", "database_name": "", "jdbc_driver": "",
        "connection_url": "jdbc:mysql://localhost:3306/tfacc", "use_mid": "false", "mid_selection": "auto_select", "mid_server": "",
    });
    let jdbc = lives(&started, "jdbc_connection", &jdbc, ("connection_url", "jdbc:own"));
    let twin = processor(
        &started,
        "POST",
        "sys_alias.do?JSONv2&sysparm_action=insert",
        r#"{"name":"intake","type":"connection"}"#,
    );
    assert_eq!(twin[0]["__status"], "failure");
    assert!(twin[0]["__error"]["reason"].as_str().unwrap().contains("aborted by Business Rule"), "{twin:?}");
    let named = processor(&started, "GET", "sys_alias.do?JSONv2&sysparm_query=name=intake", "");
    assert_eq!(named[0]["sys_id"], alias);
    for (table, id) in [
        ("http_connection", connection),
        ("jdbc_connection", jdbc),
        ("basic_auth_credentials", credential),
        ("sys_alias", alias),
    ] {
        let delete = format!("{table}.do?JSONv2&sysparm_action=deleteRecord&sysparm_sys_id={id}");
        assert_eq!(processor(&started, "POST", &delete, "")[0]["__status"], "success");
        assert!(
            processor(&started, "GET", &format!("{table}.do?JSONv2&sysparm_query=sys_id={id}"), "")
                .is_empty()
        );
    }
}

/// The folder with the library, which pip fills when it is not there yet.
fn library() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = root().join("target/python");
        let version = LIBRARY.replace("==", "-");
        if !folder.join(format!("{version}.dist-info")).exists() {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"]).arg(&folder).arg(LIBRARY);
            output(&mut pip);
        }
        folder
    })
}

#[test]
fn a_published_library_for_python_works_unmodified() {
    let started = Started::with(&[]);
    let script = root().join("acceptance-tests/tests/simulator/library.py");
    let mut python = Command::new("python3");
    python.arg(script).args([started.authority(), "admin", PASSWORD]).env("PYTHONPATH", library());
    assert_eq!(output(&mut python).trim_end(), "done");
}
