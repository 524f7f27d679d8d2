//! Reaching a plugin: over a Unix socket, TCP or memory, with the TLS that hosts insist on or without.

use std::io;
use std::sync::{Arc, Mutex};

use hyper_util::rt::TokioIo;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};
use rcgen::{KeyUsagePurpose, PKCS_ECDSA_P521_SHA512};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::HarnessError;
use crate::connection::Stream;
use crate::handshake::{Address, Announcement};
use crate::mtls::{ALPN, HOST_NAME};

/// A host's certificate as Terraform makes it: P-521, and marked as an authority.
#[derive(Debug)]
pub struct HostIdentity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    pem: String,
}

impl HostIdentity {
    /// A new one.
    ///
    /// # Errors
    /// The cryptography library fails.
    pub fn new() -> Result<HostIdentity, HarnessError> {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512)?;
        let mut parameters = CertificateParams::new([HOST_NAME.to_owned()])?;
        let mut name = DistinguishedName::new();
        name.push(DnType::OrganizationName, "HashiCorp");
        name.push(DnType::CommonName, HOST_NAME);
        parameters.distinguished_name = name;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyEncipherment,
            KeyUsagePurpose::KeyAgreement,
            KeyUsagePurpose::KeyCertSign,
        ];
        parameters.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = parameters.self_signed(&key)?;
        let pem = certificate.pem();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        Ok(HostIdentity { certificate: certificate.into(), key, pem })
    }

    /// What goes into `PLUGIN_CLIENT_CERT`.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    fn config(&self, announced: &[u8]) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier = PinnedServer {
            pinned: CertificateDer::from(announced.to_vec()),
            provider: Arc::clone(&provider),
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_client_auth_cert(vec![self.certificate.clone()], self.key.clone_key())?;
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(config)
    }
}

/// Opens a connection to what was announced. Without an identity it is plain text, whatever was announced.
///
/// # Errors
/// The plugin is not there, or one side refuses the other's certificate.
pub(super) async fn dial(
    announcement: &Announcement,
    identity: Option<&HostIdentity>,
) -> Result<Channel, HarnessError> {
    let tls = match (identity, &announcement.certificate) {
        (Some(identity), Some(certificate)) => {
            Some(TlsConnector::from(Arc::new(identity.config(certificate)?)))
        }
        _ => None,
    };
    let address = announcement.address.clone();
    let connector = service_fn(move |_| {
        let (address, tls) = (address.clone(), tls.clone());
        async move { secured(reach(&address).await?, tls).await.map(TokioIo::new) }
    });
    Ok(endpoint().connect_with_connector(connector).await?)
}

/// The other end of a pipe in memory.
pub(super) async fn dial_memory(stream: tokio::io::DuplexStream) -> Result<Channel, HarnessError> {
    let stream = Mutex::new(Some(stream));
    let connector = service_fn(move |_| {
        let stream = stream.lock().ok().and_then(|mut it| it.take());
        let gone = || io::Error::new(io::ErrorKind::ConnectionReset, "the connection in memory was closed");
        async move { stream.map(TokioIo::new).ok_or_else(gone) }
    });
    Ok(endpoint().connect_with_connector(connector).await?)
}

fn endpoint() -> Endpoint {
    // The connector decides where it goes; the name is what the certificate is made for.
    Endpoint::from_static("http://localhost")
}

async fn reach(address: &Address) -> io::Result<Box<dyn Stream>> {
    match address {
        #[cfg(unix)]
        Address::Unix(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
        #[cfg(not(unix))]
        Address::Unix(_) => Err(io::Error::from(io::ErrorKind::Unsupported)),
        Address::Tcp(address) => {
            let stream = tokio::net::TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream))
        }
    }
}

async fn secured(stream: Box<dyn Stream>, tls: Option<TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let Some(tls) = tls else { return Ok(stream) };
    let name = ServerName::try_from(HOST_NAME).map_err(io::Error::other)?;
    let stream = tls.connect(name, stream).await?;
    // Newer hosts insist on it.
    if stream.get_ref().1.alpn_protocol() != Some(ALPN) {
        return Err(io::Error::other("the plugin did not select HTTP/2"));
    }
    Ok(Box::new(stream))
}

/// Accepts the certificate of the handshake line alone, and only if it is for this machine.
#[derive(Debug)]
struct PinnedServer {
    pinned: CertificateDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if end_entity.as_ref() != self.pinned.as_ref() {
            return Err(CertificateError::ApplicationVerificationFailure.into());
        }
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        Ok(ServerCertVerified::assertion())
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
