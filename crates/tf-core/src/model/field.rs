//! The rows of a model: what Terraform knows of a field, and how to reach it in the struct.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::{Attr, Codec, Mismatch, Model, SetOf, block, dynamic};
use crate::{Attribute, Block, NestedBlock, Nesting, Spec, Type, Value};

/// What Terraform knows of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Description {
    /// It is an attribute.
    Attribute(Box<Attribute>),
    /// It is a nested block, or several.
    Block(NestedBlock),
}

impl Description {
    /// Should not be used any more, because of the reason given, unless there is one of its own.
    fn deprecate(&mut self, reason: &str) {
        let own = match self {
            Description::Attribute(it) => &mut it.behavior.deprecated,
            Description::Block(it) => &mut it.block.deprecated,
        };
        own.get_or_insert_with(|| reason.to_owned());
    }
}

/// What stands in `#[tf(…)]` above a field: something that describes a field of type `Attr<T>`.
pub trait Describe<T> {
    /// With the name and the documentation of the field.
    fn describe(self, name: &str, doc: &str) -> Description;
}

impl<T: Codec> Describe<T> for Spec<T> {
    fn describe(self, name: &str, doc: &str) -> Description {
        let whole = T::whole();
        let mut behavior = self.into_behavior();
        behavior.relations = whole.relations;
        behavior.deprecated = behavior.deprecated.or(whole.deprecated);
        Description::Attribute(Box::new(Attribute {
            name: name.to_owned(),
            doc: doc.to_owned(),
            ty: T::ty(),
            sensitive: T::SENSITIVE,
            write_only: T::WRITE_ONLY,
            behavior,
        }))
    }
}

/// A model, or a collection of models: what can be written as blocks.
pub trait Blocks: Codec {
    /// How many there are.
    const NESTING: Nesting;
    /// What is in one of them.
    fn block() -> Block;
}

impl<M: Model> Blocks for M {
    const NESTING: Nesting = Nesting::Single;
    fn block() -> Block {
        block::<M>()
    }
}

impl<M: Model> Blocks for Vec<M> {
    const NESTING: Nesting = Nesting::List;
    fn block() -> Block {
        block::<M>()
    }
}

impl<M: Model> Blocks for SetOf<M> {
    const NESTING: Nesting = Nesting::Set;
    fn block() -> Block {
        block::<M>()
    }
}

impl<M: Model> Blocks for BTreeMap<String, M> {
    const NESTING: Nesting = Nesting::Map;
    fn block() -> Block {
        block::<M>()
    }
}

type Get<M> = Box<dyn Fn(&M) -> Value + Send + Sync>;
type Set<M> = Box<dyn Fn(&mut M, &Value) -> Result<(), Mismatch> + Send + Sync>;

/// One attribute or block of a model: its description, and how to reach it in the struct.
pub struct Field<M> {
    description: Description,
    get: Get<M>,
    set: Set<M>,
}

impl<M: 'static> Field<M> {
    /// What the derive writes for each field.
    pub fn new<T: Codec>(
        name: &'static str,
        doc: &'static str,
        spec: impl Describe<T>,
        get: fn(&M) -> &Attr<T>,
        get_mut: fn(&mut M) -> &mut Attr<T>,
    ) -> Field<M> {
        let description = spec.describe(name, doc);
        let (written, read) = (Travel::of(&description), Travel::of(&description));
        Field {
            description,
            get: Box::new(move |model| written.out(get(model).encode())),
            set: Box::new(move |model, value| {
                *get_mut(model) = match read.back(value) {
                    Some(inside) => Codec::decode(&inside)?,
                    None => Codec::decode(value)?,
                };
                Ok(())
            }),
        }
    }

    /// What the derive writes for a field whose attributes and blocks stand in its place.
    pub fn of_part<P: Model>(get: fn(&M) -> &P, get_mut: fn(&mut M) -> &mut P) -> Vec<Field<M>> {
        let deprecated = P::whole().deprecated;
        let within = |mut it: Field<P>| {
            if let Some(reason) = &deprecated {
                it.description.deprecate(reason);
            }
            let Field { description, get: inner_get, set: inner_set } = it;
            Field {
                description,
                get: Box::new(move |model| inner_get(get(model))),
                set: Box::new(move |model, value| inner_set(get_mut(model), value)),
            }
        };
        P::fields().into_iter().map(within).collect()
    }

    /// What Terraform knows of it.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Its name in configuration.
    pub fn name(&self) -> &str {
        match &self.description {
            Description::Attribute(attribute) => &attribute.name,
            Description::Block(block) => &block.name,
        }
    }

    /// The field of a model as a value.
    pub fn get(&self, model: &M) -> Value {
        (self.get)(model)
    }

    /// Writes a value into the field of a model.
    ///
    /// # Errors
    /// The value has another type.
    pub fn set(&self, model: &mut M, value: &Value) -> Result<(), Mismatch> {
        (self.set)(model, value)
    }
}

/// How a field differs from its plain encoding: blocks that nobody wrote are empty and not null, and some collections of
/// blocks say their own type.
enum Travel {
    Encoded,
    Blocks(NestedBlock),
    Typed(NestedBlock, Type),
}

impl Travel {
    fn of(description: &Description) -> Travel {
        match description {
            Description::Attribute(_) => Travel::Encoded,
            Description::Block(block) if block.implied_type() == Type::Dynamic => {
                Travel::Typed(block.clone(), block.block.implied_type())
            }
            Description::Block(block) => Travel::Blocks(block.clone()),
        }
    }

    fn out(&self, mut value: Value) -> Value {
        match self {
            Travel::Encoded => value,
            Travel::Blocks(block) => {
                block.complete(&mut value);
                value
            }
            Travel::Typed(block, element) => {
                block.complete(&mut value);
                dynamic::wrapped(value, element)
            }
        }
    }

    /// `None`: as it is.
    fn back(&self, value: &Value) -> Option<Value> {
        match self {
            Travel::Typed(_, element) => Some(dynamic::unwrapped(value, element)),
            Travel::Encoded | Travel::Blocks(_) => None,
        }
    }
}

/// The tables made so far, by model.
static TABLES: OnceLock<RwLock<HashMap<TypeId, Arc<dyn Any + Send + Sync>>>> = OnceLock::new();

/// The table of a model, made on the first call.
pub(super) fn table<M: Model>() -> Arc<Vec<Field<M>>> {
    let tables = TABLES.get_or_init(RwLock::default);
    let known = tables.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<M>()).cloned();
    if let Some(table) = known.and_then(|it| it.downcast().ok()) {
        return table;
    }
    // Not under the lock: the table of a model asks for the tables of the models inside it.
    let table = Arc::new(M::fields());
    let mut tables = tables.write().unwrap_or_else(PoisonError::into_inner);
    tables.insert(TypeId::of::<M>(), Arc::clone(&table) as Arc<dyn Any + Send + Sync>);
    table
}
