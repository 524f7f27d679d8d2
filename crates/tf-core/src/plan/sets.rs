//! Which element of a set was which before: elements have no names, so it is told by what the user wrote.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::holes::{Finder, Row};
use super::same::same;
use super::spelling::{formed_nested, has_forms};
use super::{Level, Pairings, Planner, Views, member};
use crate::{Attribute, AttributeType, Nesting, Object, Value};

/// How many elements are moved aside to make room for one. A chain of so many is far beyond any configuration; the
/// bound keeps the stack small.
const CHAIN_MAX: usize = 64;

/// How many candidates are looked at per element, on average, to make room. Without a bound, sets made for the purpose
/// would take time that grows with the square of their size; beyond it an element counts as new.
const LOOKS_PER_ELEMENT: usize = 64;

/// For every configured element the position of its prior one, if it is not new. A prior element is used once, and as
/// many as can be are used: an element that leaves much to the provider gives way to one that says more.
pub(super) fn pairing(level: Level<'_>, config: &[Value], prior: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; config.len()];
    if prior.is_empty() {
        return pairs;
    }
    let candidates = candidates(level, config, prior);
    // Whoever says more comes first: what leaves everything open fits anywhere, also where it would become a double.
    // For the same reason, what is there to the letter comes before what only means the same.
    let mut order: Vec<usize> = (0..config.len()).collect();
    let rank = |at: usize| {
        let exact = candidates.get(at).is_some_and(|it| it.exact);
        Reverse((exact, config.get(at).map_or(0, said)))
    };
    order.sort_by_cached_key(|at| rank(*at));
    let mut matching = Matching {
        candidates: &candidates,
        owners: vec![None; prior.len()],
        looks: LOOKS_PER_ELEMENT.saturating_mul(config.len() + prior.len()),
    };
    for element in order {
        matching.place(element, &mut BTreeSet::new());
    }
    for (before, owner) in matching.owners.iter().enumerate() {
        if let Some(pair) = owner.and_then(|it| pairs.get_mut(it)) {
            *pair = Some(before);
        }
    }
    pairs
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

/// The prior elements that a configured one fits.
#[derive(Default)]
struct Candidates {
    /// By position; what is there to the letter comes first.
    positions: Vec<usize>,
    /// Whether the first is there to the letter.
    exact: bool,
}

fn candidates(level: Level<'_>, config: &[Value], prior: &[Value]) -> Vec<Candidates> {
    let spelt = has_forms(level);
    let before: Vec<Option<Row<'_>>> = prior.iter().map(|it| before(level, it)).collect();
    let wanted: Vec<Option<Row<'_>>> = config.iter().map(|it| wanted(level, it)).collect();
    let finder = Finder::new(wanted.iter().flatten(), &before);
    let of_element = |(element, wanted): (&Value, &Option<Row<'_>>)| {
        let Some(wanted) = wanted else { return Candidates::default() };
        let found = finder.fitting(wanted);
        let mut positions: Vec<usize> =
            found.filter(|at| prior.get(*at).is_some_and(|it| would_stay(level, element, it))).collect();
        let is_exact = |at: &usize| !spelt || prior.get(*at).is_some_and(|it| agrees(element, it));
        positions.sort_by_key(|at| !is_exact(at));
        Candidates { exact: positions.first().is_some_and(is_exact), positions }
    };
    config.iter().zip(&wanted).map(of_element).collect()
}

/// A prior element in the order of the level, with every value in its form. `None` if it is no object.
fn before<'a>(level: Level<'a>, prior: &'a Value) -> Option<Row<'a>> {
    let Value::Map(members) = prior else { return None };
    let attributes = level.attributes.iter().map(|it| {
        let value = member(members, &it.name);
        match &it.ty {
            AttributeType::Plain(_) if it.behavior.form.is_none() => Cow::Borrowed(value),
            AttributeType::Plain(_) => Cow::Owned(it.behavior.formed(value)),
            AttributeType::Nested { nesting, attributes } => {
                below(Level::of_attributes(attributes), *nesting, value)
            }
        }
    });
    let blocks =
        level.blocks.iter().map(|it| below(Level::of(&it.block), it.nesting, member(members, &it.name)));
    Some(attributes.chain(blocks).collect())
}

fn below<'a>(level: Level<'_>, nesting: Nesting, value: &'a Value) -> Cow<'a, Value> {
    if has_forms(level) { Cow::Owned(formed_nested(level, nesting, value)) } else { Cow::Borrowed(value) }
}

static NULL: Value = Value::Null;
static UNKNOWN: Value = Value::Unknown(None);

/// What a prior element must be for the configured one to stay it: unknown where the provider decides. `None` if
/// nothing can be, because something configured is not known yet.
fn wanted<'a>(level: Level<'a>, config: &'a Value) -> Option<Row<'a>> {
    match config {
        Value::Map(members) if config.is_wholly_known() => Some(wanted_row(level, members)),
        _ => None,
    }
}

fn wanted_row<'a>(level: Level<'a>, config: &'a Object) -> Row<'a> {
    let attributes = level.attributes.iter().map(|it| wanted_attribute(it, member(config, &it.name)));
    let blocks = level
        .blocks
        .iter()
        .map(|it| Cow::Owned(wanted_nested(Level::of(&it.block), it.nesting, member(config, &it.name))));
    attributes.chain(blocks).collect()
}

fn wanted_attribute<'a>(attribute: &'a Attribute, config: &'a Value) -> Cow<'a, Value> {
    let behavior = &attribute.behavior;
    match &attribute.ty {
        _ if attribute.write_only => Cow::Borrowed(&NULL),
        _ if config.is_null() => match &behavior.default {
            Some(default) => Cow::Borrowed(default),
            None if behavior.mode.on_wire().computed => Cow::Borrowed(&UNKNOWN),
            None => Cow::Borrowed(config),
        },
        AttributeType::Plain(_) if behavior.form.is_none() => Cow::Borrowed(config),
        AttributeType::Plain(_) => Cow::Owned(behavior.formed(config)),
        AttributeType::Nested { nesting, attributes } => {
            Cow::Owned(wanted_nested(Level::of_attributes(attributes), *nesting, config))
        }
    }
}

fn wanted_object(level: Level<'_>, config: &Value) -> Value {
    let Value::Map(members) = config else { return config.clone() };
    let cells = wanted_row(level, members).into_iter().map(Cow::into_owned);
    Value::Map(level.names().cloned().zip(cells).collect())
}

fn wanted_nested(level: Level<'_>, nesting: Nesting, config: &Value) -> Value {
    match (nesting, config) {
        (Nesting::Map, Value::Map(members)) => {
            Value::Map(members.iter().map(|(key, it)| (key.clone(), wanted_object(level, it))).collect())
        }
        (_, Value::Map(_)) => wanted_object(level, config),
        (_, Value::List(items)) => Value::List(items.iter().map(|it| wanted_object(level, it)).collect()),
        (_, Value::Set(items)) => Value::set(items.iter().map(|it| wanted_object(level, it)).collect()),
        (_, other) => other.clone(),
    }
}

/// Gives every configured element a prior one that it would fit, moving earlier ones aside where that helps.
struct Matching<'a> {
    /// For every configured element the prior ones it fits.
    candidates: &'a [Candidates],
    /// For every prior element the configured one that uses it.
    owners: Vec<Option<usize>>,
    /// How many candidates may still be looked at to make room.
    looks: usize,
}

