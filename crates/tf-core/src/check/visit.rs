//! Walks over a configuration beside its schema.

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Object, Path, Relation, Step, Value};

type OnAttribute<'a> = dyn FnMut(&Path, &Attribute, &Value) + 'a;
type OnBlock<'a> = dyn FnMut(&Path, &str) + 'a;
type OnObject<'a> = dyn FnMut(&Path, &Rules<'_>, &Object) + 'a;

/// The rules across the members of an object, some of which are blocks.
pub(super) struct Rules<'a> {
    pub(super) relations: &'a [Relation],
    pub(super) blocks: &'a [NestedBlock],
}

/// Visits every attribute of every object that is there, with its value. Elements of sets have the path of the set.
pub(super) fn attributes(block: &Block, config: &Object, visit: &mut OnAttribute<'_>) {
    in_block(block, &Path::root(), config, visit);
}

/// Visits every deprecated nested block that is there, with the reason.
pub(super) fn blocks(block: &Block, config: &Object, visit: &mut OnBlock<'_>) {
    deprecated_in(block, &Path::root(), config, visit);
}

/// Visits every object that is there, with the rules across its members.
pub(super) fn objects(block: &Block, config: &Object, visit: &mut OnObject<'_>) {
    object_of_block(block, &Path::root(), config, visit);
}

fn object_of_block(block: &Block, path: &Path, object: &Object, visit: &mut OnObject<'_>) {
    visit(path, &Rules { relations: &block.relations, blocks: &block.blocks }, object);
    objects_among(&block.attributes, path, object, visit);
    for nested in &block.blocks {
        let path = path.then(Step::Attribute(nested.name.clone()));
        let value = object.get(&nested.name).unwrap_or(&Value::Null);
        each_object(nested.nesting, &path, value, &mut |path, object| {
            object_of_block(&nested.block, path, object, visit);
        });
    }
}

fn objects_among(attributes: &[Attribute], path: &Path, object: &Object, visit: &mut OnObject<'_>) {
    for attribute in attributes {
        let AttributeType::Nested { nesting, attributes } = &attribute.ty else { continue };
        let path = path.then(Step::Attribute(attribute.name.clone()));
        let value = object.get(&attribute.name).unwrap_or(&Value::Null);
        each_object(*nesting, &path, value, &mut |path, object| {
            visit(path, &Rules { relations: &attribute.behavior.relations, blocks: &[] }, object);
            objects_among(attributes, path, object, visit);
        });
    }
}

fn in_block(block: &Block, path: &Path, object: &Object, visit: &mut OnAttribute<'_>) {
    in_attributes(&block.attributes, path, object, visit);
    for nested in &block.blocks {
        let path = path.then(Step::Attribute(nested.name.clone()));
        let value = object.get(&nested.name).unwrap_or(&Value::Null);
        each_object(nested.nesting, &path, value, &mut |path, object| {
            in_block(&nested.block, path, object, visit)
        });
    }
}

fn in_attributes(attributes: &[Attribute], path: &Path, object: &Object, visit: &mut OnAttribute<'_>) {
    for attribute in attributes {
        let path = path.then(Step::Attribute(attribute.name.clone()));
        let value = object.get(&attribute.name).unwrap_or(&Value::Null);
        visit(&path, attribute, value);
        if let AttributeType::Nested { nesting, attributes } = &attribute.ty {
            each_object(*nesting, &path, value, &mut |path, object| {
                in_attributes(attributes, path, object, visit)
            });
        }
    }
}

fn deprecated_in(block: &Block, path: &Path, object: &Object, visit: &mut OnBlock<'_>) {
    for nested in &block.blocks {
        let path = path.then(Step::Attribute(nested.name.clone()));
        let value = object.get(&nested.name).unwrap_or(&Value::Null);
        let mut objects = 0;
        each_object(nested.nesting, &path, value, &mut |path, object| {
            objects += 1;
            deprecated_in(&nested.block, path, object, visit);
        });
        if let Some(reason) = nested.block.deprecated.as_ref().filter(|_| objects > 0) {
            visit(&path, reason);
        }
    }
}

/// Visits the object, or every object of the collection.
fn each_object(nesting: Nesting, path: &Path, value: &Value, visit: &mut dyn FnMut(&Path, &Object)) {
    match (nesting, value) {
        (_, Value::Dynamic(inner)) => each_object(nesting, path, &inner.1, visit),
        (Nesting::Map, Value::Map(members)) => {
            for (key, member) in members {
                each_object(Nesting::Single, &path.then(Step::Key(key.clone())), member, visit);
            }
        }
        (_, Value::Map(members)) => visit(path, members),
        (_, Value::List(items)) => {
            for (index, item) in (0_i64..).zip(items) {
                each_object(Nesting::Single, &path.then(Step::Index(index)), item, visit);
            }
        }
        (_, Value::Set(items)) => items.iter().for_each(|it| each_object(Nesting::Single, path, it, visit)),
        _ => {}
    }
}
