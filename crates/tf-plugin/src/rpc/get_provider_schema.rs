//! `GetProviderSchema`: every schema. A host may remember them and not ask again, so the answer is prepared once and not
//! kept.

use std::collections::HashMap;

use tf_core::Diagnostics;

use super::Served;
use crate::convert::to;
use crate::errors;
use crate::offer::{Offer, Offers, Typed};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::ServerCapabilities;
use crate::proto::tfplugin6::get_provider_schema::Request;
pub(super) use crate::proto::tfplugin6::get_provider_schema::Response;

pub(super) async fn answer(served: &Served, _request: Request) -> Result<Response, Diagnostics> {
    Ok(served.schemas.take_or(|| response(served)))
}

/// Every schema, as it is sent.
pub(super) fn response(served: &Served) -> Response {
    let offer = served.offer();
    let action = |(name, schema)| (name, proto::ActionSchema { schema: Some(schema) });
    Response {
        provider: Some(to::schema(&offer.settings.schema)),
        provider_meta: offer.meta.as_ref().map(|it| to::schema(&it.schema)),
        diagnostics: diagnostics(served),
        server_capabilities: Some(capabilities(offer)),
        resource_schemas: schemas(&offer.resources),
        data_source_schemas: schemas(&offer.data_sources),
        functions: functions(offer),
        ephemeral_resource_schemas: schemas(&offer.ephemeral_resources),
        list_resource_schemas: schemas(&offer.list_resources),
        action_schemas: schemas(&offer.actions).into_iter().map(action).collect(),
        ..Response::default()
    }
}

/// What the provider cannot have meant.
pub(super) fn diagnostics(served: &Served) -> Vec<proto::Diagnostic> {
    let findings = served.findings();
    if findings.is_empty() {
        return Vec::new();
    }
    to::diagnostics(&errors::bad_definitions(&served.address, findings))
}

fn schemas<T: Typed + ?Sized>(offers: &Offers<T>) -> HashMap<String, proto::Schema> {
    offers.iter().map(|(name, it)| (name.clone(), to::schema(&it.described().schema))).collect()
}

/// Every function.
pub(super) fn functions(offer: &Offer) -> HashMap<String, proto::Function> {
    offer.functions.iter().map(|(name, it)| (name.clone(), to::function(&it.signature))).collect()
}

/// What this crate can do beyond the first minor version of the protocol.
pub(super) fn capabilities(offer: &Offer) -> ServerCapabilities {
    ServerCapabilities {
        // Nothing is planned for a deletion, as the host would do by itself; a resource can say something about it.
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: offer.resources.values().any(|it| it.it.takeover().is_some()),
        generate_resource_config: true,
    }
}
