//! Mutual TLS as hosts do it: both sides make a certificate for this one process and pin the other's byte for byte.

use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, ServerConfig, SignatureScheme};

/// HTTP/2, without which newer hosts refuse the connection.
pub(crate) const ALPN: &[u8] = b"h2";

/// The name that hosts check.
pub(crate) const HOST_NAME: &str = "localhost";

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum MtlsError {
    /// The host's certificate is unreadable.
    #[error("`PLUGIN_CLIENT_CERT` holds no certificate in PEM form")]
    ClientCertificate(#[source] rustls::pki_types::pem::Error),
    /// Our own certificate could not be made.
    #[error("could not make a certificate")]
    OwnCertificate(#[from] rcgen::Error),
    /// The TLS library refused the configuration.
    #[error("could not set up TLS")]
    Setup(#[from] rustls::Error),
}

/// Our side of a connection.
#[derive(Debug)]
pub struct Identity {
    /// What the handshake line announces.
    pub certificate: CertificateDer<'static>,
    /// What connections are accepted with.
    pub config: Arc<ServerConfig>,
}

impl Identity {
    /// Makes a certificate and a configuration that accepts the host with the given certificate only.
    ///
    /// # Errors
    /// The host's certificate is unreadable, or the cryptography library fails.
    pub fn for_host(client_certificate: &str) -> Result<Identity, MtlsError> {
        let pinned = CertificateDer::from_pem_slice(client_certificate.as_bytes())
            .map_err(MtlsError::ClientCertificate)?;
        // P-256: a key for it is made in a fraction of the time of any other that hosts accept.
        let key = rcgen::KeyPair::generate()?;
        let certificate = rcgen::CertificateParams::new([HOST_NAME.to_owned()])?.self_signed(&key)?;
        let certificate = CertificateDer::from(certificate);
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(Arc::new(PinnedClient { pinned, provider }))
            .with_single_cert(
                vec![certificate.clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        // There is one connection per process: nobody resumes.
        config.send_tls13_tickets = 0;
        Ok(Identity { certificate, config: Arc::new(config) })
    }
}

/// Accepts one certificate. An ordinary verifier refuses the host's, because it is marked as an authority.
#[derive(Debug)]
struct PinnedClient {
    pinned: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        // With hints the host would send its certificate only if one of them matched.
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        if end_entity.as_ref() == self.pinned.as_ref() {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
