//! Creating, changing and deleting one resource.

use std::collections::BTreeSet;

use reconcile::{Cell, Found, Holds, Layout, Names, Wanted, lift, lower};
use servicenow_client::Freshness;
use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Value};
use tf_plugin::{Applied, Progress, State};

use super::read::{Sought, find, gone, id_of};
use super::written::Written;
use super::{active, finished, label, private, references, seen, written};
use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::execute::{Failure, Run};
use crate::lookup;
use crate::session::{OnConflict, Session};
use crate::switch::Group;

const NOTHING_CHANGED: &str = "Nothing was changed.";
const STATE_IS_TRUE: &str = "Part of the change was made; the state holds what is there now.";

/// Creates what was planned.
pub async fn create(
    definition: &'static Definition,
    session: &Session,
    planned: Object,
    config: &Object,
    progress: &Progress,
) -> Applied {
    let name = label(&planned);
    let doing = Doing { verb: "create", noun: definition.noun, name: &name };
    let mut run = Run::new(session, definition.layout, Found::new());
    let mut names = Names::default();
    let outcome = match ready_to_write(definition, &mut run, None, &planned, config, &doing).await {
        Ok(known) => {
            names = known;
            // Whatever breaks from here on, the next read looks for the record under the id that was chosen for it.
            let object = to_look_for(planned.clone(), &run.new_id);
            progress.exists(State { object, private: Vec::new() });
            let change = Change { definition, planned: &planned, config, names: &names, doing: &doing };
            change.carry_out(&mut run, BTreeSet::new()).await
        }
        Err(problems) => Err(problems),
    };
    let diagnostics = outcome.err().unwrap_or_default();
    let is_there = definition.layout.main().is_some_and(|it| run.found.one(it.slot).is_some());
    let object = lift(definition.layout, &run.found, &planned, &names);
    let mut object = finished(definition, session, &run.found, object);
    if run.maybe_created {
        // Whether it is there is seen on the next read: the state has to know the id to look for.
        object = to_look_for(object, &run.new_id);
    }
    let private = private(&run.found, &after(definition.layout, &run, &Written::default()));
    let state = (is_there || run.maybe_created).then_some(State { object, private });
    Applied { state, diagnostics }
}

/// What secrets were written to, once a run has ended.
fn after(layout: &Layout, run: &Run<'_>, before: &Written) -> Written {
    before.renewed(layout, &run.found, |column| run.secrets_written.contains(column))
}

/// What the names stand for, when nothing speaks against a write.
async fn ready_to_write(
    definition: &'static Definition,
    run: &mut Run<'_>,
    prior: Option<&Object>,
    planned: &Object,
    config: &Object,
    doing: &Doing<'_>,
) -> Result<Names, Diagnostics> {
    let names = references::checked(definition, run.session, prior, planned, doing).await?;
    run.unasked = references::unasked(definition, run, config, doing).await?;
    Ok(names)
}

/// An object of which nobody knows whether it is there.
fn to_look_for(mut object: Object, id: &SysId) -> Object {
    object.insert("id".to_owned(), Value::string(id.as_str()));
    for value in object.values_mut().filter(|it| it.is_unknown()) {
        *value = Value::Null;
    }
    object
}

/// Changes what is there into what was planned.
pub async fn update(
    definition: &'static Definition,
    session: &Session,
    state: State,
    planned: Object,
    config: &Object,
) -> Applied {
    let name = label(&state.object);
    let doing = Doing { verb: "change", noun: definition.noun, name: &name };
    let found = match undisturbed_now(definition, session, &state, &planned, &doing).await {
        Ok(found) => found,
        Err(diagnostics) => return Applied { state: Some(state), diagnostics },
    };
    let mut run = Run::new(session, definition.layout, found);
    let ready = ready_to_write(definition, &mut run, Some(&state.object), &planned, config, &doing).await;
    let names = match ready {
        Ok(names) => names,
        Err(diagnostics) => return Applied { state: Some(state), diagnostics },
    };
    let (prior, before) = (state.object, written::of(&state.private));
    let rewrite = changed_secrets(definition.layout, &prior, &planned);
    let change = Change { definition, planned: &planned, config, names: &names, doing: &doing };
    let outcome = change.carry_out(&mut run, rewrite).await;
    let base =
        if outcome.is_ok() { planned.clone() } else { so_far(definition.layout, &run, prior, &planned) };
    let object = lift(definition.layout, &run.found, &base, &names);
    let object = finished(definition, session, &run.found, object);
    let private = private(&run.found, &after(definition.layout, &run, &before));
    Applied { state: Some(State { object, private }), diagnostics: outcome.err().unwrap_or_default() }
}

