//! What a host demands of a plan, of a result and of a second plan, written down once more: from the description of the
//! protocol, with nothing of the framework's own checks.

use tf_core::{Attribute, AttributeType, Block, Mode, NestedBlock, Nesting, Object, Schema, Value};

/// What is wrong, with its place. Empty: nothing.
#[derive(Debug, Default)]
pub struct Report(pub Vec<String>);

static NULL: Value = Value::Null;

fn of<'a>(object: &'a Value, name: &str) -> &'a Value {
    match object {
        Value::Map(members) => members.get(name).unwrap_or(&NULL),
        _ => &NULL,
    }
}

/// Lists and maps of blocks may say their own type.
fn inside(value: &Value) -> &Value {
    match value {
        Value::Dynamic(inner) => &inner.1,
        other => other,
    }
}

/// What is known of unknown values does not count.
fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Unknown(_), Value::Unknown(_)) => true,
        (Value::List(one), Value::List(other)) | (Value::Set(one), Value::Set(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| equal(a, b))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(a, b)| a.0 == b.0 && equal(a.1, b.1))
        }
        (Value::Dynamic(one), Value::Dynamic(other)) => one.0 == other.0 && equal(&one.1, &other.1),
        (one, other) => one == other,
    }
}

/// The three values of one place.
#[derive(Clone, Copy)]
struct Three<'a> {
    config: &'a Value,
    prior: &'a Value,
    planned: &'a Value,
}

impl<'a> Three<'a> {
    fn member(self, name: &str) -> Three<'a> {
        let Three { config, prior, planned } = self;
        Three { config: of(config, name), prior: of(prior, name), planned: of(planned, name) }
    }

    fn inside(self) -> Three<'a> {
        Three { config: inside(self.config), prior: inside(self.prior), planned: inside(self.planned) }
    }

    fn item(self, at: usize) -> Three<'a> {
        let item = |it: &'a Value| match it {
            Value::List(items) => items.get(at).unwrap_or(&NULL),
            _ => &NULL,
        };
        Three { config: item(self.config), prior: item(self.prior), planned: item(self.planned) }
    }
}

/// A plan, by the schema as the host knows it.
pub fn plan(schema: &Schema, config: &Object, prior: Option<&Object>, planned: &Object) -> Report {
    let mut report = Report::default();
    let value = |it: &Object| Value::Map(it.clone());
    let (config, planned) = (value(config), value(planned));
    let prior = prior.map_or(Value::Null, value);
    let three = Three { config: &config, prior: &prior, planned: &planned };
    report.block(&schema.block, "", three);
    report
}

impl Report {
    fn say(&mut self, place: &str, what: &str) {
        self.0.push(format!("{place}: {what}"));
    }

    fn block(&mut self, block: &Block, place: &str, three: Three<'_>) {
        self.attributes(&block.attributes, place, three);
        for nested in &block.blocks {
            self.nested_block(
                nested,
                &format!("{place}.{}", nested.name),
                three.member(&nested.name).inside(),
            );
        }
    }

    fn attributes(&mut self, attributes: &[Attribute], place: &str, three: Three<'_>) {
        for attribute in attributes {
            self.attribute(attribute, &format!("{place}.{}", attribute.name), three.member(&attribute.name));
        }
    }

    fn attribute(&mut self, attribute: &Attribute, place: &str, three: Three<'_>) {
        let Three { config, prior, planned } = three;
        if attribute.write_only {
            if *planned != Value::Null {
                self.say(place, "a write-only value is planned");
            }
            return;
        }
        let kept = equal(planned, prior) && !prior.is_null() && !config.is_null();
        if equal(planned, config) || kept {
            return;
        }
        match (attribute.behavior.mode, &attribute.ty) {
            (Mode::Computed, _) => {}
            (Mode::OptionalComputed, _) if config.is_null() => {}
            (_, AttributeType::Nested { nesting, attributes })
                if !config.is_null() && !config.is_unknown() =>
            {
                self.nested(*nesting, attributes, place, three);
            }
            _ => self.say(place, "neither as configured nor as before"),
        }
    }

