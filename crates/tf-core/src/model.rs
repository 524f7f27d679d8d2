//! Rust structs as Terraform objects.

use std::fmt;

use crate::{
    Attribute, AttributeType, Nesting, Number, Object, Path, Secret, Spec, Step, Type, Value, WriteOnly,
};

/// What Terraform knows of one attribute.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Attr<T> {
    /// Absent.
    #[default]
    Null,
    /// Known after apply.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, if it is known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Attr::Known(it) => Some(it),
            _ => None,
        }
    }
}

/// A value that does not have the type its model wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where.
    pub path: Path,
    /// What the model wants.
    pub expected: &'static str,
    /// What is there.
    pub found: &'static str,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at `{}`, found {}", self.expected, self.path, self.found)
    }
}

impl std::error::Error for Mismatch {}

impl Mismatch {
    /// A mismatch at the value itself.
    pub fn new(expected: &'static str, found: &Value) -> Mismatch {
        Mismatch { path: Path::root(), expected, found: found.kind() }
    }

    fn below(mut self, step: Step) -> Mismatch {
        self.path.0.insert(0, step);
        self
    }
}

/// A Rust type that is also a Terraform type.
pub trait Codec: Sized + 'static {
    /// Whether values of it are never shown.
    const SENSITIVE: bool = false;
    /// Whether values of it are never stored.
    const WRITE_ONLY: bool = false;
    /// Its Terraform type.
    fn ty() -> AttributeType;
    /// As a value.
    fn encode(&self) -> Value;
    /// From a value.
    ///
    /// # Errors
    /// The value has another type.
    fn decode(value: &Value) -> Result<Self, Mismatch>;
}

macro_rules! scalar {
    ($ty:ty, $type:ident, $name:literal, $encode:expr, $pattern:pat => $decode:expr) => {
        impl Codec for $ty {
            fn ty() -> AttributeType {
                AttributeType::Plain(Type::$type)
            }
            fn encode(&self) -> Value {
                ($encode)(self)
            }
            fn decode(value: &Value) -> Result<Self, Mismatch> {
                match value {
                    $pattern => $decode,
                    _ => None,
                }
                .ok_or_else(|| Mismatch::new($name, value))
            }
        }
    };
}
scalar!(bool, Bool, "bool", |it: &bool| Value::Bool(*it), Value::Bool(it) => Some(*it));
scalar!(String, String, "string", |it: &String| Value::string(it.clone()), Value::String(it) => Some(it.clone()));
scalar!(Number, Number, "number", |it: &Number| Value::Number(it.clone()), Value::Number(it) => Some(it.clone()));
scalar!(i64, Number, "whole number", |it: &i64| Value::Number(Number::from(*it)), Value::Number(it) => it.to_i64());

impl Codec for Secret {
    const SENSITIVE: bool = true;
    fn ty() -> AttributeType {
        AttributeType::Plain(Type::String)
    }
    fn encode(&self) -> Value {
        Value::string(self.expose())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        String::decode(value).map(Secret::new)
    }
}

impl<T: Codec> Codec for WriteOnly<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    const WRITE_ONLY: bool = true;
    fn ty() -> AttributeType {
        T::ty()
    }
    fn encode(&self) -> Value {
        self.0.encode()
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        T::decode(value).map(WriteOnly)
    }
}

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

impl<T: Codec> Codec for Vec<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    fn ty() -> AttributeType {
        collection(T::ty(), Nesting::List, Type::List)
    }
    fn encode(&self) -> Value {
        Value::List(self.iter().map(T::encode).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::List(items) = value else { return Err(Mismatch::new("list", value)) };
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
    fn encode(&self) -> Value {
        Value::set(self.0.iter().map(T::encode).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::Set(items) = value else { return Err(Mismatch::new("set", value)) };
        items.iter().map(T::decode).collect::<Result<_, _>>().map(SetOf)
    }
}

impl<T: Codec> Codec for std::collections::BTreeMap<String, T> {
    const SENSITIVE: bool = T::SENSITIVE;
    fn ty() -> AttributeType {
        collection(T::ty(), Nesting::Map, Type::Map)
    }
    fn encode(&self) -> Value {
        Value::Map(self.iter().map(|(key, it)| (key.clone(), it.encode())).collect())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        let Value::Map(members) = value else { return Err(Mismatch::new("map", value)) };
        let decoded = |(key, item): (&String, &Value)| {
            Ok((key.clone(), T::decode(item).map_err(|it: Mismatch| it.below(Step::Key(key.clone())))?))
        };
        members.iter().map(decoded).collect()
    }
}

impl<M: Model> Codec for M {
    fn ty() -> AttributeType {
        AttributeType::Nested { nesting: Nesting::Single, attributes: attributes::<M>() }
    }
    fn encode(&self) -> Value {
        Value::Map(self.to_object())
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(object) => M::from_object(object),
            other => Err(Mismatch::new("object", other)),
        }
    }
}

impl<T: Codec> Codec for Attr<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    const WRITE_ONLY: bool = T::WRITE_ONLY;
    fn ty() -> AttributeType {
        T::ty()
    }
    fn encode(&self) -> Value {
        match self {
            Attr::Null => Value::Null,
            Attr::Unknown => Value::unknown(),
            Attr::Known(it) => it.encode(),
        }
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        Ok(match value {
            it if it.is_null() => Attr::Null,
            it if it.is_unknown() => Attr::Unknown,
            other => Attr::Known(T::decode(other)?),
        })
    }
}

