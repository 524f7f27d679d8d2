//! Assertions that an instance gives a token for: a few claims, signed with a private key.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;
use servicenow_core::Secret;

/// How long an assertion is valid when nobody says otherwise: it is used at once, and clocks differ by a minute or two.
pub const LIFETIME_S: u64 = 300;

/// How far the clock of the instance may be behind: an assertion from the future is refused.
pub(crate) const CLOCK_SKEW_S: u64 = 30;

/// What is asserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// Who signs: the client id of the application, unless its record says otherwise.
    pub issuer: String,
    /// Whom the token is for: the value of the user field that the application's record names.
    pub subject: String,
    /// Whom it is addressed to: the client id of the application, unless its record says otherwise.
    pub audience: String,
    /// Which of the application's verifier maps has the public key.
    pub key_id: Option<String>,
    /// Seconds for which the assertion is valid.
    pub lifetime_s: u64,
}

/// A private key that signs assertions. It is never printed.
pub struct SigningKey(Key);

enum Key {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

/// Why a key cannot sign. Never holds it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// The text is no private key in PEM.
    #[error("the private key is no key in PEM, which begins with `-----BEGIN PRIVATE KEY-----`")]
    NoKey,
    /// The key is protected by a password.
    #[error("the private key is encrypted: give it without a password, for example from a file or a command")]
    Encrypted,
    /// The key is of a kind that the platform does not verify.
    #[error("the private key is neither RSA of 2048 bits or more nor ECDSA on P-256 or P-384")]
    WrongKind,
    /// The library refused to sign.
    #[error("the private key could not sign")]
    Failed,
}

impl SigningKey {
    /// Reads a key in PEM: PKCS#8, PKCS#1 or SEC1.
    pub fn from_pem(pem: &Secret) -> Result<SigningKey, SigningError> {
        let pem = pem.expose();
        if pem.contains("ENCRYPTED") {
            return Err(SigningError::Encrypted);
        }
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| SigningError::NoKey)?;
        let rsa = match &der {
            PrivateKeyDer::Pkcs1(it) => RsaKeyPair::from_der(it.secret_pkcs1_der()).ok(),
            _ => RsaKeyPair::from_pkcs8(der.secret_der()).ok(),
        };
        let curve = |algorithm| match &der {
            PrivateKeyDer::Sec1(it) => {
                EcdsaKeyPair::from_private_key_der(algorithm, it.secret_sec1_der()).ok()
            }
            _ => EcdsaKeyPair::from_pkcs8(algorithm, der.secret_der()).ok(),
        };
        let key = rsa.map(Key::Rsa).or_else(|| curve(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Key::P256));
        let key = key.or_else(|| curve(&ECDSA_P384_SHA384_FIXED_SIGNING).map(Key::P384));
        key.map(SigningKey).ok_or(SigningError::WrongKind)
    }

    /// The signed assertion. `now_s` is the time in seconds since 1970, `id` makes it different from every other one.
    pub fn sign(&self, claims: &Claims, now_s: u64, id: &str) -> Result<Secret, SigningError> {
        let mut header = json!({"alg": self.algorithm(), "typ": "JWT"});
        if let (Some(members), Some(key_id)) = (header.as_object_mut(), &claims.key_id) {
            members.insert("kid".to_owned(), json!(key_id));
        }
        let body = json!({
            "iss": claims.issuer,
            "sub": claims.subject,
            "aud": claims.audience,
            "iat": now_s.saturating_sub(CLOCK_SKEW_S),
            "exp": now_s.saturating_add(claims.lifetime_s),
            "jti": id,
        });
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let signed =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(body.to_string().as_bytes()));
        let signature = self.signature(signed.as_bytes())?;
        Ok(Secret::new(format!("{signed}.{}", encode(&signature))))
    }

    fn algorithm(&self) -> &'static str {
        match self.0 {
            Key::Rsa(_) => "RS256",
            Key::P256(_) => "ES256",
            Key::P384(_) => "ES384",
        }
    }

    fn signature(&self, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        let random = SystemRandom::new();
        match &self.0 {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                let signed = key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                signed.map(|()| signature).map_err(|_| SigningError::Failed)
            }
            Key::P256(key) | Key::P384(key) => {
                let signed = key.sign(&random, message);
                signed.map(|it| it.as_ref().to_vec()).map_err(|_| SigningError::Failed)
            }
        }
    }
}

#[cfg(test)]
mod tests;
