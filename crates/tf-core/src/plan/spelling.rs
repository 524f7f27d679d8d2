//! Values that are spelt differently and mean the same.

use super::holes::{Finder, Row, fits_row, row};
use super::{Level, member};
use crate::{AttributeType, NestedBlock, Nesting, Object, Schema, Value};

/// Gives every value that means the same as before the spelling that it had before.
///
/// A remote system may answer in a spelling of its own. Without this, every read would look like a change, and after an
/// apply Terraform would refuse what was not planned to the letter.
pub fn keep_spelling(schema: &Schema, before: &Object, now: &mut Object) {
    if has_spellings(schema) {
        keep(Level::of(&schema.block), before, now);
    }
}

/// Whether there is anything that can be spelt in several ways.
pub fn has_spellings(schema: &Schema) -> bool {
    has_forms(Level::of(&schema.block))
}

/// Whether anything in the level can be spelt in several ways.
pub(super) fn has_forms(level: Level<'_>) -> bool {
    let attributes = level.attributes.iter().any(|it| match &it.ty {
        AttributeType::Plain(_) => it.behavior.form.is_some(),
        AttributeType::Nested { attributes, .. } => has_forms(Level::of_attributes(attributes)),
    });
    attributes || level.blocks.iter().any(|it| has_forms(Level::of(&it.block)))
}

/// The object with every value in its form: equal when it means the same.
pub(super) fn formed(level: Level<'_>, value: &Value) -> Value {
    let Value::Map(members) = value else { return value.clone() };
    let attributes = level.attributes.iter().map(|it| {
        let value = member(members, &it.name);
        let value = match &it.ty {
            AttributeType::Plain(_) => it.behavior.formed(value),
            AttributeType::Nested { nesting, attributes } => {
                formed_nested(Level::of_attributes(attributes), *nesting, value)
            }
        };
        (it.name.clone(), value)
    });
    let blocks = level.blocks.iter().map(|it| {
        let value = formed_nested(Level::of(&it.block), it.nesting, member(members, &it.name));
        (it.name.clone(), value)
    });
    Value::Map(attributes.chain(blocks).collect())
}

pub(super) fn formed_nested(level: Level<'_>, nesting: Nesting, value: &Value) -> Value {
    match (nesting, value) {
        (Nesting::Map, Value::Map(members)) => {
            Value::Map(members.iter().map(|(key, it)| (key.clone(), formed(level, it))).collect())
        }
        (_, Value::Map(_)) => formed(level, value),
        (_, Value::List(items)) => Value::List(items.iter().map(|it| formed(level, it)).collect()),
        (_, Value::Set(items)) => Value::set(items.iter().map(|it| formed(level, it)).collect()),
        (_, other) => other.clone(),
    }
}

fn keep(level: Level<'_>, before: &Object, now: &mut Object) {
    for attribute in level.attributes {
        let Some(value) = now.get_mut(&attribute.name) else { continue };
        let before = member(before, &attribute.name);
        match &attribute.ty {
            AttributeType::Plain(_) if attribute.behavior.means_same(before, value) => {
                *value = before.clone()
            }
            AttributeType::Plain(_) => {}
            AttributeType::Nested { nesting, attributes } => {
                keep_nested(Level::of_attributes(attributes), *nesting, before, value);
            }
        }
    }
    for NestedBlock { name, block, nesting, .. } in level.blocks {
        if let Some(value) = now.get_mut(name) {
            keep_nested(Level::of(block), *nesting, member(before, name), value);
        }
    }
}

fn keep_nested(level: Level<'_>, nesting: Nesting, before: &Value, now: &mut Value) {
    if !has_forms(level) {
        return;
    }
    match (nesting, before, now) {
        (Nesting::Map, Value::Map(before), Value::Map(now)) => {
            for (key, it) in now {
                keep_nested(level, Nesting::Single, member(before, key), it);
            }
        }
        (_, Value::Map(before), Value::Map(now)) => keep(level, before, now),
        (_, Value::List(before), Value::List(now)) => {
            before.iter().zip(now).for_each(|(before, now)| keep_nested(level, Nesting::Single, before, now));
        }
        (_, Value::Set(before), Value::Set(now)) => {
            let mut kept = std::mem::take(now);
            keep_in_set(level, before, &mut kept);
            *now = match Value::set(kept) {
                Value::Set(items) => items,
                _ => Vec::new(),
            };
        }
        _ => {}
    }
}

fn meanings(level: Level<'_>, elements: &[Value]) -> Vec<Value> {
    elements.iter().map(|it| formed(level, it)).collect()
}

/// An element of a set was the one that means the same, each at most once.
fn keep_in_set(level: Level<'_>, before: &[Value], now: &mut [Value]) {
    let (meanings, earlier) = (meanings(level, now), meanings(level, before));
    let names: Vec<&str> = level.names().map(String::as_str).collect();
    let rows: Vec<Option<Row<'_>>> = meanings.iter().map(|it| Some(row(it, &names))).collect();
    let wanted: Vec<Row<'_>> = earlier.iter().map(|it| row(it, &names)).collect();
    let finder = Finder::new(wanted.iter(), &rows);
    let means = |wanted: &Row<'_>, at: usize| {
        rows.get(at).and_then(Option::as_ref).is_some_and(|it| fits_row(wanted, it))
    };
    let mut kept = vec![false; now.len()];
    for (wanted, before) in wanted.iter().zip(before) {
        let mut found = finder.fitting(wanted).filter(|at| means(wanted, *at));
        let free = found.find(|at| kept.get(*at) == Some(&false));
        let Some(at) = free else { continue };
        if let (Some(kept), Some(now)) = (kept.get_mut(at), now.get_mut(at)) {
            *kept = true;
            keep_nested(level, Nesting::Single, before, now);
        }
    }
}

#[cfg(test)]
mod tests;
