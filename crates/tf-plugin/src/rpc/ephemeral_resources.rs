//! `OpenEphemeralResource`, `RenewEphemeralResource` and `CloseEphemeralResource`: what is there for one run.

use tf_core::plan::{self, Ask, Plan};
use tf_core::{Diagnostics, Object};

use super::{Served, deferral, state};
use crate::convert::to;
use crate::errors::{self, Moment, Place};
use crate::offer::Described;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::open_ephemeral_resource::{Request, Response};

pub(super) async fn open(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.one_of(&served.offer().ephemeral_resources, &request.type_name)?;
    let described = offered.described();
    let config = state::configuration(place, request.config.as_ref(), described)?;
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    let put_off = |deferred, diagnostics| {
        let object = deferral::placeholder(&described.schema, &config);
        let result = Some(state::outgoing(place, "the object to come", Some(&object), described)?);
        Ok(Response { result, deferred: Some(deferred), diagnostics, ..Response::default() })
    };
    if let Some(deferred) = deferral::of_provider(served, allowed) {
        return put_off(deferred, Vec::new());
    }
    let opened = offered.it.open(config.clone()).await;
    let diagnostics = to::diagnostics(&opened.diagnostics);
    if opened.diagnostics.has_errors() {
        return Ok(Response { diagnostics, ..Response::default() });
    }
    if let Some(deferred) = deferral::of_answer(place, allowed, opened.deferred)? {
        return put_off(deferred, diagnostics);
    }
    let Some(object) = opened.result else { return Err(errors::nothing_found(place, Moment::Open)) };
    let (result, object) = state::existing(place, Moment::Open, "the opened object", object, described)?;
    faults(place, described, &config, object)?;
    if opened.renew_at.is_some() && offered.it.renew().is_none() {
        return Err(errors::cannot_renew(place));
    }
    Ok(Response {
        result: Some(result),
        renew_at: opened.renew_at.map(Into::into),
        private: Some(opened.private),
        diagnostics,
        deferred: None,
    })
}

/// What was configured comes back as it was, and nothing else that the user decides.
fn faults(
    place: Place<'_>,
    described: &Described,
    config: &Object,
    planned: Object,
) -> Result<(), Diagnostics> {
    let ask = Ask { prior: None, config, proposed: config };
    let violations =
        plan::verify_plan(&described.schema, ask, &Plan { planned, requires_replace: Vec::new() });
    let faults: Vec<_> = violations
        .iter()
        .flat_map(|it| errors::broken_rule(place, Moment::Open, &it.path, &it.rule.to_string()).0)
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Diagnostics(faults)) }
}

pub(super) async fn renew(
    served: &Served,
    request: proto::renew_ephemeral_resource::Request,
) -> Result<proto::renew_ephemeral_resource::Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.one_of(&served.offer().ephemeral_resources, &request.type_name)?;
    let renew = offered.it.renew().ok_or_else(|| errors::cannot_renew(place))?;
    let renewed = renew.renew_opened(request.private.unwrap_or_default()).await;
    Ok(proto::renew_ephemeral_resource::Response {
        diagnostics: to::diagnostics(&renewed.diagnostics),
        renew_at: renewed.renew_at.map(Into::into),
        private: Some(renewed.private),
    })
}

pub(super) async fn close(
    served: &Served,
    request: proto::close_ephemeral_resource::Request,
) -> Result<proto::close_ephemeral_resource::Response, Diagnostics> {
    let offered = served.one_of(&served.offer().ephemeral_resources, &request.type_name)?;
    let Some(close) = offered.it.close() else {
        return Ok(proto::close_ephemeral_resource::Response::default());
    };
    let diagnostics = close.close_opened(request.private.unwrap_or_default()).await;
    Ok(proto::close_ephemeral_resource::Response { diagnostics: to::diagnostics(&diagnostics) })
}
