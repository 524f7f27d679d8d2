//! Encrypted connections, and every reason for which there is none, on real sockets.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, crypto};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use servicenow_core::Secret;
use tokio_rustls::TlsAcceptor;

use super::*;

/// An authority of this test alone.
pub(super) fn authority_named(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// What the certificate of a server says.
#[derive(Clone, Copy)]
pub(super) struct Says {
    host: &'static str,
    first_year: i32,
    last_year: i32,
}

pub(super) const RIGHT: Says = Says { host: "127.0.0.1", first_year: 2020, last_year: 2090 };

pub(super) fn server_config(issuer: &CertifiedIssuer<'static, KeyPair>, says: Says) -> ServerConfig {
    builder(issuer, says, None)
}

fn builder(
    issuer: &CertifiedIssuer<'static, KeyPair>,
    says: Says,
    clients: Option<CertificateDer<'static>>,
) -> ServerConfig {
    let mut params = CertificateParams::new(vec![says.host.to_owned()]).unwrap();
    params.not_before = date_time_ymd(says.first_year, 1, 1);
    params.not_after = date_time_ymd(says.last_year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let chain = vec![params.signed_by(&key, issuer).unwrap().der().clone()];
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let versions =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let config = match clients {
        None => versions.unwrap().with_no_client_auth(),
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
            versions.unwrap().with_client_cert_verifier(verifier.unwrap())
        }
    };
    config.with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap()).unwrap()
}

/// Serves over TLS until the test ends, and returns the port.
async fn serve(config: ServerConfig) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // A handshake that fails is what most of these tests are about.
                let Ok(mut stream) = acceptor.accept(stream).await else { return };
                let mut bytes = vec![0; 64 * 1024];
                if stream.read(&mut bytes).await.is_ok_and(|it| it > 0) {
                    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"result\":[]}";
                    stream.write_all(answer.as_bytes()).await.unwrap();
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    port
}

pub(super) fn settings(port: u16, trusted: Option<&CertifiedIssuer<'static, KeyPair>>) -> HttpSettings {
    let instance = InstanceUrl::parse(&format!("https://127.0.0.1:{port}"), false).unwrap();
    let authorities = trusted.map(|it| Authorities::from_pem(it.pem().as_bytes()).unwrap());
    HttpSettings { authorities, ..HttpSettings::new(instance) }
}

async fn check_fault(settings: HttpSettings, fault: TlsFault, words: &str) {
    let error = HttpTransport::new(settings).send(&request()).await.unwrap_err();
    assert_eq!((error.sent, error.kind), (false, Cause::Tls(fault)), "{error}");
    assert!(error.reason.contains(words) && error.reason.contains("`127.0.0.1`"), "{error}");
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_when_it_is_given() {
    let authority = authority_named("one");
    let port = serve(server_config(&authority, RIGHT)).await;
    let transport = HttpTransport::new(settings(port, Some(&authority)));
    assert_eq!(transport.send(&request()).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_trusted_says_why() {
    let ours = authority_named("one");
    let port = serve(server_config(&ours, RIGHT)).await;
    check_fault(settings(port, None), TlsFault::UnknownIssuer, "signed by nobody who is trusted here").await;
    for name in ["one", "another"] {
        let foreign = authority_named(name);
        check_fault(settings(port, Some(&foreign)), TlsFault::UnknownIssuer, "signed by nobody").await;
    }
    for (says, fault, words) in [
        (Says { last_year: 2021, ..RIGHT }, TlsFault::Expired, "has expired"),
        (Says { first_year: 2089, ..RIGHT }, TlsFault::NotYetValid, "not valid yet"),
        (Says { host: "other.example", ..RIGHT }, TlsFault::WrongName, "for another host"),
    ] {
        let port = serve(server_config(&ours, says)).await;
        check_fault(settings(port, Some(&ours)), fault, words).await;
    }
}

#[tokio::test]
async fn a_certificate_that_signs_itself_is_an_unknown_issuer() {
    let key = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let provider = Arc::new(crypto::aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let der = PrivateKeyDer::try_from(key.signing_key.serialize_der()).unwrap();
    let config = builder.with_no_client_auth().with_single_cert(vec![key.cert.der().clone()], der).unwrap();
    check_fault(settings(serve(config).await, None), TlsFault::UnknownIssuer, "signed by nobody").await;
}

fn client_certificate(issuer: &CertifiedIssuer<'static, KeyPair>) -> ClientCertificate {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap().signed_by(&key, issuer).unwrap();
    let key = Secret::new(key.serialize_pem());
    ClientCertificate::from_pem(certificate.pem().as_bytes(), &key).unwrap()
}

#[tokio::test]
async fn a_client_certificate_opens_what_asks_for_one() {
    let authority = authority_named("one");
    let config = builder(&authority, RIGHT, Some(authority.der().clone()));
    let port = serve(config).await;
    let with =
        |certificate| HttpSettings { client_certificate: certificate, ..settings(port, Some(&authority)) };
    let transport = HttpTransport::new(with(Some(client_certificate(&authority))));
    assert_eq!(transport.send(&request()).await.unwrap().status, 200);
    check_fault(with(None), TlsFault::ClientCertificate, "it asks for a client certificate").await;
    let foreign = client_certificate(&authority_named("another"));
    check_fault(with(Some(foreign)), TlsFault::ClientCertificate, "does not accept the client certificate")
        .await;
}
