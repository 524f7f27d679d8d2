//! `GetMetadata`: the names of everything, without schemas.

use tf_core::Diagnostics;

use super::{Served, get_provider_schema};
use crate::proto::tfplugin6::get_metadata::{Request, ResourceMetadata, Response};

pub(super) async fn answer(served: &Served, _request: Request) -> Result<Response, Diagnostics> {
    let named = |name: &String| ResourceMetadata { type_name: name.clone() };
    Ok(Response {
        server_capabilities: Some(get_provider_schema::capabilities()),
        resources: served.offer().resources.keys().map(named).collect(),
        ..Response::default()
    })
}
