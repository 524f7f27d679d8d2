//! A resource that does what a test tells it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tf_core::{
    Attr, Diagnostics, IdentitySchema, Model, Object, Schema, Secret, Value, WriteOnly, form, model,
};

use crate::provider::{
    Applied, Apply, Configure, Identify, Import, Move, MoveSource, Planning, Provider, ReadOutcome, Resource,
    State, Upgrade,
};

pub(super) const PUPPET: &str = "puppet_thing";

/// The provider of the puppet.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Settings {
    /// Where it is.
    #[tf(optional())]
    place: Attr<String>,
}

/// A thing.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Thing {
    /// Who it is.
    #[tf(computed().stable())]
    id: Attr<String>,
    /// What it is called.
    #[tf(required().replaces())]
    name: Attr<String>,
    /// What it is for.
    #[tf(optional().default("work"))]
    purpose: Attr<String>,
    /// How it is doing.
    #[tf(computed().compared(form::letter_case()))]
    mood: Attr<String>,
    /// What it must not tell.
    #[tf(optional())]
    secret_wo: Attr<WriteOnly<Secret>>,
}

pub(super) type Act<I, O> = Box<dyn Fn(I) -> O + Send + Sync>;

/// Fields to overwrite; by default it is an honest resource.
pub(super) struct Puppet {
    pub(super) version: i64,
    pub(super) validate: Act<Object, Diagnostics>,
    pub(super) upgrade: Act<(i64, serde_json::Value), Result<serde_json::Value, Diagnostics>>,
    pub(super) read: Act<State, ReadOutcome>,
    pub(super) adjust: Box<dyn Fn(&mut Planning<'_>) -> Diagnostics + Send + Sync>,
    pub(super) plan_deletion: Act<State, Diagnostics>,
    pub(super) apply: Act<Apply, Applied>,
    pub(super) import: Act<String, Result<State, Diagnostics>>,
    /// What the provider was configured with.
    pub(super) configured: Mutex<Option<Configure>>,
}

impl Default for Puppet {
    fn default() -> Puppet {
        Puppet {
            version: 2,
            validate: Box::new(|_| Diagnostics::none()),
            upgrade: Box::new(|it| Ok(it.1)),
            read: Box::new(|state| state.into()),
            adjust: Box::new(|_| Diagnostics::none()),
            plan_deletion: Box::new(|_| Diagnostics::none()),
            apply: Box::new(|it| applied(it.planned.map(done), b"applied")),
            import: Box::new(|id| {
                Ok(State {
                    object: Object::from([("id".to_owned(), Value::string(id))]),
                    private: Vec::new(),
                })
            }),
            configured: Mutex::new(None),
        }
    }
}

/// A planned object as an honest resource would leave it.
pub(super) fn done(mut planned: Object) -> Object {
    for value in planned.values_mut().filter(|it| it.is_unknown()) {
        *value = Value::string("known now");
    }
    planned
}

/// A result without messages.
pub(super) fn applied(object: Option<Object>, private: &[u8]) -> Applied {
    let private = private.to_vec();
    Applied { state: object.map(|object| State { object, private }), diagnostics: Diagnostics::none() }
}

pub(super) struct PuppetProvider(pub(super) Arc<Puppet>);

#[async_trait]
impl Provider for PuppetProvider {
    fn schema(&self) -> Schema {
        model::schema::<Settings>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        vec![Arc::new(PuppetResource(Arc::clone(&self.0)))]
    }

    async fn configure(&self, request: Configure) -> Diagnostics {
        *self.0.configured.lock().unwrap() = Some(request);
        Diagnostics::none()
    }

    fn stop(&self) {
        panic!("even this must not hurt");
    }
}

pub(super) struct PuppetResource(pub(super) Arc<Puppet>);

#[async_trait]
impl Resource for PuppetResource {
    fn type_name(&self) -> &str {
        PUPPET
    }

    fn schema(&self) -> Schema {
        Schema { version: self.0.version, ..model::schema::<Thing>() }
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        (self.0.validate)(config.clone())
    }

    async fn read(&self, state: State) -> ReadOutcome {
        (self.0.read)(state)
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        (self.0.adjust)(planning)
    }

    async fn plan_deletion(&self, state: &State) -> Diagnostics {
        (self.0.plan_deletion)(state.clone())
    }

    async fn apply(&self, apply: Apply) -> Applied {
        (self.0.apply)(apply)
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }

    fn identity(&self) -> Option<&dyn Identify> {
        Some(self)
    }

    fn upgrade(&self) -> Option<&dyn Upgrade> {
        Some(self)
    }

    fn takeover(&self) -> Option<&dyn Move> {
        Some(self)
    }
}

/// Who it is.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Identity {
    /// Who it is.
    #[tf(required())]
    id: Attr<String>,
}

#[async_trait]
impl Identify for PuppetResource {
    fn identity_schema(&self) -> IdentitySchema {
        IdentitySchema { version: 1, ..IdentitySchema::of::<Identity>() }
    }

    fn upgrade_identity(
        &self,
        version: i64,
        identity: serde_json::Value,
    ) -> Result<serde_json::Value, Diagnostics> {
        let id = identity["id"].as_str().unwrap();
        Ok(serde_json::json!({ "id": format!("{id} from version {version}") }))
    }
}

impl Move for PuppetResource {
    fn take_over(&self, source: &MoveSource) -> Result<Option<State>, Diagnostics> {
        let taken = || {
            let object =
                Object::from([("id".to_owned(), Value::string(source.state["key"].as_str().unwrap()))]);
            State { object, private: source.private.clone() }
        };
        Ok((source.type_name == "other_thing").then(taken))
    }
}

#[async_trait]
impl Import for PuppetResource {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        (self.0.import)(id.to_owned())
    }
}

impl Upgrade for PuppetResource {
    fn upgrade_state(
        &self,
        version: i64,
        state: serde_json::Value,
    ) -> Result<serde_json::Value, Diagnostics> {
        (self.0.upgrade)((version, state))
    }
}
