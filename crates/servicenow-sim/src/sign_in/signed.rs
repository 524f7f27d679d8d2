//! Signed requests: a digest of the body with a shared secret, in a header or a parameter.
//!
//! That the platform takes them is documented; the header's name, the prefix, the algorithm and the secret are columns of
//! the profile, as in the form in which inbound endpoints are configured. How the digest is written is a setting.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Proof, Proven, user_with_id};
use crate::arrival::Arrival;
use crate::instance::{Instance, text};
use crate::settings::SIGNATURE_ENCODING;
use crate::store::{Row, StoreError};

/// The profiles with which requests are signed.
const PROFILES: &str = "http_hmac_auth";

/// The user of the profile whose secret signed the request.
pub fn proven(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    let active = [("active", "true")];
    let mut tried = false;
    for (_, profile) in instance.store.matching(&instance.dictionary, PROFILES, &active)? {
        let Some(signature) = signature(&profile, arrival) else {
            continue;
        };
        tried = true;
        if is_signed(instance, &profile, arrival, &signature)? {
            return user_with_id(instance, text(&profile, "user"), Proof::Signature);
        }
    }
    Ok(if tried { Proven::Wrong } else { Proven::Nothing })
}

/// What stands where the profile says, without the prefix.
fn signature(profile: &Row, arrival: &Arrival) -> Option<String> {
    let name = text(profile, "auth_parameter");
    let in_header = || arrival.header(name);
    let in_query = || arrival.parameter(name);
    let given = match text(profile, "parameter_type") {
        "header" => in_header(),
        "query" => in_query(),
        _ => in_header().or_else(in_query),
    };
    let given = given.filter(|it| !it.is_empty())?;
    Some(given.strip_prefix(text(profile, "prefix")).unwrap_or(given).trim().to_owned())
}

fn is_signed(
    instance: &Instance,
    profile: &Row,
    arrival: &Arrival,
    signature: &str,
) -> Result<bool, StoreError> {
    let secret = instance.store.decrypt(text(profile, "secret"))?.unwrap_or_default();
    let algorithm = match text(profile, "algorithm") {
        "HMAC-SHA384" => hmac::HMAC_SHA384,
        "HMAC-SHA512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    let key = hmac::Key::new(algorithm, secret.as_bytes());
    let verified = |it: Vec<u8>| hmac::verify(&key, &arrival.bytes, &it).is_ok();
    let encoding = instance.settings.text(SIGNATURE_ENCODING);
    let as_hex = (encoding != "base64").then(|| hex(signature)).flatten();
    let as_base64 = if encoding == "hex" { None } else { STANDARD.decode(signature).ok() };
    Ok(!secret.is_empty() && (as_hex.is_some_and(verified) || as_base64.is_some_and(verified)))
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|it| u8::from_str_radix(text.get(it..it + 2)?, 16).ok()).collect()
}
