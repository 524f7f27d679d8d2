//! Everything that a provider says of itself, as a host remembers it.

use std::collections::{BTreeMap, HashMap};

use super::HarnessError;
use crate::convert::from;
use crate::offer::{Described, Identified};
use crate::proto::tfplugin6 as proto;

type Kind = BTreeMap<String, Described>;

/// The schemas of one provider.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) settings: Described,
    pub(super) meta: Option<Described>,
    pub(super) resources: Kind,
    pub(super) data_sources: Kind,
    pub(super) ephemeral_resources: Kind,
    pub(super) list_resources: Kind,
    pub(super) actions: Kind,
    pub(super) functions: HashMap<String, proto::Function>,
    pub(super) identities: BTreeMap<String, Identified>,
    pub(super) capabilities: proto::ServerCapabilities,
}

impl Catalogue {
    pub(super) fn new(
        answer: proto::get_provider_schema::Response,
        identities: &HashMap<String, proto::ResourceIdentitySchema>,
    ) -> Result<Catalogue, HarnessError> {
        let diagnostics = from::diagnostics(&answer.diagnostics);
        if diagnostics.has_errors() {
            return Err(HarnessError::Schema(diagnostics));
        }
        let settings =
            answer.provider.ok_or(HarnessError::Incomplete("GetProviderSchema", "the provider's schema"))?;
        let mut actions = HashMap::new();
        for (name, action) in answer.action_schemas {
            let schema =
                action.schema.ok_or(HarnessError::Incomplete("GetProviderSchema", "an action's schema"))?;
            actions.insert(name, schema);
        }
        let identified = |(name, it): (&String, &proto::ResourceIdentitySchema)| {
            Ok((name.clone(), Identified::new(from::identity_schema(it)?)))
        };
        Ok(Catalogue {
            settings: Described::new(from::schema(&settings)?),
            meta: answer.provider_meta.as_ref().map(from::schema).transpose()?.map(Described::new),
            resources: kind(&answer.resource_schemas)?,
            data_sources: kind(&answer.data_source_schemas)?,
            ephemeral_resources: kind(&answer.ephemeral_resource_schemas)?,
            list_resources: kind(&answer.list_resource_schemas)?,
            actions: kind(&actions)?,
            functions: answer.functions,
            identities: identities.iter().map(identified).collect::<Result<_, HarnessError>>()?,
            capabilities: answer.server_capabilities.unwrap_or_default(),
        })
    }

    pub(super) fn described<'a>(&self, kind: &'a Kind, name: &str) -> Result<&'a Described, HarnessError> {
        kind.get(name).ok_or_else(|| HarnessError::UnknownType(name.to_owned()))
    }

    pub(super) fn identified(&self, name: &str) -> Result<&Identified, HarnessError> {
        self.identities.get(name).ok_or(HarnessError::Incomplete("GetResourceIdentitySchemas", "the type"))
    }
}

fn kind(schemas: &HashMap<String, proto::Schema>) -> Result<Kind, HarnessError> {
    let described =
        |(name, it): (&String, &proto::Schema)| Ok((name.clone(), Described::new(from::schema(it)?)));
    schemas.iter().map(described).collect()
}
