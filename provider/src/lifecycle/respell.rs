//! Another spelling of the same is no change: an id where the state has a name, a line end more or less, or both within
//! one of many entries.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::{Cell, Exists, Names, Wanted, lower};
use tf_core::{Object, Path, Value};
use tf_plugin::Planning;

use crate::definition::Definition;
use crate::lookup;
use crate::session::Session;

/// Keeps what the state has where the configuration means the same for the instance. When nothing else changes, the whole
/// plan is the state.
pub async fn keep_spelling(definition: &'static Definition, session: &Session, planning: &mut Planning<'_>) {
    let Some(prior) = planning.prior else { return };
    let attributes: BTreeSet<&'static str> = definition
        .layout
        .attributes()
        .into_iter()
        .filter(|it| may_be_respelt(prior.get(*it), planning.plan.planned.get(*it)))
        .collect();
    if attributes.is_empty() {
        return;
    }
    let objects = [prior, &planning.plan.planned];
    // Where a name cannot be looked up the plan shows a change, and applying it says why.
    let Ok((names, unclear)) = lookup::resolve(session, definition.layout, &objects).await else { return };
    let meant = |object: &Object| Meaning::of(definition, object, &names);
    let (before, after) = (meant(prior), meant(&planning.plan.planned));
    let is_clear = |name: &&&str| !unclear.iter().any(|it| it.attribute == **name);
    let kept: Vec<&'static str> =
        attributes.iter().filter(is_clear).filter(|it| before.agrees(&after, it)).copied().collect();
    for attribute in &kept {
        let value = prior.get(*attribute).cloned().unwrap_or(Value::Null);
        planning.plan.planned.insert((*attribute).to_owned(), value);
        planning.plan.requires_replace.retain(|it| *it != Path::attribute(*attribute));
    }
    if !kept.is_empty() && nothing_else(prior, planning.config, &planning.plan.planned) {
        planning.plan.planned = prior.clone();
    }
}

/// What an object means for the instance.
struct Meaning {
    definition: &'static Definition,
    records: Vec<Wanted>,
}

impl Meaning {
    fn of(definition: &'static Definition, object: &Object, names: &Names) -> Meaning {
        Meaning { definition, records: lower(object, &Object::new(), definition.layout, names) }
    }

    /// Whether an attribute means the same here and there.
    fn agrees(&self, other: &Meaning, attribute: &str) -> bool {
        let (here, there) = (self.cells(attribute), other.cells(attribute));
        let is_same = |(cell, wanted): (&Cell, &Cell)| match cell {
            // What a plain write does not decide.
            Cell::Switch(_) | Cell::Slot(_) => cell == wanted,
            _ => cell.text().is_some_and(|it| wanted.agrees(&it)),
        };
        !here.is_empty()
            && here.keys().eq(there.keys())
            && here.values().copied().zip(there.values().copied()).all(is_same)
    }

    /// The cells that an attribute decides, by place and column.
    fn cells(&self, attribute: &str) -> BTreeMap<String, &Cell> {
        let mut cells = BTreeMap::new();
        for record in self.definition.layout.records {
            let is_own = |column: &str| match record.exists {
                Exists::ForEach(it) => it == attribute,
                Exists::Always | Exists::While(_) => record
                    .columns
                    .iter()
                    .any(|it| it.name == column && it.holds.attributes().contains(&attribute)),
            };
            for wanted in self.records.iter().filter(|it| it.place.slot == record.slot) {
                let own = wanted.cells.iter().filter(|(column, _)| is_own(column));
                cells.extend(own.map(|(column, cell)| (format!("{}.{column}", wanted.place), cell)));
            }
        }
        cells
    }
}

/// Both hold something, and not with the same letters.
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
