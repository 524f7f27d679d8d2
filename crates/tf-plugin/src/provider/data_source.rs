//! Something that is looked up and not managed.

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};

use super::Deferral;

/// A data source.
#[async_trait]
pub trait DataSource: Send + Sync + 'static {
    /// The whole type name, with the provider's prefix.
    fn type_name(&self) -> &str;

    /// Its schema: what the user asks by, and, computed, what comes back.
    fn schema(&self) -> Schema;

    /// Checks across attributes; the attributes' own checks have run already. Values may be unknown.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Looks it up. The configuration is wholly known.
    async fn read(&self, config: Object) -> DataOutcome;

    /// The same for a module that says something about itself, by the schema of
    /// [`Provider::meta_schema`](crate::Provider::meta_schema).
    async fn read_for(&self, config: Object, _meta: &Object) -> DataOutcome {
        self.read(config).await
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DataOutcome {
    /// Everything in the schema, what was configured included. `None` with an error or a deferral only.
    pub object: Option<Object>,
    /// It cannot be looked up yet. The host is told to come back; one that does not do that gets an error.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

impl From<Object> for DataOutcome {
    fn from(object: Object) -> DataOutcome {
        DataOutcome { object: Some(object), ..DataOutcome::default() }
    }
}

impl From<Diagnostics> for DataOutcome {
    fn from(diagnostics: Diagnostics) -> DataOutcome {
        DataOutcome { diagnostics, ..DataOutcome::default() }
    }
}
