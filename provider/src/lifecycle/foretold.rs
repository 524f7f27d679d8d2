//! A plan says where its apply would end: a name that stands for nothing, or for several things, and an id that leads
//! nowhere. It is no error, because what is missing may come until then, by this plan or by another.

use std::collections::BTreeSet;

use reconcile::{Labelled, Named, labelled, named};
use tf_core::{Diagnostic, Diagnostics, Object};
use tf_plugin::Planning;

use super::{label, references};
use crate::choices::{self, Meant};
use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::lookup::{self, Offered, Unclear};
use crate::session::Session;

/// Warns of what the planned object refers to and the instance does not show. What is as it was before is not looked at, and
/// where nothing can be asked nothing is said.
pub async fn unclear(
    definition: &'static Definition,
    session: &Session,
    planning: &Planning<'_>,
) -> Diagnostics {
    let planned = &planning.plan.planned;
    let mut problems = Diagnostics::none();
    if session.foreseen.is_left_out() || planning.prior == Some(planned) {
        return problems;
    }
    session.foreseen.plan(definition, planned);
    let name = label(planned);
    let doing = Doing { verb: "apply", noun: definition.noun, name: &name };
    for named in new_names(definition, planning.prior, planned) {
        problems.0.extend(of_name(session, &named, &doing).await);
    }
    for word in new_words(definition, planning.prior, planned) {
        problems.0.extend(of_word(session, &word, &doing).await);
    }
    for (attribute, table, id) in references::fresh(definition.layout, planning.prior, planned) {
        problems.0.extend(of_id(session, (attribute, table, &id), &doing).await);
    }
    problems
}

/// The names that the state before did not have.
fn new_names(definition: &'static Definition, prior: Option<&Object>, planned: &Object) -> Vec<Named> {
    let spelt = |it: &Named| (it.attribute, it.lookup.table, it.spelling.clone());
    let mut known: BTreeSet<_> =
        prior.map(|it| named(definition.layout, it).iter().map(spelt).collect()).unwrap_or_default();
    named(definition.layout, planned).into_iter().filter(|it| known.insert(spelt(it))).collect()
}

/// The words that the state before did not have.
fn new_words(definition: &'static Definition, prior: Option<&Object>, planned: &Object) -> Vec<Labelled> {
    let spelt = |it: &Labelled| (it.attribute, it.spelling.clone());
    let known: BTreeSet<_> =
        prior.map(|it| labelled(definition.layout, it).iter().map(spelt).collect()).unwrap_or_default();
    labelled(definition.layout, planned).into_iter().filter(|it| !known.contains(&spelt(it))).collect()
}

async fn of_name(session: &Session, named: &Named, doing: &Doing<'_>) -> Option<Diagnostic> {
    let (lookup, name) = (named.lookup, named.spelling.as_str());
    if session.foreseen.is_planned(lookup.keys, name) {
        return None;
    }
    let ids = match session.foreseen.others(lookup.table, name) {
        Some(_) => Vec::new(),
        None => lookup::find(session, lookup, name).await.ok()?,
    };
    if ids.len() == 1 {
        return None;
    }
    let offered = Offered::Records(lookup, ids);
    let unclear = Unclear { attribute: named.attribute, spelling: name.to_owned(), offered };
    let problem = references::unclear_name(session, &unclear, doing, errors::STILL).await;
    Some(errors::foretold(named.attribute, name, problem))
}

async fn of_word(session: &Session, word: &Labelled, doing: &Doing<'_>) -> Option<Diagnostic> {
    let Ok(Meant::OneOf(offered)) = choices::meant(session, word.choices, &word.spelling).await else {
        return None;
    };
    let problem = errors::unknown_choice(doing, word.attribute, &word.spelling, &offered, errors::STILL);
    Some(errors::foretold(word.attribute, &word.spelling, problem))
}

async fn of_id(
    session: &Session,
    (attribute, table, id): (&'static str, &'static str, &str),
    doing: &Doing<'_>,
) -> Option<Diagnostic> {
    let found = match id.parse() {
        Ok(sys_id) if session.foreseen.has_met(&sys_id) => true,
        Ok(sys_id) => super::read::exists(session, table, &sys_id).await.ok()?,
        Err(_) => false,
    };
    let problem = || errors::missing_reference(doing, attribute, table, id, errors::STILL);
    (!found).then(|| errors::foretold(attribute, id, problem()))
}
