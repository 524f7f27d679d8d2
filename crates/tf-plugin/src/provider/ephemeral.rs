//! Something that is there for the length of one run and is never stored.

use std::time::SystemTime;

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};

use super::Deferral;

/// An ephemeral resource type.
#[async_trait]
pub trait EphemeralResource: Send + Sync + 'static {
    /// The whole type name, with the provider's prefix.
    fn type_name(&self) -> &str;

    /// Its schema: what the user asks by, and, computed, what comes back.
    fn schema(&self) -> Schema;

    /// Checks across attributes; the attributes' own checks have run already. Values may be unknown.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Gets it. The configuration is wholly known. Asked for in the plan and again, in another process, in the apply.
    async fn open(&self, config: Object) -> Opened;

    /// It runs out and can be prolonged.
    fn renew(&self) -> Option<&dyn Renew> {
        None
    }

    /// It is to be given back.
    fn close(&self) -> Option<&dyn Close> {
        None
    }
}

/// What was opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Opened {
    /// Everything in the schema, what was configured included. `None` with an error or a deferral only.
    pub result: Option<Object>,
    /// For `renew` and `close`, opaque to Terraform.
    pub private: Vec<u8>,
    /// When it has to be prolonged.
    pub renew_at: Option<SystemTime>,
    /// It cannot be opened yet. The host is told to come back; one that does not do that gets an error.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// Prolongs what was opened.
#[async_trait]
pub trait Renew: Send + Sync {
    /// Prolongs it. The values that were given out stay as they are.
    async fn renew_opened(&self, private: Vec<u8>) -> Renewed;
}

/// What became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Renewed {
    /// For the next `renew`. What `close` gets is still from `open`.
    pub private: Vec<u8>,
    /// When it has to be prolonged again.
    pub renew_at: Option<SystemTime>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// Gives back what was opened.
#[async_trait]
pub trait Close: Send + Sync {
    /// Gives it back. The private bytes are those of `open`.
    async fn close_opened(&self, private: Vec<u8>) -> Diagnostics;
}
