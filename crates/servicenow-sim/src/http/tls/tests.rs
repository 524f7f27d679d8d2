//! HTTPS: whom a client trusts, and who the client is.

use rustls::ClientConfig;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;

use super::*;

fn client(folder: &Path, with_certificate: bool) -> Arc<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots(&folder.join(AUTHORITY), None).unwrap());
    let config = if with_certificate {
        let chain = CertificateDer::from_pem_file(folder.join(CLIENT)).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.join(CLIENT_KEY)).unwrap();
        builder.with_client_auth_cert(vec![chain], key).unwrap()
    } else {
        builder.with_no_client_auth()
    };
    Arc::new(config)
}

/// What the client says of the handshake, and whom the instance sees.
async fn shake(
    tls: &Tls,
    client: Arc<ClientConfig>,
    wrong: Option<WrongCertificate>,
) -> (Result<(), String>, Option<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let connect = async {
        let stream = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(client).connect(name, stream).await.map(drop).map_err(|it| it.to_string())
    };
    let accept = async {
        let (stream, _) = listener.accept().await.unwrap();
        tls.accept(stream, || wrong).await.ok().and_then(|(_, subject)| subject)
    };
    tokio::join!(connect, accept)
}

#[tokio::test]
async fn a_client_that_trusts_the_authority_trusts_the_instance_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let address: IpAddr = "127.0.0.1".parse().unwrap();
    let first = Tls::open(folder.path(), address, None).unwrap();
    let trusting = client(folder.path(), false);
    assert_eq!(shake(&first, trusting.clone(), None).await, (Ok(()), None));
    let again = Tls::open(folder.path(), address, None).unwrap();
    assert_eq!(shake(&again, trusting, None).await, (Ok(()), None));
    assert!(first.authority_file().exists());
}

#[tokio::test]
async fn a_wrong_certificate_is_refused_for_its_own_reason() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::open(folder.path(), "127.0.0.1".parse().unwrap(), None).unwrap();
    for (wrong, reason) in [
        (WrongCertificate::Expired, "certificate expired"),
        (WrongCertificate::WrongHost, "not valid for name"),
        (WrongCertificate::UnknownAuthority, "UnknownIssuer"),
    ] {
        let (said, _) = shake(&tls, client(folder.path(), false), Some(wrong)).await;
        let said = said.unwrap_err();
        assert!(said.contains(reason), "{wrong:?}: {said}");
    }
}

#[tokio::test]
async fn the_subject_of_a_clients_certificate_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let tls = Tls::open(folder.path(), "127.0.0.1".parse().unwrap(), None).unwrap();
    let (said, subject) = shake(&tls, client(folder.path(), true), None).await;
    assert_eq!((said, subject.as_deref()), (Ok(()), Some("CN=integration")));
    // A certificate of somebody else's authority is no certificate at all.
    let other = tempfile::tempdir().unwrap();
    let elsewhere = Tls::open(other.path(), "127.0.0.1".parse().unwrap(), None).unwrap();
    let authorities = Some(folder.path().join(AUTHORITY));
    let both = Tls::open(other.path(), "127.0.0.1".parse().unwrap(), authorities.as_deref()).unwrap();
    let mixed = |tls_folder: &Path| {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let chain = CertificateDer::from_pem_file(folder.path().join(CLIENT)).unwrap();
        let key = PrivateKeyDer::from_pem_file(folder.path().join(CLIENT_KEY)).unwrap();
        let builder =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let trusting = builder.with_root_certificates(roots(&tls_folder.join(AUTHORITY), None).unwrap());
        Arc::new(trusting.with_client_auth_cert(vec![chain], key).unwrap())
    };
    assert_eq!(shake(&elsewhere, mixed(other.path()), None).await.1, None);
    assert_eq!(shake(&both, mixed(other.path()), None).await.1.as_deref(), Some("CN=integration"));
}

#[test]
fn a_file_without_certificates_is_no_file_of_authorities() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("none.pem");
    fs::write(&empty, "nothing").unwrap();
    let error = Tls::open(folder.path(), "127.0.0.1".parse().unwrap(), Some(&empty)).unwrap_err();
    assert!(error.to_string().contains("holds no certificate"), "{error}");
}
