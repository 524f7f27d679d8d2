//! Switching the integrations of an environment one after another, and back again when one of them cannot be switched.

use std::collections::BTreeMap;

use servicenow_core::SysId;
use tf_core::{Diagnostics, Object, Path, Value};
use tf_plugin::{Applied, Apply, State, Telling};

use super::choices_of;
use super::live::{self, Alias};
use super::memory::Memory;
use crate::dialects::{Exclusive, GROUPS, native};
use crate::errors::{self, Doing};
use crate::session::{OnConflict, Session};
use crate::switch::{Fitness, Group, Row};

/// One integration that was switched.
struct Done {
    exclusive: &'static Exclusive,
    alias: SysId,
    from: Option<SysId>,
    to: SysId,
}

/// The run through the integrations.
struct Round<'a> {
    session: &'a Session,
    name: String,
    choices: live::Choices,
    seen: BTreeMap<SysId, Alias>,
    done: Vec<Done>,
    telling: Option<&'a Telling>,
}

/// Creates, changes or lets go.
pub async fn apply(session: &Session, change: Apply) -> Applied {
    let prior = change.prior.clone().map(|object| State { object, private: change.private.clone() });
    let Some(planned) = change.planned.clone() else {
        return match prior {
            Some(prior) => destroy(session, prior).await,
            None => Applied::default(),
        };
    };
    match switch(session, &change, planned).await {
        Ok(state) => Applied { state: Some(state), diagnostics: Diagnostics::none() },
        Err(diagnostics) => {
            // After a failure the state is what is there now; a new one is not kept, and the next apply looks again.
            let state = match prior {
                Some(prior) => Some(as_it_is(session, prior).await),
                None => None,
            };
            Applied { state, diagnostics }
        }
    }
}

async fn switch(session: &Session, change: &Apply, mut planned: Object) -> Result<State, Diagnostics> {
    let name = planned.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let wishes: BTreeMap<SysId, SysId> =
        choices_of(&planned).into_iter().filter_map(|(alias, it)| Some((alias, it?))).collect();
    let before = change.prior.as_ref().map(choices_of).unwrap_or_default();
    let wished = wishes.iter().map(|(alias, it)| (alias.clone(), Some(it.clone()))).collect();
    let choices = live::choices(&wished, &before);
    let doing = Doing { verb: "switch", noun: "environment", name: &name };
    let failed = |error| Diagnostics::from(errors::service(&doing, &error, "Nothing was changed."));
    let seen = live::look(session, &choices).await.map_err(failed)?;
    verify(&wishes, &seen)?;
    as_planned(session, change, &wishes, &seen)?;
    let before = live::remember(&seen);
    let mut round = Round { session, name: name.clone(), choices, seen, done: Vec::new(), telling: None };
    let backs = planned.get("rollback").and_then(Value::as_str) != Some("none");
    let after = round.switch(&wishes, backs).await?;
    round.fill(&mut planned, change.prior.as_ref(), &before);
    if planned.get("id").is_none_or(|it| it.as_str().is_none()) {
        let id = session.transport.new_sys_id();
        planned.insert("id".to_owned(), Value::string(id.as_str()));
    }
    Ok(State { object: planned, private: live::remember(&after).bytes() })
}

/// What an action asks for: a switch that is made once and remembered nowhere.
pub struct Once<'a> {
    /// Talks to the instance.
    pub session: &'a Session,
    /// How people know what is switched.
    pub name: String,
    /// The connections by their aliases or integrations.
    pub wishes: BTreeMap<SysId, SysId>,
    /// Whether what was switched returns when one cannot be.
    pub backs: bool,
    /// Hears of each integration.
    pub telling: &'a Telling,
}

impl Once<'_> {
    /// Looks at everything, asks `first` about each connection that is to become active, and switches one integration after
    /// another.
    ///
    /// # Errors
    /// One message with what became of each integration, or why nothing was switched.
    pub async fn run<Asking>(
        &self,
        first: impl Fn(&'static Exclusive, SysId) -> Asking,
    ) -> Result<(), Diagnostics>
    where
        Asking: Future<Output = Result<(), Diagnostics>>,
    {
        let choices: live::Choices =
            self.wishes.iter().map(|(alias, it)| (alias.clone(), vec![it.clone()])).collect();
        let doing = Doing { verb: "switch", noun: "environment", name: &self.name };
        let failed = |error| Diagnostics::from(errors::service(&doing, &error, "Nothing was changed."));
        let seen = live::look(self.session, &choices).await.map_err(failed)?;
        verify(&self.wishes, &seen)?;
        let open = |(id, wish): &(&SysId, &SysId)| seen.get(*id).is_some_and(|it| !it.is_settled_on(wish));
        let todo: Vec<(&SysId, &SysId)> = self.wishes.iter().filter(open).collect();
        self.telling
            .tell(format!("{} of {} integrations have to be switched", todo.len(), choices.len()))
            .await;
        for exclusive in GROUPS {
            let own = |(id, _): &&(&SysId, &SysId)| {
                seen.get(*id).is_some_and(|it| it.exclusive.members == exclusive.members)
            };
            let next: Vec<SysId> = todo.iter().filter(own).map(|it| it.1.clone()).collect();
            let fitness = Fitness { session: self.session, exclusive, now: String::new() };
            let unable = fitness.unable(&next).await;
            if unable.has_errors() {
                return Err(unable);
            }
        }
        for (id, wish) in todo {
            if let Some(alias) = seen.get(id) {
                first(alias.exclusive, wish.clone()).await?;
            }
        }
        let telling = Some(self.telling);
        let mut round = Round {
            session: self.session,
            name: self.name.clone(),
            choices,
            seen,
            done: Vec::new(),
            telling,
        };
        round.switch(&self.wishes, self.backs).await.map(|_| ())
    }
}

