//! What went wrong, for code and for people.

use crate::{Cause, Method, Request};

/// The kind of a failure: what code branches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No connection: URL, name resolution, TCP, TLS, proxy.
    Unreachable,
    /// The request went out and no complete answer came back: it may have taken effect.
    Lost,
    /// Wrong or missing credentials.
    Unauthenticated,
    /// A role or ACL is missing.
    Forbidden,
    /// A business rule or data policy refused the write.
    Refused,
    /// A unique key exists already.
    Conflict,
    /// Missing, or hidden from this user: the platform does not tell which.
    NotFound,
    /// The table does not exist or is not open to web services.
    InvalidTable,
    /// The request is malformed.
    BadRequest,
    /// Too many requests, or not executed for now (202).
    Throttled,
    /// The instance hibernates, is down or under maintenance.
    Unavailable,
    /// The answer is not ServiceNow's: HTML, a login page, no JSON.
    NotServiceNow,
    /// The instance gave up in the middle of the answer.
    Cancelled,
    /// The instance failed.
    Server,
    /// The answer contradicts the question.
    Inconsistent,
    /// The instance is not the one that was expected, or it cannot be told: nothing was sent.
    WrongInstance,
    /// The user asked to stop.
    Stopped,
    /// The time that the operation may take was over before the request could begin.
    OutOfTime,
    /// Nothing is sent for a while, because the last requests got no answer.
    GivenUp,
}

/// A failed request. Never holds a secret, a whole body or a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{method} {path}: {reason}")]
pub struct ServiceError {
    /// What code branches on.
    pub kind: Kind,
    /// The verb.
    pub method: Method,
    /// The path without its query.
    pub path: String,
    /// The status code, if an answer came.
    pub status: Option<u16>,
    /// The instance's own words, shortened and quoted, or what the transport met.
    pub reason: String,
    /// Seconds after which the instance wants to be asked again.
    pub retry_after_s: Option<u64>,
    /// Where the request failed on its way, if it got no answer.
    pub cause: Option<Cause>,
}

impl Kind {
    /// Whether a write that failed like this may have taken effect all the same, so that only a look can tell.
    pub fn may_have_taken_effect(self) -> bool {
        matches!(
            self,
            Kind::Lost
                | Kind::Unavailable
                | Kind::Cancelled
                | Kind::Server
                | Kind::NotServiceNow
                | Kind::Inconsistent
        )
    }
}

impl ServiceError {
    /// A failure of this request without an answer.
    pub fn new(kind: Kind, request: &Request, reason: impl Into<String>) -> ServiceError {
        ServiceError {
            kind,
            method: request.method,
            path: request.path.clone(),
            status: None,
            reason: reason.into(),
            retry_after_s: None,
            cause: None,
        }
    }

    /// The same failure, answered with this status code.
    pub fn with_status(self, status: u16) -> ServiceError {
        ServiceError { status: Some(status), ..self }
    }

    /// Whether the instance wants a second factor of this user, beside the password.
    pub fn wants_second_factor(&self) -> bool {
        self.reason.starts_with(crate::answer::WITHOUT_SECOND_FACTOR)
    }

    /// Whether the instance sleeps until a person wakes it.
    pub fn is_hibernating(&self) -> bool {
        self.kind == Kind::Unavailable && self.reason.starts_with(crate::page::HIBERNATES)
    }
}
