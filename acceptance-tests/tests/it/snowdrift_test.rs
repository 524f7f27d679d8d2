//! `snowdrift test`: connections that lead to a simulated system over TLS, with everything that can be wrong on the way.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use acceptance_tests::{Binaries, Terraform, World};
use serde_json::{Value, json};

/// Another system, which speaks TLS. It ends with this value.
struct Partner {
    child: Child,
    url: String,
    authority: String,
    password: String,
}

impl Partner {
    fn start(folder: &Path) -> Partner {
        let mut command = Command::new(Binaries::built().simulator());
        command.args(["--listen", "127.0.0.1:0", "--fixture", "empty", "--tls", "--tls-folder"]).arg(folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| said[name].as_str().unwrap().trim_end_matches('/').to_owned();
        Partner { child, url: text("url"), authority: text("ca_file"), password: text("password") }
    }

    /// Has the next handshakes or requests go wrong.
    fn fault(&self, fault: &Value) {
        let sent = Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--fail",
                "--cacert",
                &self.authority,
                "--data",
                &fault.to_string(),
            ])
            .arg(format!("{}/_sim/faults", self.url))
            .output()
            .unwrap();
        assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A world with an integration whose connection leads there.
fn world(url: &str) -> World {
    let world = World::new(Terraform::V1_15);
    let alias = world.instance.insert("sys_alias", &json!({"name": "orders"})).unwrap();
    let cells = json!({"name": "orders-prod", "connection_alias": alias["sys_id"], "connection_url": url, "active": "true"});
    world.instance.insert("http_connection", &cells).unwrap();
    world
}

/// Stages with what they came to, such as `name passed`.
fn outcomes(world: &World, arguments: &[&str], code: i32) -> Vec<String> {
    let arguments: Vec<&str> =
        ["test", "orders", "--format", "json"].iter().chain(arguments).copied().collect();
    let run = world.snowdrift(&arguments).ends_with(code);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let stages = report["connections"][0]["stages"].as_array().unwrap();
    assert_eq!(report["connections"][0]["vantage_point"], "the machine where snowdrift runs");
    stages
        .iter()
        .map(|it| format!("{} {}: {}", text(&it["stage"]), text(&it["outcome"]), text(&it["detail"])))
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[track_caller]
fn check(outcomes: &[String], expected: &[&str]) {
    for words in expected {
        let (stage, rest) = words.split_once(": ").unwrap_or((words, ""));
        let found = outcomes.iter().any(|it| it.starts_with(stage) && it.contains(rest));
        assert!(found, "expected `{words}` in {outcomes:#?}");
    }
    assert_eq!(outcomes.len(), 7);
}

#[test]
fn tls_is_tested_with_the_end_of_the_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let world = world(&format!("{}/_sim/health", partner.url));
    let trusted = ["--ca-file", partner.authority.as_str()];
    check(
        &outcomes(&world, &trusted, 0),
        &[
            "name passed",
            "tcp passed: is open",
            "tls passed: is trusted and lasts until",
            "proxy skipped",
            "content passed: 200",
        ],
    );
    check(&outcomes(&world, &[], 2), &["tls failed: lasts until", "content not_reached"]);
    for (wrong, words) in
        [("expired", "ran out at"), ("wrong_host", "lasts until"), ("unknown_authority", "lasts until")]
    {
        partner.fault(&json!({"kind": {"handshake": wrong}, "times": 2}));
        check(
            &outcomes(&world, &trusted, 2),
            &[&format!("tls failed: {words}"), "authentication not_reached"],
        );
    }
    let run = world.snowdrift(&["test", "nobody"]).ends_with(1).says("no connection is called `nobody`");
    assert!(!run.text().contains("orders-prod"));
}

#[test]
fn what_the_other_system_answers_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let world = world(&format!("{}/api/now/table/sys_alias?sysparm_limit=1", partner.url));
    let trusted = ["--ca-file", partner.authority.as_str()];
    let open = ["authentication open: 401", "authorisation open", "content open"];
    check(&outcomes(&world, &trusted, 0), &open);
    world.plant("partner", "wrong-partner-password").environment("PARTNER", "wrong-partner-password");
    let with = [&trusted[..], &["--username", "admin", "--password-env", "PARTNER"]].concat();
    check(&outcomes(&world, &with, 2), &["authentication failed: 401", "content not_reached"]);
    world.conceal(&partner.password).environment("PARTNER", &partner.password);
    check(
        &outcomes(&world, &with, 0),
        &["authentication passed", "authorisation passed", "content passed: 200"],
    );
    partner.fault(&json!({"kind": {"status": {"status": 403}}}));
    check(&outcomes(&world, &with, 2), &["authentication passed", "authorisation failed: 403"]);
    partner.fault(&json!({"kind": {"html": {"status": 200}}}));
    check(&outcomes(&world, &with, 2), &["content failed: web page"]);
    let page = world.snowdrift(&[&["test", "orders-prod"], &trusted[..]].concat()).ends_with(0);
    assert!(page.stdout.contains("authentication  open"), "{page}");
    assert!(!page.stdout.contains("sysparm_limit"), "a query may hold a key: {page}");
}

