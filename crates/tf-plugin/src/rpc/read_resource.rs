//! `ReadResource`: the live state.

use tf_core::{Diagnostics, plan};

use super::{Served, deferral, identity, state};
use crate::convert::to;
use crate::errors::Moment;
use crate::proto::tfplugin6::read_resource::{Request, Response};
use crate::provider::State;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let stored = state::incoming(place, "the stored state", request.current_state.as_ref(), described)?;
    let Some(object) = stored else { return Ok(Response::default()) };
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    if let Some(deferred) = deferral::of_provider(served, allowed) {
        return Ok(Response { deferred: Some(deferred), ..unchanged(request) });
    }
    let meta = state::meta(served, request.provider_meta.as_ref())?;
    let before = plan::has_spellings(&described.schema).then(|| object.clone());
    let state = State { object, private: request.private.clone() };
    let mut outcome = match &meta {
        Some(meta) => offered.it.read_for(state, meta).await,
        None => offered.it.read(state).await,
    };
    if let (Some(before), Some(live)) = (before, &mut outcome.state) {
        plan::keep_spelling(&described.schema, &before, &mut live.object);
    }
    let diagnostics = to::diagnostics(&outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        // After an error the host keeps what it had; it still reads what it is sent.
        return Ok(Response { diagnostics, ..unchanged(request) });
    }
    if let Some(deferred) = deferral::of_answer(place, allowed, outcome.deferred)? {
        return Ok(Response { deferred: Some(deferred), diagnostics, ..unchanged(request) });
    }
    let Some(live) = outcome.state else { return Ok(Response { diagnostics, ..Response::default() }) };
    let stored_identity = identity::incoming(place, offered, request.current_identity.as_ref())?;
    let (new_state, object) =
        state::existing(place, Moment::Read, "the state that was read", live.object, described)?;
    let new_identity = identity::settled(place, Moment::Read, offered, stored_identity.as_ref(), &object)?;
    let (new_state, private) = (Some(new_state), live.private);
    Ok(Response { new_state, private, new_identity, diagnostics, deferred: None })
}

/// What was stored, as it is.
fn unchanged(request: Request) -> Response {
    Response {
        new_state: request.current_state,
        private: request.private,
        new_identity: request.current_identity,
        ..Response::default()
    }
}
