//! What a provider offers, asked of it when first needed: the handshake line must not wait for it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tf_core::{Schema, Type};

use crate::provider::{Provider, Resource};

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

/// A resource type with its schema.
pub(crate) struct Offered {
    pub(crate) resource: Arc<dyn Resource>,
    described: OnceLock<Described>,
}

impl Offered {
    pub(crate) fn described(&self) -> &Described {
        self.described.get_or_init(|| Described::new(self.resource.schema()))
    }
}

/// Everything a provider offers.
pub(crate) struct Offer {
    pub(crate) settings: Described,
    pub(crate) resources: BTreeMap<String, Offered>,
}

impl Offer {
    pub(crate) fn of(provider: &dyn Provider) -> Offer {
        let offered = |resource: Arc<dyn Resource>| {
            (resource.type_name().to_owned(), Offered { resource, described: OnceLock::new() })
        };
        Offer {
            settings: Described::new(provider.schema()),
            resources: provider.resources().into_iter().map(offered).collect(),
        }
    }
}
