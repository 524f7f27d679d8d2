//! A running simulator whose line is all that is known of it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use acceptance_tests::Binaries;
use serde_json::Value;

/// Far beyond any answer; what takes longer hangs.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The administrator's password.
pub const PASSWORD: &str = "a-password";

/// A simulator that ends with this value.
pub struct Started {
    pub child: Child,
    /// What it said when it was ready.
    pub line: Value,
}

impl Started {
    /// On a free port, with a password that is known.
    pub fn with(arguments: &[&str]) -> Started {
        Started::known_by(PASSWORD, arguments)
    }

    /// On a free port, with this password.
    pub fn known_by(password: &str, arguments: &[&str]) -> Started {
        let mut command = Command::new(Binaries::built().simulator());
        command.args(["--listen", "127.0.0.1:0", "--password", password]).args(arguments);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Started { child, line: serde_json::from_str(&line).unwrap() }
    }

    /// A fact of the line.
    pub fn text(&self, key: &str) -> &str {
        self.line[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {}", self.line))
    }

    /// Its host and port.
    pub fn authority(&self) -> &str {
        self.text("url").split("://").nth(1).unwrap()
    }

    /// Where a socket reaches it.
    pub fn address(&self) -> SocketAddr {
        self.authority().parse().unwrap()
    }

    /// A socket to it that does not wait for ever.
    pub fn socket(&self) -> TcpStream {
        let stream = TcpStream::connect_timeout(&self.address(), PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// What comes back for these bytes until the connection ends; nothing when it ends without an answer.
    pub fn say(&self, bytes: &[u8]) -> String {
        let mut stream = self.socket();
        // An instance that has heard enough closes before all was said.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The answer to a question without a body, of nobody.
    pub fn get(&self, target: &str) -> String {
        self.say(format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes())
    }

    /// The status and the body of a question to the simulator itself.
    pub fn control(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let answer = self.say(
            format!(
                "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
            .as_bytes(),
        );
        let status = answer.split(' ').nth(1).and_then(|it| it.parse().ok()).unwrap_or_default();
        let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
        (status, serde_json::from_str(body).unwrap_or_default())
    }

    /// Whether it still works as it should.
    #[track_caller]
    pub fn assert_well(&mut self) {
        assert!(self.child.try_wait().unwrap().is_none(), "the simulator has ended");
        let health = self.get("/_sim/health");
        assert!(health.ends_with(r#"{"status":"up"}"#), "{health}");
    }

    /// The memory that is in use now, in MiB.
    pub fn memory_mib(&self) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find(|it| it.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a program prints; it must succeed.
#[track_caller]
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|it| panic!("{command:?} cannot be run: {it}"));
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{said}\n{complained}", output.status);
    said.into_owned()
}
