//! Where a request failed, told from the libraries' errors without the address in them, whose query is nobody's business.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError};
use servicenow_core::{Cause, TlsFault};

use crate::TransportError;

/// What a request passes on its way.
pub(super) struct Way<'a> {
    pub host: &'a str,
    /// Host and port of a proxy.
    pub proxy: Option<String>,
    pub request_timeout: Duration,
    pub connect_timeout: Duration,
    pub shows_certificate: bool,
}

/// How the library says that the other side did not answer whether it is still there.
const SILENT: &str = "keep-alive timed out";

/// Where a request failed, and whether it may have arrived.
pub(super) fn of(error: reqwest::Error, way: &Way<'_>) -> TransportError {
    let error = error.without_url();
    let words = chain(&error);
    let not_sent = |kind: Cause, reason: String| TransportError { sent: false, kind, reason };
    let fault = tls_fault(&error);
    if error.is_builder() {
        return not_sent(Cause::Url, format!("the request cannot be sent: {words}"));
    }
    // In TLS 1.3 the refusal of a client certificate comes when the request is on its way; it is refused unread.
    if error.is_connect() || fault == Some(TlsFault::ClientCertificate) {
        let (kind, reason) = not_connected(&error, fault, way, &words);
        return not_sent(kind, reason);
    }
    let host = way.host;
    let (kind, reason) = if words.contains(SILENT) {
        (Cause::Lost, format!("`{host}` went silent and did not answer whether it is still there"))
    } else if error.is_timeout() {
        (Cause::Timeout, format!("no complete answer within {} s", way.request_timeout.as_secs()))
    } else {
        (Cause::Lost, format!("the connection to `{host}` broke before the answer was complete: {words}"))
    };
    TransportError { sent: true, kind, reason }
}

fn not_connected(
    error: &reqwest::Error,
    fault: Option<TlsFault>,
    way: &Way<'_>,
    words: &str,
) -> (Cause, String) {
    let host = way.host;
    let lower = words.to_lowercase();
    let mentions = |parts: &[&str]| parts.iter().any(|it| lower.contains(it));
    if let Some(fault) = fault {
        return (
            Cause::Tls(fault),
            format!("no trusted encrypted connection to `{host}`: {}", told(fault, way, words)),
        );
    }
    if let Some(proxy) = way.proxy.as_ref().filter(|_| mentions(&["failed to create underlying connection"]))
    {
        return (Cause::Proxy, format!("the proxy `{proxy}` cannot be reached: {words}"));
    }
    if mentions(&["tunnel", "proxy auth"]) {
        let proxy = way.proxy.as_deref().unwrap_or("unknown");
        return (Cause::Proxy, format!("the proxy `{proxy}` did not connect to `{host}`: {words}"));
    }
    if mentions(&["corrupt message", "close_notify", "unexpected eof", "tls handshake eof", "handshake"]) {
        let fault = TlsFault::Other;
        return (Cause::Tls(fault), format!("no trusted encrypted connection to `{host}`: {words}"));
    }
    if let Some(proxy) = &way.proxy {
        return (Cause::Proxy, format!("the proxy `{proxy}` cannot be reached: {words}"));
    }
    if error.is_timeout() {
        let seconds = way.connect_timeout.as_secs();
        return (Cause::Timeout, format!("`{host}` accepted no connection within {seconds} s"));
    }
    if error.is_dns() || mentions(&["dns error", "failed to lookup"]) {
        return (Cause::Name, format!("the host name `{host}` is unknown: {words}"));
    }
    (Cause::Tcp, format!("no connection to `{host}`: {words}"))
}

/// What is wrong with the encrypted connection, in words for people.
fn told(fault: TlsFault, way: &Way<'_>, words: &str) -> String {
    let says = match fault {
        TlsFault::UnknownIssuer => "its certificate is signed by nobody who is trusted here",
        TlsFault::Expired => "its certificate has expired, or the clock of this machine is wrong",
        TlsFault::NotYetValid => "its certificate is not valid yet, or the clock of this machine is wrong",
        TlsFault::WrongName => "its certificate is for another host",
        TlsFault::ClientCertificate if way.shows_certificate => "it does not accept the client certificate",
        TlsFault::ClientCertificate => "it asks for a client certificate",
        TlsFault::NotTls => "it does not speak TLS on this port",
        TlsFault::Other => return words.to_owned(),
    };
    format!("{says} ({words})")
}

/// The fault of the encrypted connection that is among the causes of an error.
fn tls_fault(error: &(dyn Error + 'static)) -> Option<TlsFault> {
    let mut next = Some(error);
    while let Some(error) = next {
        // An error of input and output hides what it holds from the chain of causes.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let found = error
            .downcast_ref::<rustls::Error>()
            .or_else(|| inner.and_then(|it| it.downcast_ref::<rustls::Error>()));
        if let Some(found) = found {
            return Some(fault_of(found));
        }
        if let Some(fault) = inner.and_then(|it| tls_fault(it)) {
            return Some(fault);
        }
        next = error.source();
    }
    None
}

fn fault_of(error: &rustls::Error) -> TlsFault {
    use AlertDescription as Alert;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            // An authority that was renewed has its old name and another key, so that its signature does not hold.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => TlsFault::UnknownIssuer,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsFault::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                TlsFault::NotYetValid
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                TlsFault::WrongName
            }
            // A certificate that signs itself is most often met as one that may sign others and is not known here.
            other if other.to_string().contains("CaUsedAsEndEntity") => TlsFault::UnknownIssuer,
            _ => TlsFault::Other,
        },
        rustls::Error::AlertReceived(
            Alert::CertificateRequired
            | Alert::BadCertificate
            | Alert::UnknownCA
            | Alert::CertificateUnknown
            | Alert::CertificateExpired
            | Alert::CertificateRevoked
            | Alert::UnsupportedCertificate
            | Alert::DecryptError
            | Alert::AccessDenied,
        ) => TlsFault::ClientCertificate,
        rustls::Error::InvalidMessage(_) => TlsFault::NotTls,
        _ => TlsFault::Other,
    }
}

/// An error and its causes on one line, each text once.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !texts.iter().any(|it| it.contains(&text)) {
            texts.push(text);
        }
        next = error.source();
    }
    texts.join(": ")
}
