//! `ValidateResourceConfig`: the checks of one resource block.

use tf_core::{Diagnostics, Object, Schema, check};

use super::{Served, state};
use crate::convert::to;
use crate::errors::{self, Place};
use crate::proto::tfplugin6::validate_resource_config::{Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let config = state::configuration(place, request.config.as_ref(), described)?;
    let mut diagnostics = Diagnostics::none();
    // Hosts that say nothing about themselves are old ones.
    if !request.client_capabilities.unwrap_or_default().write_only_attributes_allowed {
        diagnostics.extend(refuse_write_only(place, &described.schema, &config));
    }
    diagnostics.extend(check::run(&described.schema, &config));
    diagnostics.extend(offered.resource.validate(&config));
    Ok(Response { diagnostics: to::diagnostics(&diagnostics) })
}

fn refuse_write_only(place: Place<'_>, schema: &Schema, config: &Object) -> Diagnostics {
    let refused = check::write_only(schema, config);
    let refused = refused.iter().flat_map(|it| errors::write_only_needs_newer_host(place, it).0);
    Diagnostics(refused.collect())
}
