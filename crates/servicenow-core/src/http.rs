//! Requests and responses as values.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What stays readable in a query string; everything else is percent-encoded.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// An HTTP verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Read without a body.
    Head,
    /// Create.
    Post,
    /// Change (the same as [`Method::Patch`] on this platform).
    Put,
    /// Change.
    Patch,
    /// Remove.
    Delete,
}

impl Method {
    /// In capitals, as it travels.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }

    /// Whether it changes nothing.
    pub fn is_read(self) -> bool {
        matches!(self, Method::Get | Method::Head)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A request to an instance, relative to its base URL. Its body may hold secrets and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub method: Method,
    /// The path, beginning with `/`, already encoded, without a query.
    pub path: String,
    /// Query parameters, not encoded, in order.
    pub query: Vec<(String, String)>,
    /// Header names and values. `Authorization` is added by the client.
    pub headers: Vec<(String, String)>,
    /// A JSON document; a form where tokens are asked for.
    pub body: Option<String>,
}

impl Request {
    /// A request without query, headers or body.
    pub fn new(method: Method, path: impl Into<String>) -> Request {
        Request { method, path: path.into(), query: Vec::new(), headers: Vec::new(), body: None }
    }

    /// Where several reads are sent in one request. What is sent there holds nothing but reads.
    pub const BATCH: &'static str = "/api/now/v1/batch";

    /// Where several writes are sent in one request: the same interface under its other path, so that what it holds shows
    /// in the path, and everything that is careful with writes is careful with these.
    pub const WRITES: &'static str = "/api/now/batch";

    /// Whether it changes nothing.
    pub fn is_read(&self) -> bool {
        self.method.is_read() || self.path == Request::BATCH
    }

    /// Path and encoded query, as they travel.
    pub fn target(&self) -> String {
        let encode = |text: &str| utf8_percent_encode(text, QUERY).to_string();
        let pairs: Vec<String> =
            self.query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        if pairs.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, pairs.join("&")) }
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// What came back. Its body may hold secrets and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of that name, in whatever case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Seconds since 1970 on the clock of whoever answered, if the answer tells.
    pub fn date_s(&self) -> Option<u64> {
        crate::come_back::date_s(self)
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
