//! `GetProviderSchema`: every schema. A host may remember them and not ask again, so nothing is prepared here.

use tf_core::Diagnostics;

use super::Served;
use crate::convert::to;
use crate::offer::Offered;
use crate::proto::tfplugin6::ServerCapabilities;
use crate::proto::tfplugin6::get_provider_schema::{Request, Response};

pub(super) async fn answer(served: &Served, _request: Request) -> Result<Response, Diagnostics> {
    let offer = served.offer();
    let schema =
        |(name, offered): (&String, &Offered)| (name.clone(), to::schema(&offered.described().schema));
    Ok(Response {
        provider: Some(to::schema(&offer.settings.schema)),
        server_capabilities: Some(capabilities()),
        resource_schemas: offer.resources.iter().map(schema).collect(),
        ..Response::default()
    })
}

/// What this crate can do beyond the first minor version of the protocol.
pub(super) fn capabilities() -> ServerCapabilities {
    ServerCapabilities { get_provider_schema_optional: true, ..ServerCapabilities::default() }
}
