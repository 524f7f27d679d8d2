//! `servicenow_environment`: which connections of many integrations are active, switched as one.
//!
//! It is no record of its own. Its state is the live winner of each alias; the names of the connections are remembered in
//! its private bytes, so that a plan can say from what to what, and Terraform's second plan comes to the same.

mod change;
mod live;
mod memory;
mod planned;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Value, check, model};
use tf_plugin::{Applied, Apply, Import, Planning, ReadOutcome, Resource, State};

pub use self::change::Once;
use super::{not_blank, sys_id};
use crate::dialects::GROUPS;
use crate::errors;
use crate::lifecycle::Target;
use crate::session::{Session, Shared};
use crate::timeouts::{self, Operation};

/// The active connections of many integrations, switched as one. An apply first looks whether every alias and connection
/// is there, then switches one integration after the other; when one of them cannot be switched, those that were switched
/// already return to the connection that was active before. Give it `lifecycle { create_before_destroy = true }`, as a
/// [`servicenow_connection_activation`](connection_activation.md).
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct EnvironmentChoice {
    /// An id that the provider chose.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the environment for people, such as `test`.
    #[tf(required().check(not_blank()).check(check::length(1, 80)))]
    pub name: Attr<String>,
    /// The sys_id of the connection that is to be active, by the sys_id of its alias or of its Unifi integration. Refer to
    /// the `id` of resources, so that Terraform orders the changes. An integration that is taken out keeps the connection it
    /// has.
    #[tf(required().check(choices()))]
    pub connections: Attr<BTreeMap<String, String>>,
    /// What happens to the integrations that were switched already when one of them cannot be switched: `all`, which is
    /// used when nothing is given, returns them to the connection that was active before; `none` leaves them switched.
    #[tf(optional().check(check::one_of(&["all", "none"])))]
    pub rollback: Attr<String>,
    /// What happens to the active connections when this resource is destroyed: `keep` leaves them active, `deactivate`
    /// switches them off, and then nothing is sent.
    #[tf(optional().default("keep").check(check::one_of(&["keep", "deactivate"])))]
    pub on_destroy: Attr<String>,
    /// What the last switch did, or what the planned one will do: the names of the connection before and of the one after,
    /// by the name of the alias.
    #[tf(computed())]
    pub switches: Attr<BTreeMap<String, String>>,
    /// The connections that were active before the last switch, by the sys_id of their alias or integration: what
    /// `connections`, or that of the action `servicenow_switch_environment`, has to be to go back.
    #[tf(computed())]
    pub previous: Attr<BTreeMap<String, String>>,
}

/// A check that a map leads from sys_ids to sys_ids.
pub fn choices() -> tf_core::Check {
    let test = |value: &Value| {
        let members = value.as_object().cloned().unwrap_or_default();
        if members.is_empty() {
            return Err("it is empty. Name at least one alias and its connection".to_owned());
        }
        let check = sys_id();
        members.iter().try_for_each(|(alias, connection)| {
            (check.test)(&Value::string(alias.as_str())).and_then(|()| (check.test)(connection))?;
            if alias.bytes().any(|it| it.is_ascii_uppercase()) {
                return Err(format!(
                    "`{alias}` has capitals. Write the sys_id of the alias in small letters"
                ));
            }
            Ok(())
        })
    };
    tf_core::Check::new("sys_ids of connections by the sys_ids of their aliases", test)
}

/// The resource.
pub struct Environments {
    shared: Arc<Shared>,
}

impl Environments {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_environment";

    /// What the documentation page says beyond the attributes.
    pub const NOTES: &'static str = "## Importing\n\nThe id of an import is the name for people, a slash, and the aliases or \
        Unifi integrations by sys_id or name with commas between: `test/orders,invoices`.\n\n## Required roles\n\n`connection_admin`; of Unifi integrations `x_snd_eb.admin`.";

    /// The resource.
    pub fn new(shared: Arc<Shared>) -> Environments {
        Environments { shared }
    }
}

#[async_trait]
impl Resource for Environments {
    fn type_name(&self) -> &str {
        Environments::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        timeouts::with_block(model::schema::<EnvironmentChoice>())
    }

    async fn read(&self, state: State) -> ReadOutcome {
        match self.shared.session() {
            Ok(session) => {
                let session = session.for_operation(timeouts::of(&state.object, Operation::Read));
                let outcome = live::read(&session, state).await.unwrap_or_else(ReadOutcome::from);
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        let session = self.shared.get();
        planned::adjust(session.as_deref(), self.shared.outside(), planning).await
    }

    async fn plan_deletion(&self, state: &State) -> Diagnostics {
        planned::goes_dark(state)
    }

    async fn apply(&self, change: Apply) -> Applied {
        let session = match self.shared.session() {
            Ok(session) => session,
            Err(diagnostics) => {
                let state = change.prior.map(|object| State { object, private: change.private });
                return Applied { state, diagnostics };
            }
        };
        let operation = match (&change.prior, &change.planned) {
            (_, None) => Operation::Delete,
            (None, _) => Operation::Create,
            (Some(_), _) => Operation::Update,
        };
        let object = change.planned.as_ref().or(change.prior.as_ref()).cloned().unwrap_or_default();
        let session = session.for_operation(timeouts::of(&object, operation));
        let mut applied = change::apply(&session, change).await;
        applied.diagnostics.extend(session.said());
        Applied { diagnostics: session.redacted(applied.diagnostics, &[]), ..applied }
    }

    fn import(&self) -> Option<&dyn Import> {
        Some(self)
    }
}

#[async_trait]
impl Import for Environments {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        let Some((name, aliases)) =
            id.split_once('/').filter(|(name, it)| !name.is_empty() && !it.is_empty())
        else {
            return Err(errors::bad_environment_import(id).into());
        };
        let mut connections = Object::new();
        for alias in aliases.split(',').map(str::trim) {
            let found = find(&session, alias).await.map_err(|it| session.redacted(it, &[]))?;
            connections.insert(found.to_string(), Value::Null);
        }
        let model = EnvironmentChoice {
            id: Attr::Known(session.transport.new_sys_id().to_string()),
            name: Attr::Known(name.to_owned()),
            on_destroy: Attr::Known("keep".to_owned()),
            switches: Attr::Known(BTreeMap::new()),
            previous: Attr::Known(BTreeMap::new()),
            ..EnvironmentChoice::default()
        };
        let mut object = model.to_object();
        object.insert("connections".to_owned(), Value::Map(connections));
        Ok(State { object, private: Vec::new() })
    }
}

/// An alias, or an integration of an application, by its sys_id or a name. What was said of an alias is said where it is
/// neither.
async fn find(session: &Session, name: &str) -> Result<SysId, Diagnostics> {
    let mut problems = Diagnostics::none();
    for exclusive in GROUPS {
        let (noun, table, keys) = (exclusive.group_noun, exclusive.groups, exclusive.group_keys);
        match (Target { noun, table, keys, composite_keys: &[] }).find(session, name).await {
            Ok(found) => return Ok(found),
            Err(said) if problems.0.is_empty() => problems = said,
            Err(_) => {}
        }
    }
    Err(problems)
}

/// The choices of an object, as far as they are known: connections by their aliases.
pub fn choices_of(object: &Object) -> BTreeMap<SysId, Option<SysId>> {
    let members = object.get("connections").and_then(Value::as_object).cloned().unwrap_or_default();
    let choice = |(alias, it): (&String, &Value)| {
        Some((alias.parse().ok()?, it.as_str().and_then(|it| it.parse().ok())))
    };
    members.iter().filter_map(choice).collect()
}
