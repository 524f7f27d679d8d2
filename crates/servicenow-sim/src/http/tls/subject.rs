//! The subject of a certificate, as far as people write it.

/// The identifiers of attributes, as DER has them, and their short names.
const ATTRIBUTES: &[(&[u8], &str)] = &[
    (&[0x55, 0x04, 0x03], "CN"),
    (&[0x55, 0x04, 0x06], "C"),
    (&[0x55, 0x04, 0x07], "L"),
    (&[0x55, 0x04, 0x08], "ST"),
    (&[0x55, 0x04, 0x0a], "O"),
    (&[0x55, 0x04, 0x0b], "OU"),
];
/// The tag of the version, which very old certificates do not have.
const VERSION: u8 = 0xa0;
/// The tag of a name of an attribute.
const IDENTIFIER: u8 = 0x06;

/// The subject in the order of the certificate, for example `O=Acme,CN=integration`; nothing when it has none that is
/// known. The certificate was verified: it is well-formed.
pub fn of(certificate: &[u8]) -> Option<String> {
    let (_, whole, _) = value(certificate)?;
    let (_, facts, _) = value(whole)?;
    let (tag, _, after_version) = value(facts)?;
    let mut rest = if tag == VERSION { after_version } else { facts };
    // The serial number, the algorithm, the issuer and the validity stand before the subject.
    for _ in 0..4 {
        rest = value(rest)?.2;
    }
    let (_, mut names, _) = value(rest)?;
    let mut parts = Vec::new();
    while let Some((_, set, after)) = value(names) {
        parts.extend(attribute(set));
        names = after;
    }
    if parts.is_empty() { None } else { Some(parts.join(",")) }
}

fn attribute(set: &[u8]) -> Option<String> {
    let (_, pair, _) = value(set)?;
    let (tag, identifier, rest) = value(pair)?;
    let (_, text, _) = value(rest)?;
    let (_, name) = ATTRIBUTES.iter().find(|(it, _)| tag == IDENTIFIER && *it == identifier)?;
    Some(format!("{name}={}", std::str::from_utf8(text).ok()?))
}

/// The tag and the content of the first value, and what comes after it.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // Certificates are shorter than what three bytes can say.
        0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |sum, it| sum * 256 + usize::from(*it)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};

    use super::*;

    #[test]
    fn the_subject_of_a_certificate_is_written_with_short_names() {
        for (names, expected) in [
            (vec![(DnType::CommonName, "integration")], Some("CN=integration")),
            (vec![(DnType::OrganizationName, "Acme"), (DnType::CommonName, "é")], Some("O=Acme,CN=é")),
            (vec![], None),
        ] {
            let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
            params.distinguished_name = DistinguishedName::new();
            names.into_iter().for_each(|(kind, value)| params.distinguished_name.push(kind, value));
            let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
            assert_eq!(of(certificate.der()).as_deref(), expected);
        }
        assert_eq!(of(b"\x30\x84\xff\xff\xff\xff"), None);
        assert_eq!(of(b""), None);
    }
}
