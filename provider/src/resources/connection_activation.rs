//! `servicenow_connection_activation`: which connection of an alias is the active one.
//!
//! It is no record of its own. Its state is the live winner; what else was active when it was last read is remembered in
//! its private bytes, so that a plan can name what will be switched off and Terraform's second plan, in another process,
//! comes to the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, Type, Value, check, model};
use tf_plugin::{Applied, Apply, Identify, Import, Planning, ReadOutcome, Resource, State};

use super::sys_id;
use crate::dialects::{Exclusive, native};
use crate::errors::{self, Doing};
use crate::lifecycle::Target;
use crate::session::{Session, Shared};
use crate::subject::{Beside, Filter, Subject, Test};
use crate::switch::{self, Group, Row};
use crate::tables;
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
    /// Names of the connections that the last switch deactivated, or that the planned one will.
    #[tf(computed())]
    pub deactivates: Attr<Vec<String>>,
}

const EXCLUSIVE: &Exclusive = &native::CONNECTIONS;
const NOTHING_CHANGED: &str = "Nothing was changed.";

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
                let outcome = read(&session, state).await;
                let outcome = outcome.unwrap_or_else(ReadOutcome::from);
                ReadOutcome { diagnostics: session.redacted(outcome.diagnostics, &[]), ..outcome }
            }
            Err(diagnostics) => diagnostics.into(),
        }
    }

    async fn adjust(&self, planning: &mut Planning<'_>) -> Diagnostics {
        let moves = planning
            .prior
            .is_none_or(|prior| prior.get("connection_id") != planned(planning, "connection_id"));
        match planning.prior {
            // What else is active may change until the apply; Terraform would refuse a promise that does not hold.
            None => match self.shared.get() {
                Some(session) => session.redacted(announce(&session, planning).await, &[]),
                None => Diagnostics::none(),
            },
            Some(prior) => {
                let wish = planned(planning, "connection_id").and_then(Value::as_str);
                let names =
                    if moves { rivals(&planning.private, wish) } else { prior.get("deactivates").cloned() };
                let names = names.filter(|it| !it.is_null()).unwrap_or(Value::List(Vec::new()));
                planning.plan.planned.insert("deactivates".to_owned(), names);
                Diagnostics::none()
            }
        }
    }

    async fn apply(&self, change: Apply) -> Applied {
        let prior = change.prior.clone().map(|object| State { object, private: change.private.clone() });
        let outcome = match (self.shared.session(), change.prior, change.planned) {
            (Err(diagnostics), _, _) => Err(diagnostics),
            (Ok(session), prior, Some(planned)) => {
                let operation = if prior.is_some() { Operation::Update } else { Operation::Create };
                let session = session.for_operation(timeouts::of(&planned, operation));
                activate(&session, planned).await.map(Some)
            }
            (Ok(session), Some(prior), None) => {
                let session = session.for_operation(timeouts::of(&prior, Operation::Delete));
                destroy(&session, &prior).await.map(|()| None)
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

fn planned<'a>(planning: &'a Planning<'_>, name: &str) -> Option<&'a Value> {
    planning.plan.planned.get(name)
}

fn id(object: &Object, name: &str) -> Option<SysId> {
    object.get(name).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// The live winner. With several active ones it is one that the state does not know, so that the plan shows a change.
async fn read(session: &Session, state: State) -> Result<ReadOutcome, Diagnostics> {
    let Some(alias) = id(&state.object, "connection_alias_id") else {
        return Err(errors::bug("an activation has no alias").into());
    };
    let name = match switch::group(session, EXCLUSIVE, &alias).await? {
        Some(record) => record.text(EXCLUSIVE.group_name).to_owned(),
        None => return gone(session, &alias).await,
    };
    let doing = Doing { verb: "read the active connection of", noun: EXCLUSIVE.group_noun, name: &name };
    let rows = Group::new(session, EXCLUSIVE, alias).rows().await;
    let rows = rows.map_err(|error| errors::service(&doing, &error, "The state is unchanged."))?;
    let declared = id(&state.object, "connection_id");
    let active: Vec<Row> = rows.iter().filter(|it| it.member.active).cloned().collect();
    let stranger = active.iter().find(|it| Some(&it.member.sys_id) != declared.as_ref());
    let winner = stranger.or(active.first()).map(|it| it.member.sys_id.clone());
    let mut diagnostics = Diagnostics::none();
    if let Some(declared) = declared.as_ref().filter(|it| winner.as_ref() != Some(it)) {
        let before = rows.iter().find(|it| it.member.sys_id == *declared);
        let before = before.map_or(declared.to_string(), |it| it.name.clone());
        diagnostics.push(errors::switched_outside(EXCLUSIVE, &name, &before, &active));
    }
    let mut object = state.object;
    object.insert("connection_id".to_owned(), winner.map_or(Value::Null, |it| Value::string(it.as_str())));
    let state = State { object, private: remember(&active) };
    Ok(ReadOutcome { diagnostics, ..state.into() })
}

/// The alias does not answer: gone, or hidden from this user. A hidden one must not be dropped from the state.
async fn gone(session: &Session, alias: &SysId) -> Result<ReadOutcome, Diagnostics> {
    let doing = Doing { verb: "read", noun: EXCLUSIVE.group_noun, name: alias.as_str() };
    let table = tables::table(EXCLUSIVE.groups)?;
    match session.client.is_hidden(&table, alias).await {
        Ok(false) => Ok(ReadOutcome::default()),
        Ok(true) => Err(errors::hidden_record(&doing, EXCLUSIVE.groups).into()),
        Err(error) => Err(errors::service(&doing, &error, "The state is unchanged.").into()),
    }
}

/// Before a pointer is created, its plan says what is active already.
async fn announce(session: &Session, planning: &Planning<'_>) -> Diagnostics {
    let wish = id(&planning.plan.planned, "connection_id");
    let Some(alias) = id(&planning.plan.planned, "connection_alias_id") else { return Diagnostics::none() };
    let name = alias.to_string();
    match Group::new(session, EXCLUSIVE, alias).rows().await {
        Ok(rows) => {
            let rivals =
                rows.into_iter().filter(|it| it.member.active && Some(&it.member.sys_id) != wish.as_ref());
            let names: Vec<String> = rivals.map(|it| it.name).collect();
            if names.is_empty() {
                Diagnostics::none()
            } else {
                errors::will_deactivate(EXCLUSIVE, &name, &names).into()
            }
        }
        Err(error) => {
            let doing =
                Doing { verb: "read the active connection of", noun: EXCLUSIVE.group_noun, name: &name };
            errors::service(&doing, &error, NOTHING_CHANGED).into()
        }
    }
}

async fn activate(session: &Session, mut planned: Object) -> Result<State, Diagnostics> {
    let (Some(alias), Some(wish)) = (id(&planned, "connection_alias_id"), id(&planned, "connection_id"))
    else {
        return Err(errors::bug("a planned activation has no ids").into());
    };
    match switch::group(session, EXCLUSIVE, &alias).await? {
        None => return Err(errors::no_such_group(EXCLUSIVE, "connection_alias_id", alias.as_str()).into()),
        Some(record) if record.flag(EXCLUSIVE.group_allows_several) => {
            return Err(errors::several_allowed(EXCLUSIVE, record.text(EXCLUSIVE.group_name)).into());
        }
        Some(_) => {}
    }
    let group = Group::new(session, EXCLUSIVE, alias.clone());
    let doing =
        Doing { verb: "read the active connection of", noun: EXCLUSIVE.group_noun, name: alias.as_str() };
    let before = group.rows().await.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
    let after = group.switch(Some(&wish)).await?;
    let active: Vec<Row> = after.into_iter().filter(|it| it.member.active).collect();
    if planned.get("deactivates").is_none_or(Value::is_unknown) {
        let names = before.into_iter().filter(|it| it.member.active && it.member.sys_id != wish);
        planned
            .insert("deactivates".to_owned(), Value::List(names.map(|it| Value::string(it.name)).collect()));
    }
    planned.insert("id".to_owned(), Value::string(alias.as_str()));
    Ok(State { object: planned, private: remember(&active) })
}

async fn destroy(session: &Session, prior: &Object) -> Result<(), Diagnostics> {
    if prior.get("on_destroy").and_then(Value::as_str) != Some("deactivate") {
        return Ok(());
    }
    let (Some(alias), Some(declared)) = (id(prior, "connection_alias_id"), id(prior, "connection_id")) else {
        return Ok(());
    };
    let group = Group::new(session, EXCLUSIVE, alias);
    group.switch_off(&declared).await
}

/// The active ones, as private bytes: names by id.
fn remember(active: &[Row]) -> Vec<u8> {
    let names: BTreeMap<&str, &str> =
        active.iter().map(|it| (it.member.sys_id.as_str(), it.name.as_str())).collect();
    serde_json::json!({ "active": names }).to_string().into_bytes()
}

/// The names of those in private bytes that make way for the wish.
fn rivals(private: &[u8], wish: Option<&str>) -> Option<Value> {
    let json: serde_json::Value = serde_json::from_slice(private).ok()?;
    let names = json.get("active")?.as_object()?.iter().filter(|(id, _)| Some(id.as_str()) != wish);
    Some(Value::List(names.filter_map(|(_, name)| name.as_str()).map(Value::string).collect()))
}
