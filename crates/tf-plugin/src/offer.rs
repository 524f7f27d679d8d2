//! What a provider offers, asked of it when first needed: the handshake line must not wait for it.

mod problems;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tf_core::{FunctionSignature, IdentitySchema, Object, Schema, Type, Value};

use crate::provider::{
    Action, DataSource, EphemeralResource, Function, Identify, ListResource, Provider, Resource,
};

pub(crate) use problems::{Finding, problems};

/// A schema and the type of its values.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) schema: Schema,
    pub(crate) ty: Type,
}

impl Described {
    pub(crate) fn new(schema: Schema) -> Described {
        Described { ty: schema.block.implied_type(), schema }
    }
}

/// An identity and the type of its values.
#[derive(Debug)]
pub(crate) struct Identified {
    pub(crate) schema: IdentitySchema,
    pub(crate) ty: Type,
}

impl Identified {
    pub(crate) fn new(schema: IdentitySchema) -> Identified {
        Identified { ty: schema.implied_type(), schema }
    }

    /// The members of the identity that an object has under the same names, the others as null.
    pub(crate) fn part_of(&self, object: &Object) -> Object {
        let member = |name: &String| object.get(name).cloned().unwrap_or(Value::Null);
        self.schema.attributes.iter().map(|it| (it.name.clone(), member(&it.name))).collect()
    }
}

/// What has a type name and a schema.
pub(crate) trait Typed: Send + Sync {
    /// What it is called in messages.
    const NOUN: &'static str;
    fn type_name(&self) -> &str;
    fn schema(&self) -> Schema;
}

macro_rules! typed {
    ($($kind:ident: $noun:literal),+ $(,)?) => {$(
        impl Typed for dyn $kind {
            const NOUN: &'static str = $noun;

            fn type_name(&self) -> &str {
                $kind::type_name(self)
            }

            fn schema(&self) -> Schema {
                $kind::schema(self)
            }
        }
    )+};
}

typed!(
    Resource: "resource type",
    DataSource: "data source",
    EphemeralResource: "ephemeral resource type",
    ListResource: "list resource type",
    Action: "action type",
);

/// One thing with its schema.
pub(crate) struct Offered<T: ?Sized> {
    pub(crate) it: Arc<T>,
    described: OnceLock<Described>,
    identified: OnceLock<Option<Identified>>,
}

impl<T: Typed + ?Sized> Offered<T> {
    fn new(it: Arc<T>) -> Offered<T> {
        Offered { it, described: OnceLock::new(), identified: OnceLock::new() }
    }

    pub(crate) fn described(&self) -> &Described {
        self.described.get_or_init(|| Described::new(self.it.schema()))
    }
}

impl Offered<dyn Resource> {
    /// Its identity, if it has one.
    pub(crate) fn identified(&self) -> Option<(&dyn Identify, &Identified)> {
        let identify = self.it.identity()?;
        let identified =
            self.identified.get_or_init(|| Some(Identified::new(identify.identity_schema()))).as_ref()?;
        Some((identify, identified))
    }
}

/// A function with its signature.
pub(crate) struct OfferedFunction {
    pub(crate) it: Arc<dyn Function>,
    pub(crate) signature: FunctionSignature,
}

/// Everything of one kind, by name.
pub(crate) type Offers<T> = BTreeMap<String, Offered<T>>;

/// Everything a provider offers.
pub(crate) struct Offer {
    pub(crate) settings: Described,
    pub(crate) meta: Option<Described>,
    pub(crate) resources: Offers<dyn Resource>,
    pub(crate) data_sources: Offers<dyn DataSource>,
    pub(crate) ephemeral_resources: Offers<dyn EphemeralResource>,
    pub(crate) list_resources: Offers<dyn ListResource>,
    pub(crate) actions: Offers<dyn Action>,
    pub(crate) functions: BTreeMap<String, OfferedFunction>,
    /// Names that are offered twice, with what they are names of.
    doubles: Vec<(&'static str, String)>,
}

impl Offer {
    pub(crate) fn of(provider: &dyn Provider) -> Offer {
        let mut doubles = Vec::new();
        Offer {
            settings: Described::new(provider.schema()),
            meta: provider.meta_schema().map(Described::new),
            resources: by_name(provider.resources(), &mut doubles),
            data_sources: by_name(provider.data_sources(), &mut doubles),
            ephemeral_resources: by_name(provider.ephemeral_resources(), &mut doubles),
            list_resources: by_name(provider.list_resources(), &mut doubles),
            actions: by_name(provider.actions(), &mut doubles),
            functions: functions(provider.functions(), &mut doubles),
            doubles,
        }
    }
}

fn by_name<T: Typed + ?Sized>(all: Vec<Arc<T>>, doubles: &mut Vec<(&'static str, String)>) -> Offers<T> {
    let mut offers = BTreeMap::new();
    for it in all {
        let name = it.type_name().to_owned();
        if offers.insert(name.clone(), Offered::new(it)).is_some() {
            doubles.push((T::NOUN, name));
        }
    }
    offers
}

fn functions(
    all: Vec<Arc<dyn Function>>,
    doubles: &mut Vec<(&'static str, String)>,
) -> BTreeMap<String, OfferedFunction> {
    let mut functions = BTreeMap::new();
    for it in all {
        let signature = it.signature();
        let name = signature.name.clone();
        if functions.insert(name.clone(), OfferedFunction { it, signature }).is_some() {
            doubles.push(("function", name));
        }
    }
    functions
}
