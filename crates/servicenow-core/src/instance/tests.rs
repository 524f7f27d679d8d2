//! Addresses that people write, and those that they should not.

use super::*;

fn check(url: &str, expected: &str) {
    assert_eq!(InstanceUrl::parse(url, false).unwrap().to_string(), expected, "{url}");
}

fn check_refused(url: &str, part: &str) {
    let error = InstanceUrl::parse(url, false).unwrap_err();
    assert!(error.reason.contains(part), "{url}: {} lacks {part:?}", error.reason);
}

#[test]
fn an_address_is_scheme_host_and_port() {
    check("https://dev12345.service-now.com", "https://dev12345.service-now.com");
    check("  https://DEV12345.Service-Now.com/ ", "https://dev12345.service-now.com");
    check("HTTPS://a.example.com.//", "https://a.example.com");
    check("https://a.example.com:8443", "https://a.example.com:8443");
    check("https://10.0.0.1:", "https://10.0.0.1");
    check("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443");
}

#[test]
fn plain_http_is_for_this_machine_unless_allowed() {
    check("http://localhost:8080", "http://localhost:8080");
    check("http://127.0.0.1:8080", "http://127.0.0.1:8080");
    check("http://127.8.9.10", "http://127.8.9.10");
    check("http://[::1]:8080/", "http://[::1]:8080");
    check_refused("http://dev12345.service-now.com", "allow_http");
    check_refused("http://localhost.example.com", "allow_http");
    check_refused("http://127.0.0.1.example.com", "allow_http");
    let allowed = InstanceUrl::parse("http://proxy.internal", true).unwrap();
    assert_eq!((allowed.to_string().as_str(), allowed.is_https()), ("http://proxy.internal", false));
}

#[test]
fn what_is_no_address_is_refused_with_the_way_out() {
    check_refused("", "https://");
    check_refused("dev12345", "https://");
    check_refused("dev12345.service-now.com/", "`https://dev12345.service-now.com`");
    check_refused("ftp://dev12345.service-now.com", "https://");
    check_refused("https://", "no host");
    check_refused("https:///path", "no host");
    check_refused("https://a b.example.com", "blank");
    check_refused("https://a.example.com\\@b", "backslash");
    check_refused("https://dev1.service-now.com/nav_to.do?uri=x", "write `https://dev1.service-now.com`");
    check_refused("https://dev1.service-now.com?x=1", "write `https://dev1.service-now.com`");
    check_refused("https://dev1.service-now.com#x", "write `https://dev1.service-now.com`");
    check_refused("https://a..example.com", "host");
    check_refused("https://-a.example.com", "host");
    check_refused("https://ünï.example.com", "host");
    check_refused("https://[::zz]", "host");
    check_refused("https://a.example.com:0", "port");
    check_refused("https://a.example.com:70000", "port");
    check_refused("https://a.example.com:80:90", "port");
    check_refused(&format!("https://{}.example.com", "a".repeat(64)), "host");
}

#[test]
fn credentials_in_an_address_are_refused_and_not_repeated() {
    for url in [
        "https://admin:planted@dev1.service-now.com",
        "https://planted@x",
        "admin:planted@dev1.service-now.com",
        "planted://x",
        "planted",
    ] {
        let error = InstanceUrl::parse(url, false).unwrap_err();
        assert!(!error.reason.contains("planted"), "{url}: {}", error.reason);
    }
    check_refused("https://admin:planted@dev1.service-now.com", "credentials");
}

#[test]
fn a_short_name_leads_to_the_hosted_instance() {
    let instance = InstanceUrl::from_name(" Dev12345 ").unwrap();
    assert_eq!(instance.to_string(), "https://dev12345.service-now.com");
    assert_eq!((instance.name(), instance.host()), (Some("dev12345"), "dev12345.service-now.com"));
    assert_eq!(InstanceUrl::parse("https://a.example.com", false).unwrap().name(), None);
    for wrong in ["", "-a", "a b", "a?b", "a@b"] {
        assert!(InstanceUrl::from_name(wrong).unwrap_err().reason.contains("short name"), "{wrong}");
    }
    for wrong in ["dev1.service-now.com", "https://dev1", "a/b"] {
        assert!(InstanceUrl::from_name(wrong).unwrap_err().reason.contains("whole address"), "{wrong}");
    }
}

#[test]
fn this_machine_is_known_by_all_its_names() {
    for (url, expected) in [
        ("https://localhost", true),
        ("https://[::1]", true),
        ("https://127.0.0.2", true),
        ("https://10.0.0.1", false),
        ("https://dev1.service-now.com", false),
    ] {
        assert_eq!(InstanceUrl::parse(url, false).unwrap().is_loopback(), expected, "{url}");
    }
}
