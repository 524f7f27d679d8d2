//! `GenerateResourceConfig`: how a user would write an object that exists.

mod rules;

use tf_core::{Diagnostics, Object, Schema};

use super::{Served, state};
use crate::proto::tfplugin6::generate_resource_config::{Request, Response};
use crate::provider::Resource;

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    let object = state::incoming(place, "the state", request.state.as_ref(), described)?;
    let config = object.map(|object| as_written(offered.it.as_ref(), &described.schema, &object));
    let config = state::outgoing(place, "the configuration", config.as_ref(), described)?;
    Ok(Response { config: Some(config), diagnostics: Vec::new() })
}

/// How a user would write an object that exists, for programs that ask more than a host does.
pub fn as_written(resource: &dyn Resource, schema: &Schema, object: &Object) -> Object {
    let mut config: Object = rules::written(&schema.block, object);
    if let Some(generate) = resource.generate() {
        generate.adjust_config(object, &mut config);
    }
    schema.block.complete(&mut config);
    config
}
