//! `ApplyResourceChange`: carrying out what was planned, and telling truly what became of it.

use tf_core::{Diagnostics, Object, Path, plan, stored};

use super::{Served, identity, state};
use crate::convert::to;
use crate::errors::{self, Moment, Place};
use crate::guard;
use crate::offer::{Described, Offered};
use crate::proto::tfplugin6::apply_resource_change::{Request, Response};
use crate::provider::{Applied, Apply, Progress, Resource};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let read = |what, value| state::incoming(place, what, value, described);
    let prior = read("the stored state", request.prior_state.as_ref())?;
    let planned = read("the plan", request.planned_state.as_ref())?;
    let config = read("the configuration", request.config.as_ref())?;
    let meta = state::meta(served, request.provider_meta.as_ref())?;
    let progress = Progress::default();
    let creating = prior.is_none();
    let apply = Apply {
        prior,
        planned: planned.clone(),
        config,
        private: request.planned_private,
        meta,
        progress: progress.clone(),
    };
    let applied = match guard::caught(offered.it.apply(apply)).await {
        Ok(applied) => applied,
        Err(_message) => crashed(place, creating, &progress),
    };
    report(place, offered, planned.as_ref(), applied)
}

/// What exists is not lost. Where nothing was noted, the host keeps what it had.
fn crashed(place: Place<'_>, creating: bool, progress: &Progress) -> Applied {
    let state = progress.noted();
    let diagnostics = errors::panicked_in_apply(place, creating, state.is_some());
    Applied { state, diagnostics }
}

fn report(
    place: Place<'_>,
    offered: &Offered<dyn Resource>,
    planned: Option<&Object>,
    applied: Applied,
) -> Result<Response, Diagnostics> {
    let described = offered.described();
    let mut diagnostics = applied.diagnostics;
    let (object, private) = applied.state.map_or((None, Vec::new()), |it| (Some(it.object), it.private));
    let mut object = object.map(|it| state::storable(&described.schema, it));
    if let (Some(planned), Some(object)) = (planned, &mut object) {
        plan::keep_spelling(&described.schema, planned, object);
    }
    if !diagnostics.has_errors() {
        diagnostics.extend(faults(place, described, planned, object.as_ref()));
    }
    // Terraform stores what it gets even after an error, but nothing unknown.
    object.iter_mut().for_each(stored::null_unknowns);
    let mut response = Response { private, ..Response::default() };
    match state::outgoing(place, "the result", object.as_ref(), described) {
        Ok(new_state) => response.new_state = Some(new_state),
        Err(fault) => diagnostics.extend(fault),
    }
    if let Some(object) = &object {
        match identity::settled(place, Moment::Apply, offered, None, object) {
            Ok(identity) => response.new_identity = identity,
            Err(fault) => diagnostics.extend(fault),
        }
    }
    response.diagnostics = to::diagnostics(&diagnostics);
    Ok(response)
}

/// What the provider promised and did not keep.
fn faults(
    place: Place<'_>,
    described: &Described,
    planned: Option<&Object>,
    object: Option<&Object>,
) -> Diagnostics {
    let fault = |path: &Path, rule: &str| errors::broken_rule(place, Moment::Apply, path, rule);
    match (planned, object) {
        (None, None) => Diagnostics::none(),
        (None, Some(_)) => fault(&Path::root(), "it was to be deleted and is still there, without an error"),
        (Some(_), None) => fault(&Path::root(), "it was to be there and is not, without an error"),
        (Some(planned), Some(object)) => {
            let violations = plan::verify_apply(&described.schema, planned, object);
            Diagnostics(violations.iter().flat_map(|it| fault(&it.path, &it.rule.to_string()).0).collect())
        }
    }
}
