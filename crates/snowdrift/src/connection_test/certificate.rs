//! Until when the certificate of another system lasts. It is looked at in a handshake of its own, over which nothing is
//! sent, because one that is not trusted is never seen otherwise; whether it is trusted is for the real request to say.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// What is known of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Until when it lasts, as an instance writes a time: in UTC, so that two can be compared as texts.
    pub ends: String,
}

/// Looks at the certificate that is presented at an address.
///
/// # Errors
/// There is none, or it cannot be read.
pub async fn look(host: &str, port: u16, limit: Duration) -> Result<Certificate, String> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let seen = Arc::new(Seen { provider: provider.clone(), certificate: Mutex::default() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|it| it.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(seen.clone())
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|it| it.to_string())?;
    let handshake = async {
        let wire = TcpStream::connect((host, port)).await?;
        TlsConnector::from(Arc::new(config)).connect(name, wire).await
    };
    // Whether it ends well does not matter: the certificate comes before.
    let outcome = timeout(limit, handshake).await;
    let certificate = seen.certificate.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (certificate, outcome) {
        (Some(der), _) => {
            ends(&der).map(|ends| Certificate { ends }).ok_or_else(|| "its dates cannot be read".to_owned())
        }
        (None, Ok(Err(error))) => Err(error.to_string()),
        (None, _) => Err("no certificate came in time".to_owned()),
    }
}

/// Takes every certificate and remembers it. The signature of the handshake is checked all the same.
#[derive(Debug)]
struct Seen {
    provider: Arc<CryptoProvider>,
    certificate: Mutex<Option<Vec<u8>>>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.certificate.lock().unwrap_or_else(PoisonError::into_inner) = Some(end_entity.to_vec());
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

const SEQUENCE: u8 = 0x30;
/// The version, which old certificates leave out.
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// The end of the validity of a certificate in DER (RFC 5280, 4.1): serial, algorithm and issuer come before it.
fn ends(der: &[u8]) -> Option<String> {
    let (_, certificate, _) = element(der).filter(|it| it.0 == SEQUENCE)?;
    let (_, body, _) = element(certificate)?;
    let (tag, _, rest) = element(body)?;
    let mut rest = if tag == VERSION { element(rest)?.2 } else { rest };
    for _ in 0..2 {
        rest = element(rest)?.2;
    }
    let (_, validity, _) = element(rest).filter(|it| it.0 == SEQUENCE)?;
    let (_, _, rest) = element(validity)?;
    let (tag, time, _) = element(rest)?;
    moment(tag, std::str::from_utf8(time).ok()?)
}

/// The first element: its tag, its content, and what comes behind it.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f)).filter(|it| it.0.len() <= 4)?;
        (digits.iter().fold(0_usize, |sum, digit| sum << 8 | usize::from(*digit)), rest)
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn moment(tag: u8, text: &str) -> Option<String> {
    let text = match tag {
        // Two digits stand for 1950 to 2049.
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let part = |from: usize, to: usize| text.get(from..to);
    Some(format!(
        "{}-{}-{} {}:{}:{}",
        part(0, 4)?,
        part(4, 6)?,
        part(6, 8)?,
        part(8, 10)?,
        part(10, 12)?,
        part(12, 14)?
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_certificates_are_written_as_those_of_instances() {
        for (tag, text, expected) in [
            (UTC_TIME, "260131120000Z", Some("2026-01-31 12:00:00")),
            (UTC_TIME, "991231235959Z", Some("1999-12-31 23:59:59")),
            (GENERALIZED_TIME, "20510131120000Z", Some("2051-01-31 12:00:00")),
            (UTC_TIME, "2601", None),
            (0x04, "260131120000Z", None),
        ] {
            assert_eq!(moment(tag, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        for bytes in
            [&[][..], &[0x30], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x03, 0x30, 0x01, 0x00]]
        {
            assert_eq!(ends(bytes), None, "{bytes:?}");
        }
    }
}
