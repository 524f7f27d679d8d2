//! Tests of the handshake.

use super::*;

fn unix(certificate: Option<Vec<u8>>) -> Announcement {
    Announcement { address: Address::Unix("/tmp/plugin1".to_owned()), certificate }
}

#[test]
fn the_line_has_six_fields_and_a_seventh_only_when_asked() {
    let tcp =
        Announcement { address: Address::Tcp("127.0.0.1:1234".to_owned()), certificate: Some(vec![255; 4]) };
    let rows = [
        (unix(None), false, "1|6|unix|/tmp/plugin1|grpc|"),
        (unix(None), true, "1|6|unix|/tmp/plugin1|grpc||false"),
        (tcp, false, "1|6|tcp|127.0.0.1:1234|grpc|/////w"),
    ];
    for (announcement, multiplex, line) in rows {
        assert_eq!(announcement.line(multiplex), line);
        assert_eq!(Announcement::parse(line), Ok(announcement));
    }
}

#[test]
fn the_certificate_is_never_padded_whatever_its_length() {
    for length in 1..200_u8 {
        let announcement = unix(Some((0..length).collect()));
        let line = announcement.line(false);
        assert!(!line.contains('='), "{line}");
        assert_eq!(Announcement::parse(&line), Ok(announcement));
    }
}

#[test]
fn a_line_that_a_host_would_refuse_is_refused_with_the_reason() {
    let rows = [
        ("hello", "handshake version is `hello` instead of `1`"),
        ("1|5|unix|/a|grpc|", "protocol version is `5` instead of `6`"),
        ("1|6|unix", "the line ends before the address"),
        ("1|6|pipe|/a|grpc|", "unknown network `pipe`"),
        ("1|6|unix|/a|netrpc|", "wire protocol is `netrpc` instead of `grpc`"),
    ];
    for (line, reason) in rows {
        assert_eq!(Announcement::parse(line), Err(reason.to_owned()), "{line}");
    }
    assert!(Announcement::parse("1|6|unix|/a|grpc|ab==").is_err(), "padding is refused");
}

#[test]
fn the_versions_come_in_any_order() {
    for offered in ["5,6", "6,5", "6", " 6 "] {
        assert!(speaks_our_version(Some(offered)), "{offered}");
    }
    for offered in ["5", "", "7,60", "six"] {
        assert!(!speaks_our_version(Some(offered)), "{offered}");
    }
    assert!(speaks_our_version(None));
}

#[test]
fn only_the_cookie_itself_counts() {
    assert!(started_by_host(Some(COOKIE)));
    assert!(!started_by_host(Some("another")));
    assert!(!started_by_host(None));
}

#[test]
fn a_person_is_told_how_to_use_the_program() {
    let text = explanation("acme/cloud");
    assert!(text.contains("cloud = {"), "{text}");
    assert!(text.contains("source = \"acme/cloud\""), "{text}");
    assert!(text.contains("terraform init"), "{text}");
}
