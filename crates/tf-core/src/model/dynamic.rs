//! A value of any type in a model, and collections of blocks that hold such values.

use super::{Codec, Mismatch};
use crate::{AttributeType, Object, Type, Value};

/// A value that says its own type. Null and unknown are possible inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Dynamic {
    /// Its type.
    pub ty: Type,
    /// A value of that type.
    pub value: Value,
}

impl Codec for Dynamic {
    fn ty() -> AttributeType {
        AttributeType::Plain(Type::Dynamic)
    }
    fn encode(&self) -> Value {
        Value::Dynamic(Box::new((self.ty.clone(), self.value.clone())))
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Dynamic(inner) => Ok(Dynamic { ty: inner.0.clone(), value: inner.1.clone() }),
            other => Err(Mismatch::new("value that says its own type", other)),
        }
    }
}

/// A list or map of blocks that hold values of any type travels as a tuple or an object that says its own type; inside
/// it nothing else does.
pub(super) fn wrapped(blocks: Value, element: &Type) -> Value {
    match blocks {
        Value::List(items) => {
            let (types, items) = items.into_iter().map(|it| stated(it, element)).unzip();
            Value::Dynamic(Box::new((Type::Tuple(types), Value::List(items))))
        }
        Value::Map(members) => {
            let stated = members.into_iter().map(|(key, it)| (key, stated(it, element)));
            let (mut types, mut members) = (std::collections::BTreeMap::new(), Object::new());
            for (key, (ty, value)) in stated {
                types.insert(key.clone(), ty);
                members.insert(key, value);
            }
            Value::Dynamic(Box::new((Type::Object(types), Value::Map(members))))
        }
        other => other,
    }
}

/// The reverse of [`wrapped`].
pub(super) fn unwrapped(value: &Value, element: &Type) -> Value {
    match value {
        Value::Dynamic(inner) => match (&inner.0, &inner.1) {
            (Type::Tuple(types), Value::List(items)) => {
                Value::List(items.iter().zip(types).map(|(it, ty)| stating(it, ty, element)).collect())
            }
            (Type::Object(types), Value::Map(members)) => {
                let member = |(key, it): (&String, &Value)| {
                    let ty = types.get(key).unwrap_or(&Type::Dynamic);
                    (key.clone(), stating(it, ty, element))
                };
                Value::Map(members.iter().map(member).collect())
            }
            // The elements have one type after all, or it is null or not known.
            (_, other) => other.clone(),
        },
        other => other.clone(),
    }
}

/// A value of a type with dynamic parts as the type that it turns out to have, and the value without its own types.
fn stated(value: Value, ty: &Type) -> (Type, Value) {
    match (value, ty) {
        (Value::Dynamic(inner), Type::Dynamic) => *inner,
        (Value::Map(members), Type::Object(types)) => {
            let (mut own, mut plain) = (std::collections::BTreeMap::new(), Object::new());
            let mut members = members;
            for (name, ty) in types {
                let (ty, value) = stated(members.remove(name).unwrap_or(Value::Null), ty);
                own.insert(name.clone(), ty);
                plain.insert(name.clone(), value);
            }
            (Type::Object(own), Value::Map(plain))
        }
        (value, ty) => (ty.clone(), value),
    }
}

/// The reverse of [`stated`].
fn stating(value: &Value, own: &Type, ty: &Type) -> Value {
    match (value, own, ty) {
        (value, own, Type::Dynamic) if *own != Type::Dynamic => {
            Value::Dynamic(Box::new((own.clone(), value.clone())))
        }
        (Value::Map(members), Type::Object(own), Type::Object(types)) => {
            let member = |(name, it): (&String, &Value)| match (own.get(name), types.get(name)) {
                (Some(own), Some(ty)) => (name.clone(), stating(it, own, ty)),
                _ => (name.clone(), it.clone()),
            };
            Value::Map(members.iter().map(member).collect())
        }
        (value, _, _) => value.clone(),
    }
}
