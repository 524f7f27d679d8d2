//! `ImportResourceState`: finding what the user names, by an id or by an identity.

use tf_core::{Diagnostics, Object};

use super::{Served, deferral, identity, state};
use crate::errors::{self, Moment, Place};
use crate::offer::Offered;
use crate::proto::tfplugin6::import_resource_state::{ImportedResource, Request, Response};
use crate::provider::{Resource, State};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    if let Some(deferred) = deferral::of_provider(served, allowed) {
        return Ok(Response { deferred: Some(deferred), ..Response::default() });
    }
    let named = identity::incoming(place, offered, request.identity.as_ref())?;
    let found = match named {
        Some(identity) => by_identity(place, offered, &identity).await?,
        None => by_id(place, offered, &request.id).await?,
    };
    let (state, object) =
        state::existing(place, Moment::Import, "the imported state", found.object, offered.described())?;
    let imported = ImportedResource {
        type_name: request.type_name.clone(),
        state: Some(state),
        private: found.private,
        identity: identity::settled(place, Moment::Import, offered, None, &object)?,
    };
    Ok(Response { imported_resources: vec![imported], ..Response::default() })
}

async fn by_id(place: Place<'_>, offered: &Offered<dyn Resource>, id: &str) -> Result<State, Diagnostics> {
    match offered.it.import() {
        Some(_) if id.is_empty() => Err(errors::import_needs_id(place)),
        Some(import) => import.by_id(id).await,
        None if offered.it.identity().is_some() => Err(errors::import_needs_identity(place)),
        None => Err(errors::import_unsupported(place)),
    }
}

async fn by_identity(
    place: Place<'_>,
    offered: &Offered<dyn Resource>,
    identity: &Object,
) -> Result<State, Diagnostics> {
    let Some(identify) = offered.it.identity() else { return Err(errors::import_needs_id(place)) };
    if let Some(state) = identify.by_identity(identity).await? {
        return Ok(state);
    }
    let attributes = &offered.described().schema.block.attributes;
    let known = |name: &String| attributes.iter().any(|it| it.name == *name);
    let object = identity.iter().filter(|(name, _)| known(name));
    let object = object.map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(State { object, private: Vec::new() })
}
