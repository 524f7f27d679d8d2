//! Terraform's types.

use std::collections::BTreeMap;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `bool`
    Bool,
    /// `number`
    Number,
    /// `string`
    String,
    /// Decided by the value itself.
    Dynamic,
    /// Ordered, elements of one type.
    List(Box<Type>),
    /// Unordered, elements of one type.
    Set(Box<Type>),
    /// String keys, elements of one type.
    Map(Box<Type>),
    /// Fixed length, each element of its own type.
    Tuple(Vec<Type>),
    /// Fixed members, each of its own type.
    Object(BTreeMap<String, Type>),
}
