//! The rules of planning, as pure functions.

mod holes;
mod legal;
mod replace;
mod same;
mod sets;
mod spelling;
mod stays;

use std::cell::RefCell;
use std::collections::HashMap;

pub use legal::{Rule, Violation, verify_apply, verify_plan};
pub use spelling::{has_spellings, keep_spelling};

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Object, Path, Schema, Value};

/// What Terraform is told it will get.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The planned state.
    pub planned: Object,
    /// Attributes whose change needs a replacement.
    pub requires_replace: Vec<Path>,
}

/// What Terraform asks: the state before, what the user wrote, and Terraform's merge of both.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// `None` to create.
    pub prior: Option<&'a Object>,
    /// What the user wrote.
    pub config: &'a Object,
    /// Terraform's merge of both.
    pub proposed: &'a Object,
}

/// Plans a create or an update.
///
/// Configured values stay as they are and defaults fill gaps. If that changes nothing, the plan is the prior state.
/// Otherwise whatever the provider decides becomes unknown, except what is stable and known already.
pub fn plan(schema: &Schema, ask: Ask<'_>) -> Plan {
    let level = Level::of(&schema.block);
    let views = Views::of_root(ask);
    let pairings = Pairings::default();
    let planner = Planner { pairings: &pairings };
    let planned = match ask.prior {
        Some(prior) if planner.stays(level, &views) => level.of_object(prior),
        _ => planner.object(level, &views),
    };
    let requires_replace =
        ask.prior.map_or_else(Vec::new, |prior| replace::paths(level, prior, ask.config, &planned));
    Plan { planned, requires_replace }
}

/// What one object of the schema consists of: a block has both, a nested attribute only attributes.
#[derive(Clone, Copy)]
struct Level<'a> {
    attributes: &'a [Attribute],
    blocks: &'a [NestedBlock],
}

impl<'a> Level<'a> {
    fn of(block: &'a Block) -> Level<'a> {
        Level { attributes: &block.attributes, blocks: &block.blocks }
    }

    fn of_attributes(attributes: &'a [Attribute]) -> Level<'a> {
        Level { attributes, blocks: &[] }
    }

    fn names(self) -> impl Iterator<Item = &'a String> {
        self.attributes.iter().map(|it| &it.name).chain(self.blocks.iter().map(|it| &it.name))
    }

    /// Of an object the members that the level has, absent ones as null.
    fn of_object(self, object: &Object) -> Object {
        self.names().map(|name| (name.clone(), member(object, name).clone())).collect()
    }
}

/// A member, null if absent.
fn member<'a>(object: &'a Object, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

/// The same place in what Terraform asks.
#[derive(Clone, Copy)]
struct Views<'a> {
    prior: Place<'a>,
    config: Place<'a>,
    /// Only where Terraform's merge can be followed: not below sets, whose elements have no names.
    proposed: Option<Place<'a>>,
}

/// A root object or a value below it.
#[derive(Clone, Copy)]
enum Place<'a> {
    Root(&'a Object),
    Value(&'a Value),
}

impl<'a> Place<'a> {
    fn value(self) -> &'a Value {
        match self {
            Place::Root(_) => &Value::Null,
            Place::Value(it) => it,
        }
    }

    fn object(self) -> Option<&'a Object> {
        match self {
            Place::Root(it) | Place::Value(Value::Map(it)) => Some(it),
            Place::Value(_) => None,
        }
    }

    fn member(self, name: &str) -> Option<&'a Value> {
        self.object()?.get(name)
    }

    fn item(self, index: usize) -> Option<&'a Value> {
        match self {
            Place::Value(Value::List(items)) => items.get(index),
            _ => None,
        }
    }
}

impl<'a> Views<'a> {
    fn of_root(ask: Ask<'a>) -> Views<'a> {
        Views {
            prior: ask.prior.map_or(Place::Value(&Value::Null), Place::Root),
            config: Place::Root(ask.config),
            proposed: Some(Place::Root(ask.proposed)),
        }
    }

    /// Of an element of a set.
    fn of_element(prior: &'a Value, config: &'a Value) -> Views<'a> {
        Views { prior: Place::Value(prior), config: Place::Value(config), proposed: None }
    }

