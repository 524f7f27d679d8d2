//! Rust structs as Terraform objects.

mod collections;
mod dynamic;
mod field;
mod whole;

use std::fmt;
use std::sync::Arc;

pub use collections::SetOf;
pub use dynamic::Dynamic;
pub use field::{Blocks, Describe, Description, Field};
pub use whole::Whole;

use crate::{
    Attribute, AttributeType, Block, Diagnostic, Diagnostics, Nesting, Number, Object, Path, Schema, Secret,
    Sensitive, Step, Type, Value, WriteOnly,
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

impl From<Mismatch> for Diagnostic {
    /// Terraform and the schema agree on the types of all values, so that a mismatch is a fault of the provider.
    fn from(it: Mismatch) -> Diagnostic {
        let detail = format!(
            "The value has another type than the provider takes it for: {it}. Nothing was done with it. This is a fault \
             of the provider, not of the configuration: report it to the provider's authors.",
        );
        let diagnostic = Diagnostic::error("The provider does not understand its own value", detail);
        if it.path == Path::root() { diagnostic } else { diagnostic.at(it.path) }
    }
}

impl From<Mismatch> for Diagnostics {
    fn from(it: Mismatch) -> Diagnostics {
        Diagnostic::from(it).into()
    }
}

impl Mismatch {
    /// A mismatch at the value itself.
    pub fn new(expected: &'static str, found: &Value) -> Mismatch {
        Mismatch { path: Path::root(), expected, found: found.kind() }
    }

    /// The same, seen from one step above.
    #[must_use]
    pub fn below(mut self, step: Step) -> Mismatch {
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
    /// Of an object or of objects: what holds for each as a whole.
    fn whole() -> Whole {
        Whole::default()
    }
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

impl<T: Codec> Codec for Sensitive<T> {
    const SENSITIVE: bool = true;
    fn ty() -> AttributeType {
        T::ty()
    }
    fn whole() -> Whole {
        T::whole()
    }
    fn encode(&self) -> Value {
        self.0.encode()
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        T::decode(value).map(Sensitive)
    }
}

impl<T: Codec> Codec for WriteOnly<T> {
    const SENSITIVE: bool = T::SENSITIVE;
    const WRITE_ONLY: bool = true;
    fn ty() -> AttributeType {
        T::ty()
    }
    fn whole() -> Whole {
        T::whole()
    }
    fn encode(&self) -> Value {
        self.0.encode()
    }
    fn decode(value: &Value) -> Result<Self, Mismatch> {
        T::decode(value).map(WriteOnly)
    }
}

impl<M: Model> Codec for M {
    fn ty() -> AttributeType {
        AttributeType::Nested { nesting: Nesting::Single, attributes: attributes::<M>() }
    }
    fn whole() -> Whole {
        <M as Model>::whole()
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
    fn whole() -> Whole {
        T::whole()
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
///
/// Attributes that several models share are a model of their own, whose attributes stand in the place of the field:
///
/// ```
/// use tf_core::{Attr, Model, model};
///
/// /// What has a name.
/// #[derive(Default, Model)]
/// struct Named {
///     /// The name.
///     #[tf(required())]
///     name: Attr<String>,
/// }
///
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     #[tf(flatten())]
///     named: Named,
///     /// How many there are.
///     #[tf(optional().default(1))]
///     count: Attr<i64>,
/// }
///
/// let names: Vec<String> = model::attributes::<Thing>().into_iter().map(|it| it.name).collect();
/// assert_eq!(names, ["name", "count"]);
/// ```
///
/// Such a field is the other model itself, which is neither unknown nor null as a whole:
///
/// ```compile_fail
/// # use tf_core::{Attr, Model};
/// /// What has a name.
/// #[derive(Default, Model)]
/// struct Named {
///     /// The name.
///     #[tf(required())]
///     name: Attr<String>,
/// }
///
/// /// A thing.
/// #[derive(Default, Model)]
/// struct Thing {
///     #[tf(flatten())]
///     named: Attr<Named>,
/// }
/// ```
pub trait Model: Default + 'static {
    /// The description of the whole.
    const DOC: &'static str;
    /// One row per attribute or block. Called once for every model; see [`Model::table`].
    fn fields() -> Vec<Field<Self>>;

    /// What holds for the model as a whole.
    fn whole() -> Whole {
        Whole::default()
    }

    /// The same as [`Model::fields`], made once and kept: objects come by the thousand.
    fn table() -> Arc<Vec<Field<Self>>> {
        field::table::<Self>()
    }

    /// As an object with every attribute and block present.
    fn to_object(&self) -> Object {
        Self::table().iter().map(|it| (it.name().to_owned(), it.get(self))).collect()
    }

    /// From an object; absent members are null.
    ///
    /// # Errors
    /// A member has another type; the path says which.
    fn from_object(object: &Object) -> Result<Self, Mismatch> {
        let mut model = Self::default();
        for field in Self::table().iter() {
            let value = object.get(field.name()).unwrap_or(&Value::Null);
            field.set(&mut model, value).map_err(|it| it.below(Step::Attribute(field.name().to_owned())))?;
        }
        Ok(model)
    }
}

/// The attributes of a model, without its blocks.
pub fn attributes<M: Model>() -> Vec<Attribute> {
    let attribute = |it: &Field<M>| match it.description() {
        Description::Attribute(attribute) => Some((**attribute).clone()),
        Description::Block(_) => None,
    };
    M::table().iter().filter_map(attribute).collect()
}

/// A model as a block.
pub fn block<M: Model>() -> Block {
    let nested = |it: &Field<M>| match it.description() {
        Description::Attribute(_) => None,
        Description::Block(block) => Some(block.clone()),
    };
    let Whole { relations, deprecated, .. } = <M as Model>::whole();
    Block {
        doc: M::DOC.to_owned(),
        attributes: attributes::<M>(),
        blocks: M::table().iter().filter_map(nested).collect(),
        relations,
        deprecated,
    }
}

/// The schema of a model.
pub fn schema<M: Model>() -> Schema {
    Schema { version: <M as Model>::whole().version, block: block::<M>() }
}

#[cfg(test)]
mod tests;
