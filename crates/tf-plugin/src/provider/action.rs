//! Something that is done when told to, and that leaves no state.

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};
use tokio::sync::mpsc;

use super::Deferral;

/// An action type.
#[async_trait]
pub trait Action: Send + Sync + 'static {
    /// The whole type name, with the provider's prefix.
    fn type_name(&self) -> &str;

    /// What is in its `config` block.
    fn schema(&self) -> Schema;

    /// Checks across attributes; the attributes' own checks have run already. Values may be unknown.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Says before anything happens what is in the way. Values may be unknown.
    async fn plan(&self, _config: &Object) -> ActionPlan {
        ActionPlan::default()
    }

    /// Does it. The configuration is wholly known.
    async fn invoke(&self, config: Object, telling: &Telling) -> Diagnostics;
}

/// What is in the way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ActionPlan {
    /// It cannot be planned yet. The host is told to come back; one that does not do that gets an error.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

/// Where to say how far it is.
#[derive(Debug)]
pub struct Telling {
    pub(crate) sender: mpsc::Sender<String>,
}

impl Telling {
    /// Tells the user how far it is, in a short line. Waits while the host is slower; one that has gone does not matter.
    pub async fn tell(&self, message: impl Into<String>) {
        // The action goes on without anybody to hear of it.
        let _ = self.sender.send(message.into()).await;
    }
}