    fn nested(&mut self, nesting: Nesting, attributes: &[Attribute], place: &str, three: Three<'_>) {
        match (nesting, three.config, three.planned) {
            (Nesting::Single | Nesting::Group, Value::Map(_), Value::Map(_)) => {
                self.attributes(attributes, place, three);
            }
            (Nesting::List, Value::List(config), Value::List(planned)) if config.len() == planned.len() => {
                for at in 0..config.len() {
                    self.attributes(attributes, &format!("{place}[{at}]"), three.item(at));
                }
            }
            (Nesting::Map, Value::Map(config), Value::Map(planned)) if config.keys().eq(planned.keys()) => {
                for key in config.keys() {
                    self.attributes(attributes, &format!("{place}[{key}]"), three.member(key));
                }
            }
            (Nesting::Set, Value::Set(config), Value::Set(planned)) => {
                // Unknown elements may turn out equal to others, known ones not.
                let least = |it: &[Value]| it.iter().filter(|it| it.is_wholly_known()).count();
                if planned.len() < least(config) || config.len() < least(planned) {
                    self.say(place, "as many elements as configured are impossible");
                }
            }
            _ => self.say(place, "planned with another shape than configured"),
        }
    }

    fn nested_block(&mut self, nested: &NestedBlock, place: &str, three: Three<'_>) {
        let Three { config, planned, .. } = three;
        if nested.nesting != Nesting::Single && planned.is_null() {
            return self.say(place, "no blocks are empty and not null");
        }
        if equal(planned, config) {
            return;
        }
        if config.is_unknown() || planned.is_unknown() {
            return self.say(place, "unknown as a whole on one side alone");
        }
        match (nested.nesting, config, planned) {
            (Nesting::Single | Nesting::Group, Value::Map(_), Value::Map(_)) => {
                self.block(&nested.block, place, three);
            }
            (Nesting::List, Value::List(all), Value::List(planned)) if all.len() == planned.len() => {
                for at in 0..all.len() {
                    self.element(nested, &format!("{place}[{at}]"), three.item(at));
                }
            }
            (Nesting::Map, Value::Map(all), Value::Map(planned)) if all.keys().eq(planned.keys()) => {
                for key in all.keys() {
                    self.element(nested, &format!("{place}[{key}]"), three.member(key));
                }
            }
            (Nesting::Set, Value::Set(_), Value::Set(planned)) => {
                if planned.iter().any(Value::is_unknown) {
                    self.say(place, "a block in the set is unknown itself");
                }
            }
            _ => self.say(place, "other blocks than configured"),
        }
    }

    fn element(&mut self, nested: &NestedBlock, place: &str, three: Three<'_>) {
        if three.planned.is_unknown() {
            return self.say(place, "the block itself is unknown");
        }
        self.block(&nested.block, place, three);
    }
}

/// A result, or what a second plan came to: everything that was known has stayed. `whole`: nothing may be open any more.
pub fn outcome(schema: &Schema, planned: &Object, outcome: &Object, whole: bool) -> Report {
    let mut report = Report::default();
    for (name, value) in outcome {
        if whole && !value.is_wholly_known() {
            report.say(name, "something is unknown");
        }
        let planned = planned.get(name).unwrap_or(&NULL);
        if !came_out(planned, value) {
            report.say(name, &format!("planned {planned:?}, came out {value:?}"));
        }
    }
    write_only(&schema.block, &Value::Map(outcome.clone()), &mut report);
    report
}

fn came_out(planned: &Value, outcome: &Value) -> bool {
    match (planned, outcome) {
        (Value::Unknown(_), _) => true,
        (Value::List(planned), Value::List(outcome)) => {
            planned.len() == outcome.len() && planned.iter().zip(outcome).all(|(a, b)| came_out(a, b))
        }
        (Value::Map(planned), Value::Map(outcome)) => {
            planned.keys().eq(outcome.keys())
                && planned.values().zip(outcome.values()).all(|(a, b)| came_out(a, b))
        }
        (Value::Set(planned), Value::Set(outcome)) => {
            outcome.len() <= planned.len()
                && planned.iter().all(|a| outcome.iter().any(|b| came_out(a, b)))
                && outcome.iter().all(|b| planned.iter().any(|a| came_out(a, b)))
        }
        (Value::Dynamic(planned), Value::Dynamic(outcome)) => {
            (planned.0 == outcome.0 || !planned.1.is_wholly_known()) && came_out(&planned.1, &outcome.1)
        }
        (planned, outcome) => planned == outcome,
    }
}

fn write_only(block: &Block, value: &Value, report: &mut Report) {
    for attribute in &block.attributes {
        if attribute.write_only && *of(value, &attribute.name) != Value::Null {
            report.say(&attribute.name, "a write-only value came out");
        }
    }
    for nested in block.blocks.iter().filter(|it| matches!(it.nesting, Nesting::Single | Nesting::Group)) {
        write_only(&nested.block, of(value, &nested.name), report);
    }
}
