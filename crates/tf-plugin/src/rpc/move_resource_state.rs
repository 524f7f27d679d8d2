//! `MoveResourceState`: taking over an object of another type. OpenTofu asks without looking whether it may.

use tf_core::Diagnostics;

use super::{Served, identity, state};
use crate::convert::from;
use crate::errors::{self, Moment};
use crate::proto::tfplugin6::RawState;
use crate::proto::tfplugin6::move_resource_state::{Request, Response};
use crate::provider::MoveSource;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.target_type_name);
    let offered = served.resource(&request.target_type_name)?;
    let unsupported =
        || errors::move_unsupported(place, &request.source_provider_address, &request.source_type_name);
    let taker = offered.it.takeover().ok_or_else(unsupported)?;
    let read = |what, raw: Option<&RawState>| {
        let document = raw.filter(|it| !it.json.is_empty()).map(|it| from::document(&it.json));
        document.transpose().map_err(|error| errors::unreadable(place, what, &error))
    };
    let source = MoveSource {
        address: request.source_provider_address.clone(),
        type_name: request.source_type_name.clone(),
        schema_version: request.source_schema_version,
        state: read("the state to take over", request.source_state.as_ref())?
            .ok_or_else(|| errors::state_missing(place))?,
        private: request.source_private.clone(),
        identity: read("the identity to take over", request.source_identity.as_ref())?,
    };
    let state = taker.take_over(&source)?.ok_or_else(unsupported)?;
    let (target_state, object) = state::existing(
        place,
        Moment::Move,
        "the state that was taken over",
        state.object,
        offered.described(),
    )?;
    Ok(Response {
        target_state: Some(target_state),
        target_private: state.private,
        target_identity: identity::settled(place, Moment::Move, offered, None, &object)?,
        diagnostics: Vec::new(),
    })
}
