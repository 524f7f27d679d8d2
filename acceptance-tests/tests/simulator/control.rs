//! The simulator's own paths, as a drill uses them over HTTP.

use serde_json::json;

use crate::started::{Started, output};

#[test]
fn it_listens_on_this_machine_only_and_says_so_when_told_otherwise() {
    let quiet = Started::with(&[]);
    assert!(quiet.address().ip().is_loopback());
    drop(quiet);
    let mut command = std::process::Command::new(acceptance_tests::Binaries::built().simulator());
    command.args(["--listen", "0.0.0.0:0", "--password", "x"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    child.kill().unwrap();
    let said = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(complaint.contains("Other machines can reach this instance at 0.0.0.0:"), "{complaint}");
    assert!(complaint.contains("Only this machine can control it."), "{complaint}");
    assert!(line.contains("http://127.0.0.1:"), "{line}");
}

#[test]
fn a_drill_prepares_breaks_looks_and_begins_again() {
    let started = Started::with(&[]);
    assert_eq!(started.control("POST", "/_sim/snapshot", r#"{"name":"before"}"#).0, 200);
    let fault = r#"{"kind":"lost_after","user":"integration","probability":0.5}"#;
    let (status, planned) = started.control("POST", "/_sim/faults", fault);
    assert_eq!(status, 200);
    assert!(planned[0]["seed"].is_u64(), "the seed is told: {planned}");
    let (_, clock) = started.control("POST", "/_sim/clock", r#"{"advance_s":3600}"#);
    assert_eq!(clock["ahead_ms"], json!(3_600_000));
    assert_eq!(started.control("POST", "/_sim/clock", r#"{"advance_s":-1}"#).0, 400);
    assert_eq!(started.control("POST", "/_sim/restore", r#"{"name":"before"}"#).0, 200);
    assert_eq!(started.control("POST", "/_sim/reset", "").0, 200);
    assert_eq!(started.control("GET", "/_sim/faults", "").1, json!([]));
    assert_eq!(started.control("GET", "/_sim/clock", "").1["ahead_ms"], json!(0));
    assert_eq!(started.control("GET", "/_sim/nothing", "").0, 404);
}

#[test]
fn a_secret_reaches_neither_the_journal_nor_a_page() {
    let started = Started::with(&[]);
    let secret = "hunter2-planted";
    for target in [
        format!("/api/now/table/sys_user?sysparm_query=user_password={secret}"),
        format!("/api/now/table/basic_auth_credentials?password={secret}"),
        format!("/oauth_revoke_token.do?token={secret}"),
        format!("/api/now/table/sys_alias?x-sn-apikey={secret}"),
        format!(
            "/oauth_token.do?client_secret={secret}&refresh_token={secret}&assertion={secret}&code={secret}"
        ),
    ] {
        started.get(&target);
    }
    let (_, journal) = started.control("GET", "/_sim/journal", "");
    assert_eq!(journal.as_array().unwrap().len(), 5);
    for shown in [journal.to_string(), started.get("/"), started.get("/_sim/page/journal")] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn the_program_tells_its_settings_and_tables() {
    let simulator = acceptance_tests::Binaries::built().simulator();
    let run = |arguments: &[&str]| output(std::process::Command::new(&simulator).args(arguments));
    assert!(run(&["settings"]).contains("one_active_rule = cascade\n"));
    assert!(run(&["fidelity"]).contains("| documented |"));
    assert!(run(&["tables"]).contains("http_connection "));
    assert!(run(&["tables", "sys_alias"]).contains("connection_type"));
}
