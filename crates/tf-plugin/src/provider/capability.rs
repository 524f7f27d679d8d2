//! What a resource may be able to do besides.

use async_trait::async_trait;
use tf_core::{Diagnostics, IdentitySchema, Object};

use super::State;

/// Brings in objects that exist already.
#[async_trait]
pub trait Import: Send + Sync {
    /// Finds what the user names; `read` fills in what is null.
    ///
    /// # Errors
    /// Nothing or several things have that name.
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics>;
}

/// Gives objects an identity apart from their state. Terraform 1.12 or later makes use of it: imports name it, and lists
/// are made of it.
#[async_trait]
pub trait Identify: Send + Sync {
    /// What it is made of.
    fn identity_schema(&self) -> IdentitySchema;

    /// The identity of an object. `None`: the attributes of the same names make it up. It must not change as long as
    /// the object lives, unless [`Identify::may_change`] says so.
    fn identity_of(&self, _object: &Object) -> Option<Object> {
        None
    }

    /// Finds an object; `read` fills in what is null. `Ok(None)`: the members of the identity are attributes of the same
    /// names, and nothing else is needed.
    ///
    /// # Errors
    /// Nothing has that identity.
    async fn by_identity(&self, _identity: &Object) -> Result<Option<State>, Diagnostics> {
        Ok(None)
    }

    /// Brings a stored identity of an older version to the current one, as JSON members.
    ///
    /// # Errors
    /// The identity cannot be understood.
    fn upgrade_identity(
        &self,
        _version: i64,
        identity: serde_json::Value,
    ) -> Result<serde_json::Value, Diagnostics> {
        Ok(identity)
    }

    /// Whether the identity of one object may change, as a name can that identifies.
    fn may_change(&self) -> bool {
        false
    }
}

/// Knows the states that older versions of its schema left. Without it they are read as they are: attributes that are gone
/// are dropped, new ones are null.
pub trait Upgrade: Send + Sync {
    /// Brings a stored state of an older schema version to the current one, as JSON members.
    ///
    /// # Errors
    /// The state cannot be understood.
    fn upgrade_state(&self, version: i64, state: serde_json::Value)
    -> Result<serde_json::Value, Diagnostics>;
}

/// Takes over objects of other types, of this provider or another one: what a `moved` block asks for. Terraform 1.8 or
/// later. The provider is not configured then.
pub trait Move: Send + Sync {
    /// The state under this type. `Ok(None)`: the source is not one that it knows.
    ///
    /// # Errors
    /// The source is one that it knows, but its state cannot be understood.
    fn take_over(&self, source: &MoveSource) -> Result<Option<State>, Diagnostics>;
}

/// Where an object comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct MoveSource {
    /// The source address of the other provider, `registry.terraform.io/hashicorp/null`.
    pub address: String,
    /// The type there.
    pub type_name: String,
    /// The version of the schema there.
    pub schema_version: i64,
    /// The state there, as JSON members.
    pub state: serde_json::Value,
    /// The private bytes there.
    pub private: Vec<u8>,
    /// The identity there, as JSON members, if it had one.
    pub identity: Option<serde_json::Value>,
}

/// Knows how a user would write an object that exists. Without it the rules decide: what the provider chooses, what equals
/// its default and what is deprecated is left out. Terraform 1.14 or later.
pub trait GenerateConfig: Send + Sync {
    /// Adjusts what the rules came to: null is left out.
    fn adjust_config(&self, state: &Object, config: &mut Object);
}
