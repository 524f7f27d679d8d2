//! `UpgradeResourceState`: a stored state, as the current schema wants it. Asked for every object in every run.

use tf_core::wire::json;
use tf_core::{Diagnostics, Value};

use super::{Served, state};
use crate::convert::from;
use crate::errors;
use crate::proto::tfplugin6::upgrade_resource_state::{Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let raw = request.raw_state.unwrap_or_default();
    if raw.json.is_empty() {
        let too_old = !raw.flatmap.is_empty();
        return Err(if too_old { errors::state_too_old(place) } else { errors::state_missing(place) });
    }
    let unreadable = |error| errors::unreadable(place, "the stored state", &error);
    let mut document = from::document(&raw.json).map_err(unreadable)?;
    if request.version < described.schema.version
        && let Some(upgrade) = offered.it.upgrade()
    {
        document = upgrade.upgrade_state(request.version, document)?;
    }
    let Value::Map(object) = json::decode_state(&document, &described.ty).map_err(unreadable)? else {
        return Err(errors::state_missing(place));
    };
    let object = state::storable(&described.schema, object);
    let upgraded = state::outgoing(place, "the upgraded state", Some(&object), described)?;
    Ok(Response { upgraded_state: Some(upgraded), diagnostics: Vec::new() })
}
