//! The address of an instance, checked once at the edge.

use std::fmt;
use std::net::IpAddr;

/// What the hosted instances' names end with.
const HOSTED_DOMAIN: &str = "service-now.com";

/// The longest label of a host name.
const LABEL_LENGTH_MAX: usize = 63;

/// The longest host name.
const HOST_LENGTH_MAX: usize = 253;

/// The address of an instance: scheme, host and perhaps a port, without path, query or credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InstanceUrl {
    is_https: bool,
    host: String,
    port: Option<u16>,
}

/// A text that is no usable address of an instance. Never holds the text itself, which may contain a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InstanceUrlError {
    /// Why, and what to write instead.
    pub reason: String,
}

impl InstanceUrl {
    /// Reads an address such as `https://dev12345.service-now.com`. Plain http is for this machine only, unless allowed.
    pub fn parse(url: &str, allow_http: bool) -> Result<InstanceUrl, InstanceUrlError> {
        let url = url.trim();
        if url.chars().any(|it| it.is_control() || it.is_whitespace() || it == '\\') {
            return refused("the address holds a blank, a backslash or a control character");
        }
        let Some((scheme, rest)) = url.split_once("://") else {
            return refused(without_scheme(url));
        };
        let is_https = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return refused("the address has to begin with `https://`"),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if authority.contains('@') {
            return refused(
                "the address holds credentials, which would end up in logs: give user name and password apart from it",
            );
        }
        let (host, port) = host_and_port(authority)?;
        let instance = InstanceUrl { is_https, host, port };
        if !path.trim_matches('/').is_empty() {
            return refused(format!("the address must end after the host: write `{instance}`"));
        }
        if !is_https && !allow_http && !instance.is_loopback() {
            return refused(format!(
                "plain http would send the password readable to `{}`: begin with `https://`, or set `allow_http`",
                instance.host
            ));
        }
        Ok(instance)
    }

    /// The address of a hosted instance from its short name, such as `dev12345`.
    pub fn from_name(name: &str) -> Result<InstanceUrl, InstanceUrlError> {
        let name = name.trim().to_ascii_lowercase();
        if name.contains(['.', '/', ':']) {
            return refused(
                "this is an address and no short name: give the whole address as the URL of the instance",
            );
        }
        if !is_label(&name) {
            return refused(
                "the short name of an instance has 1 to 63 letters, digits and hyphens, such as `dev12345`",
            );
        }
        Ok(InstanceUrl { is_https: true, host: format!("{name}.{HOSTED_DOMAIN}"), port: None })
    }

    /// The host without scheme and port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The short name of a hosted instance, as in `dev12345`; `None` for any other host.
    pub fn name(&self) -> Option<&str> {
        self.host.strip_suffix(HOSTED_DOMAIN)?.strip_suffix('.')
    }

    /// Whether the connection is encrypted.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']');
        self.host == "localhost" || address.parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
    }
}

impl fmt::Display for InstanceUrl {
    /// Without a slash at the end, so that a path can follow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.host)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), InstanceUrlError> {
    let end_of_host = authority.rfind(']').map_or(0, |it| it + 1);
    let colon = authority.get(end_of_host..).and_then(|it| it.find(':')).map(|it| it + end_of_host);
    let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.is_empty() {
        return refused("the address names no host: write it as in `https://dev12345.service-now.com`");
    }
    if !is_host(&host) {
        return refused(
            "the host in the address is neither a name of letters, digits, hyphens and dots nor an IP address",
        );
    }
    match port.strip_prefix(':') {
        None | Some("") => Ok((host, None)),
        Some(digits) => match digits.parse() {
            Ok(port) if port != 0 => Ok((host, Some(port))),
            _ => refused("the port in the address is no number from 1 to 65535"),
        },
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    host.len() <= HOST_LENGTH_MAX && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let legal = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    !label.is_empty()
        && label.len() <= LABEL_LENGTH_MAX
        && label.bytes().all(legal)
        && !label.starts_with('-')
}

fn without_scheme(url: &str) -> String {
    // Only what is surely a host is repeated: anything else may be a password in the wrong place.
    match host_and_port(url.trim_end_matches('/')) {
        Ok((host, None)) if host.ends_with(HOSTED_DOMAIN) => {
            format!("the address lacks its scheme: write `https://{host}`")
        }
        _ => "the address has to begin with `https://`, as in `https://dev12345.service-now.com`".to_owned(),
    }
}

fn refused<T>(reason: impl Into<String>) -> Result<T, InstanceUrlError> {
    Err(InstanceUrlError { reason: reason.into() })
}

#[cfg(test)]
mod tests;
