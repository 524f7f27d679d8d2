//! The public key in a PEM text: of a key as it is, or of a certificate.

use crate::der::{SEQUENCE, VERSION, block, value};

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
