//! Certificates and keys that can be used, and all that cannot.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, LocalKeyId, PrivateKey, PrivateKeyChain,
};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384};

use super::*;

struct Pair {
    certificate: String,
    der: Vec<u8>,
    key: KeyPair,
}

fn pair() -> Pair {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let certificate = CertificateParams::new(vec!["client".to_owned()]).unwrap().self_signed(&key).unwrap();
    Pair { certificate: certificate.pem(), der: certificate.der().to_vec(), key }
}

fn check_pem(chain: &str, key: &str, expected: Result<(), TlsError>) {
    let found = ClientCertificate::from_pem(chain.as_bytes(), &Secret::new(key));
    assert_eq!(found.clone().map(|_| ()), expected, "{chain} {key}");
    if let Ok(certificate) = found {
        assert!(certificate.to_reqwest().is_ok());
        assert_eq!(format!("{certificate:?}"), "ClientCertificate");
    }
}

#[test]
fn a_certificate_and_its_key_are_a_pair() {
    let (ours, other) = (pair(), pair());
    let key = ours.key.serialize_pem();
    check_pem(&ours.certificate, &key, Ok(()));
    check_pem(&format!("{}{}", ours.certificate, other.certificate), &key, Ok(()));
    check_pem(&other.certificate, &key, Err(TlsError::NoPair));
    check_pem("", &key, Err(TlsError::NoCertificate));
    check_pem(&key, &key, Err(TlsError::NoCertificate));
    check_pem(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        &key,
        Err(TlsError::BadCertificate { number: 1 }),
    );
    check_pem(&ours.certificate, &ours.certificate, Err(TlsError::NoKey));
    check_pem(&ours.certificate, &key.replace("PRIVATE", "ENCRYPTED PRIVATE"), Err(TlsError::EncryptedKey));
    let broken = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    check_pem(&ours.certificate, broken, Err(TlsError::BadKey));
}

#[test]
fn a_bundle_of_authorities_holds_certificates() {
    let ours = pair();
    let two = format!("# a comment\n{}\n{}", ours.certificate, pair().certificate);
    assert_eq!(Authorities::from_pem(two.as_bytes()).unwrap().to_reqwest().unwrap().len(), 2);
    assert_eq!(Authorities::from_pem(b"nothing"), Err(TlsError::NoCertificate));
    // No PEM, nothing that is a certificate, and one that was cut in the middle.
    let cut: String = ours.certificate.lines().take(3).map(|it| format!("{it}\n")).collect();
    for broken in [
        "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n".to_owned(),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned(),
        format!("{cut}-----END CERTIFICATE-----\n"),
        cut,
    ] {
        let bundle = format!("{two}{broken}");
        let found = Authorities::from_pem(bundle.as_bytes());
        assert_eq!(found, Err(TlsError::BadCertificate { number: 3 }), "{broken}");
    }
}

fn pkcs12(pair: &Pair, certificates: &[&Pair], encryption: EncryptionAlgorithm) -> Vec<u8> {
    let key = PrivateKey::from_der(&pair.key.serialize_der()).unwrap();
    let certificates = certificates.iter().map(|it| Certificate::from_der(&it.der).unwrap());
    let chain = PrivateKeyChain::new(LocalKeyId::from(vec![1]), key, certificates.collect::<Vec<_>>());
    let mut store = KeyStore::new();
    store.add_entry("client", KeyStoreEntry::PrivateKeyChain(chain));
    store.writer("passphrase").encryption_algorithm(encryption).write().unwrap()
}

#[test]
fn a_pkcs12_file_opens_with_its_passphrase_whether_it_is_new_or_old() {
    let ours = pair();
    for encryption in
        [EncryptionAlgorithm::PbeWithHmacSha256AndAes256, EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc]
    {
        let bytes = pkcs12(&ours, &[&ours], encryption);
        let open = |passphrase: &str| ClientCertificate::from_pkcs12(&bytes, &Secret::new(passphrase));
        let from_pem =
            ClientCertificate::from_pem(ours.certificate.as_bytes(), &Secret::new(ours.key.serialize_pem()));
        assert_eq!(open("passphrase"), from_pem, "{encryption:?}");
        assert!(open("passphrase").unwrap().to_reqwest().is_ok());
        assert_eq!(open("wrong"), Err(TlsError::WrongPassphrase), "{encryption:?}");
    }
}

#[test]
fn a_file_that_holds_no_pair_is_refused_with_the_reason() {
    let open = |bytes: &[u8]| ClientCertificate::from_pkcs12(bytes, &Secret::new("passphrase"));
    assert_eq!(open(b"nothing of the kind"), Err(TlsError::NotPkcs12));
    assert_eq!(open(pair().certificate.as_bytes()), Err(TlsError::NotPkcs12));
    let modern = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;
    let (ours, other) = (pair(), pair());
    assert_eq!(open(&pkcs12(&ours, &[&other], modern)), Err(TlsError::NoPair));
    assert_eq!(open(&pkcs12(&ours, &[], modern)), Err(TlsError::NoCertificate));
    let reordered = open(&pkcs12(&ours, &[&other, &ours], modern)).unwrap();
    assert!(reordered.to_reqwest().is_ok(), "the own certificate comes first wherever it stands");
}

#[test]
fn keys_of_other_curves_are_taken() {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    check_pem(&certificate.pem(), &key.serialize_pem(), Ok(()));
}
