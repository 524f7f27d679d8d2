//! Talks to a ServiceNow instance: the one seam to the network, patience, and writes that cannot happen twice.

mod attempts;
pub mod authenticator;
pub mod client;
pub mod command;
pub mod guard;
pub mod headers;
pub mod http;
pub mod jwt;
mod line;
pub mod proxy;
pub mod signed;
pub mod source;
pub mod tls;
pub mod transport;

pub use servicenow_core::WriteStyle;

pub use crate::authenticator::{Authenticator, AuthenticatorError};
pub use crate::client::{Access, Client, Freshness, Pages, ReadStrategy, Rows, Update, Whole};
pub use crate::command::Command;
pub use crate::http::{HttpSettings, HttpTransport};
pub use crate::signed::Signed;
pub use crate::source::Source;
pub use crate::transport::{Cause, TlsFault, Transport, TransportError};

/// Keeps the example of the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
