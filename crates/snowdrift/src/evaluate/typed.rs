//! A value together with its type, as Terraform's language computes with them.

use std::collections::BTreeMap;

use tf_core::{Number, Object, Type, Value};

use super::marks::Marks;

/// A value that conforms to its type.
///
/// The type decides what an operation does: `"1" == 1` is false, and a list is not equal to a tuple of the same
/// elements. An unknown value stands for whatever cannot be decided here.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// Its type; `Dynamic` for a null and for an unknown value of which not even that is known.
    pub ty: Type,
    /// The value.
    pub value: Value,
    /// The parts of it that must not be shown.
    pub marks: Marks,
}

impl Typed {
    /// A value of that type.
    pub fn new(ty: Type, value: Value) -> Typed {
        Typed { ty, value, marks: Marks::None }
    }

    /// `null` without a type.
    pub fn null() -> Typed {
        Typed::new(Type::Dynamic, Value::Null)
    }

    /// A value of which nothing is known.
    pub fn unknown() -> Typed {
        Typed::unknown_of(Type::Dynamic)
    }

    /// A value of which the type is known.
    pub fn unknown_of(ty: Type) -> Typed {
        Typed::new(ty, Value::unknown())
    }

    /// A string.
    pub fn string(text: impl Into<String>) -> Typed {
        Typed::new(Type::String, Value::string(text))
    }

    /// A boolean.
    pub fn bool(truth: bool) -> Typed {
        Typed::new(Type::Bool, Value::Bool(truth))
    }

    /// A number.
    pub fn number(number: Number) -> Typed {
        Typed::new(Type::Number, Value::Number(number))
    }

    /// A count.
    pub fn count(length: usize) -> Typed {
        Typed::number(Number::from(u64::try_from(length).unwrap_or(u64::MAX)))
    }

    /// A tuple of those elements.
    pub fn tuple(elements: Vec<Typed>) -> Typed {
        let marks =
            Marks::parts(elements.iter().enumerate().map(|(place, it)| (place.to_string(), &it.marks)));
        let (types, values) = elements.into_iter().map(|it| (it.ty, it.value)).unzip();
        Typed { ty: Type::Tuple(types), value: Value::List(values), marks }
    }

    /// An object with those members.
    pub fn object(members: BTreeMap<String, Typed>) -> Typed {
        let marks = Marks::parts(members.iter().map(|(name, it)| (name.clone(), &it.marks)));
        let mut types = BTreeMap::new();
        let mut values = Object::new();
        for (name, it) in members {
            types.insert(name.clone(), it.ty);
            values.insert(name, it.value);
        }
        Typed { ty: Type::Object(types), value: Value::Map(values), marks }
    }

    /// The same value, not to be shown if `sensitive`.
    pub fn marked(mut self, sensitive: bool) -> Typed {
        if sensitive {
            self.marks = Marks::Whole;
        }
        self
    }

    /// Whether a part of it must not be shown.
    pub fn is_sensitive(&self) -> bool {
        self.marks.any()
    }

    /// Whether nothing of it may be shown, not even how long it is.
    pub fn is_hidden(&self) -> bool {
        self.marks == Marks::Whole
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.value.is_null()
    }

    /// Whether the value itself is unknown.
    pub fn is_unknown(&self) -> bool {
        self.value.is_unknown()
    }

    /// Whether a part of it is unknown.
    pub fn has_unknown(&self) -> bool {
        !self.value.is_wholly_known()
    }

    /// What Terraform calls its type, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.ty {
            Type::Bool => "bool",
            Type::Number => "number",
            Type::String => "string",
            Type::Dynamic => "value of any type",
            Type::List(_) => "list",
            Type::Set(_) => "set",
            Type::Map(_) => "map",
            Type::Tuple(_) => "tuple",
            Type::Object(_) => "object",
        }
    }

    /// The elements of a list, tuple or set, or `None`.
    pub fn elements(&self) -> Option<Vec<Typed>> {
        let values = self.value.as_elements()?;
        let typed = |(index, value): (usize, &Value)| Typed {
            ty: element_type(&self.ty, index),
            value: value.clone(),
            marks: self.marks.part(&index.to_string()),
        };
        Some(values.iter().enumerate().map(typed).collect())
    }

    /// The members of a map or object, or `None`.
    pub fn members(&self) -> Option<BTreeMap<String, Typed>> {
        let values = self.value.as_object()?;
        let typed = |(name, value): (&String, &Value)| {
            let ty = member_type(&self.ty, name);
            (name.clone(), Typed { ty, value: value.clone(), marks: self.marks.part(name) })
        };
        Some(values.iter().map(typed).collect())
    }

    /// One member of a map or object, if it is there.
    pub fn member(&self, name: &str) -> Option<Typed> {
        let value = self.value.as_object()?.get(name)?.clone();
        Some(Typed { ty: member_type(&self.ty, name), value, marks: self.marks.part(name) })
    }

    /// The value with the type that an untyped document, such as JSON, gives it: tuples and objects.
    pub fn of(value: Value) -> Typed {
        match value {
            Value::Bool(_) => Typed::new(Type::Bool, value),
            Value::Number(_) => Typed::new(Type::Number, value),
            Value::String(_) => Typed::new(Type::String, value),
            Value::List(items) => Typed::tuple(items.into_iter().map(Typed::of).collect()),
            Value::Map(members) => {
                Typed::object(members.into_iter().map(|(name, it)| (name, Typed::of(it))).collect())
            }
            Value::Dynamic(inner) => Typed::new(inner.0, inner.1),
            Value::Null | Value::Unknown(_) | Value::Set(_) => Typed::new(Type::Dynamic, value),
        }
    }
}

/// The type of the element at that place.
fn element_type(ty: &Type, index: usize) -> Type {
    match ty {
        Type::List(element) | Type::Set(element) => (**element).clone(),
        Type::Tuple(types) => types.get(index).cloned().unwrap_or(Type::Dynamic),
        _ => Type::Dynamic,
    }
}

/// The type of the member of that name.
fn member_type(ty: &Type, name: &str) -> Type {
    match ty {
        Type::Map(element) => (**element).clone(),
        Type::Object(types) => types.get(name).cloned().unwrap_or(Type::Dynamic),
        _ => Type::Dynamic,
    }
}
