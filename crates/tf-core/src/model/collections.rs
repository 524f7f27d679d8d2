//! Lists, sets and maps in models.

use std::collections::BTreeMap;

use super::{Codec, Mismatch, Whole};
use crate::{AttributeType, Nesting, Step, Type, Value};

/// The type of a collection. Only one level of objects can have attributes of its own; what is nested more deeply is a
/// plain value.
fn collection(element: AttributeType, nesting: Nesting, plain: fn(Box<Type>) -> Type) -> AttributeType {
    match element {
        AttributeType::Nested { nesting: Nesting::Single, attributes } => {
            AttributeType::Nested { nesting, attributes }
        }
        element => AttributeType::Plain(plain(Box::new(element.implied_type()))),
    }
}

/// The value inside, where a collection of blocks says its own type.
fn own(value: &Value) -> &Value {
    match value {
        Value::Dynamic(inner) => &inner.1,
        other => other,
    }
}

impl<T: Codec> Codec for Vec<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    fn ty() -> AttributeType {
        collection(T::ty(), Nesting::List, Type::List)
    }
    fn whole() -> Whole {
        T::whole()
    }
    fn encode(&self) -> Value {
        Value::List(self.iter().map(T::encode).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::List(items) = own(value) else { return Err(Mismatch::new("list", value)) };
        let decoded = |(index, item)| T::decode(item).map_err(|it| it.below(Step::Index(index)));
        (0_i64..).zip(items).map(decoded).collect()
    }
}

/// A set attribute: no order, no duplicates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetOf<T>(pub Vec<T>);

impl<T: Codec> Codec for SetOf<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    fn ty() -> AttributeType {
        collection(T::ty(), Nesting::Set, Type::Set)
    }
    fn whole() -> Whole {
        T::whole()
    }
    fn encode(&self) -> Value {
        Value::set(self.0.iter().map(T::encode).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::Set(items) = value else { return Err(Mismatch::new("set", value)) };
        items.iter().map(T::decode).collect::<Result<_, _>>().map(SetOf)
    }
}

impl<T: Codec> Codec for BTreeMap<String, T> {
    const SENSITIVE: bool = T::SENSITIVE;
    fn ty() -> AttributeType {
        collection(T::ty(), Nesting::Map, Type::Map)
    }
    fn whole() -> Whole {
        T::whole()
    }
    fn encode(&self) -> Value {
        Value::Map(self.iter().map(|(key, it)| (key.clone(), it.encode())).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::Map(members) = own(value) else { return Err(Mismatch::new("map", value)) };
        let decoded = |(key, item): (&String, &Value)| {
            Ok((key.clone(), T::decode(item).map_err(|it: Mismatch| it.below(Step::Key(key.clone())))?))
        };
        members.iter().map(decoded).collect()
    }
}
