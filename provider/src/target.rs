//! One look at another system from where Terraform runs: whether it can be reached, and what it answers to somebody who
//! says nothing of who asks.

use std::time::Duration;

use servicenow_client::{Cause, TransportError};
use servicenow_core::{InstanceUrl, Method, Request, Response};

use crate::outside::Outside;

/// Statuses that the connection test of Unifi takes for a failure; it takes all others for a success ([doc]).
const UNIFI_FAILS: &[u16] = &[400, 401, 403, 404, 405];

/// How often the connection test of Unifi asks: a second time only when the first time fails ([doc]).
const UNIFI_ATTEMPTS_MAX: i64 = 2;

/// What counts as a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// An answer that is no error, or one that asks who it is.
    Strict,
    /// What the connection test of Unifi takes for one.
    UnifiCompatible,
}

/// What a look came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What the outcome is about.
    pub class: Class,
    /// Whether it is a success.
    pub passed: bool,
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// In words.
    pub reason: String,
}

/// What the outcome of a look is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// All is well.
    Ok,
    /// The URL cannot be used for a look.
    Url,
    /// The name of the host is unknown.
    Name,
    /// Nobody answers there, or not in time.
    Network,
    /// There is no trusted encrypted connection.
    Tls,
    /// A proxy on the way.
    Proxy,
    /// The other system wants to know who asks.
    Credentials,
    /// The other system knows who asks and does not allow it.
    Authorisation,
    /// The other system has nothing at this address, or not for such a request.
    Content,
    /// The other system has a fault of its own.
    Server,
}

impl Class {
    /// The word that users see.
    pub fn word(self) -> &'static str {
        match self {
            Class::Ok => "ok",
            Class::Url => "url",
            Class::Name => "name",
            Class::Network => "network",
            Class::Tls => "tls",
            Class::Proxy => "proxy",
            Class::Credentials => "credentials",
            Class::Authorisation => "authorisation",
            Class::Content => "content",
            Class::Server => "server",
        }
    }
}

/// Looks at a URL with one `GET`.
pub async fn look(outside: &Outside, url: &str, timeout: Duration, strictness: Strictness) -> Look {
    match ask(outside, url, timeout, &[]).await {
        Ok(response) => answered(response.status, strictness),
        Err(look) => look,
    }
}

/// Looks as the test that it is compatible with does: that of Unifi asks a second time when the first time fails. Gives the
/// number of requests as well; none where the URL cannot be asked from here.
pub async fn test(outside: &Outside, url: &str, timeout: Duration, strictness: Strictness) -> (Look, i64) {
    let attempts_max = match strictness {
        Strictness::Strict => 1,
        Strictness::UnifiCompatible => UNIFI_ATTEMPTS_MAX,
    };
    let mut attempt = 1;
    loop {
        let seen = look(outside, url, timeout, strictness).await;
        match seen.class {
            Class::Url if seen.status.is_none() => return (seen, 0),
            _ if seen.passed || attempt == attempts_max => return (seen, attempt),
            _ => attempt += 1,
        }
    }
}

/// The answer to one `GET`, with these headers beside the usual ones.
///
/// # Errors
/// There was no answer.
pub async fn ask(
    outside: &Outside,
    url: &str,
    timeout: Duration,
    headers: &[(String, String)],
) -> Result<Response, Look> {
    let (address, path) =
        parts(url).map_err(|reason| Look { class: Class::Url, passed: false, status: None, reason })?;
    let mut request = Request::new(Method::Get, path);
    request.headers.push(("Accept".to_owned(), "*/*".to_owned()));
    request.headers.extend(headers.iter().cloned());
    (outside.reach)(address, timeout).send(&request).await.map_err(|error| unanswered(&error))
}

/// The status with which another system answers a question that changes nothing, asked with these headers beside the usual
/// ones, or why there is none.
///
/// # Errors
/// There was no answer.
pub async fn status(
    outside: &Outside,
    url: &str,
    method: Method,
    timeout: Duration,
    headers: &[(String, String)],
) -> Result<u16, String> {
    let (address, path) = parts(url)?;
    let mut request = Request::new(method, path);
    request.headers.push(("Accept".to_owned(), "*/*".to_owned()));
    request.headers.extend(headers.iter().cloned());
    match (outside.reach)(address, timeout).send(&request).await {
        Ok(response) => Ok(response.status),
        Err(error) => Err(error.reason),
    }
}

