//! Sudden death: what was acknowledged is there afterwards, whatever was going on.

use std::env;
use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::started::{PASSWORD, Started};

/// Set when long campaigns run in whole.
const LONG_VARIABLE: &str = "SNOWDRIFT_LONG";
/// Deaths in a short run and in a long one.
const DEATHS: (usize, usize) = (8, 100);
/// Clients that write at the same time.
const WRITERS: usize = 4;

/// Creates a record; whether the instance acknowledged it.
fn create(address: SocketAddr, name: &str) -> bool {
    let body = format!(r#"{{"name":"{name}","active":"false"}}"#);
    let proof = STANDARD.encode(format!("admin:{PASSWORD}"));
    let text = format!(
        "POST /api/now/table/http_connection?sysparm_fields=name HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Authorization: Basic {proof}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    let mut answer = String::new();
    stream.write_all(text.as_bytes()).is_ok()
        && stream.read_to_string(&mut answer).is_ok()
        && answer.starts_with("HTTP/1.1 201")
}

/// The names of all connections.
fn names(started: &Started) -> Vec<String> {
    let proof = STANDARD.encode(format!("admin:{PASSWORD}"));
    let target = "/api/now/table/http_connection?sysparm_fields=name&sysparm_limit=100000";
    let text = format!(
        "GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Basic {proof}\r\n\r\n"
    );
    let answer = started.say(text.as_bytes());
    let body: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    let rows = body["result"].as_array().unwrap();
    rows.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_acknowledged_write_is_lost_when_the_process_is_killed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("instance.db");
    let arguments = ["--fixture", "empty", "--data", path.to_str().unwrap()];
    let deaths = if env::var_os(LONG_VARIABLE).is_some() { DEATHS.1 } else { DEATHS.0 };
    let acknowledged = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    for death in 0..deaths {
        let mut started = Started::with(&arguments);
        let address = started.address();
        let before = acknowledged.lock().unwrap().len();
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    loop {
                        let name = format!("written-{}", next.fetch_add(1, Ordering::SeqCst));
                        if !create(address, &name) {
                            break;
                        }
                        acknowledged.lock().unwrap().push(name);
                    }
                });
            }
            // Each death comes at another moment, but not before something was written.
            while acknowledged.lock().unwrap().len() == before {
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_millis(death as u64 * 7 % 60));
            started.child.kill().unwrap();
            started.child.wait().unwrap();
        });
        let survivor = Started::with(&arguments);
        let present = names(&survivor);
        let acknowledged = acknowledged.lock().unwrap();
        let lost: Vec<&String> = acknowledged.iter().filter(|it| !present.contains(it)).collect();
        assert!(lost.is_empty(), "after death {death}: {lost:?} of {}", acknowledged.len());
        // At most one write of each writer may have happened without its answer.
        assert!(present.len() <= acknowledged.len() + WRITERS * (death + 1));
    }
}
