//! `servicenow_connection_activation`: which connection of an alias is the active one.
//!
//! It is no record of its own. Its state is the live winner; what else was active when it was last read is remembered in
//! its private bytes, so that a plan can name what will be switched off and Terraform's second plan, in another process,
//! comes to the same.

mod change;
mod foreign;
mod live;
mod memory;
mod planned;
mod verify;

use std::sync::Arc;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Schema, Type, check, model};
use tf_plugin::{Applied, Apply, Identify, Import, Planning, ReadOutcome, Resource, State};

pub use self::verify::VerifyBlock;
use super::sys_id;
use crate::dialects::{Exclusive, native};
use crate::lifecycle::Target;
use crate::session::Shared;
use crate::subject::{Beside, Filter, Subject, Test};
use crate::timeouts::{self, Operation};

/// The one active connection of an alias. Creating it and changing `connection_id` activates that connection and
/// deactivates the others; a switch made by hand shows up in the next plan and is healed by the next apply. Give it
/// `lifecycle { create_before_destroy = true }`, so that Terraform moves it before it deletes a connection that is no
/// longer declared.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Activation {
    /// The sys_id of the alias.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The sys_id of the alias whose active connection is chosen.
    #[tf(required().replaces().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of the connection that is to be the active one. Refer to the `id` of a resource, so that Terraform
    /// orders the changes.
    #[tf(required().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// What happens to the active connection when this resource is destroyed: `keep` leaves it active, `deactivate`
    /// switches it off, and then nothing is sent.
    #[tf(optional().default("keep").check(check::one_of(&["keep", "deactivate"])))]
    pub on_destroy: Attr<String>,
    /// What happens to a connection that somebody else activated and the state does not know: `deactivate`, which is used
    /// when nothing is given, plans to switch it off; `adopt` keeps it active until `connection_id` names another
    /// connection than before; `error` ends the plan.
    #[tf(optional().check(check::one_of(&["deactivate", "adopt", "error"])))]
    pub on_foreign_active: Attr<String>,
    /// Asks the other system before a switch, which is not made when it does not answer as expected, and after it, when the
    /// connection that was active before is activated again.
    #[tf(optional())]
    pub verify: Attr<VerifyBlock>,
    /// Names of the connections that the last switch deactivated, or that the planned one will.
    #[tf(computed())]
    pub deactivates: Attr<Vec<String>>,
}

const EXCLUSIVE: &Exclusive = &native::CONNECTIONS;

/// The resource.
pub struct ConnectionActivation {
    shared: Arc<Shared>,
}

impl ConnectionActivation {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_connection_activation";

    /// What the documentation page says beyond the attributes.
    pub const NOTES: &'static str = "## How a switch is done\n\nOn an instance that deactivates the others by itself the \
        new connection is activated with one write, and there is no moment without an active one. Elsewhere the old one \
        is deactivated first, so that two are never active; when the new one is refused, the old one is activated again \
        and the error says so. Which kind of instance it is, is found out before the first switch of a run; see \
        `one_active_rule` in the [provider's settings](../index.md).\n\n## Required roles\n\n`connection_admin`.";

    /// The resource.
    pub fn new(shared: Arc<Shared>) -> ConnectionActivation {
        ConnectionActivation { shared }
    }

    /// Where the session is.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }
}

#[async_trait]
impl Resource for ConnectionActivation {
    fn type_name(&self) -> &str {
        ConnectionActivation::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        timeouts::with_block(model::schema::<Activation>())
    }

    async fn read(&self, state: State) -> ReadOutcome {
        match self.shared.session() {
            Ok(session) => {
                let session = session.for_operation(timeouts::of(&state.object, Operation::Read));
                let outcome = live::read(&session, state).await;
                let outcome = outcome.unwrap_or_else(ReadOutcome::from);
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        planned::adjust(self.shared.get().as_deref(), planning).await
    }

    async fn plan_deletion(&self, state: &State) -> Diagnostics {
        match self.shared.get() {
            Some(session) => session.redacted(planned::goes_dark(&session, state).await, &[]),
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
                change::activate(&session, self.shared.outside(), &change, planned.clone()).await.map(Some)
            }
            (Ok(session), Some(prior), None) => {
                let session = session.for_operation(timeouts::of(prior, Operation::Delete));
                change::destroy(&session, prior).await.map(|()| None)
            }
            (Ok(_), None, None) => Ok(None),
        };
        let mut applied = match outcome {
            Ok(state) => Applied { state, diagnostics: Diagnostics::none() },
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
impl Import for ConnectionActivation {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        let target = Target {
            noun: EXCLUSIVE.group_noun,
            table: EXCLUSIVE.groups,
            keys: EXCLUSIVE.group_keys,
            composite_keys: &[],
        };
        let alias = target.find(&session, id).await.map_err(|it| session.redacted(it, &[]))?;
        let model = Activation {
            id: Attr::Known(alias.to_string()),
            connection_alias_id: Attr::Known(alias.to_string()),
            connection_id: Attr::Null,
            on_destroy: Attr::Known("keep".to_owned()),
            on_foreign_active: Attr::Null,
            verify: Attr::Null,
            deactivates: Attr::Known(Vec::new()),
        };
        Ok(State { object: model.to_object(), private: Vec::new() })
    }
}

/// Its objects, as something that can be looked up: each stands for an alias.
pub fn subject(shared: &Arc<Shared>) -> Subject {
    let beside = Beside {
        type_name: ConnectionActivation::TYPE_NAME,
        noun: "active connection",
        subcategory: "Connections",
        table: EXCLUSIVE.groups,
        keys: EXCLUSIVE.group_keys,
        filters: vec![
            Filter {
                attribute: "connection_alias_id".to_owned(),
                doc: "The sys_id of the alias whose active connection is looked up.".to_owned(),
                ty: Type::String,
                test: Test::Equals("sys_id"),
            },
            Filter::scope(),
        ],
        ids: &["id", "connection_alias_id"],
        exists_with: Some("connection_id"),
        // Where several may be active nobody chooses one.
        except: Some((EXCLUSIVE.group_allows_several, "true")),
    };
    let resource = Arc::new(ConnectionActivation::new(shared.clone()));
    Subject::standing_for(resource, &["id", "connection_alias_id", "connection_id"], beside)
}
