//! `ReadDataSource`: looking something up.

use tf_core::Diagnostics;

use super::{Served, deferral, state};
use crate::convert::to;
use crate::errors::{self, Moment};
use crate::proto::tfplugin6::read_data_source::{Request, Response};

pub(super) async fn read(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.one_of(&served.offer().data_sources, &request.type_name)?;
    let described = offered.described();
    let config = state::configuration(place, request.config.as_ref(), described)?;
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    let placeholder = || {
        let object = deferral::placeholder(&described.schema, &config);
        state::outgoing(place, "the object to come", Some(&object), described)
    };
    if let Some(deferred) = deferral::of_provider(served, allowed) {
        return Ok(Response {
            state: Some(placeholder()?),
            deferred: Some(deferred),
            diagnostics: Vec::new(),
        });
    }
    let outcome = match state::meta(served, request.provider_meta.as_ref())? {
        Some(meta) => offered.it.read_for(config.clone(), &meta).await,
        None => offered.it.read(config.clone()).await,
    };
    let diagnostics = to::diagnostics(&outcome.diagnostics);
    if outcome.diagnostics.has_errors() {
        return Ok(Response { diagnostics, ..Response::default() });
    }
    if let Some(deferred) = deferral::of_answer(place, allowed, outcome.deferred)? {
        return Ok(Response { state: Some(placeholder()?), deferred: Some(deferred), diagnostics });
    }
    let Some(object) = outcome.object else { return Err(errors::nothing_found(place, Moment::Lookup)) };
    let (state, _) = state::existing(place, Moment::Lookup, "the object", object, described)?;
    Ok(Response { state: Some(state), diagnostics, deferred: None })
}
