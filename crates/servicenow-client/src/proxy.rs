//! What stands between this machine and the instance.

use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::NoProxy;
use servicenow_core::Secret;

/// Which proxy requests go through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// What the usual variables of the environment say; nothing for what runs on this machine.
    #[default]
    Usual,
    /// This one.
    Given(Proxy),
}

/// A proxy. Its address may hold a password and is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    url: Secret,
    exceptions: String,
}

/// Why an address cannot be that of a proxy. Never holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyError {
    /// Other kinds of proxy are not spoken to.
    #[error("the address of a proxy begins with `http://` or `https://`")]
    Scheme,
    /// The address makes no sense.
    #[error("this is no address of a proxy: write it as in `http://proxy.example.com:3128`")]
    NoAddress,
}

impl Proxy {
    /// Reads the address of a proxy, and the hosts and domains that are reached without it.
    pub fn parse(url: &Secret, exceptions: &[String]) -> Result<Proxy, ProxyError> {
        let text = url.expose().trim();
        if !(text.starts_with("http://") || text.starts_with("https://")) {
            return Err(ProxyError::Scheme);
        }
        let is_usable = reqwest::Proxy::all(text).is_ok() && text.parse::<http::Uri>().is_ok();
        if !is_usable {
            return Err(ProxyError::NoAddress);
        }
        Ok(Proxy { url: Secret::new(text), exceptions: exceptions.join(",") })
    }

    pub(crate) fn to_reqwest(&self) -> Result<reqwest::Proxy, reqwest::Error> {
        Ok(reqwest::Proxy::all(self.url.expose())?.no_proxy(NoProxy::from_string(&self.exceptions)))
    }
}

impl ProxyChoice {
    /// Host and port of the proxy on the way to an address, without its credentials; `None` when there is none.
    pub fn on_the_way_to(&self, url: &str) -> Option<String> {
        let matcher = match self {
            ProxyChoice::Usual => Matcher::from_system(),
            ProxyChoice::Given(proxy) => {
                Matcher::builder().all(proxy.url.expose()).no(proxy.exceptions.as_str()).build()
            }
        };
        let intercept = matcher.intercept(&url.parse().ok()?)?;
        let authority = intercept.uri().authority()?.as_str();
        authority.rsplit('@').next().map(str::to_owned)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxy")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str, exceptions: &[&str]) -> Result<Proxy, ProxyError> {
        let exceptions: Vec<String> = exceptions.iter().map(|it| (*it).to_owned()).collect();
        Proxy::parse(&Secret::new(url), &exceptions)
    }

    #[test]
    fn a_proxy_has_an_address_that_is_never_printed() {
        for (url, expected) in [
            ("http://proxy.example.com:3128", None),
            ("https://user:planted@proxy.example.com", None),
            ("proxy.example.com:3128", Some(ProxyError::Scheme)),
            ("socks5://proxy.example.com", Some(ProxyError::Scheme)),
            ("http://", Some(ProxyError::NoAddress)),
            ("http://a b", Some(ProxyError::NoAddress)),
        ] {
            let parsed = parse(url, &[]);
            assert!(!format!("{parsed:?}").contains("planted"));
            assert_eq!(parsed.err(), expected, "{url}");
        }
    }

    #[test]
    fn a_proxy_is_on_the_way_except_to_what_is_excepted() {
        let proxy = parse("http://user:planted@proxy.example.com:3128", &["inside.example", "10.0.0.0/8"]);
        let choice = ProxyChoice::Given(proxy.unwrap());
        for (url, expected) in [
            ("https://dev1.service-now.com", Some("proxy.example.com:3128")),
            ("https://sub.inside.example", None),
            ("https://inside.example", None),
            ("http://10.1.2.3:8080", None),
        ] {
            assert_eq!(choice.on_the_way_to(url).as_deref(), expected, "{url}");
        }
    }
}
