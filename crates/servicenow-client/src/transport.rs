//! The one seam to the outside: the wire, the clock, chance. Tests replace it and nothing else.

use std::time::Duration;

use async_trait::async_trait;
pub use servicenow_core::{Cause, TlsFault};
use servicenow_core::{Kind, Request, Response, ServiceError, SysId};

/// What a client needs from the world.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Sends a request once and returns whatever answer came.
    async fn send(&self, request: &Request) -> Result<Response, TransportError>;

    /// Waits.
    async fn sleep(&self, wait: Duration);

    /// Milliseconds on a clock that never goes back.
    fn now_ms(&self) -> u64;

    /// A number from 0 up to 1.
    fn random(&self) -> f64;

    /// An id that no record has.
    fn new_sys_id(&self) -> SysId;

    /// Takes out of a text whatever proves who asks: an instance may quote what it was sent.
    fn redact(&self, _text: &mut String) {}
}

/// Why no answer came. Never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct TransportError {
    /// Whether the request may have reached the instance and taken effect.
    pub sent: bool,
    /// Where it failed.
    pub kind: Cause,
    /// What was met, for people.
    pub reason: String,
}

impl TransportError {
    /// The failure as the caller of a client sees it.
    pub fn into_service_error(self, request: &Request) -> ServiceError {
        let kind = match self.kind {
            Cause::Credentials(kind) => kind,
            Cause::Secret => Kind::Unauthenticated,
            Cause::Guard => Kind::WrongInstance,
            _ if self.sent => Kind::Lost,
            _ => Kind::Unreachable,
        };
        ServiceError { cause: Some(self.kind), ..ServiceError::new(kind, request, self.reason) }
    }

    /// Whether asking again cannot help before somebody changes something.
    pub fn is_permanent(&self) -> bool {
        !self.sent && matches!(self.kind, Cause::Url | Cause::Tls(_) | Cause::Proxy | Cause::Guard)
    }
}
