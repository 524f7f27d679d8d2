//! `GenerateResourceConfig`: how a user would write an object that exists.

mod rules;

use tf_core::{Diagnostics, Object};

use super::{Served, state};
use crate::proto::tfplugin6::generate_resource_config::{Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let object = state::incoming(place, "the state", request.state.as_ref(), described)?;
    let config = object.map(|object| {
        let mut config: Object = rules::written(&described.schema.block, &object);
        if let Some(generate) = offered.it.generate() {
            generate.adjust_config(&object, &mut config);
        }
        described.schema.block.complete(&mut config);
        config
    });
    let config = state::outgoing(place, "the configuration", config.as_ref(), described)?;
    Ok(Response { config: Some(config), diagnostics: Vec::new() })
}
