//! Which element of a set was which before: elements have no names, so it is told by what the user wrote.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::same::same;
use super::{Level, Place, Planner, Undecided, Views, member};
use crate::{AttributeType, Object, Value};

/// Every configured element with its prior one, null if it is new. A prior element is used once, and as many as can
/// be are used: an element that leaves much to the provider gives way to one that says more.
pub(super) fn pair<'a>(
    level: Level<'_>,
    config: &'a [Value],
    prior: &'a [Value],
) -> Vec<(&'a Value, &'a Value)> {
    let candidates = config.iter().map(|element| {
        let fitting = prior.iter().enumerate().filter(|(_, before)| would_stay(level, element, before));
        fitting.map(|(at, _)| at).collect()
    });
    let mut matching = Matching { candidates: candidates.collect(), owners: BTreeMap::new() };
    // Whoever says more comes first: what leaves everything open fits anywhere, also where it would become a double.
    let mut order: Vec<usize> = (0..config.len()).collect();
    order.sort_by_key(|at| Reverse(config.get(*at).map_or(0, said)));
    for element in order {
        matching.place(element, &mut BTreeSet::new());
    }
    let used: BTreeMap<usize, usize> =
        matching.owners.into_iter().map(|(before, owner)| (owner, before)).collect();
    let before = |at| used.get(&at).and_then(|it| prior.get(*it)).unwrap_or(&Value::Null);
    config.iter().enumerate().map(|(at, element)| (element, before(at))).collect()
}

/// How many values the user wrote.
fn said(value: &Value) -> usize {
    match value {
        Value::Null => 0,
        Value::Map(members) => 1 + members.values().map(said).sum::<usize>(),
        Value::List(items) | Value::Set(items) => 1 + items.iter().map(said).sum::<usize>(),
        _ => 1,
    }
}

/// Gives every configured element a prior one that it would fit, moving earlier ones aside where that helps.
struct Matching {
    /// For every configured element the prior ones it fits.
    candidates: Vec<Vec<usize>>,
    /// For every prior element in use the configured one.
    owners: BTreeMap<usize, usize>,
}

impl Matching {
    fn place(&mut self, element: usize, tried: &mut BTreeSet<usize>) -> bool {
        let candidates = self.candidates.get(element).cloned().unwrap_or_default();
        // Free ones first, so that moving aside stays the exception.
        let free = candidates.iter().find(|it| !self.owners.contains_key(*it)).copied();
        if let Some(before) = free {
            self.owners.insert(before, element);
            return true;
        }
        for before in candidates {
            if !tried.insert(before) {
                continue;
            }
            let Some(owner) = self.owners.get(&before).copied() else { continue };
            if self.place(owner, tried) {
                self.owners.insert(before, element);
                return true;
            }
        }
        false
    }
}

/// Whether planning the configured element over the prior one changes nothing.
fn would_stay(level: Level<'_>, config: &Value, prior: &Value) -> bool {
    let (Value::Map(configured), Value::Map(before)) = (config, prior) else { return false };
    if !plain_values_match(level, configured, before) {
        return false;
    }
    let views = Views { prior: Place::Value(prior), config: Place::Value(config), proposed: None };
    let planned = Planner { undecided: Undecided::AsBefore }.object(level, &views);
    level.all_same(before, &planned)
}

/// A quick look that spares most candidates the whole comparison.
fn plain_values_match(level: Level<'_>, config: &Object, prior: &Object) -> bool {
    level.attributes.iter().all(|attribute| {
        let configured = member(config, &attribute.name);
        let plain = matches!(attribute.ty, AttributeType::Plain(_)) && !attribute.write_only;
        !plain || configured.is_null() || same(configured, member(prior, &attribute.name))
    })
}
