//! The one seam to the outside: the wire, the clock, chance. Tests replace it and nothing else.

use std::time::Duration;

use async_trait::async_trait;
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
    Tls,
    /// A proxy on the way.
    Proxy,
    /// No connection, or no complete answer, within the time allowed.
    Timeout,
    /// The connection broke before the answer was complete.
    Lost,
}

impl TransportError {
    /// The failure as the caller of a client sees it.
    pub fn into_service_error(self, request: &Request) -> ServiceError {
        let kind = if self.sent { Kind::Lost } else { Kind::Unreachable };
        ServiceError::new(kind, request, self.reason)
    }

    /// Whether asking again cannot help before somebody changes something.
    pub fn is_permanent(&self) -> bool {
        !self.sent && matches!(self.kind, Cause::Url | Cause::Tls | Cause::Proxy)
    }
}
