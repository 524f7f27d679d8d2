//! What a provider implements.

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::plan::Plan;
use tf_core::{Diagnostics, Object, Schema};

/// A provider: its own settings and what it offers.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider block.
    fn schema(&self) -> Schema;

    /// Everything it manages.
    fn resources(&self) -> Vec<Arc<dyn Resource>>;

    /// Checks across the attributes of the provider block; the attributes' own checks have run already.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Called once per process before any resource is read, planned or applied; in debug mode many times. During plan
    /// the configuration may hold unknown values.
    async fn configure(&self, request: Configure) -> Diagnostics;

    /// The user pressed Ctrl-C: running operations should end soon, with the true state. Must return at once.
    fn stop(&self) {}
}

/// The provider's settings and who asks.
#[derive(Clone, Debug)]
pub struct Configure {
    /// The version of Terraform, as it says itself.
    pub terraform_version: String,
    /// The provider block.
    pub config: Object,
}

/// A managed resource type.
#[async_trait]
pub trait Resource: Send + Sync + 'static {
    /// The whole type name, with the provider's prefix.
    fn type_name(&self) -> &str;

    /// Its schema.
    fn schema(&self) -> Schema;

    /// Checks across attributes; the attributes' own checks have run already. Values may be unknown.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Brings a stored state of an older schema version to the current one, as JSON members.
    ///
    /// # Errors
    /// The state cannot be understood.
    fn upgrade(&self, _version: i64, state: serde_json::Value) -> Result<serde_json::Value, Diagnostics> {
        Ok(state)
    }

    /// The live state.
    async fn read(&self, state: State) -> ReadOutcome;

    /// Adjusts what the planning rules came to. Must give the same for the same question: Terraform asks again, in
    /// another process, before it applies. Not called for deletions.
    async fn adjust(&self, _planning: &mut Planning<'_>) -> Diagnostics {
        Diagnostics::none()
    }

    /// Creates (no prior), deletes (nothing planned) or updates.
    async fn apply(&self, apply: Apply) -> Applied;

    /// Finds what the user names; `read` fills in the rest.
    ///
    /// # Errors
    /// Nothing or several things have that name.
    async fn import(&self, id: &str) -> Result<State, Diagnostics>;
}

/// A stored state with its private bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Every attribute; write-only ones are null.
    pub object: Object,
    /// Opaque to Terraform.
    pub private: Vec<u8>,
}

/// The answer to a read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOutcome {
    /// `None`: it is gone. Ignored when there are errors.
    pub state: Option<State>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// A plan in the making.
#[derive(Debug)]
pub struct Planning<'a> {
    /// The state before, `None` to create.
    pub prior: Option<&'a Object>,
    /// What the user wrote, with write-only values.
    pub config: &'a Object,
    /// What the planning rules came to; change it here.
    pub plan: Plan,
    /// Private bytes of the state before; what is planned takes its place.
    pub private: Vec<u8>,
}

/// A change to carry out.
#[derive(Clone, Debug)]
pub struct Apply {
    /// The state before, `None` to create.
    pub prior: Option<Object>,
    /// What was planned, `None` to delete.
    pub planned: Option<Object>,
    /// What the user wrote, wholly known, with write-only values; `None` to delete.
    pub config: Option<Object>,
    /// The planned private bytes.
    pub private: Vec<u8>,
}

/// What became of it. After an error the state is what is really there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// `None`: nothing is there. Unknown values and write-only values are turned to null by the framework.
    pub state: Option<State>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}
