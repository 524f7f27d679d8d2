//! Assertions that any verifier accepts, and keys that cannot sign.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::*;

const NOW_S: u64 = 1_700_000_000;

fn pem(label: &str, der: &[u8]) -> Secret {
    let body = BASE64_STANDARD.encode(der);
    Secret::new(format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n"))
}

fn claims() -> Claims {
    Claims {
        issuer: "client-id".to_owned(),
        subject: "integration".to_owned(),
        audience: "client-id".to_owned(),
        key_id: Some("key-1".to_owned()),
        lifetime_s: LIFETIME_S,
    }
}

fn part(assertion: &Secret, index: usize) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(assertion.expose().split('.').nth(index).unwrap()).unwrap()
}

fn check(pem: &Secret, algorithm: &str, verifier: &'static dyn VerificationAlgorithm, public_key: &[u8]) {
    let assertion = SigningKey::from_pem(pem).unwrap().sign(&claims(), NOW_S, "id-1").unwrap();
    let header: Value = serde_json::from_slice(&part(&assertion, 0)).unwrap();
    assert_eq!(header, json!({"alg": algorithm, "typ": "JWT", "kid": "key-1"}));
    let body: Value = serde_json::from_slice(&part(&assertion, 1)).unwrap();
    let expected = json!({"iss": "client-id", "sub": "integration", "aud": "client-id", "iat": NOW_S - 30,
        "exp": NOW_S + 300, "jti": "id-1"});
    assert_eq!(body, expected);
    let (signed, _) = assertion.expose().rsplit_once('.').unwrap();
    UnparsedPublicKey::new(verifier, public_key).verify(signed.as_bytes(), &part(&assertion, 2)).unwrap();
}

#[test]
fn an_assertion_is_signed_with_the_key_that_was_given() {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let pkcs8 = rsa.as_der().unwrap();
    check(
        &pem("PRIVATE KEY", pkcs8.as_ref()),
        "RS256",
        &RSA_PKCS1_2048_8192_SHA256,
        rsa.public_key().as_ref(),
    );
    let curve = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let pkcs8 = curve.to_pkcs8v1().unwrap();
    check(
        &pem("PRIVATE KEY", pkcs8.as_ref()),
        "ES256",
        &ECDSA_P256_SHA256_FIXED,
        curve.public_key().as_ref(),
    );
}

#[test]
fn a_key_id_that_is_not_given_is_not_sent() {
    let curve = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap();
    let key = SigningKey::from_pem(&pem("PRIVATE KEY", curve.to_pkcs8v1().unwrap().as_ref())).unwrap();
    let assertion = key.sign(&Claims { key_id: None, ..claims() }, NOW_S, "id-1").unwrap();
    assert_eq!(part(&assertion, 0), br#"{"alg":"ES384","typ":"JWT"}"#);
}

#[test]
fn a_key_that_cannot_sign_is_refused_with_the_reason() {
    let check = |pem: &Secret, expected: SigningError| {
        let error = SigningKey::from_pem(pem).map(|_| ()).unwrap_err();
        assert_eq!(error, expected);
        assert!(!error.to_string().contains("planted"), "{error}");
    };
    check(&Secret::new("planted"), SigningError::NoKey);
    check(
        &Secret::new("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        SigningError::NoKey,
    );
    check(&pem("ENCRYPTED PRIVATE KEY", b"planted"), SigningError::Encrypted);
    check(&pem("PRIVATE KEY", b"planted"), SigningError::WrongKind);
}
