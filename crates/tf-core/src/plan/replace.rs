//! Which changes need a new object.
//!
//! An object that appears or disappears is a change of the attribute that holds it, not of the attributes inside. In a
//! set, where elements have no names, the two cannot be told apart: there every difference counts.

use super::same::same;
use super::{Level, member};
use crate::{Attribute, AttributeType, Nesting, Object, Path, Step, Value};

/// The paths at which prior and planned state differ in a way that needs a replacement.
pub(super) fn paths(level: Level<'_>, prior: &Object, config: &Object, planned: &Object) -> Vec<Path> {
    let mut found = Finder { paths: Vec::new() };
    found.object(level, &Path::root(), &Versions { prior, config, planned });
    found.paths
}

/// The same object in three versions.
struct Versions<'a, T> {
    prior: &'a T,
    config: &'a T,
    planned: &'a T,
}

struct Finder {
    paths: Vec<Path>,
}

impl Finder {
    fn object(&mut self, level: Level<'_>, path: &Path, objects: &Versions<'_, Object>) {
        let below = |name: &String| Versions {
            prior: member(objects.prior, name),
            config: member(objects.config, name),
            planned: member(objects.planned, name),
        };
        for attribute in level.attributes {
            let path = path.then(Step::Attribute(attribute.name.clone()));
            self.attribute(attribute, path, &below(&attribute.name));
        }
        for block in level.blocks {
            let path = path.then(Step::Attribute(block.name.clone()));
            self.nested(Level::of(&block.block), block.nesting, path, &below(&block.name));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, path: Path, values: &Versions<'_, Value>) {
        if attribute.write_only || same(values.prior, values.planned) || undecided(attribute, values.config) {
            return;
        }
        match &attribute.ty {
            _ if attribute.behavior.replaces.replaces(values.prior, values.planned) => self.paths.push(path),
            AttributeType::Plain(_) => {}
            AttributeType::Nested { nesting, attributes } => {
                self.nested(Level::of_attributes(attributes), *nesting, path, values);
            }
        }
    }

    fn nested(&mut self, level: Level<'_>, nesting: Nesting, path: Path, values: &Versions<'_, Value>) {
        let Versions { prior, config, planned } = *values;
        match (nesting, prior, config, planned) {
            (
                Nesting::Single | Nesting::Group,
                Value::Map(prior),
                Value::Map(config),
                Value::Map(planned),
            ) => {
                self.object(level, &path, &Versions { prior, config, planned });
            }
            (Nesting::List, Value::List(prior), Value::List(config), Value::List(planned)) => {
                for (index, ((prior, config), planned)) in
                    (0_i64..).zip(prior.iter().zip(config).zip(planned))
                {
                    self.element(level, path.then(Step::Index(index)), &Versions { prior, config, planned });
                }
            }
            (Nesting::Map, Value::Map(prior), Value::Map(config), Value::Map(planned)) => {
                for (key, prior) in prior {
                    let values =
                        Versions { prior, config: member(config, key), planned: member(planned, key) };
                    self.element(level, path.then(Step::Key(key.clone())), &values);
                }
            }
            (Nesting::Set, Value::Set(prior), _, Value::Set(planned))
                if any_replaces(level) && !same(&fixed_parts(level, prior), &fixed_parts(level, planned)) =>
            {
                self.paths.push(path);
            }
            // It may turn out to be anything, also something that needs a new object.
            (_, prior, _, Value::Unknown(_)) if !prior.is_null() && any_replaces(level) => {
                self.paths.push(path)
            }
            _ => {}
        }
    }

    fn element(&mut self, level: Level<'_>, path: Path, values: &Versions<'_, Value>) {
        self.nested(level, Nesting::Single, path, values);
    }
}

/// Whether nobody but the provider decides the value: that it may change is no reason to destroy anything.
fn undecided(attribute: &Attribute, config: &Value) -> bool {
    let behavior = &attribute.behavior;
    config.is_null() && behavior.default.is_none() && behavior.mode.on_wire().computed
}

/// Whether a change of the attribute alone needs a new object. What the provider may decide inside a set cannot: the
/// rules of schemas refuse it, because nobody could tell a decision from a change.
fn fixes(attribute: &Attribute) -> bool {
    attribute.behavior.replaces.is_possible() && !attribute.write_only
}

/// Of every element only the parts whose change needs a new object.
fn fixed_parts(level: Level<'_>, elements: &[Value]) -> Value {
    Value::set(elements.iter().map(|it| fixed_part(level, it)).collect())
}

fn fixed_part(level: Level<'_>, element: &Value) -> Value {
    let Value::Map(members) = element else { return element.clone() };
    let attributes = level.attributes.iter().filter_map(|it| {
        let value = member(members, &it.name);
        let part = match &it.ty {
            _ if fixes(it) => value.clone(),
            AttributeType::Nested { nesting, attributes } => {
                fixed_nested(Level::of_attributes(attributes), *nesting, value)?
            }
            AttributeType::Plain(_) => return None,
        };
        Some((it.name.clone(), part))
    });
    let blocks = level.blocks.iter().filter_map(|it| {
        let part = fixed_nested(Level::of(&it.block), it.nesting, member(members, &it.name))?;
        Some((it.name.clone(), part))
    });
    Value::Map(attributes.chain(blocks).collect())
}

fn fixed_nested(level: Level<'_>, nesting: Nesting, value: &Value) -> Option<Value> {
    if !any_replaces(level) {
        return None;
    }
    Some(match (nesting, value) {
        (Nesting::Single | Nesting::Group, Value::Map(_)) => fixed_part(level, value),
        (_, Value::List(items)) => Value::List(items.iter().map(|it| fixed_part(level, it)).collect()),
        (_, Value::Set(items)) => fixed_parts(level, items),
        (_, Value::Map(members)) => {
            Value::Map(members.iter().map(|(key, it)| (key.clone(), fixed_part(level, it))).collect())
        }
        (_, other) => other.clone(),
    })
}

fn any_replaces(level: Level<'_>) -> bool {
    let attributes = level.attributes.iter().any(|it| match &it.ty {
        _ if fixes(it) => true,
        AttributeType::Nested { attributes, .. } => any_replaces(Level::of_attributes(attributes)),
        AttributeType::Plain(_) => false,
    });
    attributes || level.blocks.iter().any(|it| any_replaces(Level::of(&it.block)))
}
