//! `UpgradeResourceIdentity`: a stored identity, as the current schema wants it.

use tf_core::wire::json;
use tf_core::{Diagnostics, Value};

use super::{Served, identity};
use crate::convert::from;
use crate::errors;
use crate::proto::tfplugin6::upgrade_resource_identity::{Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let raw = request.raw_identity.unwrap_or_default();
    let Some((identify, identified)) = offered.identified().filter(|_| !raw.json.is_empty()) else {
        // An object from before it had an identity: reading gives it one.
        return Ok(Response::default());
    };
    let unreadable = |error| errors::unreadable(place, "the stored identity", &error);
    let mut document = from::document(&raw.json).map_err(unreadable)?;
    if request.version < identified.schema.version {
        document = identify.upgrade_identity(request.version, document)?;
    }
    let Value::Map(found) = json::decode_state(&document, &identified.ty).map_err(unreadable)? else {
        return Ok(Response::default());
    };
    let upgraded_identity = identity::outgoing(place, offered, Some(found))?;
    Ok(Response { upgraded_identity, diagnostics: Vec::new() })
}
