//! Where on its way a request failed that got no answer.

use crate::Kind;

/// Where on its way a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The address or the request cannot be used.
    Url,
    /// The host name is unknown.
    Name,
    /// Nobody accepts connections there.
    Tcp,
    /// No trusted encrypted connection.
    Tls(TlsFault),
    /// A proxy on the way.
    Proxy,
    /// No connection, or no complete answer, within the time allowed.
    Timeout,
    /// The connection broke before the answer was complete.
    Lost,
    /// What proves who asks is in a file that cannot be read, or comes of a command that fails: the request was not sent.
    Secret,
    /// Nothing could be obtained that proves who asks: the request was not sent. The kind says why.
    Credentials(Kind),
    /// The instance is not the one that was expected, or it cannot be told: the request was not sent.
    Guard,
}

/// Why there is no trusted encrypted connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsFault {
    /// Nobody who is trusted here has signed the certificate of the other side.
    UnknownIssuer,
    /// The certificate of the other side has expired.
    Expired,
    /// The certificate of the other side is not valid yet, which mostly means that the clock here is wrong.
    NotYetValid,
    /// The certificate of the other side is for another host.
    WrongName,
    /// The other side asks for a client certificate, or does not accept the one that it got.
    ClientCertificate,
    /// The other side does not speak TLS.
    NotTls,
    /// Anything else.
    Other,
}
