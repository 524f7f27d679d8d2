//! HTTPS with an authority of our own: its certificate is written to a folder, for clients to trust.

use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::{Acceptor, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::certificate::of_der;
use crate::faults::WrongCertificate;

/// The authority's certificate: what clients trust.
const AUTHORITY: &str = "ca.pem";
/// How it is called.
const AUTHORITY_NAME: &str = "servicenow-sim";
/// The authority's key, kept so that trust survives a restart.
const AUTHORITY_KEY: &str = "ca-key.pem";
/// A certificate with which a client can sign in.
const CLIENT: &str = "client.pem";
/// Its key.
const CLIENT_KEY: &str = "client-key.pem";
/// Whom the client's certificate names: the integration user of the demo.
const CLIENT_NAME: &str = "integration";

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file.
    #[error("the file `{path}` of the certificates cannot be used")]
    File {
        /// Its path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A certificate that cannot be made.
    #[error("a certificate cannot be made")]
    Certificate(#[from] rcgen::Error),
    /// A file of client authorities without certificates.
    #[error("the file `{0}` holds no certificate in PEM form")]
    Authorities(PathBuf),
    /// The TLS library refused the configuration.
    #[error("TLS cannot be set up")]
    Setup(#[from] rustls::Error),
    /// The authorities of clients cannot be used.
    #[error("the authorities of clients cannot be used")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}

/// The certificates of an instance and what its connections are accepted with.
#[derive(Clone, Debug)]
pub struct Tls {
    right: Arc<ServerConfig>,
    expired: Arc<ServerConfig>,
    wrong_host: Arc<ServerConfig>,
    unknown_authority: Arc<ServerConfig>,
    authority_file: PathBuf,
}

impl Tls {
    /// Opens or fills a folder of certificates. Clients may sign in with a certificate of this authority, or of those in
    /// another file.
    ///
    /// # Errors
    /// A file cannot be read or written, or a certificate cannot be made.
    pub fn open(folder: &Path, address: IpAddr, clients: Option<&Path>) -> Result<Tls, TlsError> {
        with_path(fs::create_dir_all(folder), folder)?;
        let authority = Authority::open(folder)?;
        authority.write_client(folder)?;
        let roots = roots(&folder.join(AUTHORITY), clients)?;
        let stranger = Authority::new("An authority that nobody knows", KeyPair::generate()?)?;
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        if !address.is_unspecified() && !address.is_loopback() {
            names.push(address.to_string());
        }
        Ok(Tls {
            right: config(&authority, names.clone(), Validity::Now, &roots)?,
            expired: config(&authority, names.clone(), Validity::Past, &roots)?,
            wrong_host: config(&authority, vec!["elsewhere.example".to_owned()], Validity::Now, &roots)?,
            unknown_authority: config(&stranger, names, Validity::Now, &roots)?,
            authority_file: folder.join(AUTHORITY),
        })
    }

    /// The file with the certificate that clients trust.
    pub fn authority_file(&self) -> &Path {
        &self.authority_file
    }

    /// Accepts a connection, with a wrong certificate when trouble was asked for, and gives it with the subject of the
    /// client's certificate.
    ///
    /// # Errors
    /// The client does not speak TLS, or does not trust the certificate.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        wrong: impl FnOnce() -> Option<WrongCertificate>,
    ) -> io::Result<(TlsStream<S>, Option<String>)> {
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let config = match wrong() {
            None => &self.right,
            Some(WrongCertificate::Expired) => &self.expired,
            Some(WrongCertificate::WrongHost) => &self.wrong_host,
            Some(WrongCertificate::UnknownAuthority) => &self.unknown_authority,
        };
        let stream = hello.into_stream(config.clone()).await?;
        let certificate = stream.get_ref().1.peer_certificates().and_then(|it| it.first());
        let subject = certificate.and_then(|it| of_der(it.as_ref())).map(|it| it.subject);
        Ok((stream, subject.filter(|it| !it.is_empty())))
    }
}

/// When a certificate is valid.
#[derive(Clone, Copy)]
enum Validity {
    Now,
    Past,
}

/// Somebody who signs certificates.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str, key: KeyPair) -> Result<Authority, TlsError> {
        Ok(Authority { issuer: Issuer::new(Authority::params(name)?, key) })
    }

    fn params(name: &str) -> Result<CertificateParams, TlsError> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
        Ok(params)
    }

    /// The authority of a folder; a new one when the folder has none.
    fn open(folder: &Path) -> Result<Authority, TlsError> {
        let (certificate, key) = (folder.join(AUTHORITY), folder.join(AUTHORITY_KEY));
        if certificate.exists() && key.exists() {
            let text = with_path(fs::read_to_string(&key), &key)?;
            return Authority::new(AUTHORITY_NAME, KeyPair::from_pem(&text)?);
        }
        let pair = KeyPair::generate()?;
        let text = Authority::params(AUTHORITY_NAME)?.self_signed(&pair)?.pem();
        with_path(fs::write(&certificate, text), &certificate)?;
        write_private(&key, &pair.serialize_pem())?;
        Authority::new(AUTHORITY_NAME, pair)
    }

    /// A certificate with which the integration user can sign in.
    fn write_client(&self, folder: &Path) -> Result<(), TlsError> {
        let (certificate, key) = (folder.join(CLIENT), folder.join(CLIENT_KEY));
        if certificate.exists() && key.exists() {
            return Ok(());
        }
        let pair = KeyPair::generate()?;
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, CLIENT_NAME);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let text = params.signed_by(&pair, &self.issuer)?.pem();
        with_path(fs::write(&certificate, text), &certificate)?;
        write_private(&key, &pair.serialize_pem())
    }
}

fn config(
    authority: &Authority,
    names: Vec<String>,
    validity: Validity,
    roots: &Arc<RootCertStore>,
) -> Result<Arc<ServerConfig>, TlsError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names)?;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    if let Validity::Past = validity {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    }
    let certificate = params.signed_by(&key, &authority.issuer)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let clients = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
        .allow_unauthenticated()
        .build()?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(clients)
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )?;
    Ok(Arc::new(config))
}

/// Who may sign the certificates of clients.
fn roots(own: &Path, others: Option<&Path>) -> Result<Arc<RootCertStore>, TlsError> {
    let mut roots = RootCertStore::empty();
    for path in [Some(own), others].into_iter().flatten() {
        let text = with_path(fs::read(path), path)?;
        let found = CertificateDer::pem_slice_iter(&text).filter_map(Result::ok);
        let (added, _) = roots.add_parsable_certificates(found);
        if added == 0 {
            return Err(TlsError::Authorities(path.to_path_buf()));
        }
    }
    Ok(Arc::new(roots))
}

/// A key is for nobody else on the machine.
fn write_private(path: &Path, text: &str) -> Result<(), TlsError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut it| io::Write::write_all(&mut it, text.as_bytes()));
    with_path(written, path)
}

fn with_path<T>(outcome: io::Result<T>, path: &Path) -> Result<T, TlsError> {
    outcome.map_err(|source| TlsError::File { path: path.to_path_buf(), source })
}

#[cfg(test)]
mod tests;
