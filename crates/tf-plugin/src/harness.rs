//! A host for tests: starts a plugin or serves a provider in the same process, and asks it as Terraform does.

mod attach;
mod catalogue;
mod client;
mod dial;
mod functions;
mod host;
mod identities;
mod others;
mod process;
mod propose;

use tf_core::Diagnostics;
use tf_core::wire::WireError;

use crate::host::Feature;

pub use crate::harness::client::{Client, Imported, Planned};
pub use crate::harness::dial::HostIdentity;
pub use crate::harness::host::Host;
pub use crate::harness::others::{Invoked, Listed, Wish};
pub use crate::harness::process::{Launch, Running};
pub use crate::harness::propose::propose;
pub use crate::rpc::as_written;

/// Why the harness could not do what it was asked. What the provider has to say comes as diagnostics instead.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// The program did not start.
    #[error("the program did not start: {0}")]
    Start(#[source] std::io::Error),
    /// There was no handshake line, or not a good one.
    #[error("the handshake failed: {reason}; standard error was: {errors}")]
    Handshake {
        /// What was wrong.
        reason: String,
        /// What the program wrote to standard error.
        errors: String,
    },
    /// The host's own certificate could not be made.
    #[error("the host's certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The plugin could not be reached.
    #[error("no connection: {0:?}")]
    Connection(#[from] tonic::transport::Error),
    /// The plugin answered with a status instead of an answer.
    #[error("the call failed: {0}")]
    Call(Box<tonic::Status>),
    /// A value does not fit the schema.
    #[error("at `{}`: {}", .0.path, .0.reason)]
    Value(WireError),
    /// What the provider says of itself is not as it has to be.
    #[error("the provider's schema: {0:?}")]
    Schema(Diagnostics),
    /// The host that is imitated does not let its users do that.
    #[error("{0} does not know {name}: it needs {hosts}", name = .1.name(), hosts = .1.hosts())]
    HostLacks(String, Feature),
    /// The host that is imitated finds something wrong before it asks the provider, or with the answer.
    #[error("the host refuses: {0}")]
    Refused(String),
    /// The provider has no such type or function.
    #[error("the provider has no `{0}`")]
    UnknownType(String),
    /// An answer lacks what the protocol demands.
    #[error("the answer to {0} lacks {1}")]
    Incomplete(&'static str, &'static str),
}

impl From<tonic::Status> for HarnessError {
    fn from(it: tonic::Status) -> HarnessError {
        HarnessError::Call(Box::new(it))
    }
}

impl From<WireError> for HarnessError {
    fn from(it: WireError) -> HarnessError {
        HarnessError::Value(it)
    }
}
