//! `PlanResourceChange`: what will be, as far as it can be known.

use tf_core::plan::{self, Ask};
use tf_core::{Diagnostics, Object};

use super::{Served, state};
use crate::convert::to;
use crate::errors::{self, Moment};
use crate::offer::Offered;
use crate::proto::tfplugin6::plan_resource_change::{Request, Response};
use crate::provider::Planning;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let read = |what, value| state::incoming(place, what, value, described);
    let prior = read("the stored state", request.prior_state.as_ref())?;
    let Some(proposed) = read("the proposed state", request.proposed_new_state.as_ref())? else {
        return Ok(deletion(request));
    };
    let config = state::configuration(place, request.config.as_ref(), described)?;
    let ask = Ask { prior: prior.as_ref(), config: &config, proposed: &proposed };
    let (planning, mut diagnostics) = planned(offered, ask, request.prior_private).await;
    let mut plan = planning.plan;
    described.schema.block.complete(&mut plan.planned);
    // A plan that is known to have failed need not be legal, but it has to be readable.
    if !diagnostics.has_errors() {
        for violation in plan::verify_plan(&described.schema, ask, &plan) {
            diagnostics.extend(errors::broken_rule(
                place,
                Moment::Plan,
                &violation.path,
                &violation.rule.to_string(),
            ));
        }
    }
    Ok(Response {
        planned_state: Some(state::outgoing(place, "the plan", Some(&plan.planned), described)?),
        requires_replace: plan.requires_replace.iter().map(to::path).collect(),
        planned_private: planning.private,
        diagnostics: to::diagnostics(&diagnostics),
        ..Response::default()
    })
}

async fn planned<'a>(offered: &Offered, ask: Ask<'a>, private: Vec<u8>) -> (Planning<'a>, Diagnostics) {
    let plan = plan::plan(&offered.described().schema, ask);
    let prior: Option<&'a Object> = ask.prior;
    let mut planning =
        Planning { prior, config: ask.config, plan, private, deferral_allowed: false, deferred: None };
    let diagnostics = offered.resource.adjust(&mut planning).await;
    (planning, diagnostics)
}

/// Nothing is planned, and the deletion gets the private bytes that were there.
fn deletion(request: Request) -> Response {
    Response { planned_private: request.prior_private, ..Response::default() }
}
