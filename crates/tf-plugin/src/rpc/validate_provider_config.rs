//! `ValidateProviderConfig`: the checks of the provider block.

use tf_core::Diagnostics;

use super::{Served, state};
use crate::convert::to;
use crate::proto::tfplugin6::validate_provider_config::{Request, Response};
use crate::rules;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let described = &served.offer().settings;
    let config = state::configuration(served.place(""), request.config.as_ref(), described)?;
    let mut diagnostics = rules::check(&described.schema, &config);
    diagnostics.extend(served.provider.validate(&config));
    Ok(Response { diagnostics: to::diagnostics(&diagnostics) })
}
