//! Requests that nobody means well: each gets an answer or a close, and the instance lives on.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::started::{PASSWORD, Started};

/// More than the instance holds at once.
const IDLE_SOCKETS: usize = 10_000;
/// Descriptors that this process needs beside its sockets.
const OWN_DESCRIPTORS: usize = 500;
/// Memory that nothing here may make it use.
const MEMORY_MIB_MAX: u64 = 700;

fn signed_in() -> String {
    format!("Authorization: Basic {}\r\n", STANDARD.encode(format!("admin:{PASSWORD}")))
}

fn request(method: &str, target: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
        signed_in()
    )
    .into_bytes()
}

/// Asks with these bytes; one of the beginnings is expected, and `""` stands for a close without an answer.
#[track_caller]
fn check(started: &mut Started, bytes: &[u8], expected: &[&str]) {
    let answer = started.say(bytes);
    let shown: String = answer.chars().take(300).collect();
    let fits = |it: &&str| if it.is_empty() { answer.is_empty() } else { answer.starts_with(*it) };
    assert!(expected.iter().any(fits), "expected one of {expected:?}, not {shown}");
    started.assert_well();
}

#[test]
fn broken_json_is_refused_with_the_platforms_words() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in ["{", "nonsense", "{\"name\":", "\u{0}", "{\"name\":\"\\ud800\"}", "[1,2", deep.as_str()] {
        let bytes = request("POST", "/api/now/table/sys_alias", body);
        check(&mut started, &bytes, &["HTTP/1.1 400"]);
    }
}

#[test]
fn bodies_that_are_too_large_are_refused_and_not_kept() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let head = |length: u64| {
        format!(
            "POST /api/now/table/sys_alias HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\
             Content-Length: {length}\r\n\r\n",
            signed_in()
        )
        .into_bytes()
    };
    let body = vec![b'x'; 11 * 1024 * 1024];
    check(&mut started, &[head(body.len() as u64), body.clone()].concat(), &["HTTP/1.1 400"]);
    // One that promises a terabyte and sends as long as it is let.
    let mut stream = started.socket();
    stream.write_all(&head(1 << 40)).unwrap();
    let mut sent = 0_u64;
    while stream.write_all(&body).is_ok() {
        sent += body.len() as u64;
        assert!(sent < 1 << 30, "a gigabyte was taken from a client that is too loud");
    }
    started.assert_well();
    // And many at once.
    let mut streams: Vec<TcpStream> = (0..40).map(|_| started.socket()).collect();
    for stream in &mut streams {
        stream.set_write_timeout(Some(Duration::from_secs(5))).unwrap();
        let _ = stream.write_all(&head(9 * 1024 * 1024));
        let _ = stream.write_all(&body[..9 * 1024 * 1024 - 1]);
    }
    assert!(started.memory_mib() < MEMORY_MIB_MAX, "{} MiB", started.memory_mib());
    started.assert_well();
}

#[test]
fn deep_and_long_queries_are_answered() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let and = vec!["name=a"; 3000].join("%5E");
    let or = vec!["name=a"; 3000].join("%5EOR");
    let groups = vec!["name=a"; 3000].join("%5ENQ");
    let walk = vec!["parent"; 500].join(".");
    let list = format!("nameIN{}", vec!["a"; 10_000].join(","));
    let orders = vec!["ORDERBYname"; 2000].join("%5E");
    let strange = "name%3D'%22%3B--%5E%5E%5EOR%5ENQ%5EORDERBY%5Ename%25_%00%F0%9F%92%A5";
    for query in [&and, &or, &groups, &format!("{walk}=1"), &list, &orders, strange, "%FF%FE", "%"] {
        let bytes = request("GET", &format!("/api/now/table/sys_alias?sysparm_query={query}"), "");
        check(&mut started, &bytes, &["HTTP/1.1 200", "HTTP/1.1 400", "HTTP/1.1 414", "HTTP/1.1 431"]);
    }
    let fields = vec!["parent.parent.parent.name"; 1000].join(",");
    let bytes = request("GET", &format!("/api/now/table/sys_alias?sysparm_fields={fields}"), "");
    check(&mut started, &bytes, &["HTTP/1.1 200", "HTTP/1.1 400", "HTTP/1.1 414"]);
    for parameter in
        ["sysparm_limit=-1", "sysparm_limit=99999999999999999999", "sysparm_offset=-5", "sysparm_limit=x"]
    {
        let bytes = request("GET", &format!("/api/now/table/sys_alias?{parameter}"), "");
        check(&mut started, &bytes, &["HTTP/1.1 200", "HTTP/1.1 400"]);
    }
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let long = format!("/{}", "a".repeat(60_000));
    let longer = format!("/{}", "a".repeat(200_000));
    for path in [
        "/../../etc/passwd",
        "/api/now/table/../../../etc/passwd",
        "/api/now/table/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/api/now/table/sim_vault",
        "/api/now/table/sqlite_master",
        "/api/now/table/sys_alias%22;DROP%20TABLE%20sys_alias;--",
        "/api/now/table/sys_alias/%00",
        "//api//now//table//sys_alias",
        "/_sim/page/record/sim_vault/x",
        "/_sim/page/table/..%2f..%2fetc",
    ] {
        check(&mut started, &request("GET", path, ""), &["HTTP/1.1 400", "HTTP/1.1 404"]);
    }
    check(&mut started, &request("GET", &long, ""), &["HTTP/1.1 414"]);
    check(&mut started, &request("GET", &longer, ""), &["HTTP/1.1 414", "HTTP/1.1 431", "HTTP/1.1 400"]);
    let secret = "/_sim/secret?table=sim_vault&sys_id=1&column=clear";
    check(&mut started, &request("GET", secret, ""), &["HTTP/1.1 404"]);
}

