//! What of an object a user would write down: not what the provider decides, and not what goes without saying.

use tf_core::{Attribute, AttributeType, Block, Mode, NestedBlock, Nesting, Object, Value};

/// The attributes and blocks as a user would write them; what is left out is null.
pub(super) fn written(block: &Block, object: &Object) -> Object {
    let mut config = attributes(&block.attributes, object);
    for nested in &block.blocks {
        let value = object.get(&nested.name).unwrap_or(&Value::Null);
        config.insert(nested.name.clone(), nested_block(nested, value));
    }
    config
}

fn attributes(attributes: &[Attribute], object: &Object) -> Object {
    let of = |it: &Attribute| attribute(it, object.get(&it.name).unwrap_or(&Value::Null));
    attributes.iter().map(|it| (it.name.clone(), of(it))).collect()
}

fn attribute(attribute: &Attribute, value: &Value) -> Value {
    let behavior = &attribute.behavior;
    let required = behavior.mode == Mode::Required;
    let not_theirs = attribute.write_only || behavior.mode == Mode::Computed;
    let better_not = !required && behavior.deprecated.is_some();
    let goes_without_saying = behavior.default.as_ref() == Some(value);
    // A service often has no null for a text. What the user may leave out is left out then.
    let empty = behavior.mode == Mode::Optional && matches!(value, Value::String(text) if text.is_empty());
    if not_theirs || better_not || goes_without_saying || empty {
        return Value::Null;
    }
    match &attribute.ty {
        AttributeType::Plain(_) => value.clone(),
        AttributeType::Nested { nesting, attributes: inner } => {
            each(*nesting, value, &|object| attributes(inner, object))
        }
    }
}

fn nested_block(nested: &NestedBlock, value: &Value) -> Value {
    each(nested.nesting, value, &|object| written(&nested.block, object))
}

/// The same for the object, or for every object of the collection.
fn each(nesting: Nesting, value: &Value, part: &dyn Fn(&Object) -> Object) -> Value {
    let element = |it: &Value| match it {
        Value::Map(object) => Value::Map(part(object)),
        other => other.clone(),
    };
    match (nesting, value) {
        (Nesting::Map, Value::Map(members)) => {
            Value::Map(members.iter().map(|(key, it)| (key.clone(), element(it))).collect())
        }
        (_, Value::List(items)) => Value::List(items.iter().map(element).collect()),
        (_, Value::Set(items)) => Value::set(items.iter().map(element).collect()),
        (_, other) => element(other),
    }
}

#[cfg(test)]
mod tests;
