//! Who may control the simulator: this machine, and no page of somebody else in a browser on it.

use std::net::{IpAddr, SocketAddr};

use servicenow_core::Request;

/// Why control is refused, if it is.
///
/// A browser on this machine may show a page of a stranger, which can make it ask here. What tells such requests apart is
/// the name they ask for (a name that was bent to this machine) and the origin that the browser adds.
pub fn objection(address: SocketAddr, from_everywhere: bool, request: &Request) -> Option<&'static str> {
    let header = |name: &str| {
        let found = request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    let host = header("host").unwrap_or_default();
    if !from_everywhere && !address.ip().to_canonical().is_loopback() {
        return Some("The request comes from another machine");
    }
    if !from_everywhere && !is_this_machine(host) {
        return Some("The request asks for a host that is not this machine");
    }
    let foreign = header("origin").is_some_and(|it| it.split_once("://").is_none_or(|(_, it)| it != host));
    foreign.then_some("The request was made by a page of another origin")
}

/// Whether a `Host` header names the machine itself. Without one it was no browser.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    let address = name.parse::<IpAddr>().is_ok_and(|it| it.to_canonical().is_loopback());
    name.is_empty() || address || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use servicenow_core::Method;

    use super::*;

    fn check(address: &str, headers: &[(&str, &str)], everywhere: bool, open: bool) {
        let mut request = Request::new(Method::Get, "/_sim/secret");
        request.headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let found = objection(address.parse().unwrap(), everywhere, &request);
        assert_eq!(found.is_none(), open, "{address} {headers:?}: {found:?}");
    }

    #[test]
    fn only_this_machine_controls_unless_told_otherwise() {
        for (address, local) in
            [("127.0.0.1:1", true), ("[::1]:1", true), ("[::ffff:127.0.0.1]:1", true), ("192.0.2.1:1", false)]
        {
            check(address, &[("host", "127.0.0.1:8080")], false, local);
            check(address, &[("host", "instance.example:8080")], true, true);
        }
    }

    #[test]
    fn a_page_of_a_stranger_does_not_control() {
        for (host, origin, open) in [
            ("127.0.0.1:8080", None, true),
            ("localhost:8080", Some("http://localhost:8080"), true),
            ("[::1]:8080", Some("https://[::1]:8080"), true),
            ("", None, true),
            ("evil.example:8080", None, false),
            ("127.0.0.1:8080", Some("http://evil.example"), false),
            ("127.0.0.1:8080", Some("http://127.0.0.1:9090"), false),
            ("127.0.0.1:8080", Some("null"), false),
        ] {
            let mut headers = vec![("host", host)];
            headers.extend(origin.map(|it| ("origin", it)));
            check("127.0.0.1:1", &headers, false, open);
        }
    }
}
