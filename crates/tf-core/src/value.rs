//! A value as Terraform sees it.

use std::collections::BTreeMap;

use crate::{Number, Type};

/// The members of an object, by name.
pub type Object = BTreeMap<String, Value>;

/// A value without its type: the type comes from the schema, except inside [`Value::Dynamic`].
///
/// Strings are in Unicode normal form C; [`Value::string`] sees to it. Sets are [`Value::Set`] and hold their elements
/// sorted and without (known) duplicates; [`Value::set`] sees to it. Lists and tuples share [`Value::List`]; maps and objects
/// share [`Value::Map`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Absent.
    Null,
    /// Known after apply, with what is known of it already: never a box of nothing, [`Value::refined`] sees to it. Boxed,
    /// because it is rare and large, and values come by the hundred thousand.
    Unknown(Option<Box<Refinements>>),
    /// A boolean.
    Bool(bool),
    /// A decimal of any precision.
    Number(Number),
    /// A string in normal form C.
    String(String),
    /// A list or a tuple.
    List(Vec<Value>),
    /// A set, sorted, without duplicates.
    Set(Vec<Value>),
    /// A map or an object.
    Map(Object),
    /// A value in a dynamic position with its own type, possibly null or unknown inside.
    Dynamic(Box<(Type, Value)>),
}

/// What is known of an unknown value. All `None` means nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Refinements {
    /// `Some(false)`: certainly not null.
    pub null: Option<bool>,
    /// The string begins so.
    pub prefix: Option<String>,
    /// Lower bound of a number, and whether it is inclusive.
    pub lower: Option<(Number, bool)>,
    /// Upper bound of a number, and whether it is inclusive.
    pub upper: Option<(Number, bool)>,
    /// Least number of elements of a collection.
    pub length_min: Option<u64>,
    /// Greatest number of elements of a collection.
    pub length_max: Option<u64>,
}

impl Value {
    /// An unknown value of which nothing is known.
    pub fn unknown() -> Value {
        Value::Unknown(None)
    }

    /// An unknown value of which something is known already.
    pub fn refined(refinements: Refinements) -> Value {
        Value::Unknown((refinements != Refinements::default()).then(|| Box::new(refinements)))
    }

    /// A string, brought into normal form C.
    pub fn string(text: impl Into<String>) -> Value {
        use unicode_normalization::{UnicodeNormalization, is_nfc};
        let text = text.into();
        Value::String(if is_nfc(&text) { text } else { text.nfc().collect() })
    }

    /// A set: sorted, duplicates removed. Elements with unknown parts all stay, because they may turn out to differ.
    pub fn set(mut elements: Vec<Value>) -> Value {
        elements.sort();
        elements.dedup_by(|one, other| one == other && one.is_wholly_known());
        Value::Set(elements)
    }

    /// Whether the value is null, also a typed null in a dynamic position.
    pub fn is_null(&self) -> bool {
        match self {
            Value::Null => true,
            Value::Dynamic(inner) => inner.1.is_null(),
            _ => false,
        }
    }

    /// Whether the value itself is unknown (its parts may be even when it is not).
    pub fn is_unknown(&self) -> bool {
        match self {
            Value::Unknown(_) => true,
            Value::Dynamic(inner) => inner.1.is_unknown(),
            _ => false,
        }
    }

    /// Whether no part of the value is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Value::Unknown(_) => false,
            Value::List(items) | Value::Set(items) => items.iter().all(Value::is_wholly_known),
            Value::Map(members) => members.values().all(Value::is_wholly_known),
            Value::Dynamic(inner) => inner.1.is_wholly_known(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }

    /// The text, if this is a known string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth, if this is a known boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The elements, if this is a known list, tuple or set.
    pub fn as_elements(&self) -> Option<&[Value]> {
        match self {
            Value::List(items) | Value::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The members, if this is a known map or object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Value::Map(members) => Some(members),
            _ => None,
        }
    }

    /// What kind of value this is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Unknown(_) => "unknown",
            Value::Bool(_) => "bool",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::List(_) => "list",
            Value::Set(_) => "set",
            Value::Map(_) => "object",
            Value::Dynamic(inner) => inner.1.kind(),
        }
    }
}

#[cfg(test)]
mod tests;