#[test]
fn what_is_no_http_is_closed() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let many_headers = format!("GET / HTTP/1.1\r\n{}\r\n", "X-A: b\r\n".repeat(5000));
    let long_header = format!("GET / HTTP/1.1\r\nX-A: {}\r\n\r\n", "b".repeat(500_000));
    let smuggled = "POST /api/now/table/sys_alias HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\
                    Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /_sim/health HTTP/1.1\r\n\r\n";
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".as_slice(),
        b"GARBAGE\r\n\r\n",
        b"\r\n\r\n\r\n\r\n\x00\x00\x00\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        many_headers.as_bytes(),
        long_header.as_bytes(),
        smuggled.as_bytes(),
    ] {
        check(&mut started, bytes, &["HTTP/1.1 4", ""]);
    }
    check(&mut started, b"CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", &["HTTP/1.1 4", ""]);
}

#[test]
fn slow_clients_hold_up_nobody() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let mut slow: Vec<TcpStream> = (0..200).map(|_| started.socket()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /api/now/table/sys_alias HTTP/1.1\r\nHost: local").unwrap();
    }
    let mut halfway: Vec<TcpStream> = (0..200).map(|_| started.socket()).collect();
    for stream in &mut halfway {
        let head =
            "POST /api/now/table/sys_alias HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{";
        stream.write_all(head.as_bytes()).unwrap();
    }
    check(
        &mut started,
        &request("POST", "/api/now/table/sys_alias", r#"{"name":"orders"}"#),
        &["HTTP/1.1 201"],
    );
    // Readers that never read: their answers do not pile up in front of others.
    let mut deaf: Vec<TcpStream> = (0..50).map(|_| started.socket()).collect();
    for stream in &mut deaf {
        let bytes = request("GET", "/api/now/table/sys_dictionary?sysparm_limit=2000", "");
        stream.write_all(&bytes).unwrap();
    }
    check(&mut started, &request("GET", "/api/now/table/sys_alias", ""), &["HTTP/1.1 200"]);
    assert!(started.memory_mib() < MEMORY_MIB_MAX, "{} MiB", started.memory_mib());
}

#[test]
fn ten_thousand_idle_sockets_do_not_keep_others_out() {
    let mut started = Started::with(&["--fixture", "empty"]);
    let before = started.memory_mib();
    // A machine may allow this process fewer; then it opens what it can, as an attacker would.
    let mut idle = Vec::new();
    while idle.len() < IDLE_SOCKETS {
        match TcpStream::connect(started.address()) {
            Ok(stream) => idle.push(stream),
            Err(_) => break,
        }
    }
    let allowed = descriptors_allowed();
    assert!(idle.len() >= IDLE_SOCKETS.min(allowed - OWN_DESCRIPTORS), "only {} of {allowed}", idle.len());
    // Descriptors for the questions of this test.
    idle.truncate(allowed - OWN_DESCRIPTORS);
    check(&mut started, &request("GET", "/api/now/table/sys_alias", ""), &["HTTP/1.1 200"]);
    let grown = started.memory_mib().saturating_sub(before);
    assert!(grown < MEMORY_MIB_MAX, "{grown} MiB more");
    // The oldest had to go, the newest are still there.
    let newest = idle.last_mut().unwrap();
    newest.write_all(b"GET /_sim/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    newest.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// How many descriptors a process may have here.
fn descriptors_allowed() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|it| it.starts_with("Max open files")).unwrap();
    line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX)
}
