//! A request as it arrived: what the program's words cannot hold is kept beside it.

use percent_encoding::percent_decode_str;
use servicenow_core::Request;

/// A request with its bytes and with what the socket proved.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The request; a body that is no text is spoilt in it.
    pub request: Request,
    /// The bytes of the body as they came: files are not text.
    pub bytes: Vec<u8>,
    /// The subject of the client's certificate, when the socket verified one.
    pub certificate: Option<String>,
    /// Whether its answer is held back for as long as it takes, so that requests of one client can overlap.
    pub takes_time: bool,
}

impl Arrival {
    /// A request without anything beside it.
    pub fn plain(request: &Request) -> Arrival {
        let bytes = request.body.as_deref().unwrap_or_default().as_bytes().to_vec();
        Arrival { request: request.clone(), bytes, certificate: None, takes_time: true }
    }

    /// A header of the request, by its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// A query parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.request.query.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The fields of a form in the body.
    pub fn form(&self) -> Vec<(String, String)> {
        pairs(self.request.body.as_deref().unwrap_or_default())
    }
}

/// Names and values of a query string or of a form.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split('&').filter(|it| !it.is_empty());
    parts
        .map(|it| it.split_once('=').unwrap_or((it, "")))
        .map(|(name, value)| (plain(name), plain(value)))
        .collect()
}

fn plain(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}