type Get<M> = Box<dyn Fn(&M) -> Value>;
type Set<M> = Box<dyn Fn(&mut M, &Value) -> Result<(), Mismatch>>;

/// One attribute of a model: its description, and how to reach it in the struct.
pub struct Field<M> {
    /// The description.
    pub attribute: Attribute,
    get: Get<M>,
    set: Set<M>,
}

impl<M: 'static> Field<M> {
    /// What the derive writes for each field.
    pub fn new<T: Codec>(
        name: &'static str,
        doc: &'static str,
        spec: Spec<T>,
        get: fn(&M) -> &Attr<T>,
        get_mut: fn(&mut M) -> &mut Attr<T>,
    ) -> Field<M> {
        Field {
            attribute: Attribute {
                name: name.to_owned(),
                doc: doc.to_owned(),
                ty: T::ty(),
                sensitive: T::SENSITIVE,
                write_only: T::WRITE_ONLY,
                behavior: spec.into_behavior(),
            },
            get: Box::new(move |model| get(model).encode()),
            set: Box::new(move |model, value| {
                *get_mut(model) = Codec::decode(value)?;
                Ok(())
            }),
        }
    }
}

/// A struct whose fields are attributes. Derive it with `#[derive(Model)]`.
///
/// The comment of a field is its documentation; the words inside `#[tf(…)]` are calls of methods of [`Spec`].
///
/// ```
/// use tf_core::{Attr, Model};
///
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     /// How many there are.
///     #[tf(optional().default(1))]
///     count: Attr<i64>,
/// }
/// ```
///
/// A field without a description does not compile:
///
/// ```compile_fail
/// # use tf_core::{Attr, Model};
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     #[tf(optional().default(1))]
///     count: Attr<i64>,
/// }
/// ```
///
/// Nor one that does not say who decides its value:
///
/// ```compile_fail
/// # use tf_core::{Attr, Model};
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     /// How many there are.
///     count: Attr<i64>,
/// }
/// ```
///
/// Nor a default of another type:
///
/// ```compile_fail
/// # use tf_core::{Attr, Model};
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     /// How many there are.
///     #[tf(optional().default("one"))]
///     count: Attr<i64>,
/// }
/// ```
///
/// Nor a word that means nothing:
///
/// ```compile_fail
/// # use tf_core::{Attr, Model};
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     /// How many there are.
///     #[tf(optionl().default(1))]
///     count: Attr<i64>,
/// }
/// ```
pub trait Model: Default + 'static {
    /// The description of the whole.
    const DOC: &'static str;
    /// One row per attribute.
    fn fields() -> Vec<Field<Self>>;

    /// As an object with every attribute present.
    fn to_object(&self) -> Object {
        Self::fields().iter().map(|it| (it.attribute.name.clone(), (it.get)(self))).collect()
    }

    /// From an object; absent members are null.
    ///
    /// # Errors
    /// A member has another type; the path says which.
    fn from_object(object: &Object) -> Result<Self, Mismatch> {
        let mut model = Self::default();
        for field in Self::fields() {
            let name = &field.attribute.name;
            (field.set)(&mut model, object.get(name).unwrap_or(&Value::Null))
                .map_err(|it| it.below(Step::Attribute(name.clone())))?;
        }
        Ok(model)
    }
}

/// The attributes of a model.
pub fn attributes<M: Model>() -> Vec<Attribute> {
    M::fields().into_iter().map(|it| it.attribute).collect()
}

/// The schema of a model, at version 0.
pub fn schema<M: Model>() -> crate::Schema {
    crate::Schema {
        version: 0,
        block: crate::Block {
            doc: M::DOC.to_owned(),
            attributes: attributes::<M>(),
            ..crate::Block::default()
        },
    }
}

#[cfg(test)]
mod tests;