/// Every alias and every connection is there, before anything is switched.
fn verify(wishes: &BTreeMap<SysId, SysId>, seen: &BTreeMap<SysId, Alias>) -> Result<(), Diagnostics> {
    let mut problems = Diagnostics::none();
    for (id, wish) in wishes {
        let at = Path::attribute("connections");
        match seen.get(id) {
            None => problems.push(errors::no_such_group(&native::CONNECTIONS, "connections", id.as_str())),
            Some(alias) if alias.allows_several => {
                problems.push(errors::several_allowed(alias.exclusive, &alias.name).at(at));
            }
            Some(alias) if !alias.rows.iter().any(|it| it.member.sys_id == *wish) => {
                problems.push(errors::no_member(alias.exclusive, id, wish).at(at));
            }
            Some(_) => {}
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

/// Nothing is switched off that the plan could not have named.
fn as_planned(
    session: &Session,
    change: &Apply,
    wishes: &BTreeMap<SysId, SysId>,
    seen: &BTreeMap<SysId, Alias>,
) -> Result<(), Diagnostics> {
    if change.prior.is_none() || session.on_conflict == OnConflict::Overwrite {
        return Ok(());
    }
    let memory = Memory::of(&change.private);
    let mut problems = Diagnostics::none();
    for (id, wish) in wishes {
        let (Some(known), Some(alias)) = (memory.0.get(id.as_str()), seen.get(id)) else { continue };
        let is_new = |it: &&Row| {
            let id = &it.member.sys_id;
            it.member.active && id != wish && !known.active.iter().any(|known| known == id.as_str())
        };
        let new: Vec<&Row> = alias.rows.iter().filter(is_new).collect();
        if !new.is_empty() {
            problems.push(errors::activated_meanwhile(alias.exclusive, &alias.name, &new));
        }
    }
    if problems.has_errors() { Err(problems) } else { Ok(()) }
}

impl Round<'_> {
    /// Switches everything, or leads back. Gives the integrations as they are afterwards.
    async fn switch(
        &mut self,
        wishes: &BTreeMap<SysId, SysId>,
        backs: bool,
    ) -> Result<BTreeMap<SysId, Alias>, Diagnostics> {
        if let Err((alias, problems)) = self.forward(wishes).await {
            return Err(self.explain(&alias, wishes, &problems, backs).await);
        }
        let doing = Doing { verb: "read", noun: "environment", name: &self.name };
        let after = live::look(self.session, &self.choices).await;
        let after =
            after.map_err(|error| errors::service(&doing, &error, "Every integration was switched."))?;
        for (id, wish) in wishes {
            match after.get(id) {
                Some(alias) if !alias.is_settled_on(wish) => {
                    return Err(errors::unsteady(alias.exclusive, id).into());
                }
                Some(alias) if !alias.is_on => {
                    self.session.say(errors::group_does_not_follow(alias.exclusive, &alias.name));
                }
                Some(_) => {}
                None => {
                    let problem = errors::no_such_group(&native::CONNECTIONS, "connections", id.as_str());
                    return Err(problem.into());
                }
            }
        }
        Ok(after)
    }

    /// The connections of an integration whose domains count.
    fn of(&self, alias: &SysId) -> &[SysId] {
        self.choices.get(alias).map(Vec::as_slice).unwrap_or_default()
    }

    async fn tell(&self, line: String) {
        if let Some(telling) = self.telling {
            telling.tell(line).await;
        }
    }

    /// Switches what is not as wished yet, and stops at the first that cannot be switched.
    async fn forward(&mut self, wishes: &BTreeMap<SysId, SysId>) -> Result<(), (SysId, Diagnostics)> {
        for (id, wish) in wishes {
            let Some(alias) = self.seen.get(id).filter(|it| !it.is_settled_on(wish)) else { continue };
            let from = alias.winner(Some(wish)).filter(|it| it != wish);
            let exclusive = alias.exclusive;
            let group = Group::new(self.session, exclusive, id.clone()).among(self.of(id));
            match group.switch_from(alias.rows.clone(), Some(wish)).await {
                Ok(_) => {
                    let names = live::remember(&self.seen);
                    let line = names.switch(id, from.as_ref(), Some(wish));
                    self.tell(format!("switched {}: {line}", names.alias(id))).await;
                    self.done.push(Done { exclusive, alias: id.clone(), from, to: wish.clone() });
                }
                Err(problems) => return Err((id.clone(), problems)),
            }
        }
        Ok(())
    }

    /// What was switched returns, the last one first, also after an interrupt. One line for each integration.
    async fn explain(
        &self,
        failed: &SysId,
        wishes: &BTreeMap<SysId, SysId>,
        problems: &Diagnostics,
        backs: bool,
    ) -> Diagnostics {
        let names = live::remember(&self.seen);
        let session = self.session.insistent();
        let mut lines = BTreeMap::new();
        for done in self.done.iter().rev() {
            let group = Group::new(&session, done.exclusive, done.alias.clone()).among(self.of(&done.alias));
            let old = names.connection(&done.alias, done.from.as_ref());
            let new = names.connection(&done.alias, Some(&done.to));
            let line = if !backs {
                format!("switched to {new}")
            } else {
                match group.switch(done.from.as_ref()).await {
                    Ok(_) => format!("switched to {new} and back to {old}"),
                    Err(_) => format!("switched to {new}, and the way back to {old} failed"),
                }
            };
            self.tell(format!("{}: {line}", names.alias(&done.alias))).await;
            lines.insert(names.alias(&done.alias), line);
        }
        for alias in wishes.keys().filter(|it| !self.done.iter().any(|done| done.alias == **it)) {
            let line = if alias == failed { "could not be switched" } else { "not touched" };
            lines.insert(names.alias(alias), line.to_owned());
        }
        errors::environment_failed(&self.name, &names.alias(failed), problems, &lines).into()
    }

    /// What could not be promised before: what was switched, and what was there before.
    fn fill(&self, planned: &mut Object, prior: Option<&Object>, before: &Memory) {
        if planned.get("switches").is_none_or(Value::is_unknown) {
            let line = |it: &Done| {
                let line = before.switch(&it.alias, it.from.as_ref(), Some(&it.to));
                (before.alias(&it.alias), Value::string(line))
            };
            planned.insert("switches".to_owned(), Value::Map(self.done.iter().map(line).collect()));
        }
        if planned.get("previous").is_none_or(Value::is_unknown) {
            let kept = prior.and_then(|it| it.get("previous")).and_then(Value::as_object).cloned();
            let mut previous = kept.unwrap_or_default();
            for done in &self.done {
                match &done.from {
                    Some(from) => previous.insert(done.alias.to_string(), Value::string(from.as_str())),
                    None => previous.remove(done.alias.as_str()),
                };
            }
            let wishes = choices_of(planned);
            previous.retain(|alias, _| wishes.keys().any(|it| it.as_str() == alias));
            planned.insert("previous".to_owned(), Value::Map(previous));
        }
    }
}

/// The state before with the winners of now, as far as they can be read.
async fn as_it_is(session: &Session, prior: State) -> State {
    let session = session.insistent();
    match live::read(&session, prior.clone()).await {
        Ok(outcome) => outcome.state.unwrap_or(prior),
        Err(_) => prior,
    }
}

/// Lets go: what is active stays so, or is switched off, one integration after the other.
async fn destroy(session: &Session, prior: State) -> Applied {
    if prior.object.get("on_destroy").and_then(Value::as_str) != Some("deactivate") {
        return Applied::default();
    }
    let choices = choices_of(&prior.object);
    let seen = match live::look(session, &live::choices(&choices, &BTreeMap::new())).await {
        Ok(seen) => seen,
        Err(error) => {
            let name = prior.object.get("name").and_then(Value::as_str).unwrap_or_default();
            let doing = Doing { verb: "delete", noun: "environment", name };
            let diagnostics = errors::service(&doing, &error, "Nothing was changed.").into();
            return Applied { state: Some(prior), diagnostics };
        }
    };
    for (id, winner) in choices {
        // A replacement that was created first has chosen it again, or another resource has taken over.
        let Some(winner) = winner.filter(|it| !session.claims.is_chosen(&id, it)) else { continue };
        let Some(alias) = seen.get(&id) else { continue };
        if let Err(diagnostics) = Group::new(session, alias.exclusive, id).switch_off(&winner).await {
            return Applied { state: Some(as_it_is(session, prior).await), diagnostics };
        }
    }
    Applied::default()
}
