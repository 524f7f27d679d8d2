//! `PlanResourceChange`: what will be, as far as it can be known.

use tf_core::plan::{self, Ask, Plan};
use tf_core::{Diagnostics, Object, Value};

use super::{Served, deferral, identity, state};
use crate::convert::to;
use crate::errors::{self, Moment, Place};
use crate::offer::{Described, Offered};
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::plan_resource_change::{Request, Response};
use crate::provider::{Planning, Resource, State};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let read = |what, value| state::incoming(place, what, value, described);
    let prior = read("the stored state", request.prior_state.as_ref())?;
    let Some(proposed) = read("the proposed state", request.proposed_new_state.as_ref())? else {
        return Ok(deletion(&*offered.it, prior, request).await);
    };
    let config = state::configuration(place, request.config.as_ref(), described)?;
    let meta = state::meta(served, request.provider_meta.as_ref())?;
    let prior_identity = identity::incoming(place, offered, request.prior_identity.as_ref())?;
    let allowed = deferral::allowed(request.client_capabilities.as_ref());
    let put_off = deferral::of_provider(served, allowed);
    let ask = Ask { prior: prior.as_ref(), config: &config, proposed: &proposed };
    let plan = plan::plan(&described.schema, ask);
    let stores = request.client_capabilities.is_some_and(|it| it.store_planned_private);
    let planned_private = Some(request.planned_private).filter(|it| stores && !it.is_empty());
    let mut planning = Planning {
        private: request.prior_private,
        planned_private,
        meta: meta.as_ref(),
        deferral_allowed: allowed,
        ..Planning::new(ask.prior, &config, plan)
    };
    let mut diagnostics = Diagnostics::none();
    if put_off.is_none() {
        diagnostics = offered.it.adjust(&mut planning).await;
    }
    let Planning { mut plan, private, deferred, .. } = planning;
    let deferred = match deferral::of_answer(place, allowed, deferred) {
        Ok(it) => put_off.or(it),
        Err(fault) => return Err(fault),
    };
    described.schema.block.complete(&mut plan.planned);
    // A plan that is known to have failed need not be legal, but it has to be readable.
    if !diagnostics.has_errors() {
        diagnostics.extend(faults(place, described, ask, &plan));
    }
    let planned_identity = planned_identity(place, offered, ask, &plan, prior_identity)?;
    Ok(Response {
        planned_state: Some(state::outgoing(place, "the plan", Some(&plan.planned), described)?),
        requires_replace: plan.requires_replace.iter().map(to::path).collect(),
        planned_private: private,
        planned_identity,
        deferred,
        diagnostics: to::diagnostics(&diagnostics),
        ..Response::default()
    })
}

/// What Terraform would refuse.
fn faults(place: Place<'_>, described: &Described, ask: Ask<'_>, plan: &Plan) -> Diagnostics {
    let violations = plan::verify_plan(&described.schema, ask, plan);
    let faults = violations
        .iter()
        .flat_map(|it| errors::broken_rule(place, Moment::Plan, &it.path, &it.rule.to_string()).0);
    Diagnostics(faults.collect())
}

/// A new object has the identity of the plan if that is known already; a host cannot print one with unknown parts (Terraform
/// 1.15: `show -json` of such a plan ends with "value is not known"). An object that stays has the one it has.
fn planned_identity(
    place: Place<'_>,
    offered: &Offered<dyn Resource>,
    ask: Ask<'_>,
    plan: &Plan,
    stored: Option<Object>,
) -> Result<Option<proto::ResourceIdentityData>, Diagnostics> {
    let stays = ask.prior.filter(|_| plan.requires_replace.is_empty());
    match stays {
        Some(prior) => {
            let identity = stored.or_else(|| identity::of(offered, prior));
            identity::outgoing(place, offered, identity)
        }
        None => {
            let identity = identity::of(offered, &plan.planned);
            let known = identity.filter(|it| it.values().all(Value::is_wholly_known));
            identity::outgoing(place, offered, known)
        }
    }
}

/// Nothing is planned, and the deletion gets the private bytes that were there. The resource may have something to say.
async fn deletion(resource: &dyn Resource, prior: Option<Object>, request: Request) -> Response {
    let diagnostics = match prior {
        Some(object) => {
            let state = State { object, private: request.prior_private.clone() };
            resource.plan_deletion(&state).await
        }
        None => Diagnostics::none(),
    };
    Response {
        diagnostics: to::diagnostics(&diagnostics),
        planned_private: request.prior_private,
        planned_identity: request.prior_identity,
        ..Response::default()
    }
}
