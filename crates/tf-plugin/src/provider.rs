//! What a provider implements.

mod action;
mod capability;
mod data_source;
mod deferral;
mod ephemeral;
mod function;
mod list;
mod progress;
mod resource;

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};

pub use crate::provider::action::{Action, ActionPlan, Telling};
pub use crate::provider::capability::{GenerateConfig, Identify, Import, Move, MoveSource, Upgrade};
pub use crate::provider::data_source::{DataOutcome, DataSource};
pub use crate::provider::deferral::Deferral;
pub use crate::provider::ephemeral::{Close, EphemeralResource, Opened, Renew, Renewed};
pub use crate::provider::function::{Function, FunctionError};
pub use crate::provider::list::{Enough, Found, ListRequest, ListResource, Listing};
pub use crate::provider::progress::Progress;
pub use crate::provider::resource::{Applied, Apply, Planning, ReadOutcome, Resource, State};

/// A provider: its own settings and what it offers. What it does not offer it need not mention.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// The provider block.
    fn schema(&self) -> Schema;

    /// What a module may say to the provider about itself, in the `provider_meta` block of its `terraform` block. It
    /// arrives with every plan, apply and read of what that module holds: [`Planning::meta`], [`Apply::meta`],
    /// [`Resource::read_for`] and [`DataSource::read_for`].
    fn meta_schema(&self) -> Option<Schema> {
        None
    }

    /// What it manages.
    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        Vec::new()
    }

    /// What it looks up.
    fn data_sources(&self) -> Vec<Arc<dyn DataSource>> {
        Vec::new()
    }

    /// What it computes. Terraform 1.8 or later.
    fn functions(&self) -> Vec<Arc<dyn Function>> {
        Vec::new()
    }

    /// What it gives for the length of one run and never stores. Terraform 1.10 or later.
    fn ephemeral_resources(&self) -> Vec<Arc<dyn EphemeralResource>> {
        Vec::new()
    }

    /// What it finds among things that nobody manages yet. Terraform 1.14 or later.
    fn list_resources(&self) -> Vec<Arc<dyn ListResource>> {
        Vec::new()
    }

    /// What it does when told to, without a state. Terraform 1.14 or later.
    fn actions(&self) -> Vec<Arc<dyn Action>> {
        Vec::new()
    }

    /// Checks across the attributes of the provider block; the attributes' own checks have run already.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Called once per process before any resource is read, planned or applied; in debug mode many times. During plan
    /// the configuration may hold unknown values.
    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }

    /// Why nothing can be read or planned since `configure`, if that is so: the address of the service is not known
    /// before another resource is applied. Hosts that allow it come back later; with all others the work goes on as if
    /// this said nothing.
    fn deferral(&self) -> Option<Deferral> {
        None
    }

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
