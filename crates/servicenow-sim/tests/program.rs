//! The program `servicenow-sim` from outside: its one line, its rows over a restart, its complaints.

#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on fails, and makes its own files"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// A running program, ended when the test is over.
struct Running {
    child: Child,
    line: Value,
}

impl Running {
    fn start(arguments: &[&str]) -> Running {
        let mut child = program(arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Running { child, line: serde_json::from_str(&line).unwrap() }
    }

    fn text(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap()
    }

    fn get(&self, target: &str) -> String {
        let address = self.text("url").strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_servicenow-sim"));
    command.args(arguments).env_remove("SERVICENOW_SIM_PASSWORD");
    command
}

fn ended(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

#[test]
fn one_line_says_where_it_is_and_how_to_sign_in() {
    let running =
        Running::start(&["--listen", "127.0.0.1:0", "--set", "one_active_rule=refuse", "--latency-ms", "1"]);
    assert!(running.text("url").starts_with("http://127.0.0.1:") && !running.text("url").ends_with(":0"));
    assert_eq!(running.text("username"), "admin");
    assert!(running.text("password").len() >= 16);
    let settings = running.get("/_sim/settings");
    assert!(settings.contains(r#""one_active_rule":"refuse""#) && settings.contains(r#""latency_ms":"1""#));
    assert!(running.get("/api/now/table/sys_alias").starts_with("HTTP/1.1 401 "));
}

#[test]
fn a_data_file_keeps_the_password() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("instance.db");
    let arguments = ["--listen", "127.0.0.1:0", "--data", path.to_str().unwrap(), "--fixture", "empty"];
    let password = |running: Running| running.text("password").to_owned();
    let first = password(Running::start(&arguments));
    assert_eq!(password(Running::start(&arguments)), first);
    assert!(Path::new(&path).exists());
}

#[test]
fn a_wrong_argument_is_explained() {
    for (arguments, expected) in [
        (["--set", "one_active_rule=sometimes"], "it takes cascade, refuse, none"),
        (["--set", "weather=fine"], "there is no setting `weather`"),
        (["--set", "latency_ms"], "KEY=VALUE"),
        (["--fixture", "nowhere.json"], "`nowhere.json` cannot be read"),
    ] {
        let output = ended(&[&arguments[..], &["--listen", "127.0.0.1:0"]].concat());
        let complaint = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && complaint.contains(expected), "{complaint}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_program_lists_its_settings_and_tables() {
    for (arguments, expected) in [
        (&["settings"][..], "one_active_rule = cascade\n"),
        (&["tables"], "http_connection "),
        (&["tables", "http_connection"], "connection_url"),
    ] {
        let output = ended(arguments);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains(expected), "{arguments:?}: {said}");
    }
    let unknown = ended(&["tables", "sys_nothing"]);
    assert!(!unknown.status.success() && String::from_utf8_lossy(&unknown.stderr).contains("`sys_nothing`"));
}

#[test]
fn applications_and_tables_of_ones_own_are_installed_when_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tables.json");
    let tables = r#"{"tables": [{"name": "x_acme_order", "label": "Order", "columns": []}]}"#;
    std::fs::write(&path, tables).unwrap();
    let all = ["--listen", "127.0.0.1:0", "--app", "unifi", "--tables", path.to_str().unwrap()];
    let running = Running::start(&all);
    for table in ["x_snd_eb_integration", "x_acme_order"] {
        let page = running.get(&format!("/_sim/page/table/{table}"));
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    }
    let plain = Running::start(&["--listen", "127.0.0.1:0"]);
    assert!(plain.get("/_sim/page/table/x_snd_eb_integration").starts_with("HTTP/1.1 404"));
    let output = ended(&["--listen", "127.0.0.1:0", "--app", "unify"]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(complaint.contains("unify") && complaint.contains("unifi"), "{complaint}");
}

#[test]
fn a_file_of_users_says_who_can_sign_in() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("people.json");
    let people = r#"[{"user_name": "robot", "password": "robot-password", "roles": ["connection_admin", "own_role"]},
                     {"user_name": "admin", "password": "chosen"}]"#;
    std::fs::write(&path, people).unwrap();
    let running = Running::start(&[
        "--listen",
        "127.0.0.1:0",
        "--fixture",
        "empty",
        "--user-file",
        path.to_str().unwrap(),
    ]);
    assert_eq!(running.text("password"), "chosen");
    for (table, expected) in [("sys_user", "robot"), ("sys_user_has_role", "own_role")] {
        let page = running.get(&format!("/_sim/page/table/{table}"));
        assert!(page.contains(expected), "{page}");
    }
    std::fs::write(&path, r#"[{"user_name": "robot"}]"#).unwrap();
    let output = ended(&["--listen", "127.0.0.1:0", "--user-file", path.to_str().unwrap()]);
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaint.contains("people.json") && complaint.contains("missing field `password`"),
        "{complaint}"
    );
}

#[test]
fn with_tls_the_line_names_the_file_that_clients_trust() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("instance.db");
    let running = Running::start(&["--listen", "127.0.0.1:0", "--tls", "--data", data.to_str().unwrap()]);
    assert!(running.text("url").starts_with("https://127.0.0.1:"));
    let authority = Path::new(running.text("ca_file"));
    assert_eq!(authority, directory.path().join("instance.tls").join("ca.pem"));
    assert!(std::fs::read_to_string(authority).unwrap().contains("BEGIN CERTIFICATE"));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_it_with_success() {
    for signal in ["-INT", "-TERM"] {
        let mut running = Running::start(&["--listen", "127.0.0.1:0"]);
        let id = running.child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        assert!(running.child.wait().unwrap().success(), "{signal}");
    }
}
