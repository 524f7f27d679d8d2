//! Certificates: whom this side trusts, and which one it shows.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as Pkcs12Error;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::{CertifiedKey, SigningKey};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use servicenow_core::Secret;

/// Certificates of authorities that are trusted beside those of the system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorities {
    certificates: Vec<Vec<u8>>,
}

/// The certificate that this side shows, with its private key. Its `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The chain and the key, one after the other, in PEM.
    pem: Secret,
}

/// Why certificates or keys cannot be used. Never holds them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    /// No certificate in PEM.
    #[error("there is no certificate in PEM in it, which begins with `-----BEGIN CERTIFICATE-----`")]
    NoCertificate,
    /// A certificate that cannot be read.
    #[error(
        "certificate number {number} in it cannot be read, counted from 1 by the lines `-----BEGIN CERTIFICATE-----`: \
         export it again, and copy it whole"
    )]
    BadCertificate {
        /// Which one of them, counted from 1.
        number: usize,
    },
    /// No private key in PEM.
    #[error("there is no private key in PEM in it, which begins with `-----BEGIN PRIVATE KEY-----`")]
    NoKey,
    /// The private key is protected by a password.
    #[error(
        "the private key is encrypted: give it without a password, or give both as PKCS#12 with its passphrase"
    )]
    EncryptedKey,
    /// The private key is of a kind that TLS does not use.
    #[error("the private key is of a kind that cannot be used for TLS")]
    BadKey,
    /// Key and certificate are not a pair.
    #[error("the private key does not belong to the certificate")]
    NoPair,
    /// The file is no PKCS#12.
    #[error("it is not in the format PKCS#12, whose files mostly end with `.p12` or `.pfx`")]
    NotPkcs12,
    /// The passphrase does not open the file.
    #[error("the passphrase does not open it")]
    WrongPassphrase,
}

impl Authorities {
    /// Reads a bundle of certificates in PEM.
    pub fn from_pem(pem: &[u8]) -> Result<Authorities, TlsError> {
        let certificates = certificates(pem)?.iter().map(|it| it.to_vec()).collect();
        Ok(Authorities { certificates })
    }

    pub(crate) fn to_reqwest(&self) -> Result<Vec<reqwest::Certificate>, reqwest::Error> {
        self.certificates.iter().map(|it| reqwest::Certificate::from_der(it)).collect()
    }
}

impl ClientCertificate {
    /// Reads a chain of certificates, the own one first, and its private key, both in PEM.
    pub fn from_pem(chain: &[u8], key: &Secret) -> Result<ClientCertificate, TlsError> {
        let chain = certificates(chain)?;
        if key.expose().contains("ENCRYPTED") {
            return Err(TlsError::EncryptedKey);
        }
        let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| TlsError::NoKey)?;
        let signing = any_supported_type(&key).map_err(|_| TlsError::BadKey)?;
        belongs(&chain, &signing)?;
        Ok(ClientCertificate { pem: in_pem(&chain, &key) })
    }

    /// Reads chain and key from a file in the format PKCS#12.
    pub fn from_pkcs12(bytes: &[u8], passphrase: &Secret) -> Result<ClientCertificate, TlsError> {
        let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase.expose()).map_err(|it| unopened(&it))?;
        let key = archive.keys.first().ok_or(TlsError::NoKey)?.key.as_der().to_vec();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key));
        let signing = any_supported_type(&key).map_err(|_| TlsError::BadKey)?;
        let all: Vec<CertificateDer<'static>> =
            archive.certs.iter().map(|it| CertificateDer::from(it.cert.as_der().to_vec())).collect();
        if all.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let is_own = |it: &&CertificateDer<'static>| belongs(&[(*it).clone()], &signing).is_ok();
        let own = all.iter().find(is_own).ok_or(TlsError::NoPair)?;
        let mut chain = vec![own.clone()];
        chain.extend(all.iter().filter(|it| *it != own).cloned());
        Ok(ClientCertificate { pem: in_pem(&chain, &key) })
    }

    pub(crate) fn to_reqwest(&self) -> Result<reqwest::Identity, reqwest::Error> {
        reqwest::Identity::from_pem(self.pem.expose().as_bytes())
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let mut found = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let broken = TlsError::BadCertificate { number: found.len() + 1 };
        let certificate = certificate.map_err(|_| broken)?;
        rustls::server::ParsedCertificate::try_from(&certificate).map_err(|_| broken)?;
        found.push(certificate);
    }
    if found.is_empty() { Err(TlsError::NoCertificate) } else { Ok(found) }
}

fn belongs(chain: &[CertificateDer<'static>], key: &Arc<dyn SigningKey>) -> Result<(), TlsError> {
    let pair = CertifiedKey::new(chain.to_vec(), Arc::clone(key));
    pair.keys_match().map_err(|_| TlsError::NoPair)
}

/// A wrong passphrase shows at the check sum, or where there is none as data that make no sense.
fn unopened(error: &Pkcs12Error) -> TlsError {
    match error {
        Pkcs12Error::DerError(_) | Pkcs12Error::InvalidVersion | Pkcs12Error::UnsupportedContentType => {
            TlsError::NotPkcs12
        }
        _ => TlsError::WrongPassphrase,
    }
}

fn in_pem(chain: &[CertificateDer<'static>], key: &PrivateKeyDer<'static>) -> Secret {
    let section =
        |label: &str, der: &[u8]| format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines(der));
    let label = match key {
        PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
        PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
        _ => "PRIVATE KEY",
    };
    let mut pem: String = chain.iter().map(|it| section("CERTIFICATE", it)).collect();
    pem.push_str(&section(label, key.secret_der()));
    Secret::new(pem)
}

/// Base64 in lines of the length that the format asks for.
fn lines(der: &[u8]) -> String {
    const BYTES_PER_LINE: usize = 48;
    der.chunks(BYTES_PER_LINE).map(|it| BASE64_STANDARD.encode(it)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
