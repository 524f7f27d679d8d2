//! The rules of planning, as pure functions.

mod legal;
mod replace;
mod same;
mod sets;

pub use legal::{Rule, Violation, verify_apply, verify_plan};

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Object, Path, Schema, Step, Value};

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
    let unchanged = Planner { undecided: Undecided::AsBefore }.object(level, &views);
    let planned = match ask.prior {
        Some(prior) if level.all_same(prior, &unchanged) => unchanged,
        _ => Planner { undecided: Undecided::AfterApply }.object(level, &views),
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

    fn all_same(self, one: &Object, other: &Object) -> bool {
        self.names().all(|name| same::same(member(one, name), member(other, name)))
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

    fn step(self, step: &Step) -> Option<&'a Value> {
        match (step, self) {
            (Step::Attribute(name) | Step::Key(name), _) => self.object()?.get(name),
            (Step::Index(index), Place::Value(Value::List(items))) => {
                items.get(usize::try_from(*index).ok()?)
            }
            (Step::Index(_), _) => None,
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

    fn then(&self, step: &Step) -> Views<'a> {
        let below = |place: Place<'a>| Place::Value(place.step(step).unwrap_or(&Value::Null));
        Views {
            prior: below(self.prior),
            config: below(self.config),
            proposed: self.proposed.and_then(|it| it.step(step)).map(Place::Value),
        }
    }
}

/// What becomes of values that the provider decides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Undecided {
    AsBefore,
    AfterApply,
}

#[derive(Clone, Copy)]
struct Planner {
    undecided: Undecided,
}

impl Planner {
    fn object(self, level: Level<'_>, views: &Views<'_>) -> Object {
        let below = |name: &String| views.then(&Step::Attribute(name.clone()));
        let attributes =
            level.attributes.iter().map(|it| (it.name.clone(), self.attribute(it, &below(&it.name))));
        let blocks = level.blocks.iter().map(|it| {
            let value = self.nested(Level::of(&it.block), it.nesting, &below(&it.name));
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
        let settled = attribute.behavior.stable && !prior.is_null();
        if self.undecided == Undecided::AsBefore || settled { prior.clone() } else { Value::unknown() }
    }

    /// A block, or an attribute made of attributes, that the user did set, at least as unknown.
    fn nested(self, level: Level<'_>, nesting: Nesting, views: &Views<'_>) -> Value {
        match (nesting, views.config.value()) {
            (Nesting::Single | Nesting::Group, Value::Map(_)) => Value::Map(self.object(level, views)),
            (Nesting::List, Value::List(items)) => {
                let indexes = (0_i64..).zip(items);
                Value::List(
                    indexes.map(|(at, _)| self.element(level, &views.then(&Step::Index(at)))).collect(),
                )
            }
            (Nesting::Map, Value::Map(members)) => {
                let element = |key: &String| self.element(level, &views.then(&Step::Key(key.clone())));
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
        let pairs = sets::pair(level, items, prior.as_elements().unwrap_or_default());
        let planned = pairs.into_iter().map(|(config, prior)| {
            let views = Views { prior: Place::Value(prior), config: Place::Value(config), proposed: None };
            self.element(level, &views)
        });
        Value::set(planned.collect())
    }
}

#[cfg(test)]
mod tests;
