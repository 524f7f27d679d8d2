//! Terraform's merge of the stored state and the configuration, which it sends along when it asks for a plan.

use tf_core::{Attribute, AttributeType, Block, Mode, Nesting, Object, Value};

/// What the user wrote, and what the provider decided earlier where the user wrote nothing.
pub fn propose(block: &Block, prior: Option<&Object>, config: &Object) -> Object {
    let mut proposed = attributes(&block.attributes, prior, config);
    for nested in &block.blocks {
        let merge = |prior: Option<&Object>, config: &Object| propose(&nested.block, prior, config);
        let value =
            merged(nested.nesting, member(prior, &nested.name), member(Some(config), &nested.name), &merge);
        proposed.insert(nested.name.clone(), value);
    }
    proposed
}

fn attributes(attributes: &[Attribute], prior: Option<&Object>, config: &Object) -> Object {
    let value = |it: &Attribute| {
        (it.name.clone(), attribute(it, member(prior, &it.name), member(Some(config), &it.name)))
    };
    attributes.iter().map(value).collect()
}

fn member<'a>(object: Option<&'a Object>, name: &str) -> &'a Value {
    object.and_then(|it| it.get(name)).unwrap_or(&Value::Null)
}

fn attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    let computed = matches!(attribute.behavior.mode, Mode::Computed | Mode::OptionalComputed);
    match &attribute.ty {
        _ if config.is_null() && computed => prior.clone(),
        AttributeType::Plain(_) => config.clone(),
        AttributeType::Nested { nesting, attributes: members } => {
            let merge = |prior: Option<&Object>, config: &Object| attributes(members, prior, config);
            merged(*nesting, prior, config, &merge)
        }
    }
}

type Merge<'a> = &'a dyn Fn(Option<&Object>, &Object) -> Object;

/// Elements of lists belong together by place, of maps by key, of sets by what the user wrote in them.
fn merged(nesting: Nesting, prior: &Value, config: &Value, merge: Merge<'_>) -> Value {
    let one = |prior: Option<&Value>, config: &Value| match config.as_object() {
        Some(object) => Value::Map(merge(prior.and_then(Value::as_object), object)),
        None => config.clone(),
    };
    match (nesting, config) {
        (Nesting::Single | Nesting::Group, config) => one(Some(prior), config),
        (Nesting::List, Value::List(items)) => {
            let prior = prior.as_elements().unwrap_or_default();
            Value::List(items.iter().enumerate().map(|(index, it)| one(prior.get(index), it)).collect())
        }
        (Nesting::Set, Value::Set(items)) => {
            let prior = prior.as_elements().unwrap_or_default();
            Value::set(
                items.iter().map(|it| one(prior.iter().find(|old| written_alike(old, it)), it)).collect(),
            )
        }
        (Nesting::Map, Value::Map(items)) => {
            let prior = prior.as_object();
            Value::Map(
                items
                    .iter()
                    .map(|(key, it)| (key.clone(), one(prior.and_then(|old| old.get(key)), it)))
                    .collect(),
            )
        }
        (_, other) => other.clone(),
    }
}

fn written_alike(prior: &Value, config: &Value) -> bool {
    let (Some(prior), Some(config)) = (prior.as_object(), config.as_object()) else { return false };
    config.iter().all(|(name, value)| value.is_null() || prior.get(name) == Some(value))
}

#[cfg(test)]
mod tests;
