//! What can go wrong with a request.

use serde::{Deserialize, Serialize};

use super::Headers;

/// An hour: longer waits are a mistake in the fault.
const MILLISECONDS_MAX: u64 = 3_600_000;

/// What goes wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing is done, and this is the answer.
    RefusedBefore {
        /// The status code.
        status: u16,
        /// The body, as JSON text.
        body: String,
    },
    /// Nothing is done, and no answer comes.
    LostBefore,
    /// The work is done, and no answer comes.
    LostAfter,
    /// Nothing is done, and the platform's usual answer for this status comes.
    Status {
        /// The status code.
        status: u16,
        /// Seconds in the header `Retry-After`; with 429 the `X-RateLimit-*` headers come with it.
        #[serde(default)]
        retry_after_s: Option<u64>,
    },
    /// Nothing is done, and exactly this comes, with these headers.
    Answer {
        /// The status code.
        status: u16,
        /// Headers beside the usual ones.
        #[serde(default)]
        headers: Headers,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// The work is done, and exactly this comes instead of the answer.
    Replaced {
        /// The status code.
        status: u16,
        /// Headers beside the usual ones.
        #[serde(default)]
        headers: Headers,
        /// The body.
        #[serde(default)]
        body: String,
    },
    /// Nothing is done, and an HTML page comes.
    Html {
        /// The status code.
        status: u16,
    },
    /// Nothing is done, and a page of the platform comes with the status that it was seen with.
    Page(Page),
    /// The work is done, and the body is cut in half: a whole answer with broken JSON.
    TruncatedBody,
    /// The work is done, and the connection ends in the middle of the body. In process, no answer comes.
    CutBody {
        /// Bytes that still come; half of the body when nothing is said.
        #[serde(default)]
        after_bytes: Option<usize>,
    },
    /// The work is done, and the body has an error appended, as of a cancelled transaction.
    ErrorInBody,
    /// The work is done, and the answer is held back.
    Delay {
        /// Milliseconds.
        ms: u64,
        /// Up to so many milliseconds more, chosen by the seed.
        #[serde(default)]
        jitter_ms: u64,
    },
    /// The work is done, and the body comes in drops.
    Drip {
        /// Bytes in a drop.
        bytes: usize,
        /// Milliseconds before each drop.
        every_ms: u64,
    },
    /// Nothing is done, and the connection is reset. In process, no answer comes.
    ResetBefore,
    /// The work is done, and the connection is reset. In process, no answer comes.
    ResetAfter,
    /// A read is answered from the rows as they were when this was planned: a node that lags behind.
    StaleRead,
    /// Of the parts of a batch only: nothing is done, and it and those behind it are not serviced.
    UnservicedBefore,
    /// Of the parts of a batch only: the work is done, and it and those behind it are said not to be serviced.
    UnservicedAfter,
    /// The next TLS handshake presents a certificate that no client may trust. It goes by `at` and `times` only.
    Handshake(WrongCertificate),
}

/// A page that comes where JSON was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// A developer instance that sleeps: 200.
    Hibernating,
    /// The login form: 200.
    Login,
    /// A node under maintenance: 503.
    Maintenance,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongCertificate {
    /// It was valid until some time ago.
    Expired,
    /// It is of another host.
    WrongHost,
    /// It is signed by an authority that nobody knows.
    UnknownAuthority,
}

impl FaultKind {
    /// Why it makes no sense, if it does not.
    pub(super) fn check(&self) -> Result<(), String> {
        let statuses = match self {
            FaultKind::RefusedBefore { status, .. }
            | FaultKind::Status { status, .. }
            | FaultKind::Answer { status, .. }
            | FaultKind::Replaced { status, .. }
            | FaultKind::Html { status } => Some(*status),
            _ => None,
        };
        if let Some(status) = statuses.filter(|it| !(200..=599).contains(it)) {
            return Err(format!("a status is a number from 200 to 599, not {status}"));
        }
        let waits = match self {
            FaultKind::Delay { ms, jitter_ms } => ms.saturating_add(*jitter_ms),
            FaultKind::Drip { every_ms, .. } => *every_ms,
            _ => 0,
        };
        if waits > MILLISECONDS_MAX {
            return Err(format!("a wait is at most {MILLISECONDS_MAX} milliseconds, not {waits}"));
        }
        match self {
            FaultKind::Drip { bytes: 0, .. } => Err("a drop has at least one byte".to_owned()),
            FaultKind::Answer { headers, .. } | FaultKind::Replaced { headers, .. } => sendable(headers),
            _ => Ok(()),
        }
    }

    /// Its name, as JSON has it.
    pub fn name(&self) -> &'static str {
        match self {
            FaultKind::RefusedBefore { .. } => "refused_before",
            FaultKind::LostBefore => "lost_before",
            FaultKind::LostAfter => "lost_after",
            FaultKind::Status { .. } => "status",
            FaultKind::Answer { .. } => "answer",
            FaultKind::Replaced { .. } => "replaced",
            FaultKind::Html { .. } => "html",
            FaultKind::Page(_) => "page",
            FaultKind::TruncatedBody => "truncated_body",
            FaultKind::CutBody { .. } => "cut_body",
            FaultKind::ErrorInBody => "error_in_body",
            FaultKind::Delay { .. } => "delay",
            FaultKind::Drip { .. } => "drip",
            FaultKind::ResetBefore => "reset_before",
            FaultKind::ResetAfter => "reset_after",
            FaultKind::StaleRead => "stale_read",
            FaultKind::UnservicedBefore => "unserviced_before",
            FaultKind::UnservicedAfter => "unserviced_after",
            FaultKind::Handshake(_) => "handshake",
        }
    }

    /// Whether only parts of a batch can meet it.
    pub fn is_of_parts(&self) -> bool {
        matches!(self, FaultKind::UnservicedBefore | FaultKind::UnservicedAfter)
    }

    /// Whether the batch ends with the part that meets it: no answer to that part, and none behind it is carried out.
    pub fn ends_batch(&self) -> bool {
        matches!(
            self,
            FaultKind::LostBefore
                | FaultKind::LostAfter
                | FaultKind::ResetBefore
                | FaultKind::ResetAfter
                | FaultKind::UnservicedBefore
                | FaultKind::UnservicedAfter
        )
    }

    /// Whether it is about the connection on which an answer travels: a part has none of its own.
    pub fn is_of_connection(&self) -> bool {
        matches!(
            self,
            FaultKind::LostBefore
                | FaultKind::LostAfter
                | FaultKind::ResetBefore
                | FaultKind::ResetAfter
                | FaultKind::CutBody { .. }
                | FaultKind::Drip { .. }
        )
    }

    /// Whether it is about a TLS handshake, and not about a request.
    pub fn is_of_handshake(&self) -> bool {
        matches!(self, FaultKind::Handshake(_))
    }
}

/// Whether headers can be sent at all.
fn sendable(headers: &Headers) -> Result<(), String> {
    let token = |it: &u8| it.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(it);
    let wrong = headers.iter().find(|(name, value)| {
        name.is_empty() || !name.as_bytes().iter().all(token) || value.chars().any(char::is_control)
    });
    wrong.map_or(Ok(()), |(name, _)| Err(format!("the header `{name}` cannot be sent")))
}
