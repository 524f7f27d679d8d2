//! Takes out of an object what may not be stored in a state.

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Object, Schema, Value};

/// Turns every write-only attribute to null.
pub fn strip_write_only(schema: &Schema, object: &mut Object) {
    strip_block(&schema.block, object);
}

/// Turns every unknown part to null.
pub fn null_unknowns(object: &mut Object) {
    object.values_mut().for_each(null_unknown);
}

fn null_unknown(value: &mut Value) {
    match value {
        Value::Unknown(_) => *value = Value::Null,
        Value::List(items) => items.iter_mut().for_each(null_unknown),
        Value::Set(items) => {
            let mut items = std::mem::take(items);
            items.iter_mut().for_each(null_unknown);
            *value = Value::set(items);
        }
        Value::Map(members) => null_unknowns(members),
        Value::Dynamic(inner) => null_unknown(&mut inner.1),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn strip_block(block: &Block, object: &mut Object) {
    strip_attributes(&block.attributes, object);
    for NestedBlock { name, block, nesting, .. } in &block.blocks {
        if let Some(value) = object.get_mut(name) {
            each_object(value, *nesting, &mut |members| strip_block(block, members));
        }
    }
}

fn strip_attributes(attributes: &[Attribute], object: &mut Object) {
    for attribute in attributes {
        let Some(value) = object.get_mut(&attribute.name) else { continue };
        match &attribute.ty {
            _ if attribute.write_only => *value = Value::Null,
            AttributeType::Nested { nesting, attributes } => {
                each_object(value, *nesting, &mut |members| strip_attributes(attributes, members));
            }
            AttributeType::Plain(_) => {}
        }
    }
}

/// Visits the object, or every object of the collection.
fn each_object(value: &mut Value, nesting: Nesting, visit: &mut dyn FnMut(&mut Object)) {
    match (value, nesting) {
        (Value::Dynamic(inner), _) => each_object(&mut inner.1, nesting, visit),
        (Value::Map(members), Nesting::Map) => {
            members.values_mut().for_each(|it| each_object(it, Nesting::Single, visit));
        }
        (Value::Map(members), _) => visit(members),
        (Value::List(items), _) => items.iter_mut().for_each(|it| each_object(it, Nesting::Single, visit)),
        (Value::Set(items), _) => {
            items.iter_mut().for_each(|it| each_object(it, Nesting::Single, visit));
            items.sort();
            items.dedup_by(|one, other| one == other && one.is_wholly_known());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