#[test]
fn a_name_that_nobody_knows_and_a_closed_port_end_the_test_there() {
    let world = world("https://nobody-knows.invalid/x");
    check(&outcomes(&world, &[], 2), &["name failed: `nobody-knows.invalid`", "tcp not_reached"]);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let closed = world_at(port);
    check(&outcomes(&closed, &[], 2), &["name passed", "tcp failed", "tls not_reached"]);
    fs::write(world.configuration().join("no.pem"), "nothing").unwrap();
    world.snowdrift(&["test", "--ca-file", "no.pem"]).ends_with(1).says("no.pem");
}

fn world_at(port: u16) -> World {
    world(&format!("https://127.0.0.1:{port}/"))
}

/// A proxy that lets the next connections through to one address, whoever they are for, or wants to know who asks.
fn proxy_to(target: &str, wants_to_know: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, target) = (listener.local_addr().unwrap(), target.to_owned());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(8) {
            let (mut client, target) = (stream.unwrap(), target.clone());
            std::thread::spawn(move || {
                let asked = head(&mut client);
                if wants_to_know {
                    client
                        .write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                        .unwrap();
                    return;
                }
                let mut server = TcpStream::connect(target).unwrap();
                if asked.starts_with("CONNECT ") {
                    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").unwrap();
                } else {
                    server.write_all(asked.as_bytes()).unwrap();
                }
                let (mut back, mut answers) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut answers, &mut back));
                // Either end may close first.
                let _ = std::io::copy(&mut client, &mut server);
            });
        }
    });
    format!("http://{address}")
}

/// A request up to its body.
fn head(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        read.push(byte[0]);
    }
    String::from_utf8(read).unwrap()
}

#[test]
fn what_is_behind_a_proxy_is_tested_through_it() {
    let folder = tempfile::tempdir().unwrap();
    let partner = Partner::start(folder.path());
    let authority = partner.url.strip_prefix("https://").unwrap();
    let trusted = ["--ca-file", partner.authority.as_str()];

    // A name that nobody resolves: what answers under it was asked through the proxy.
    let plain = world("http://far-away.invalid/api/now/table/sys_scope");
    let instance = plain.instance.url.strip_prefix("http://").unwrap().trim_end_matches('/').to_owned();
    let proxy = proxy_to(&instance, false);
    plain.environment("HTTP_PROXY", &proxy).environment("http_proxy", &proxy);
    let through = proxy.strip_prefix("http://").unwrap();
    check(
        &outcomes(&plain, &[], 0),
        &[
            &format!("name skipped: {through}"),
            "tcp skipped",
            &format!("proxy passed: {through}"),
            "authentication open: 401",
        ],
    );
    let closed = proxy_to(&instance, true);
    plain.environment("HTTP_PROXY", &closed).environment("http_proxy", &closed);
    check(&outcomes(&plain, &[], 2), &["proxy failed: wants to know who asks", "authentication not_reached"]);
    let nowhere = "http://127.0.0.1:9";
    plain.environment("HTTP_PROXY", nowhere).environment("http_proxy", nowhere);
    check(&outcomes(&plain, &[], 2), &["proxy failed: 127.0.0.1:9", "content not_reached"]);

    // The certificate of the other system is seen through a tunnel, and has to be for the name that was asked for.
    let tunnel = proxy_to(authority, false);
    let encrypted = world("https://far-away.invalid/_sim/health");
    encrypted.environment("HTTPS_PROXY", &tunnel).environment("https_proxy", &tunnel);
    check(&outcomes(&encrypted, &trusted, 2), &["tcp skipped", "tls failed", "content not_reached"]);
    let refused = proxy_to(authority, true);
    encrypted.environment("HTTPS_PROXY", &refused).environment("https_proxy", &refused);
    check(&outcomes(&encrypted, &trusted, 2), &["proxy failed", "content not_reached"]);

    // What runs on this machine is not behind the proxy, and is not said to be.
    let here = world(&format!("{}/_sim/health", partner.url));
    here.environment("HTTPS_PROXY", nowhere).environment("https_proxy", nowhere);
    check(
        &outcomes(&here, &trusted, 0),
        &["name passed", "tcp passed", "proxy skipped", "content passed: 200"],
    );
}