    /// Of an attribute, a block, or a key of a map.
    fn member(&self, name: &str) -> Views<'a> {
        self.below(|it| it.member(name))
    }

    /// Of an element of a list.
    fn item(&self, index: usize) -> Views<'a> {
        self.below(|it| it.item(index))
    }

    fn below(&self, step: impl Fn(Place<'a>) -> Option<&'a Value>) -> Views<'a> {
        let place = |it| Place::Value(step(it).unwrap_or(&Value::Null));
        Views {
            prior: place(self.prior),
            config: place(self.config),
            proposed: self.proposed.and_then(&step).map(Place::Value),
        }
    }
}

/// Which elements of sets were which before, by the address of the configured set: the question whether anything changes
/// and the plan of a change need the same, and finding it out is the dearest part of a plan.
type Pairings = RefCell<HashMap<*const Value, Vec<Option<usize>>>>;

/// Plans what changes: what the provider decides becomes unknown unless it is settled.
#[derive(Clone, Copy)]
struct Planner<'p> {
    pairings: &'p Pairings,
}

impl Planner<'_> {
    fn object(self, level: Level<'_>, views: &Views<'_>) -> Object {
        let attributes =
            level.attributes.iter().map(|it| (it.name.clone(), self.attribute(it, &views.member(&it.name))));
        let blocks = level.blocks.iter().map(|it| {
            let value = self.nested(Level::of(&it.block), it.nesting, &views.member(&it.name));
            (it.name.clone(), value)
        });
        attributes.chain(blocks).collect()
    }

    fn attribute(self, attribute: &Attribute, views: &Views<'_>) -> Value {
        let config = views.config.value();
        if attribute.write_only {
            return Value::Null;
        }
        if config.is_null() {
            return self.absent(attribute, views);
        }
        match &attribute.ty {
            // Another spelling of what is there is no change.
            AttributeType::Plain(_) if attribute.behavior.means_same(config, views.prior.value()) => {
                views.prior.value().clone()
            }
            AttributeType::Plain(_) => views.proposed.map_or(config, Place::value).clone(),
            AttributeType::Nested { nesting, attributes } => {
                self.nested(Level::of_attributes(attributes), *nesting, views)
            }
        }
    }

    /// An attribute that the user did not set.
    fn absent(self, attribute: &Attribute, views: &Views<'_>) -> Value {
        let prior = views.prior.value();
        if let Some(default) = &attribute.behavior.default {
            return default.clone();
        }
        if !attribute.behavior.mode.on_wire().computed {
            return views.config.value().clone();
        }
        if attribute.behavior.stable && !prior.is_null() { prior.clone() } else { Value::unknown() }
    }

    /// A block, or an attribute made of attributes, that the user did set, at least as unknown.
    fn nested(self, level: Level<'_>, nesting: Nesting, views: &Views<'_>) -> Value {
        match (nesting, views.config.value()) {
            (Nesting::Single | Nesting::Group, Value::Map(_)) => Value::Map(self.object(level, views)),
            (Nesting::List, Value::List(items)) => {
                Value::List((0..items.len()).map(|at| self.element(level, &views.item(at))).collect())
            }
            (Nesting::Map, Value::Map(members)) => {
                let element = |key: &String| self.element(level, &views.member(key));
                Value::Map(members.keys().map(|key| (key.clone(), element(key))).collect())
            }
            (Nesting::Set, Value::Set(items)) => self.set(level, items, views.prior.value()),
            (_, other) => other.clone(),
        }
    }

    fn element(self, level: Level<'_>, views: &Views<'_>) -> Value {
        match views.config.value() {
            Value::Map(_) => Value::Map(self.object(level, views)),
            other => other.clone(),
        }
    }

    /// An element has no name; its prior state is the element that would stay as it is.
    fn set(self, level: Level<'_>, items: &[Value], prior: &Value) -> Value {
        let prior = prior.as_elements().unwrap_or_default();
        let pairing = self.pairing(level, items, prior);
        let planned = items.iter().zip(pairing).map(|(config, before)| {
            let prior = before.and_then(|it| prior.get(it)).unwrap_or(&Value::Null);
            self.element(level, &Views::of_element(prior, config))
        });
        Value::set(planned.collect())
    }

    fn pairing(self, level: Level<'_>, items: &[Value], prior: &[Value]) -> Vec<Option<usize>> {
        let known = self.pairings.borrow().get(&items.as_ptr()).cloned();
        known.unwrap_or_else(|| {
            let pairing = sets::pairing(level, items, prior);
            self.pairings.borrow_mut().insert(items.as_ptr(), pairing.clone());
            pairing
        })
    }
}

#[cfg(test)]
mod tests;