/// The address of a system and the path on it.
///
/// # Errors
/// The URL is none that could be asked from here, with the reason.
pub fn parts(url: &str) -> Result<(InstanceUrl, String), String> {
    if url.trim().is_empty() {
        return Err("there is no URL".to_owned());
    }
    if url.contains(['{', '}', '$']) {
        return Err("parts of the URL are filled in by a script of the instance, so that there is nothing to ask from \
                    here"
            .to_owned());
    }
    if let Some((scheme, _)) = url.split_once("://")
        && !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str())
    {
        return Err(format!(
            "`{scheme}` stands where `https` would: it is the name of a protocol profile, whose certificate the instance \
             alone has, so that there is nothing to ask from here"
        ));
    }
    let after_scheme = url.find("://").map_or(0, |it| it + 3);
    let end = url.get(after_scheme..).and_then(|it| it.find(['/', '?', '#'])).map(|it| it + after_scheme);
    let (address, rest) = url.split_at(end.unwrap_or(url.len()));
    let path = rest.split('#').next().unwrap_or_default();
    let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
    InstanceUrl::parse(address, true).map(|it| (it, path)).map_err(|error| error.reason)
}

fn answered(status: u16, strictness: Strictness) -> Look {
    let (class, words) = match status {
        401 | 407 => {
            (Class::Credentials, "it wants to know who asks, and nothing was signed in with from here")
        }
        403 => (Class::Authorisation, "it allows nobody who has not signed in"),
        404 | 410 => (Class::Content, "there is nothing at this address"),
        400 | 402 | 405..=409 | 411..=499 => (Class::Content, "it does not take such a request"),
        500.. => (Class::Server, "it has a fault of its own"),
        _ => (Class::Ok, "it answers"),
    };
    let passed = match strictness {
        Strictness::Strict => {
            matches!(class, Class::Ok | Class::Credentials | Class::Authorisation) && status != 407
        }
        Strictness::UnifiCompatible => !UNIFI_FAILS.contains(&status),
    };
    Look {
        class,
        passed,
        status: Some(status),
        reason: format!("the other system answered with {status}: {words}"),
    }
}

fn unanswered(error: &TransportError) -> Look {
    let class = match error.kind {
        Cause::Url | Cause::Secret | Cause::Credentials(_) | Cause::Guard => Class::Url,
        Cause::Name => Class::Name,
        Cause::Tcp | Cause::Timeout | Cause::Lost => Class::Network,
        Cause::Tls(_) => Class::Tls,
        Cause::Proxy => Class::Proxy,
    };
    Look { class, passed: false, status: None, reason: error.reason.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_an_address_and_a_path() {
        for (url, expected) in [
            ("https://orders.example.com", Ok(("https://orders.example.com", "/"))),
            (
                "https://orders.example.com:8443/a/b?c=d#e",
                Ok(("https://orders.example.com:8443", "/a/b?c=d")),
            ),
            ("http://orders.example.com?x=1", Ok(("http://orders.example.com", "/?x=1"))),
            ("mauth://orders.example.com/a", Err("`mauth` stands where `https` would")),
            ("HTTPS://orders.example.com", Ok(("https://orders.example.com", "/"))),
            ("https://orders.example.com/{message}", Err("filled in by a script")),
            ("https://orders.example.com/${path}", Err("filled in by a script")),
            ("", Err("there is no URL")),
        ] {
            let found = parts(url);
            match expected {
                Ok((address, path)) => {
                    assert_eq!(
                        found.map(|it| (it.0.to_string(), it.1)),
                        Ok((address.to_owned(), path.to_owned())),
                        "{url}"
                    );
                }
                Err(words) => assert!(found.as_ref().is_err_and(|it| it.contains(words)), "{url} {found:?}"),
            }
        }
    }

    #[test]
    fn statuses_pass_by_how_strict_the_test_is() {
        for (status, class, strict, unifi) in [
            (200, Class::Ok, true, true),
            (204, Class::Ok, true, true),
            (302, Class::Ok, true, true),
            (400, Class::Content, false, false),
            (401, Class::Credentials, true, false),
            (403, Class::Authorisation, true, false),
            (404, Class::Content, false, false),
            (405, Class::Content, false, false),
            (407, Class::Credentials, false, true),
            (418, Class::Content, false, true),
            (500, Class::Server, false, true),
            (503, Class::Server, false, true),
        ] {
            let (one, other) =
                (answered(status, Strictness::Strict), answered(status, Strictness::UnifiCompatible));
            assert_eq!((one.class, one.passed, other.passed), (class, strict, unifi), "{status}");
        }
    }
}
