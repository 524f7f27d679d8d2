//! What Terraform accepts as a plan.

use super::{Findings, Rule, Violation};
use crate::plan::same::same;
use crate::plan::{Ask, Level, Plan, member};
use crate::{Attribute, AttributeType, NestedBlock, Nesting, Object, OnWire, Path, Schema, Step, Value};

/// Everything that Terraform would refuse about a plan.
pub fn verify_plan(schema: &Schema, ask: Ask<'_>, plan: &Plan) -> Vec<Violation> {
    let mut findings = Findings::default();
    let nothing = Object::new();
    let objects = Triple { planned: &plan.planned, config: ask.config, prior: ask.prior.unwrap_or(&nothing) };
    findings.object(Level::of(&schema.block), &Path::root(), &objects);
    for path in &plan.requires_replace {
        let exists = exists(&plan.planned, path) || ask.prior.is_some_and(|it| exists(it, path));
        findings.require(exists, path, Rule::PathExists);
    }
    findings.0
}

fn exists(object: &Object, path: &Path) -> bool {
    let Some((Step::Attribute(first), rest)) = path.0.split_first() else { return false };
    let mut here = object.get(first);
    for step in rest {
        here = match (here, step) {
            (Some(Value::Map(members)), Step::Attribute(name) | Step::Key(name)) => members.get(name),
            (Some(Value::List(items)), Step::Index(index)) => {
                usize::try_from(*index).ok().and_then(|it| items.get(it))
            }
            _ => None,
        };
    }
    here.is_some()
}

/// The same place in the plan, in the configuration and in the prior state.
struct Triple<'a, T> {
    planned: &'a T,
    config: &'a T,
    prior: &'a T,
}

impl<'a> Triple<'a, Object> {
    fn member(&self, name: &str) -> Triple<'a, Value> {
        Triple {
            planned: member(self.planned, name),
            config: member(self.config, name),
            prior: member(self.prior, name),
        }
    }
}

impl Triple<'_, Value> {
    fn is_as_configured(&self) -> bool {
        same(self.planned, self.config)
    }

    fn is_as_before(&self) -> bool {
        same(self.planned, self.prior) && !self.prior.is_null() && !self.config.is_null()
    }
}

/// Elements are attributes of a nested attribute, or blocks: the latter are never unknown themselves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Attribute,
    Block,
}

impl Findings {
    fn object(&mut self, level: Level<'_>, path: &Path, objects: &Triple<'_, Object>) {
        for attribute in level.attributes {
            let path = path.then(Step::Attribute(attribute.name.clone()));
            self.attribute(attribute, &path, &objects.member(&attribute.name));
        }
        for block in level.blocks {
            let path = path.then(Step::Attribute(block.name.clone()));
            self.block(block, &path, &objects.member(&block.name));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, path: &Path, values: &Triple<'_, Value>) {
        if attribute.write_only {
            return self.require(values.planned.is_null(), path, Rule::WriteOnlyIsNull);
        }
        let OnWire { required, optional, computed } = attribute.behavior.on_wire();
        let provider_decides = computed && !required && !optional;
        if provider_decides || values.is_as_configured() || values.is_as_before() {
            return;
        }
        match (&attribute.ty, values.config) {
            (_, config) if config.is_null() => self.require(computed, path, Rule::OnlyUserDecides),
            (AttributeType::Nested { nesting, attributes }, config) if !config.is_unknown() => {
                let level = Level::of_attributes(attributes);
                self.nested((level, *nesting, Kind::Attribute), path, values);
            }
            _ => self.add(path, Rule::ConfigIsKept),
        }
    }

    fn block(&mut self, block: &NestedBlock, path: &Path, values: &Triple<'_, Value>) {
        if values.is_as_configured() {
            return;
        }
        let collection = matches!(block.nesting, Nesting::List | Nesting::Set | Nesting::Map);
        match values.config {
            Value::Unknown(_) => self.add(path, Rule::ConfigIsKept),
            _ if collection && values.planned.is_null() => self.add(path, Rule::NoBlocksIsEmpty),
            _ => self.nested((Level::of(&block.block), block.nesting, Kind::Block), path, values),
        }
    }

    fn nested(&mut self, shape: (Level<'_>, Nesting, Kind), path: &Path, values: &Triple<'_, Value>) {
        let (level, nesting, kind) = shape;
        let values = Triple {
            planned: inside(values.planned),
            config: inside(values.config),
            prior: inside(values.prior),
        };
        if values.planned.is_unknown() && !values.config.is_unknown() {
            return self.add(path, Rule::ConfiguredIsNotUnknown);
        }
        if values.planned.is_null() != values.config.is_null() {
            return self.add(path, Rule::ExistsAsConfigured);
        }
        match (nesting, values.planned, values.config) {
            (Nesting::Single | Nesting::Group, Value::Map(planned), Value::Map(config)) => {
                let nothing = Object::new();
                let prior = values.prior.as_object().unwrap_or(&nothing);
                self.object(level, path, &Triple { planned, config, prior });
            }
            (Nesting::List, Value::List(planned), Value::List(config)) => {
                self.require(planned.len() == config.len(), path, Rule::SameCount);
                let prior = values.prior.as_elements().unwrap_or_default();
                for (at, (planned, config)) in planned.iter().zip(config).enumerate() {
                    let path = path.then(Step::Index(i64::try_from(at).unwrap_or(i64::MAX)));
                    let prior = prior.get(at).unwrap_or(&Value::Null);
                    self.element(level, kind, &path, &Triple { planned, config, prior });
                }
            }
            (Nesting::Map, Value::Map(planned), Value::Map(config)) => {
                self.require(planned.keys().eq(config.keys()), path, Rule::SameKeys);
                for (key, planned) in planned.iter().filter(|(key, _)| config.contains_key(*key)) {
                    let prior = values.prior.as_object().and_then(|it| it.get(key)).unwrap_or(&Value::Null);
                    let values = Triple { planned, config: member(config, key), prior };
                    self.element(level, kind, &path.then(Step::Key(key.clone())), &values);
                }
            }
            (Nesting::Set, Value::Set(planned), Value::Set(config)) => {
                let (planned, config) = (lengths(planned), lengths(config));
                let possible = planned.start() <= config.end() && config.start() <= planned.end();
                self.require(possible, path, Rule::SameCount);
            }
            _ => self.require(values.is_as_configured(), path, Rule::ConfigIsKept),
        }
    }

    fn element(&mut self, level: Level<'_>, kind: Kind, path: &Path, values: &Triple<'_, Value>) {
        let as_before = kind == Kind::Attribute && values.is_as_before();
        if !values.is_as_configured() && !as_before {
            self.nested((level, Nesting::Single, kind), path, values);
        }
    }
}

/// A list or map of blocks may come wrapped in its own type.
fn inside(value: &Value) -> &Value {
    match value {
        Value::Dynamic(inner) => &inner.1,
        other => other,
    }
}

/// How many elements a set may turn out to have: unknown ones may be equal to each other or to known ones.
fn lengths(elements: &[Value]) -> std::ops::RangeInclusive<usize> {
    let known = elements.iter().filter(|it| it.is_wholly_known()).count();
    let least = if elements.is_empty() { 0 } else { known.max(1) };
    least..=elements.len()
}
