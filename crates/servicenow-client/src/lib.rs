//! Talks to a ServiceNow instance: the one seam to the network, patience, and writes that cannot happen twice.

mod attempts;
pub mod authenticator;
pub mod client;
pub mod http;
pub mod transport;

pub use servicenow_core::WriteStyle;

pub use crate::authenticator::{Authenticator, AuthenticatorError};
pub use crate::client::{Client, Freshness, ReadStrategy};
pub use crate::http::{HttpSettings, HttpTransport};
pub use crate::transport::{Cause, Transport, TransportError};

/// Keeps the example of the README true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