impl Matching<'_> {
    fn place(&mut self, element: usize, tried: &mut BTreeSet<usize>) -> bool {
        let candidates = self.candidates.get(element).map_or(&[][..], |it| &it.positions);
        // Free ones first, so that moving aside stays the exception.
        let free = candidates.iter().find(|it| self.owner(**it).is_none()).copied();
        if let Some(before) = free {
            self.settle(before, element);
            return true;
        }
        for before in candidates.iter().copied() {
            if self.looks == 0 || tried.len() >= CHAIN_MAX {
                return false;
            }
            self.looks -= 1;
            if !tried.insert(before) {
                continue;
            }
            let Some(owner) = self.owner(before) else { continue };
            if self.place(owner, tried) {
                self.settle(before, element);
                return true;
            }
        }
        false
    }

    fn owner(&self, before: usize) -> Option<usize> {
        self.owners.get(before).copied().flatten()
    }

    fn settle(&mut self, before: usize, element: usize) {
        if let Some(owner) = self.owners.get_mut(before) {
            *owner = Some(element);
        }
    }
}

/// Whether planning the configured element over the prior one changes nothing.
fn would_stay(level: Level<'_>, config: &Value, prior: &Value) -> bool {
    let (Value::Map(_), Value::Map(_)) = (config, prior) else { return false };
    let views = Views::of_element(prior, config);
    Planner { pairings: &Pairings::default() }.stays(level, &views)
}

/// Whether everything that the user wrote is there to the letter.
fn agrees(config: &Value, prior: &Value) -> bool {
    match (config, prior) {
        (Value::Null, _) => true,
        (Value::Map(config), Value::Map(prior)) => {
            config.iter().all(|(name, it)| agrees(it, member(prior, name)))
        }
        (Value::List(config), Value::List(prior)) => config.iter().zip(prior).all(|(a, b)| agrees(a, b)),
        (config, prior) => same(config, prior),
    }
}
