//! A managed resource type: the least it has to do, and the doors to what it can do besides.

use async_trait::async_trait;
use tf_core::plan::Plan;
use tf_core::{Diagnostics, Object, Schema};

use super::{Deferral, GenerateConfig, Identify, Import, Move, Progress, Upgrade};

/// A managed resource type.
///
/// What it can do besides are traits of their own. A resource that has one returns itself from the method of that name,
/// `fn import(&self) -> Option<&dyn Import> { Some(self) }`, and says nothing about the others.
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

    /// The live state.
    async fn read(&self, state: State) -> ReadOutcome;

    /// The same for a module that says something about itself, by the schema of
    /// [`Provider::meta_schema`](crate::Provider::meta_schema).
    async fn read_for(&self, state: State, _meta: &Object) -> ReadOutcome {
        self.read(state).await
    }

    /// Adjusts what the planning rules came to. Must give the same for the same question: Terraform asks again, in
    /// another process, before it applies. Not called for deletions.
    async fn adjust(&self, _planning: &mut Planning<'_>) -> Diagnostics {
        Diagnostics::none()
    }

    /// What is to be said about a planned deletion before anything is deleted. An error stops the plan.
    async fn plan_deletion(&self, _state: &State) -> Diagnostics {
        Diagnostics::none()
    }

    /// Creates (no prior), deletes (nothing planned) or updates.
    async fn apply(&self, apply: Apply) -> Applied;

    /// Objects that exist already can be brought in by an id.
    fn import(&self) -> Option<&dyn Import> {
        None
    }

    /// Its objects have an identity apart from their state.
    fn identity(&self) -> Option<&dyn Identify> {
        None
    }

    /// It knows states that older versions of its schema left.
    fn upgrade(&self) -> Option<&dyn Upgrade> {
        None
    }

    /// It takes over objects of other types.
    fn takeover(&self) -> Option<&dyn Move> {
        None
    }

    /// It knows better than the rules how a user would write an object that exists.
    fn generate(&self) -> Option<&dyn GenerateConfig> {
        None
    }
}

/// A stored state with its private bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Every attribute; write-only ones are null.
    pub object: Object,
    /// Opaque to Terraform.
    pub private: Vec<u8>,
}

impl From<Object> for State {
    /// Without private bytes.
    fn from(object: Object) -> State {
        State { object, private: Vec::new() }
    }
}

/// The answer to a read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOutcome {
    /// `None`: it is gone. Ignored when there are errors.
    pub state: Option<State>,
    /// It cannot be read yet. The host is told to come back; one that does not do that gets an error.
    pub deferred: Option<Deferral>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

impl From<State> for ReadOutcome {
    fn from(state: State) -> ReadOutcome {
        ReadOutcome { state: Some(state), ..ReadOutcome::default() }
    }
}

impl From<Diagnostics> for ReadOutcome {
    /// With an error it could not be read; with warnings or nothing at all it is gone.
    fn from(diagnostics: Diagnostics) -> ReadOutcome {
        ReadOutcome { diagnostics, ..ReadOutcome::default() }
    }
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
    /// Terraform plans a second time before it applies. This is what [`Planning::private`] was at the end of the first
    /// time, from a host that keeps it: Terraform 1.16 or later. Older ones pass nothing on from one plan to the other.
    pub planned_private: Option<Vec<u8>>,
    /// What the module says about itself, if the provider asks for it and the module does.
    pub meta: Option<&'a Object>,
    /// Whether the host would come back later for a plan that cannot be made yet.
    pub deferral_allowed: bool,
    /// Set it to have the host come back later. One that does not do that gets an error.
    pub deferred: Option<Deferral>,
}

impl<'a> Planning<'a> {
    /// A plan that a resource has not looked at yet, from a host without special abilities.
    pub fn new(prior: Option<&'a Object>, config: &'a Object, plan: Plan) -> Planning<'a> {
        Planning {
            prior,
            config,
            plan,
            private: Vec::new(),
            planned_private: None,
            meta: None,
            deferral_allowed: false,
            deferred: None,
        }
    }
}

/// A change to carry out.
#[derive(Clone, Debug, Default)]
pub struct Apply {
    /// The state before, `None` to create.
    pub prior: Option<Object>,
    /// What was planned, `None` to delete.
    pub planned: Option<Object>,
    /// What the user wrote, wholly known, with write-only values; `None` to delete.
    pub config: Option<Object>,
    /// The planned private bytes.
    pub private: Vec<u8>,
    /// What the module says about itself, if the provider asks for it and the module does.
    pub meta: Option<Object>,
    /// Where to say what is there already, in case that the rest fails by a programming error.
    pub progress: Progress,
}

/// What became of it. After an error the state is what is really there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applied {
    /// `None`: nothing is there. Unknown values and write-only values are turned to null by the framework.
    pub state: Option<State>,
    /// What to tell the user.
    pub diagnostics: Diagnostics,
}

impl From<State> for Applied {
    /// It is there, and there is nothing to say about it.
    fn from(state: State) -> Applied {
        Applied { state: Some(state), diagnostics: Diagnostics::none() }
    }
}

impl From<Diagnostics> for Applied {
    /// With an error nothing was done, and the host keeps the state that it has; without one nothing is there.
    fn from(diagnostics: Diagnostics) -> Applied {
        Applied { state: None, diagnostics }
    }
}
