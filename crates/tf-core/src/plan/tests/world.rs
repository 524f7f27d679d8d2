//! What Terraform and a remote system do around a plan, for tests.

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Number, Object, Schema, Type, Value};

static NULL: Value = Value::Null;

fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.as_object().and_then(|it| it.get(name)).unwrap_or(&NULL)
}

/// Terraform's merge of the prior state and the configuration.
pub fn proposed(schema: &Schema, prior: Option<&Object>, config: &Object) -> Object {
    let prior = prior.map_or(Value::Null, |it| Value::Map(it.clone()));
    let merged = merge(&schema.block.attributes, &schema.block.blocks, &prior, &Value::Map(config.clone()));
    merged.as_object().unwrap().clone()
}

fn merge(attributes: &[Attribute], blocks: &[NestedBlock], prior: &Value, config: &Value) -> Value {
    if config.as_object().is_none() {
        return config.clone();
    }
    let mut members = Object::new();
    for attribute in attributes {
        let (prior, config) = (member(prior, &attribute.name), member(config, &attribute.name));
        members.insert(attribute.name.clone(), merge_attribute(attribute, prior, config));
    }
    for NestedBlock { name, block, nesting, .. } in blocks {
        let merge = |prior: &Value, config: &Value| merge(&block.attributes, &block.blocks, prior, config);
        members
            .insert(name.clone(), merge_nested(*nesting, member(prior, name), member(config, name), &merge));
    }
    Value::Map(members)
}

fn merge_attribute(attribute: &Attribute, prior: &Value, config: &Value) -> Value {
    let computed = attribute.behavior.on_wire().computed;
    match &attribute.ty {
        AttributeType::Nested { attributes, nesting } if !config.is_null() => {
            let merge = |prior: &Value, config: &Value| merge(attributes, &[], prior, config);
            merge_nested(*nesting, prior, config, &merge)
        }
        AttributeType::Nested { attributes, .. }
            if computed && attribute.behavior.on_wire().optional && has_user_values(attributes, prior) =>
        {
            Value::Null
        }
        _ if computed && config.is_null() => prior.clone(),
        _ => config.clone(),
    }
}

/// Whether the prior value must have come from the user.
fn has_user_values(attributes: &[Attribute], value: &Value) -> bool {
    match value {
        Value::Map(members) => members.iter().any(|(name, value)| {
            let user_alone = attributes.iter().any(|it| it.name == *name && !it.behavior.on_wire().computed);
            (user_alone && !value.is_null()) || has_user_values(attributes, value)
        }),
        Value::List(items) | Value::Set(items) => items.iter().any(|it| has_user_values(attributes, it)),
        _ => false,
    }
}

fn merge_nested(
    nesting: Nesting,
    prior: &Value,
    config: &Value,
    merge: &dyn Fn(&Value, &Value) -> Value,
) -> Value {
    let prior_items = prior.as_elements().unwrap_or_default();
    match (nesting, config) {
        (Nesting::Single | Nesting::Group, config) => merge(prior, config),
        (Nesting::List, Value::List(items)) => {
            let item = |(at, config)| merge(prior_items.get(at).unwrap_or(&NULL), config);
            Value::List(items.iter().enumerate().map(item).collect())
        }
        (Nesting::Map, Value::Map(members)) => {
            let item = |(key, config): (&String, &Value)| (key.clone(), merge(member(prior, key), config));
            Value::Map(members.iter().map(item).collect())
        }
        (Nesting::Set, Value::Set(items)) => {
            let item =
                |config| merge(prior_items.iter().find(|it| agrees(config, it)).unwrap_or(&NULL), config);
            Value::set(items.iter().map(item).collect())
        }
        (_, other) => other.clone(),
    }
}

fn agrees(config: &Value, prior: &Value) -> bool {
    match (config, prior) {
        (Value::Null, _) => true,
        (Value::Map(config), Value::Map(_)) => {
            config.iter().all(|(name, it)| agrees(it, member(prior, name)))
        }
        (config, prior) => config == prior,
    }
}

/// Carries a plan out: everything left open gets a value.
pub fn apply(schema: &Schema, planned: &Object) -> Object {
    // Beyond the numbers that configurations use, so that what is made is new.
    let mut world = World { made: 100 };
    let mut state = world.block(&schema.block, planned);
    crate::stored::strip_write_only(schema, &mut state);
    state
}

struct World {
    made: i64,
}

impl World {
    fn block(&mut self, block: &Block, planned: &Object) -> Object {
        let Type::Object(types) = block.implied_type() else { panic!("a block is an object") };
        types.iter().map(|(name, ty)| (name.clone(), self.settle(&planned[name], ty))).collect()
    }

    fn settle(&mut self, planned: &Value, ty: &Type) -> Value {
        match (planned, ty) {
            (Value::Unknown(_), ty) => self.make(ty),
            (Value::List(items), Type::List(ty)) => {
                Value::List(items.iter().map(|it| self.settle(it, ty)).collect())
            }
            (Value::Set(items), Type::Set(ty)) => {
                Value::set(items.iter().map(|it| self.settle(it, ty)).collect())
            }
            (Value::Map(members), Type::Map(ty)) => {
                Value::Map(members.iter().map(|(key, it)| (key.clone(), self.settle(it, ty))).collect())
            }
            (Value::Map(members), Type::Object(types)) => Value::Map(
                members.iter().map(|(key, it)| (key.clone(), self.settle(it, &types[key]))).collect(),
            ),
            (known, _) => known.clone(),
        }
    }

    fn make(&mut self, ty: &Type) -> Value {
        self.made += 1;
        match ty {
            Type::Bool => Value::Bool(true),
            Type::Number => Value::Number(Number::from(self.made)),
            Type::String => Value::string(format!("made {}", self.made)),
            Type::Dynamic => Value::Dynamic(Box::new((Type::Bool, Value::Bool(true)))),
            Type::List(ty) => Value::List(vec![self.make(ty)]),
            Type::Set(ty) => Value::set(vec![self.make(ty)]),
            Type::Map(ty) => Value::Map([("made".to_owned(), self.make(ty))].into()),
            Type::Tuple(types) => Value::List(types.iter().map(|it| self.make(it)).collect()),
            Type::Object(types) => {
                Value::Map(types.iter().map(|(name, it)| (name.clone(), self.make(it))).collect())
            }
        }
    }
}
