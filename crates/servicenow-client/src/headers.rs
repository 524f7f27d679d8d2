//! Headers that a user adds to every request, and those that nobody may.

use reqwest::header::{HeaderName, HeaderValue};
use servicenow_core::Secret;

/// Headers that say who asks, what is asked or how it travels: another value would break what this client promises.
const RESERVED: &[&str] = &[
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-http-method-override",
    "x-no-response-body",
    "x-sn-apikey",
    "x-usertoken",
    "x-wantsessiondebugmessages",
];

/// A header that is sent with every request. Its value may be a secret and is never printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraHeader {
    name: String,
    value: Secret,
}

/// Why a header is refused. Never holds its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// It is not a header's name.
    #[error("`{0}` is no name of a header")]
    Name(String),
    /// The client sets it itself.
    #[error(
        "the header `{0}` is set by the provider itself, and another value would break the requests or their safety"
    )]
    Reserved(String),
    /// The value cannot be sent.
    #[error("the value of the header `{0}` holds a line break or another character that cannot be sent")]
    Value(String),
}

impl ExtraHeader {
    /// A header with its name and value checked.
    pub fn new(name: &str, value: Secret) -> Result<ExtraHeader, HeaderError> {
        let shown = || name.chars().filter(|it| !it.is_control()).collect::<String>();
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| HeaderError::Name(shown()))?;
        if RESERVED.contains(&parsed.as_str()) {
            return Err(HeaderError::Reserved(shown()));
        }
        HeaderValue::from_str(value.expose()).map_err(|_| HeaderError::Value(shown()))?;
        Ok(ExtraHeader { name: parsed.as_str().to_owned(), value })
    }

    pub(crate) fn to_reqwest(&self) -> Option<(HeaderName, HeaderValue)> {
        let mut value = HeaderValue::from_str(self.value.expose()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::from_bytes(self.name.as_bytes()).ok()?, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: &str, expected: Result<(), &str>) {
        match (ExtraHeader::new(name, Secret::new(value)), expected) {
            (Ok(header), Ok(())) => assert!(header.to_reqwest().is_some_and(|it| it.1.is_sensitive())),
            (Err(error), Err(part)) => {
                let text = error.to_string();
                assert!(text.contains(part) && !text.contains("planted"), "{text}");
            }
            (found, expected) => panic!("{name}: {found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn a_header_of_ones_own_is_sent_and_is_never_printed() {
        check("X-Gateway-Key", "planted", Ok(()));
        check("traceparent", "00-planted", Ok(()));
        assert!(!format!("{:?}", ExtraHeader::new("x-a", Secret::new("planted"))).contains("planted"));
    }

    #[test]
    fn what_would_break_a_request_is_refused() {
        for name in RESERVED {
            check(name, "planted", Err("is set by the provider itself"));
            check(&name.to_uppercase(), "planted", Err("is set by the provider itself"));
        }
        check("a b", "planted", Err("no name of a header"));
        check("", "planted", Err("no name of a header"));
        check("x-a", "planted\r\nHost: evil", Err("a line break"));
    }
}
