//! Digests of texts. That some of them protect nothing any more does not matter: they are compared, not trusted.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use md5::Digest as _;

use super::arguments::Arguments;
use super::{Function, Takes};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::Outcome;

/// What a digest is of, and how it is written.
pub type Hash = fn(&[u8]) -> String;

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    Some(match name {
        "md5" => (Takes::Known, (|it| of_text(it, "md5")) as Function),
        "sha1" => (Takes::Known, |it| of_text(it, "sha1")),
        "sha256" => (Takes::Known, |it| of_text(it, "sha256")),
        "sha512" => (Takes::Known, |it| of_text(it, "sha512")),
        "base64sha256" => (Takes::Known, |it| of_text(it, "base64sha256")),
        "base64sha512" => (Takes::Known, |it| of_text(it, "base64sha512")),
        _ => return None,
    })
}

/// The digest of that name.
pub fn hash(name: &str) -> Option<Hash> {
    Some(match name {
        "md5" => |bytes| hex(&md5::Md5::digest(bytes)),
        "sha1" => |bytes| hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()),
        "sha256" => |bytes| hex(digest::digest(&digest::SHA256, bytes).as_ref()),
        "sha512" => |bytes| hex(digest::digest(&digest::SHA512, bytes).as_ref()),
        "base64sha256" => |bytes| BASE64_STANDARD.encode(digest::digest(&digest::SHA256, bytes)),
        "base64sha512" => |bytes| BASE64_STANDARD.encode(digest::digest(&digest::SHA512, bytes)),
        _ => return None,
    })
}

fn of_text(it: &Arguments, name: &str) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let text = it.text(0)?;
    Ok(hash(name).map(|it| Typed::string(it(text.as_bytes()))))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}
