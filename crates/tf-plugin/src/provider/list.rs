//! Objects that exist and that nobody manages yet.

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};
use tokio::sync::mpsc;

/// Finds objects of a managed resource type that has an identity.
#[async_trait]
pub trait ListResource: Send + Sync + 'static {
    /// The type name of the managed resource.
    fn type_name(&self) -> &str;

    /// What the user narrows the search by.
    fn schema(&self) -> Schema;

    /// Checks across attributes; the attributes' own checks have run already. Values may be unknown.
    fn validate(&self, _config: &Object) -> Diagnostics {
        Diagnostics::none()
    }

    /// Finds them and hands them out one by one. The configuration is wholly known. Ends when [`Listing::found`] says
    /// that it is enough.
    async fn list(&self, request: ListRequest, listing: &Listing) -> Diagnostics;
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListRequest {
    /// What the user narrows the search by.
    pub config: Object,
    /// Whether whole objects are wanted, or just what their identity is made of.
    pub whole: bool,
    /// How many are wanted at most. More are not passed on.
    pub limit: Option<u64>,
}

/// One object that was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// How people know it.
    pub display_name: String,
    /// Its attributes: at least those of its identity, all of them if the whole object is wanted.
    pub object: Object,
    /// What to tell the user about it.
    pub diagnostics: Diagnostics,
}

impl Found {
    /// Something found without anything to say about it.
    pub fn new(display_name: impl Into<String>, object: Object) -> Found {
        Found { display_name: display_name.into(), object, diagnostics: Diagnostics::none() }
    }
}

/// Where to hand out what was found.
#[derive(Debug)]
pub struct Listing {
    pub(crate) sender: mpsc::Sender<Found>,
}

/// Nobody wants more: the limit is reached, or the host has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enough;

impl Listing {
    /// Hands one out, and waits while the host is slower.
    ///
    /// # Errors
    /// Nobody wants more.
    pub async fn found(&self, found: Found) -> Result<(), Enough> {
        self.sender.send(found).await.map_err(|_| Enough)
    }
}
