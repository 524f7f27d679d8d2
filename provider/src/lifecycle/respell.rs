//! Another spelling of the same record is no change: an id where the state has a name, or the other way round.

use reconcile::{Exists, Holds, Lookup};
use tf_core::{Object, Value};
use tf_plugin::Planning;

use crate::definition::Definition;
use crate::lookup;
use crate::session::Session;

/// Keeps what the state has where the configuration names the same records in another way. When nothing else changes, the
/// whole plan is the state.
pub async fn keep_spelling(definition: &'static Definition, session: &Session, planning: &mut Planning<'_>) {
    let Some(prior) = planning.prior else { return };
    let respelt: Vec<(&'static str, &'static Lookup)> = attributes(definition)
        .filter(|(attribute, _)| may_be_respelt(prior.get(*attribute), planning.plan.planned.get(*attribute)))
        .collect();
    if respelt.is_empty() {
        return;
    }
    let objects = [prior, &planning.plan.planned];
    // Where a name cannot be looked up the plan shows a change, and applying it says why.
    let Ok((names, _)) = lookup::resolve(session, definition.layout, &objects).await else { return };
    let null = Value::Null;
    let mut is_kept = false;
    for (attribute, lookup) in respelt {
        let before = prior.get(attribute).unwrap_or(&null);
        let planned = planning.plan.planned.get(attribute).unwrap_or(&null);
        if names.same(lookup.table, before, planned) {
            planning.plan.planned.insert(attribute.to_owned(), before.clone());
            planning.plan.requires_replace.retain(|it| *it != tf_core::Path::attribute(attribute));
            is_kept = true;
        }
    }
    if is_kept && nothing_else(prior, planning.config, &planning.plan.planned) {
        planning.plan.planned = prior.clone();
    }
}

/// Both name something, and not with the same letters.
fn may_be_respelt(before: Option<&Value>, planned: Option<&Value>) -> bool {
    match (before, planned) {
        (Some(before), Some(planned)) => {
            let settled = |it: &Value| !it.is_null() && it.is_wholly_known();
            settled(before) && settled(planned) && before != planned
        }
        _ => false,
    }
}

/// Whether all that is left to change are values that the provider decides, which nothing makes it do.
fn nothing_else(prior: &Object, config: &Object, planned: &Object) -> bool {
    let is_kept = |(name, value): (&String, &Value)| {
        let undecided = value.is_unknown() && config.get(name).is_none_or(Value::is_null);
        undecided || prior.get(name).unwrap_or(&Value::Null) == value
    };
    planned.iter().all(is_kept)
}

/// The attributes at the top that name records elsewhere.
fn attributes(definition: &'static Definition) -> impl Iterator<Item = (&'static str, &'static Lookup)> {
    definition.layout.records.iter().flat_map(|record| {
        record.columns.iter().filter_map(|column| match (record.exists, column.holds) {
            (Exists::ForEach(attribute), Holds::KeyLookup(lookup)) => Some((attribute, lookup)),
            (Exists::ForEach(_), _) => None,
            (_, Holds::Lookup(attribute, lookup) | Holds::Lookups(attribute, lookup)) => {
                Some((attribute, lookup))
            }
            _ => None,
        })
    })
}
