//! Which connection of a group is the active one.
//!
//! It is no record of its own. Its state is the live winner; what else was active when it was last read is remembered in
//! its private bytes, so that a plan can name what will be switched off and Terraform's second plan, in another process,
//! comes to the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Schema, Type, Value};
use tf_plugin::{Applied, Apply, Identify, Import, Planning, ReadOutcome, Resource, State};

use crate::dialects::Exclusive;
use crate::doubts;
use crate::errors::{self, Doing};
use crate::lifecycle::Target;
use crate::session::{Session, Shared};
use crate::subject::{Beside, Filter, Subject, Test};
use crate::switch::{self, Group, Row};
use crate::tables;
use crate::timeouts::{self, Operation};

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// What one pointer points among, as data.
#[derive(Debug)]
pub struct Pointer {
    /// The whole type name.
    pub type_name: &'static str,
    /// Its attributes: `id`, the one of `group_id`, `connection_id`, `on_destroy` and `deactivates`.
    pub schema: fn() -> Schema,
    /// The records, and the rule that one of a group is active.
    pub exclusive: &'static Exclusive,
    /// The attribute that names the group.
    pub group_id: &'static str,
    /// The attributes that are the id of the group.
    pub ids: &'static [&'static str],
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// What the documentation page says beyond the attributes.
    pub notes: &'static str,
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
                let outcome = read(self.pointer, &session, state).await;
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
                Some(session) => session.redacted(announce(self.pointer, &session, planning).await, &[]),
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
                activate(self.pointer, &session, planned).await.map(Some)
            }
            (Ok(session), Some(prior), None) => {
                let session = session.for_operation(timeouts::of(&prior, Operation::Delete));
                destroy(self.pointer, &session, &prior).await.map(|()| None)
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
impl Import for Activation {
    async fn by_id(&self, id: &str) -> Result<State, Diagnostics> {
        let session = self.shared.session()?;
        let target = Target {
            noun: self.pointer.exclusive.group_noun,
            table: self.pointer.exclusive.groups,
            keys: self.pointer.exclusive.group_keys,
            composite_keys: &[],
        };
        let alias = target.find(&session, id).await.map_err(|it| session.redacted(it, &[]))?;
        let members = [
            ("id", Value::string(alias.as_str())),
            (self.pointer.group_id, Value::string(alias.as_str())),
            ("connection_id", Value::Null),
            ("on_destroy", Value::string("keep")),
            ("deactivates", Value::List(Vec::new())),
        ];
        let object = members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(State { object, private: Vec::new() })
    }
}

/// The objects of a pointer, as something that can be looked up: each stands for a group.
pub fn subject(pointer: &'static Pointer, shared: &Arc<Shared>) -> Subject {
    let noun = pointer.exclusive.group_noun;
    let beside = Beside {
        type_name: pointer.type_name,
        noun: "active connection",
        subcategory: pointer.subcategory,
        table: pointer.exclusive.groups,
        keys: pointer.exclusive.group_keys,
        filters: vec![
            Filter {
                attribute: pointer.group_id.to_owned(),
                doc: format!("The sys_id of the {noun} whose active connection is looked up."),
                ty: Type::String,
                test: Test::Equals("sys_id"),
            },
            Filter::scope(),
        ],
        ids: pointer.ids,
        exists_with: Some("connection_id"),
        except: None,
    };
    let resource = Arc::new(Activation::new(pointer, shared.clone()));
    Subject::standing_for(resource, &["id", pointer.group_id, "connection_id"], beside)
}

fn planned<'a>(planning: &'a Planning<'_>, name: &str) -> Option<&'a Value> {
    planning.plan.planned.get(name)
}

fn id(object: &Object, name: &str) -> Option<SysId> {
    object.get(name).and_then(Value::as_str).and_then(|it| it.parse().ok())
}

/// The live winner. With several active ones it is one that the state does not know, so that the plan shows a change.
async fn read(
    pointer: &'static Pointer,
    session: &Session,
    state: State,
) -> Result<ReadOutcome, Diagnostics> {
    let Some(alias) = id(&state.object, pointer.group_id) else {
        return Err(errors::bug("an activation has no alias").into());
    };
    let name = match switch::group(session, pointer.exclusive, &alias).await? {
        Some(record) => record.text(pointer.exclusive.group_name).to_owned(),
        None => return gone(pointer, session, &alias).await,
    };
    let doing =
        Doing { verb: "read the active connection of", noun: pointer.exclusive.group_noun, name: &name };
    let rows = Group::new(session, pointer.exclusive, alias).rows().await;
    let rows = rows.map_err(|error| errors::service(&doing, &error, "The state is unchanged."))?;
    let declared = id(&state.object, "connection_id");
    let active: Vec<Row> = rows.iter().filter(|it| it.member.active).cloned().collect();
    let stranger = active.iter().find(|it| Some(&it.member.sys_id) != declared.as_ref());
    let winner = stranger.or(active.first()).map(|it| it.member.sys_id.clone());
    let mut diagnostics = Diagnostics::none();
    if let Some(declared) = declared.as_ref().filter(|it| winner.as_ref() != Some(it)) {
        let before = rows.iter().find(|it| it.member.sys_id == *declared);
        let before = before.map_or(declared.to_string(), |it| it.name.clone());
        diagnostics.push(errors::switched_outside(pointer.exclusive, &name, &before, &active));
    }
    let mut object = state.object;
    object.insert("connection_id".to_owned(), winner.map_or(Value::Null, |it| Value::string(it.as_str())));
    let state = State { object, private: remember(&active) };
    Ok(ReadOutcome { diagnostics, ..state.into() })
}

/// The alias does not answer: gone, or hidden from this user. A hidden one must not be dropped from the state.
async fn gone(
    pointer: &'static Pointer,
    session: &Session,
    alias: &SysId,
) -> Result<ReadOutcome, Diagnostics> {
    let doing = Doing { verb: "read", noun: pointer.exclusive.group_noun, name: alias.as_str() };
    let table = tables::table(pointer.exclusive.groups)?;
    match session.client.is_hidden(&table, alias).await {
        Ok(false) => Ok(ReadOutcome::default()),
        Ok(true) => {
            let roles = doubts::roles_to_read(session, pointer.exclusive.groups, &["x_snd_eb.admin"]).await;
            Err(errors::hidden_record(&doing, pointer.exclusive.groups, &roles).into())
        }
        Err(error) => Err(errors::service(&doing, &error, "The state is unchanged.").into()),
    }
}

/// Before a pointer is created, its plan says what is active already.
async fn announce(pointer: &'static Pointer, session: &Session, planning: &Planning<'_>) -> Diagnostics {
    let wish = id(&planning.plan.planned, "connection_id");
    let Some(alias) = id(&planning.plan.planned, pointer.group_id) else { return Diagnostics::none() };
    let name = alias.to_string();
    match Group::new(session, pointer.exclusive, alias).rows().await {
        Ok(rows) => {
            let rivals =
                rows.into_iter().filter(|it| it.member.active && Some(&it.member.sys_id) != wish.as_ref());
            let names: Vec<String> = rivals.map(|it| it.name).collect();
            if names.is_empty() {
                Diagnostics::none()
            } else {
                errors::will_deactivate(pointer.exclusive, &name, &names).into()
            }
        }
        Err(error) => {
            let doing = Doing {
                verb: "read the active connection of",
                noun: pointer.exclusive.group_noun,
                name: &name,
            };
            errors::service(&doing, &error, NOTHING_CHANGED).into()
        }
    }
}

async fn activate(
    pointer: &'static Pointer,
    session: &Session,
    mut planned: Object,
) -> Result<State, Diagnostics> {
    let (Some(alias), Some(wish)) = (id(&planned, pointer.group_id), id(&planned, "connection_id")) else {
        return Err(errors::bug("a planned activation has no ids").into());
    };
    match switch::group(session, pointer.exclusive, &alias).await? {
        None => return Err(errors::no_such_group(pointer.exclusive, pointer.group_id, alias.as_str()).into()),
        Some(record) if record.flag(pointer.exclusive.group_allows_several) => {
            return Err(errors::several_allowed(
                pointer.exclusive,
                record.text(pointer.exclusive.group_name),
            )
            .into());
        }
        Some(_) => {}
    }
    let group = Group::new(session, pointer.exclusive, alias.clone());
    let doing = Doing {
        verb: "read the active connection of",
        noun: pointer.exclusive.group_noun,
        name: alias.as_str(),
    };
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

async fn destroy(pointer: &'static Pointer, session: &Session, prior: &Object) -> Result<(), Diagnostics> {
    if prior.get("on_destroy").and_then(Value::as_str) != Some("deactivate") {
        return Ok(());
    }
    let (Some(alias), Some(declared)) = (id(prior, pointer.group_id), id(prior, "connection_id")) else {
        return Ok(());
    };
    let group = Group::new(session, pointer.exclusive, alias);
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
