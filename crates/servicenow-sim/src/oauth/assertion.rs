//! Signed assertions: a JSON web token that names a user, checked against the keys registered for a client.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::public_key;
use crate::instance::{Instance, text};
use crate::sign_in::user_named;
use crate::store::{Row, StoreError};

/// The user that a valid assertion names, if it is signed with a key of the client and made for it.
pub fn user(instance: &Instance, client: &Row, assertion: &str) -> Result<Option<Row>, StoreError> {
    let Some((header, claims)) = parts(assertion) else {
        return Ok(None);
    };
    let now_s = instance.clock.unix_ms() / 1000;
    if !is_current(&claims, now_s) || !is_for(&claims, text(client, "client_id"), &instance.base_url) {
        return Ok(None);
    }
    if !is_signed(instance, client, &header, assertion)? {
        return Ok(None);
    }
    let subject = claims.get("sub").and_then(Value::as_str).unwrap_or_default();
    let named = user_named(instance, subject)?;
    if named.is_some() || subject.is_empty() {
        return Ok(named);
    }
    let by_email = instance.store.matching(&instance.dictionary, "sys_user", &[("email", subject)])?;
    Ok(by_email.into_iter().next().map(|(_, row)| row))
}

/// The client id that an assertion says it is made for, before anything is checked.
pub fn audience(assertion: &str) -> Vec<String> {
    parts(assertion).map(|(_, claims)| audiences(&claims)).unwrap_or_default()
}

fn audiences(claims: &Value) -> Vec<String> {
    match claims.get("aud") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

fn parts(assertion: &str) -> Option<(Value, Value)> {
    let mut parts = assertion.split('.');
    let (header, claims) = (decoded(parts.next()?)?, decoded(parts.next()?)?);
    Some((serde_json::from_slice(&header).ok()?, serde_json::from_slice(&claims).ok()?))
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

/// An assertion without an end is none.
fn is_current(claims: &Value, now_s: u64) -> bool {
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century are exact in a double")]
    let now = now_s as f64;
    moment("exp").is_some_and(|it| it > now) && moment("nbf").is_none_or(|it| it <= now)
}

fn is_for(claims: &Value, client_id: &str, base_url: &str) -> bool {
    let audiences = audiences(claims);
    let endpoint = format!("{base_url}/oauth_token.do");
    audiences.iter().any(|it| it == client_id || it == base_url || *it == endpoint)
}

fn is_signed(instance: &Instance, client: &Row, header: &Value, assertion: &str) -> Result<bool, StoreError> {
    let Some((message, signature)) = assertion.rsplit_once('.') else {
        return Ok(false);
    };
    let Some(signature) = decoded(signature) else {
        return Ok(false);
    };
    let named = |name: &str| header.get(name).and_then(Value::as_str).unwrap_or_default();
    let (algorithm, kid) = (named("alg"), named("kid"));
    let mine = [("oauth_entity", text(client, "sys_id"))];
    for (_, key) in instance.store.matching(&instance.dictionary, "jwt_verifier_map", &mine)? {
        let meant = kid.is_empty() || text(&key, "kid").is_empty() || text(&key, "kid") == kid;
        if meant && fits(instance, &key, algorithm, message.as_bytes(), &signature)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether the signature is by that key. The algorithm decides which kind of key is looked at, never the other way.
fn fits(
    instance: &Instance,
    key: &Row,
    algorithm: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, StoreError> {
    match algorithm {
        "RS256" => {
            let pem = pem(instance, key)?;
            let Some(public) = public_key::of_pem(&pem) else {
                return Ok(false);
            };
            let public = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public);
            Ok(public.verify(message, signature).is_ok())
        }
        "HS256" => {
            let shared = instance.store.decrypt(text(key, "shared_key"))?.unwrap_or_default();
            let shared_key = hmac::Key::new(hmac::HMAC_SHA256, shared.as_bytes());
            Ok(!shared.is_empty() && hmac::verify(&shared_key, message, signature).is_ok())
        }
        _ => Ok(false),
    }
}

/// The text of the key itself, or of the certificate that it names.
fn pem(instance: &Instance, key: &Row) -> Result<String, StoreError> {
    let own = text(key, "pem_public_key");
    let certificate = text(key, "sys_certificate");
    if !own.is_empty() || certificate.is_empty() || instance.dictionary.table("sys_certificate").is_none() {
        return Ok(own.to_owned());
    }
    let found = instance.store.find(&instance.dictionary, "sys_certificate", certificate)?;
    Ok(found.map(|(_, row)| text(&row, "pem_certificate").to_owned()).unwrap_or_default())
}
