//! `ValidateProviderConfig`: the checks of the provider block.

use tf_core::{Diagnostics, check};

use super::{Served, state};
use crate::convert::to;
use crate::proto::tfplugin6::validate_provider_config::{Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let described = &served.offer().settings;
    let config = state::configuration(served.place(""), request.config.as_ref(), described)?;
    let mut diagnostics = check::run(&described.schema, &config);
    diagnostics.extend(served.provider.validate(&config));
    Ok(Response { diagnostics: to::diagnostics(&diagnostics) })
}