/// What is there, when nobody changed what is about to be written over.
async fn undisturbed_now(
    definition: &'static Definition,
    session: &Session,
    state: &State,
    planned: &Object,
    doing: &Doing<'_>,
) -> Result<Found, Diagnostics> {
    let found = current(definition, session, &state.object, doing).await?;
    undisturbed(definition, session, state, &found, Some(planned), doing).await?;
    Ok(found)
}

/// Nobody changed what is about to be written over, or that does not matter.
async fn undisturbed(
    definition: &'static Definition,
    session: &Session,
    state: &State,
    found: &Found,
    planned: Option<&Object>,
    doing: &Doing<'_>,
) -> Result<(), Diagnostics> {
    if session.on_conflict == OnConflict::Overwrite {
        return Ok(());
    }
    // A name that stands for nothing any more differs from what is there, as it should.
    let names = lookup::resolve(session, definition.layout, &[&state.object]).await;
    let (names, _) = names.map_err(|it| it.diagnostics(doing, NOTHING_CHANGED))?;
    match seen::conflict(definition.layout, state, found, planned, &names) {
        Some(conflict) => Err(errors::changed_meanwhile(doing, &conflict).into()),
        None => Ok(()),
    }
}

/// Removes what is there.
pub async fn delete(definition: &'static Definition, session: &Session, state: State) -> Applied {
    let name = label(&state.object);
    let doing = Doing { verb: "delete", noun: definition.noun, name: &name };
    match remove(definition, session, &state, &doing).await {
        Ok(()) => Applied::default(),
        Err(failure) => {
            let diagnostics = failure.diagnostics(&doing, "It stays in the state.");
            Applied { state: Some(state), diagnostics }
        }
    }
}

async fn remove(
    definition: &'static Definition,
    session: &Session,
    state: &State,
    doing: &Doing<'_>,
) -> Result<(), Failure> {
    let Some(id) = id_of(&state.object) else { return Err(errors::bug("a state has no id").into()) };
    let sought = Sought { id: &id, known: &state.object };
    let Some(found) = find(definition, session, sought, Freshness::Now).await? else {
        // What is only hidden from this user is not deleted, and must not be forgotten.
        let problems = gone(definition, session, &id, doing).await;
        return if problems.has_errors() { Err(problems.into()) } else { Ok(()) };
    };
    undisturbed(definition, session, state, &found, None, doing).await?;
    active::stand_down(definition, session, &state.object, &found, doing).await?;
    Run::new(session, definition.layout, found).settle(&[], BTreeSet::new()).await
}

/// One change to carry out.
struct Change<'a> {
    definition: &'static Definition,
    planned: &'a Object,
    config: &'a Object,
    names: &'a Names,
    doing: &'a Doing<'a>,
}

