//! A batch as several parts of one body, each with the headers and the bytes of its answer: nothing is encoded.
//!
//! That `Accept: multipart/mixed` gives parts is documented; how they look is assumed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use servicenow_core::Response;

use super::header;

/// What asks for parts.
const PARTS: &str = "multipart/mixed";
/// What stands between the parts: no answer of ours has such a line.
const BOUNDARY: &str = "batch_5a1e5000000000000000000000000001";

/// Whether somebody wants parts.
pub fn are_wanted(accept: &str) -> bool {
    accept.split([',', ';']).any(|it| it.trim().eq_ignore_ascii_case(PARTS))
}

/// The answers of a batch as parts.
pub fn of(batch_id: &str, serviced: &[Value], unserviced: &[String]) -> Response {
    let mut body = Vec::new();
    for answer in serviced {
        let text = |name: &str| answer.get(name).map(plain).unwrap_or_default();
        let head = format!(
            "--{BOUNDARY}\r\nContent-ID: {}\r\nX-Status-Code: {}\r\nX-Status-Text: {}\r\n",
            text("id"),
            text("status_code"),
            text("status_text")
        );
        body.extend(head.into_bytes());
        let headers = answer.get("headers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for it in headers {
            let part = |name: &str| it.get(name).map(plain).unwrap_or_default();
            body.extend(format!("{}: {}\r\n", part("name"), part("value")).into_bytes());
        }
        body.extend(b"\r\n");
        body.extend(STANDARD.decode(text("body")).unwrap_or_default());
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let kind = format!("{PARTS};boundary={BOUNDARY}");
    let headers = vec![
        header("Content-Type", &kind),
        header("X-Batch-Request-Id", batch_id),
        header("X-Unserviced-Requests", &unserviced.join(",")),
    ];
    Response { status: 200, headers, body }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
