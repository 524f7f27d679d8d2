//! Which connection of a group is the active one, whatever tables the group lives in.
//!
//! It is no record of its own. Its state is the live winner; what else was active when it was last read is remembered in
//! its private bytes, so that a plan can name what will be switched off and Terraform's second plan, in another process,
//! comes to the same.

mod change;
mod drain;
mod foreign;
mod live;
mod memory;
mod planned;
mod verify;
mod wish;

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::Record;
use tf_core::{Diagnostics, Object, Schema, Type, Value};
use tf_plugin::{Applied, Apply, Identify, Import, Planning, ReadOutcome, Resource, State};

pub use self::drain::DrainBlock;
pub use self::verify::{Verify, VerifyBlock};
use crate::dialects::Exclusive;
use crate::lifecycle::Target;
use crate::session::Shared;
use crate::subject::{Beside, Filter, Subject, Test};
use crate::timeouts::{self, Operation};

/// The attributes that remember what was active before the last switch.
const PREVIOUS: &str = "previous_connection_id";
const PREVIOUS_SEVERAL: &str = "previous_connection_ids";

/// What one pointer points among, as data. Besides its group it has the attributes `id`, `connection_id`, `on_destroy`,
/// `on_foreign_active`, `verify`, `deactivates` and `previous_connection_id`, and `previous_connection_ids` where it may
/// choose several and `wait_until_inactive_drained` where its group can be kept from sending.
#[derive(Debug)]
pub struct Pointer {
    /// The whole type name.
    pub type_name: &'static str,
    /// Its attributes.
    pub schema: fn() -> Schema,
    /// The records, and the rule that one of a group is active.
    pub exclusive: &'static Exclusive,
    /// The attribute that names the group.
    pub group_id: &'static str,
    /// The attribute that names several members in an order, where a group may have several active ones.
    pub several: Option<&'static str>,
    /// The attribute that shows whether the group is active, where the group has a flag that follows its members.
    pub group_active: Option<&'static str>,
    /// The attributes that are the id of the group.
    pub ids: &'static [&'static str],
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// What the documentation page says beyond the attributes.
    pub notes: &'static str,
}

impl Pointer {
    /// Shows in an object whether its group is active.
    fn show_group(&self, object: &mut Object, group: &Record) {
        if let (Some(attribute), Some(column)) = (self.group_active, self.exclusive.group_flag) {
            object.insert(attribute.to_owned(), Value::Bool(group.flag(column)));
        }
    }
}

/// A resource that is a pointer.
pub struct Activation {
    pointer: &'static Pointer,
    shared: Arc<Shared>,
}

impl Activation {
    /// The resource that a pointer describes.
    pub fn new(pointer: &'static Pointer, shared: Arc<Shared>) -> Activation {
        Activation { pointer, shared }
    }

    /// Where the session is.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }
}

#[async_trait]
impl Resource for Activation {
    fn type_name(&self) -> &str {
        self.pointer.type_name
    }

    fn schema(&self) -> Schema {
        timeouts::with_block((self.pointer.schema)())
    }

    async fn read(&self, state: State) -> ReadOutcome {
        match self.shared.session() {
            Ok(session) => {
                let session = session.for_operation(timeouts::of(&state.object, Operation::Read));
                let outcome = live::read(self.pointer, &session, state).await;
                let outcome = outcome.unwrap_or_else(ReadOutcome::from);
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        let session = self.shared.get();
        planned::adjust(self.pointer, session.as_deref(), self.shared.outside(), planning).await
    }

    async fn plan_deletion(&self, state: &State) -> Diagnostics {
        match self.shared.get() {
            Some(session) => session.redacted(planned::goes_dark(self.pointer, &session, state).await, &[]),
            None => Diagnostics::none(),
        }
    }

    async fn apply(&self, change: Apply) -> Applied {
        let prior = change.prior.clone().map(|object| State { object, private: change.private.clone() });
        let outcome = match (self.shared.session(), &change.prior, &change.planned) {
            (Err(diagnostics), _, _) => Err(diagnostics),
            (Ok(session), prior, Some(planned)) => {
                let operation = if prior.is_some() { Operation::Update } else { Operation::Create };
                let session = session.for_operation(timeouts::of(planned, operation));
                let work = change::Work { pointer: self.pointer, session: &session, change: &change };
                work.activate(self.shared.outside(), planned.clone()).await.map(|(it, said)| (Some(it), said))
            }
            (Ok(session), Some(prior), None) => {
                let session = session.for_operation(timeouts::of(prior, Operation::Delete));
                change::destroy(self.pointer, &session, prior).await.map(|()| (None, Diagnostics::none()))
            }
            (Ok(_), None, None) => Ok((None, Diagnostics::none())),
        };
        let mut applied = match outcome {
            Ok((state, diagnostics)) => Applied { state, diagnostics },
            Err(diagnostics) => Applied { state: prior, diagnostics },
        };
        if let Some(session) = self.shared.get() {
            applied.diagnostics.extend(session.said());
            applied.diagnostics = session.redacted(applied.diagnostics, &[]);
        }
        applied
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }

    fn identity(&self) -> Option<&dyn Identify> {
        Some(self)
    }
}

#[async_trait]
impl Import for Activation {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        let target = Target {
            noun: self.pointer.exclusive.group_noun,
            table: self.pointer.exclusive.groups,
            keys: self.pointer.exclusive.group_keys,
            composite_keys: &[],
        };
        let group = target.find(&session, id).await.map_err(|it| session.redacted(it, &[]))?;
        let attributes = (self.pointer.schema)().block.attributes;
        let mut object: Object = attributes.into_iter().map(|it| (it.name, Value::Null)).collect();
        for name in self.pointer.ids {
            object.insert((*name).to_owned(), Value::string(group.as_str()));
        }
        object.insert("on_destroy".to_owned(), Value::string("keep"));
        object.insert("deactivates".to_owned(), Value::List(Vec::new()));
        Ok(State { object, private: Vec::new() })
    }
}

/// The objects of a pointer, as something that can be looked up: each stands for a group.
pub fn subject(pointer: &'static Pointer, shared: &Arc<Shared>) -> Subject {
    let exclusive = pointer.exclusive;
    let beside = Beside {
        type_name: pointer.type_name,
        noun: "active connection",
        subcategory: pointer.subcategory,
        table: exclusive.groups,
        keys: exclusive.group_keys,
        filters: vec![
            Filter {
                attribute: pointer.group_id.to_owned(),
                doc: format!(
                    "The sys_id of the {} whose active connection is looked up.",
                    exclusive.group_noun
                ),
                ty: Type::String,
                test: Test::Equals("sys_id"),
            },
            Filter::scope(),
        ],
        ids: pointer.ids,
        exists_with: if pointer.several.is_some() { &[wish::ONE, "connection_ids"] } else { &[wish::ONE] },
        except: None,
    };
    let resource = Arc::new(Activation::new(pointer, shared.clone()));
    let shown: Vec<&str> = ["id", pointer.group_id, wish::ONE].into_iter().chain(pointer.several).collect();
    Subject::standing_for(resource, &shown, beside)
}
