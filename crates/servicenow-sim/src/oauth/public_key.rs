//! The public key in a PEM text: of a key as it is, or of a certificate.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A sequence of other values.
const SEQUENCE: u8 = 0x30;
/// The version of a certificate, which is left out in old ones.
const VERSION: u8 = 0xa0;
/// Serial number, algorithm, issuer, validity and subject come before the key.
const BEFORE_THE_KEY: usize = 5;

/// The key in the form `SubjectPublicKeyInfo`, or nothing for a text that has none.
pub fn of_pem(text: &str) -> Option<Vec<u8>> {
    if let Some(key) = block(text, "PUBLIC KEY") {
        return Some(key);
    }
    let certificate = block(text, "CERTIFICATE")?;
    let (_, outer, _) = value(&certificate)?;
    let (_, inner, _) = value(outer)?;
    let mut rest = inner;
    if let Some((VERSION, _, after)) = value(rest) {
        rest = after;
    }
    for _ in 0..BEFORE_THE_KEY {
        rest = value(rest)?.2;
    }
    let (tag, _, after) = value(rest)?;
    let length = rest.len() - after.len();
    (tag == SEQUENCE).then(|| rest.get(..length).map(<[u8]>::to_vec))?
}

fn block(text: &str, label: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.chars().filter(|it| !it.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}

/// The tag and the content of the first value, and what comes after it.
fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        // Keys and certificates are shorter than what three bytes can say.
        0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (length.iter().fold(0, |sum, it| sum * 256 + usize::from(*it)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}
