//! What a certificate says of itself, as far as people read it: subject, issuer, and from when until when it counts.

use crate::der::{IDENTIFIER, VERSION, block, value};

/// The identifiers of attributes, as DER has them, and their short names.
const ATTRIBUTES: &[(&[u8], &str)] = &[
    (&[0x55, 0x04, 0x03], "CN"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
];
/// A time with two digits for the year.
const SHORT_TIME: u8 = 0x17;
/// A time with four digits for the year.
const LONG_TIME: u8 = 0x18;
/// Years below this one are of this century, the others of the last.
const CENTURY_SPLIT: u32 = 50;

/// A certificate's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certificate {
    /// For whom it is, for example `O=Acme,CN=integration`; empty when no attribute is known.
    pub subject: String,
    /// Who signed it, in the same way.
    pub issuer: String,
    /// From when on it counts: `YYYY-MM-DD HH:MM:SS` in UTC.
    pub valid_from: String,
    /// Until when.
    pub expires: String,
}

/// Reads a certificate in DER; nothing when it is none.
pub fn of_der(certificate: &[u8]) -> Option<Certificate> {
    let (_, whole, _) = value(certificate)?;
    let (_, facts, _) = value(whole)?;
    let (tag, _, after_version) = value(facts)?;
    let rest = if tag == VERSION { after_version } else { facts };
    // The serial number and the algorithm stand before the issuer.
    let rest = value(value(rest)?.2)?.2;
    let (_, issuer, rest) = value(rest)?;
    let (_, validity, rest) = value(rest)?;
    let (_, subject, _) = value(rest)?;
    let (from_tag, from, until) = value(validity)?;
    let (until_tag, until, _) = value(until)?;
    Some(Certificate {
        subject: name(subject),
        issuer: name(issuer),
        valid_from: moment(from_tag, from)?,
        expires: moment(until_tag, until)?,
    })
}

/// Reads the first certificate of a PEM text.
pub fn of_pem(text: &str) -> Option<Certificate> {
    of_der(&block(text, "CERTIFICATE")?)
}

fn name(mut names: &[u8]) -> String {
    let mut parts = Vec::new();
    while let Some((_, set, after)) = value(names) {
        parts.extend(attribute(set));
        names = after;
    }
    parts.join(",")
}

fn attribute(set: &[u8]) -> Option<String> {
    let (_, pair, _) = value(set)?;
    let (tag, identifier, rest) = value(pair)?;
    let (_, text, _) = value(rest)?;
    let (_, name) = ATTRIBUTES.iter().find(|(it, _)| tag == IDENTIFIER && *it == identifier)?;
    Some(format!("{name}={}", std::str::from_utf8(text).ok()?))
}

/// `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ` as the platform writes moments.
fn moment(tag: u8, text: &[u8]) -> Option<String> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (year, rest) = match tag {
        SHORT_TIME => {
            let (year, rest) = digits.split_at_checked(2)?;
            let short: u32 = year.parse().ok()?;
            (short + if short < CENTURY_SPLIT { 2000 } else { 1900 }, rest)
        }
        LONG_TIME => {
            let (year, rest) = digits.split_at_checked(4)?;
            (year.parse().ok()?, rest)
        }
        _ => return None,
    };
    let pairs: Vec<&str> = (0..5).filter_map(|it| rest.get(it * 2..it * 2 + 2)).collect();
    let [month, day, hour, minute, second] = pairs.as_slice() else {
        return None;
    };
    Some(format!("{year:04}-{month}-{day} {hour}:{minute}:{second}"))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};

    use super::*;

    #[test]
    fn a_certificate_says_for_whom_it_is_and_when_it_counts() {
        for (names, expected) in [
            (vec![(DnType::CommonName, "integration")], "CN=integration"),
            (vec![(DnType::OrganizationName, "Acme"), (DnType::CommonName, "é")], "O=Acme,CN=é"),
            (vec![], ""),
        ] {
            let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            params.distinguished_name = DistinguishedName::new();
            params.not_before = date_time_ymd(2024, 3, 1);
            params.not_after = date_time_ymd(2055, 12, 31);
            names.into_iter().for_each(|(kind, value)| params.distinguished_name.push(kind, value));
            let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
            let read = of_der(certificate.der()).unwrap();
            assert_eq!((read.subject.as_str(), read.issuer.as_str()), (expected, expected));
            assert_eq!(read.valid_from, "2024-03-01 00:00:00");
            assert_eq!(read.expires, "2055-12-31 00:00:00", "a time with four digits for the year");
            assert_eq!(of_pem(&certificate.pem()), Some(read));
        }
    }

    #[test]
    fn what_is_no_certificate_says_nothing() {
        for bytes in [&b""[..], b"\x30\x84\xff\xff\xff\xff", b"\x30\x03\x30\x01\x00"] {
            assert_eq!(of_der(bytes), None);
        }
        assert_eq!(of_pem("-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----"), None);
        for (tag, text) in [(SHORT_TIME, "24"), (LONG_TIME, "20240301"), (0x0c, "20240301000000Z")] {
            assert_eq!(moment(tag, text.as_bytes()), None, "{text}");
        }
        assert_eq!(moment(SHORT_TIME, b"991231235959Z").as_deref(), Some("1999-12-31 23:59:59"));
    }
}
