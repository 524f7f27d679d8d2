//! The only implementation of reading, planning, applying and importing for resources that are records.

pub mod active;
mod apply;
mod foretold;
mod generated;
mod import;
mod read;
mod references;
mod respell;
pub mod rotation;
mod seen;
pub mod written;

pub use import::Target;
pub use seen::Conflict;

use std::sync::Arc;

use async_trait::async_trait;
use reconcile::{Found, Holds};
use tf_core::{Diagnostics, Object, Schema, Secret, Value};
use tf_plugin::{Applied, Apply, GenerateConfig, Identify, Import, Planning, ReadOutcome, Resource, State};

use self::rotation::Rotation;
use crate::claims;
use crate::definition::{Definition, Surroundings};
use crate::errors;
use crate::session::{Session, Shared};
use crate::timeouts::{self, Operation};

/// A record-backed resource.
pub struct Records {
    definition: &'static Definition,
    shared: Arc<Shared>,
}

impl Records {
    /// The resource that a definition describes.
    pub fn new(definition: &'static Definition, shared: Arc<Shared>) -> Records {
        Records { definition, shared }
    }

    /// Where the session is.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }
}

#[async_trait]
impl Resource for Records {
    fn type_name(&self) -> &str {
        self.definition.type_name
    }

    fn schema(&self) -> Schema {
        self.definition.whole_schema()
    }

    async fn read(&self, state: State) -> ReadOutcome {
        match self.shared.session() {
            Ok(session) => {
                let session = session.for_operation(timeouts::of(&state.object, Operation::Read));
                let outcome = read::read(self.definition, &session, state).await;
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        let mut problems = (self.definition.check)(config);
        problems.extend(written::check(self.definition.layout, config));
        problems
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        if let Some(session) = self.shared.get() {
            respell::keep_spelling(self.definition, &session, planning).await;
        }
        let mut problems = (self.definition.adjust)(planning);
        problems.extend(secrets_have_values(self.definition, planning));
        problems.extend(active::planned_change(self.definition, planning));
        if let Some(session) = self.shared.get() {
            let mut said = claims::member::of_record(self.definition, &session, planning).await;
            said.extend(foretold::unclear(self.definition, &session, planning).await);
            problems.extend(session.redacted(said, &[]));
        }
        if let (Some(warn), Some(session)) = (self.definition.warn, self.shared.get()) {
            problems.extend(session.redacted(warn(&session, planning).await, &[]));
        }
        problems
    }

    async fn plan_deletion(&self, state: &State) -> Diagnostics {
        active::planned_deletion(self.definition, &state.object)
    }

    async fn apply(&self, change: Apply) -> Applied {
        let session = match self.shared.session() {
            Ok(session) => session,
            Err(diagnostics) => {
                let state = change.prior.map(|object| State { object, private: change.private });
                return Applied { state, diagnostics };
            }
        };
        let secrets = change.config.as_ref().map(|it| secrets(self.definition, it)).unwrap_or_default();
        let within = |object: &Object, operation| session.for_operation(timeouts::of(object, operation));
        let (prior, planned, config) = (&change.prior, &change.planned, &change.config);
        let rotation = Rotation::of(self.definition, prior.as_ref(), planned.as_ref(), config.as_ref());
        let prior = change.prior.map(|object| State { object, private: change.private });
        let mut applied = match (prior, change.planned, change.config) {
            (None, Some(planned), Some(config)) => {
                let session = within(&planned, Operation::Create);
                apply::create(self.definition, &session, planned, &config, &change.progress).await
            }
            (Some(prior), Some(planned), Some(config)) => {
                let session = within(&planned, Operation::Update);
                apply::update(self.definition, &session, prior, planned, &config).await
            }
            (Some(prior), _, _) => {
                let session = within(&prior.object, Operation::Delete);
                apply::delete(self.definition, &session, prior).await
            }
            (None, _, _) => Applied::default(),
        };
        if let (Some(rotation), Some(state), false) =
            (rotation, &applied.state, applied.diagnostics.has_errors())
        {
            applied.diagnostics.extend(rotation.prove(&session, self.shared.outside(), &state.object).await);
        }
        applied.diagnostics.extend(session.said());
        Applied { diagnostics: session.redacted(applied.diagnostics, &secrets), ..applied }
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }

    fn identity(&self) -> Option<&dyn Identify> {
        Some(self)
    }

    fn generate(&self) -> Option<&dyn GenerateConfig> {
        Some(self)
    }
}

#[async_trait]
impl Import for Records {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        import::import(self.definition, &session, id).await.map_err(|it| session.redacted(it, &[]))
    }
}

/// The secrets that a configuration holds.
fn secrets(definition: &Definition, config: &Object) -> Vec<Secret> {
    let columns = definition.layout.records.iter().flat_map(|it| it.columns);
    columns
        .filter_map(|it| match it.holds {
            Holds::Secret(attribute, _) => config.get(attribute).and_then(Value::as_str).map(Secret::new),
            _ => None,
        })
        .collect()
}

/// A new version without a secret would promise a write that cannot happen.
fn secrets_have_values(definition: &Definition, planning: &Planning<'_>) -> Diagnostics {
    let mut problems = Diagnostics::none();
    let Some(prior) = planning.prior else { return problems };
    let columns = definition.layout.records.iter().flat_map(|it| it.columns);
    for column in columns {
        let Holds::Secret(secret, version) = column.holds else { continue };
        let wanted = planning.plan.planned.get(version).unwrap_or(&Value::Null);
        let changes = prior.get(version) != Some(wanted) && !wanted.is_null();
        if changes && planning.config.get(secret).is_none_or(Value::is_null) {
            problems.push(errors::version_without_secret(secret, version));
        }
    }
    problems
}

/// An object with what is made of its records and of the address of the instance.
fn finished(definition: &Definition, session: &Session, found: &Found, mut object: Object) -> Object {
    let instance = session.instance.trim_end_matches('/');
    (definition.finish)(&Surroundings { instance, found }, &mut object);
    object
}

/// The private bytes: what the plan is made from, and what secrets were written to.
fn private(found: &Found, written: &written::Written) -> Vec<u8> {
    let members: serde_json::Map<String, serde_json::Value> =
        [seen::remember(found), written.member()].into_iter().flatten().collect();
    if members.is_empty() { Vec::new() } else { serde_json::Value::Object(members).to_string().into_bytes() }
}

/// How people know the object: its name, or else its id.
fn label(object: &Object) -> String {
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    text("name").or_else(|| text("user_name")).or_else(|| text("id")).unwrap_or("(not known yet)").to_owned()
}
