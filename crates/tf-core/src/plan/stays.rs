//! Whether a plan would change nothing, found out without making it: as a rule nothing changes, and an object with
//! thousands of parts is looked through faster than it is built.

use super::same::same;
use super::{Level, Place, Planner, Views};
use crate::{Attribute, AttributeType, Nesting, Value};

impl Planner<'_> {
    /// Whether an object with what the user wrote stays as it was, if the provider decides as before.
    pub(super) fn stays(self, level: Level<'_>, views: &Views<'_>) -> bool {
        level.attributes.iter().all(|it| self.attribute_stays(it, &views.member(&it.name)))
            && level
                .blocks
                .iter()
                .all(|it| self.nested_stays(Level::of(&it.block), it.nesting, &views.member(&it.name)))
    }

    fn attribute_stays(self, attribute: &Attribute, views: &Views<'_>) -> bool {
        let (config, prior) = (views.config.value(), views.prior.value());
        if attribute.write_only {
            return prior.is_null();
        }
        if config.is_null() {
            return absent_stays(attribute, views);
        }
        match &attribute.ty {
            AttributeType::Plain(_) => {
                same(views.proposed.map_or(config, Place::value), prior)
                    || attribute.behavior.means_same(config, prior)
            }
            AttributeType::Nested { nesting, attributes } => {
                self.nested_stays(Level::of_attributes(attributes), *nesting, views)
            }
        }
    }

    fn nested_stays(self, level: Level<'_>, nesting: Nesting, views: &Views<'_>) -> bool {
        match (nesting, views.config.value(), views.prior.value()) {
            (Nesting::Single | Nesting::Group, Value::Map(_), _) => self.element_stays(level, views),
            (Nesting::List, Value::List(config), Value::List(prior)) => {
                config.len() == prior.len()
                    && (0..config.len()).all(|at| self.element_stays(level, &views.item(at)))
            }
            (Nesting::Map, Value::Map(config), Value::Map(prior)) => {
                config.len() == prior.len()
                    && config.keys().eq(prior.keys())
                    && config.keys().all(|key| self.element_stays(level, &views.member(key)))
            }
            (Nesting::Set, Value::Set(config), Value::Set(prior)) => self.set_stays(level, config, prior),
            (_, config, prior) => same(config, prior),
        }
    }

    fn element_stays(self, level: Level<'_>, views: &Views<'_>) -> bool {
        match (views.config.value(), views.prior.value()) {
            // Of another build it would be filled up, which is a change.
            (Value::Map(_), Value::Map(prior)) => {
                prior.len() == level.names().count()
                    && level.names().all(|it| prior.contains_key(it))
                    && self.stays(level, views)
            }
            (Value::Map(_), _) => false,
            (config, prior) => same(config, prior),
        }
    }

    /// Every element is one that was there, and nothing else was.
    fn set_stays(self, level: Level<'_>, config: &[Value], prior: &[Value]) -> bool {
        config.len() == prior.len() && self.pairing(level, config, prior).iter().all(Option::is_some)
    }
}

/// What the user did not write stays unless a default takes its place.
fn absent_stays(attribute: &Attribute, views: &Views<'_>) -> bool {
    let prior = views.prior.value();
    match &attribute.behavior.default {
        Some(default) => same(default, prior),
        None if attribute.behavior.mode.on_wire().computed => true,
        None => same(views.config.value(), prior),
    }
}
