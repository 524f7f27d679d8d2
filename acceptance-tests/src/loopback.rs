//! Asks a program on this machine over plain HTTP: just enough for a simulated instance, and nothing else.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// The simulator answers within milliseconds; beyond this something hangs, and a test must not hang with it.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A question.
pub(crate) struct Question<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub authorization: Option<String>,
    pub body: Option<&'a Value>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body as JSON; null when it is none.
    pub json: Value,
}

impl Answer {
    /// The `result` member of a Table API answer.
    pub fn result(&self) -> &Value {
        self.json.get("result").unwrap_or(&Value::Null)
    }
}

/// Asks and waits for the whole answer.
pub(crate) fn ask(address: SocketAddr, question: &Question<'_>) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(&bytes(address, question))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    understand(&answer)
}

/// HTTP/1.0, because then the body ends with the connection and is never in chunks.
fn bytes(address: SocketAddr, question: &Question<'_>) -> Vec<u8> {
    let Question { method, path, authorization, body } = question;
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut text = format!("{method} {path} HTTP/1.0\r\nHost: {address}\r\nAccept: application/json\r\n");
    if let Some(authorization) = authorization {
        text.push_str(&format!("Authorization: {authorization}\r\n"));
    }
    text.push_str(&format!("Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

fn understand(answer: &[u8]) -> io::Result<Answer> {
    let text = String::from_utf8_lossy(answer);
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "the answer is not HTTP");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    Ok(Answer { status, json: serde_json::from_str(body).unwrap_or(Value::Null) })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(answer: &str, expected: Option<(u16, &Value)>) {
        let understood = understand(answer.as_bytes()).ok();
        let understood = understood.as_ref().map(|answer| (answer.status, &answer.json));
        assert_eq!(understood, expected, "{answer}");
    }

    #[test]
    fn an_answer_is_its_status_and_its_json() {
        check("HTTP/1.0 200 OK\r\nA: b\r\n\r\n{\"a\":1}", Some((200, &json!({"a": 1}))));
        check("HTTP/1.1 204 No Content\r\n\r\n", Some((204, &Value::Null)));
        check("HTTP/1.0 503 No\r\nContent-Type: text/html\r\n\r\n<html>", Some((503, &Value::Null)));
        check("", None);
        check("HTTP/1.0 200 OK\r\n", None);
        check("nonsense\r\n\r\n", None);
    }
}
