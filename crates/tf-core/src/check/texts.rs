//! Checks of texts with a form of their own.

use regex_lite::Regex;

use crate::Check;

/// A text in which a regular expression is found; `^` and `$` in it make it the whole text. The words say what that
/// means, so that they fit behind "Must be": `made of lower-case letters`.
///
/// The expression takes time in proportion to the length of the text. One that is malformed is a problem of the schema,
/// which [`crate::schema::rules`] reports.
pub fn pattern(expression: &str, words: &str) -> Check {
    let (regex, fault) = match Regex::new(expression) {
        Ok(regex) => (Some(regex), None),
        Err(error) => (None, Some(format!("`{expression}` is not a regular expression: {error}"))),
    };
    let demand = words.to_owned();
    let check = Check::new(words, move |value| match (value.as_str(), &regex) {
        (Some(text), Some(regex)) if !regex.is_match(text) => Err(format!("it is not {demand}")),
        _ => Ok(()),
    });
    Check { fault, ..check }.in_json_schema("pattern", expression)
}

/// A text that holds JSON.
pub fn json() -> Check {
    let check = Check::new("JSON", |value| {
        match value.as_str().map(serde_json::from_str::<serde_json::Value>) {
            Some(Err(error)) => Err(format!(
                "it is not JSON from line {}, column {} on. Write it with `jsonencode`, which cannot go wrong",
                error.line(),
                error.column()
            )),
            _ => Ok(()),
        }
    });
    check.in_json_schema("contentMediaType", "application/json")
}

/// An absolute URL over HTTP, without credentials in it. No reason ever quotes the URL: it could hold a password.
pub fn url() -> Check {
    let demand = "a URL that begins with `https://` or `http://`, without a user name or password in it";
    let check = Check::new(demand, |value| {
        value.as_str().map_or(Ok(()), |text| check_url(text).map_err(str::to_owned))
    });
    check.in_json_schema("format", "uri")
}

fn check_url(text: &str) -> Result<(), &'static str> {
    if text.chars().any(|it| it.is_whitespace() || it.is_control() || it == '\\') {
        return Err("it contains a blank, a control character or a backslash, which no URL has. Remove it");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("it is not an absolute URL. Begin it with `https://`");
    };
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err("its scheme is neither `https` nor `http`. Begin it with `https://`");
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        return Err(
            "it holds a user name or a password, which would be stored and shown. Remove everything between \
                    `//` and `@`, and keep credentials in an attribute made for them",
        );
    }
    let (host, port) = split_port(authority);
    if !is_host(host) {
        return Err(
            "it has no valid host between `//` and the next `/`. Write it like `https://host.example.com/path`",
        );
    }
    if port.is_some_and(|it| it.parse::<u16>().is_err()) {
        return Err("its port is not a number up to 65535. Correct it or leave it out");
    }
    Ok(())
}

/// The host and, behind the colon, the port. The colons of an IPv6 address are inside brackets.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let end_of_host = authority.rfind(']').map_or(0, |at| at + 1);
    match authority.rfind(':').filter(|at| *at >= end_of_host) {
        Some(at) => (authority.get(..at).unwrap_or(""), authority.get(at + 1..)),
        None => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    let label =
        |it: &str| !it.is_empty() && it.chars().all(|it| it.is_alphanumeric() || it == '-' || it == '_');
    host.strip_suffix('.').unwrap_or(host).split('.').all(label)
}
