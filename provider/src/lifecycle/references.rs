//! What a write refers to is there, and the columns that it names are too: the instance would store a reference to nothing
//! and drop an unknown column, both without a word.

use std::collections::BTreeSet;

use reconcile::{Certainty, Exists, Holds, Layout, Lookup, Names, RecordLayout};
use servicenow_core::SysId;
use tf_core::{Diagnostic, Diagnostics, Object, Value};

use super::read::exists;
use crate::definition::Definition;
use crate::errors::{self, Doing};
use crate::execute::{Failure, Run};
use crate::lookup::{self, Offered, Unclear};
use crate::session::Session;

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// What the names in an object stand for, when every reference in it that is new leads to a record.
///
/// # Errors
/// A reference leads nowhere, or to several records.
pub async fn checked(
    definition: &'static Definition,
    session: &Session,
    prior: Option<&Object>,
    planned: &Object,
    doing: &Doing<'_>,
) -> Result<Names, Diagnostics> {
    let failed = |failure: Failure| failure.diagnostics(doing, NOTHING_CHANGED);
    let (names, unclear) = lookup::resolve(session, definition.layout, &[planned]).await.map_err(failed)?;
    if let Some(first) = unclear.first() {
        return Err(unclear_name(session, first, doing, NOTHING_CHANGED).await.into());
    }
    for (attribute, table, id) in fresh(definition.layout, prior, planned) {
        let found = match id.parse::<SysId>() {
            Ok(sys_id) => exists(session, table, &sys_id).await.map_err(failed)?,
            Err(_) => false,
        };
        if !found {
            return Err(errors::missing_reference(doing, attribute, table, &id, NOTHING_CHANGED).into());
        }
    }
    Ok(names)
}

/// What is said of a name that stands for no single thing. `now` says what state things are in.
pub async fn unclear_name(session: &Session, unclear: &Unclear, doing: &Doing<'_>, now: &str) -> Diagnostic {
    let Unclear { attribute, spelling, offered } = unclear;
    match offered {
        Offered::Records(lookup, ids) if ids.is_empty() => {
            let others = others(session, lookup, spelling).await;
            errors::unknown_name(doing, attribute, lookup, (spelling, &others), now)
        }
        Offered::Records(_, ids) => errors::ambiguous_name(doing, attribute, spelling, ids, now),
        Offered::Choices(choices) => errors::unknown_choice(doing, attribute, spelling, choices, now),
    }
}

/// The names that there are instead; what many name wrongly is looked for once.
async fn others(session: &Session, lookup: &Lookup, name: &str) -> Vec<String> {
    if let Some(others) = session.foreseen.others(lookup.table, name) {
        return others;
    }
    let others = lookup::alternatives(session, lookup, name).await;
    session.foreseen.miss(lookup.table, name, &others);
    others
}

/// Attribute, table and id of everything that an object refers to by id and that the state before did not.
pub fn fresh(
    layout: &Layout,
    prior: Option<&Object>,
    planned: &Object,
) -> Vec<(&'static str, &'static str, String)> {
    let known = prior.map(|it| references(layout, it)).unwrap_or_default();
    all(layout, planned).into_iter().filter(|(_, table, id)| !known.contains(&(*table, id.clone()))).collect()
}

fn references(layout: &Layout, object: &Object) -> BTreeSet<(&'static str, String)> {
    all(layout, object).into_iter().map(|(_, table, id)| (table, id)).collect()
}

/// Attribute, table and id of everything that an object refers to by id.
fn all(layout: &Layout, object: &Object) -> Vec<(&'static str, &'static str, String)> {
    let by_id = lookup::ids(layout, object).into_iter();
    let mut all: Vec<_> =
        by_id.map(|(named, id)| (named.attribute, named.lookup.table, id.as_str().to_owned())).collect();
    let is_single = |it: &&RecordLayout| !matches!(it.exists, Exists::ForEach(_));
    for column in layout.records.iter().filter(is_single).flat_map(|it| it.columns) {
        let (Holds::Reference(path, table) | Holds::References(path, table)) = column.holds else { continue };
        all.extend(object.get(path).map(ids).unwrap_or_default().into_iter().map(|id| (path, table, id)));
    }
    all
}

fn ids(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(id) if !id.is_empty() => [id.clone()].into(),
        other => other
            .as_elements()
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect(),
    }
}

/// The assumed columns whose attributes the configuration leaves alone: nothing is lost where the instance has none.
///
/// # Errors
/// The configuration sets an attribute whose column this instance does not have.
pub async fn unasked(
    definition: &'static Definition,
    run: &Run<'_>,
    config: &Object,
    doing: &Doing<'_>,
) -> Result<BTreeSet<(&'static str, &'static str)>, Diagnostics> {
    let mut unasked = BTreeSet::new();
    for record in definition.layout.records {
        for column in record.columns.iter().filter(|it| is_written(&it.holds)) {
            let top = match record.exists {
                Exists::ForEach(attribute) => vec![attribute],
                Exists::Always | Exists::While(_) => column.holds.attributes(),
            };
            let is_set = |it: &&&str| !reconcile::lower::value(config, it).is_null();
            match top.iter().find(is_set) {
                None if column.certainty == Certainty::Assumed => {
                    unasked.insert((record.table, column.name));
                }
                None => {}
                Some(attribute) => has_column(run, record, column.name, attribute, doing).await?,
            }
        }
    }
    Ok(unasked)
}

/// What the instance calculates is not written, and what has no attribute cannot be set.
fn is_written(holds: &Holds) -> bool {
    !matches!(holds, Holds::Calculated(_) | Holds::SysId(_)) && !holds.attributes().is_empty()
}

/// The instance has the column that an attribute goes to. What a record of it shows needs no question.
async fn has_column(
    run: &Run<'_>,
    record: &'static RecordLayout,
    column: &str,
    attribute: &str,
    doing: &Doing<'_>,
) -> Result<(), Diagnostics> {
    let shows = run.found.one(record.slot).is_some_and(|row| row.get(column).is_some());
    let theirs = run.session.columns.theirs(record.table, column);
    if shows && theirs.is_some() {
        return Ok(());
    }
    let dictionary = run.session.dictionary(record.table).await;
    let is_missing = match theirs {
        None => true,
        Some(name) => dictionary.as_ref().is_some_and(|it| !it.has(name)),
    };
    if !is_missing {
        return Ok(());
    }
    let similar = dictionary.as_ref().map(|it| it.similar(column)).unwrap_or_default();
    Err(errors::no_column_to_write(doing, attribute, record.table, column, &similar).into())
}
