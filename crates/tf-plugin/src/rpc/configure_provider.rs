//! `ConfigureProvider`: the provider block, before any resource is touched.

use tf_core::Diagnostics;

use super::{Served, state};
use crate::convert::to;
use crate::proto::tfplugin6::configure_provider::{Request, Response};
use crate::provider::Configure;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let described = &served.offer().settings;
    let config = state::configuration(served.place(""), request.config.as_ref(), described)?;
    let terraform_version = request.terraform_version;
    let diagnostics = served.provider.configure(Configure { terraform_version, config }).await;
    Ok(Response { diagnostics: to::diagnostics(&diagnostics) })
}