impl Change<'_> {
    /// Writes the records, then switches where the plan says that this one is the active one.
    async fn carry_out(&self, run: &mut Run<'_>, rewrite: BTreeSet<&str>) -> Result<(), Diagnostics> {
        let wanted = lower(self.planned, self.config, self.definition.layout, self.names);
        if let Err(failure) = run.settle(&wanted, rewrite).await {
            return match failure {
                // An error would taint it, and Terraform would create a second one before it deletes the first.
                Failure::Service(error) if run.maybe_created && nothing_else(&wanted) => {
                    run.session.say(errors::maybe_created(self.doing, &error, &run.new_id));
                    Ok(())
                }
                failure => Err(failure.diagnostics(self.doing, &now(run))),
            };
        }
        self.look_again(run).await;
        self.switch_on(run).await
    }

    /// One record may be calculated from another, such as a path from the one above it: what was written first is read
    /// again. Where that fails the next refresh makes up for it.
    async fn look_again(&self, run: &mut Run<'_>) {
        let Some(main) = self.definition.layout.main() else { return };
        let id = run.found.one(main.slot).and_then(|it| it.text("sys_id").parse::<SysId>().ok());
        let (Some(id), true) = (id, self.definition.layout.records.len() > 1 && run.writes > 0) else {
            return;
        };
        let sought = Sought { id: &id, known: self.planned };
        if let Ok(Some(found)) = find(self.definition, run.session, sought, Freshness::Now).await {
            run.found = found;
        }
    }

    async fn switch_on(&self, run: &mut Run<'_>) -> Result<(), Diagnostics> {
        let (Some(exclusive), Some(main)) = (self.definition.exclusive, self.definition.layout.main()) else {
            return Ok(());
        };
        let Some(row) = run.found.one(main.slot) else { return Ok(()) };
        let wants_on = main.columns.iter().any(|it| match it.holds {
            Holds::Switch(path) => self.planned.get(path) == Some(&Value::Bool(true)) && !row.flag(it.name),
            _ => false,
        });
        let (Ok(group), Ok(id)) =
            (row.text(exclusive.group).parse::<SysId>(), row.text("sys_id").parse::<SysId>())
        else {
            return if wants_on { Err(errors::no_group(self.doing, exclusive).into()) } else { Ok(()) };
        };
        if wants_on {
            let switched = Group::new(run.session, exclusive, group).switch(Some(&id)).await;
            // Whatever became of it, the row is read again: the state must be true.
            let now = "The state holds what was known before the switch.";
            let sought = Sought { id: &id, known: self.planned };
            let found = find(self.definition, run.session, sought, Freshness::Now)
                .await
                .map_err(|it| it.diagnostics(self.doing, now))?;
            run.found.extend(found.unwrap_or_default());
            switched?;
        }
        Ok(())
    }
}

/// Whether creating the record is all that was to be done: no secret to write, nothing to switch on.
fn nothing_else(wanted: &[Wanted]) -> bool {
    let more = |cell: &Cell| matches!(cell, Cell::Secret(_) | Cell::Switch(Some(true)));
    wanted.len() == 1 && !wanted.iter().flat_map(|it| it.cells.values()).any(more)
}

fn now(run: &Run<'_>) -> String {
    if run.maybe_created {
        format!(
            "It may exist under the sys_id {}, which the state remembers: the next plan looks for it.",
            run.new_id
        )
    } else if run.writes == 0 {
        NOTHING_CHANGED.to_owned()
    } else {
        STATE_IS_TRUE.to_owned()
    }
}

async fn current(
    definition: &'static Definition,
    session: &Session,
    prior: &Object,
    doing: &Doing<'_>,
) -> Result<Found, Diagnostics> {
    let Some(id) = id_of(prior) else { return Err(errors::bug("a state has no id").into()) };
    match find(definition, session, Sought { id: &id, known: prior }, Freshness::Now).await {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(errors::vanished(doing, &id).into()),
        Err(failure) => Err(failure.diagnostics(doing, NOTHING_CHANGED)),
    }
}

/// The secret columns whose version changes.
fn changed_secrets(layout: &Layout, prior: &Object, planned: &Object) -> BTreeSet<&'static str> {
    let changed = |version: &str| prior.get(version) != planned.get(version);
    secrets(layout).filter(|(_, version)| changed(version)).map(|(column, _)| column).collect()
}

/// The state before, with the versions of the secrets that were written.
fn so_far(layout: &Layout, run: &Run<'_>, mut prior: Object, planned: &Object) -> Object {
    for (column, version) in secrets(layout) {
        if let Some(value) = planned.get(version).filter(|_| run.secrets_written.contains(column)) {
            prior.insert(version.to_owned(), value.clone());
        }
    }
    prior
}

fn secrets(layout: &Layout) -> impl Iterator<Item = (&'static str, &'static str)> {
    layout.records.iter().flat_map(|it| it.columns).filter_map(|column| match column.holds {
        Holds::Secret(_, version) => Some((column.name, version)),
        _ => None,
    })
}
