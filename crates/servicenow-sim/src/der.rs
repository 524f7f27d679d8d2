//! As much of DER and PEM as certificates and keys need: a value, what comes after it, and a block of a text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A sequence of other values.
pub const SEQUENCE: u8 = 0x30;
/// The version of a certificate, which is left out in old ones.
pub const VERSION: u8 = 0xa0;
/// An identifier, for example of an attribute.
pub const IDENTIFIER: u8 = 0x06;
/// A whole number.
pub const INTEGER: u8 = 0x02;

/// The tag and the content of the first value, and what comes after it.
pub fn value(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
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

/// What stands between the lines of a PEM text that begin and end this label.
pub fn block(text: &str, label: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let body: String = body.chars().filter(|it| !it.is_whitespace()).collect();
    STANDARD.decode(body).ok()
}
