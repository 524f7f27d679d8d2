//! Access tokens that others can read: signed claims instead of a random text, and the key to check them with.
//!
//! The instance makes its key when it is first needed and keeps it with its rows.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

use super::tokens::Holder;
use crate::der::{INTEGER, value};
use crate::instance::{Instance, flag, text};
use crate::store::{Row, StoreError};

/// The fact that holds the key.
const KEY: &str = "key of tokens";
/// The value of `oauth_entity.token_format` with which a client gets such tokens.
const FORMAT: &str = "jwt";
/// What an instance's own key is called.
const KEY_ID: &str = "instance-1";

/// Whether a client gets such tokens.
pub fn is_for(client: &Row) -> bool {
    text(client, "token_format") == FORMAT
}

/// A signed token; nothing when no key can be made.
pub fn token(
    instance: &Instance,
    client: &Row,
    holder: &Holder<'_>,
    lifespan_s: u64,
) -> Result<Option<String>, StoreError> {
    let Some(key) = key(instance)? else {
        return Ok(None);
    };
    let now_s = instance.clock.unix_ms() / 1000;
    let header = json!({"alg": "RS256", "typ": "JWT", "kid": KEY_ID});
    let claims = json!({
        "iss": instance.base_url,
        "sub": subject(instance, client, holder)?,
        "aud": text(client, "client_id"),
        "iat": now_s,
        "exp": now_s + lifespan_s,
        "jti": Uuid::new_v4().simple().to_string(),
        "scope": holder.scopes,
    });
    let part = |it: &Value| URL_SAFE_NO_PAD.encode(it.to_string());
    let message = format!("{}.{}", part(&header), part(&claims));
    let mut signature = vec![0; key.public_modulus_len()];
    let signed = key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature);
    Ok(signed.is_ok().then(|| format!("{message}.{}", URL_SAFE_NO_PAD.encode(&signature))))
}

/// The keys to check tokens with: none while no client gets signed ones.
pub fn keys(instance: &Instance) -> Result<Value, StoreError> {
    let signed = [("token_format", FORMAT)];
    let clients = instance.store.matching(&instance.dictionary, "oauth_entity", &signed)?;
    let wanted = clients.iter().any(|(_, it)| flag(it, "active"));
    let key = if wanted { key(instance)? } else { None };
    let described = key.as_ref().and_then(described);
    Ok(json!({"keys": described.into_iter().collect::<Vec<Value>>()}))
}

/// Modulus and exponent, out of the sequence of the two.
fn described(key: &RsaKeyPair) -> Option<Value> {
    let (_, numbers, _) = value(key.public_key().as_ref())?;
    let (INTEGER, modulus, rest) = value(numbers)? else {
        return None;
    };
    let (_, exponent, _) = value(rest)?;
    // A zero before a first bit that is set says that the number is positive.
    let modulus = modulus.strip_prefix(&[0]).unwrap_or(modulus);
    Some(json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": KEY_ID,
        "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent),
    }))
}

/// Whom the token is for: the column of the user that the client's registry names, or the user's id.
fn subject(instance: &Instance, client: &Row, holder: &Holder<'_>) -> Result<String, StoreError> {
    let claim = text(client, "subject_claim");
    let found = instance.store.find(&instance.dictionary, "sys_user", holder.user)?;
    let named = found.filter(|_| !claim.is_empty()).map(|(_, row)| text(&row, claim).to_owned());
    Ok(named.filter(|it| !it.is_empty()).unwrap_or_else(|| holder.user.to_owned()))
}

fn key(instance: &Instance) -> Result<Option<RsaKeyPair>, StoreError> {
    if let Some(kept) = instance.store.fact(KEY)? {
        let bytes = STANDARD.decode(kept).unwrap_or_default();
        return Ok(RsaKeyPair::from_pkcs8(&bytes).ok());
    }
    let Ok(made) = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048) else {
        return Ok(None);
    };
    let Ok(bytes) = AsDer::<Pkcs8V1Der<'_>>::as_der(&made) else {
        return Ok(None);
    };
    instance.store.note(KEY, &STANDARD.encode(bytes.as_ref()))?;
    Ok(RsaKeyPair::from_pkcs8(bytes.as_ref()).ok())
}
