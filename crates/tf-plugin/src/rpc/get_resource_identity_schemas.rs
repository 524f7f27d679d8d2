//! `GetResourceIdentitySchemas`: what identifies the objects of each type.

use tf_core::Diagnostics;

use super::Served;
use crate::convert::to;
use crate::proto::tfplugin6::get_resource_identity_schemas::{Request, Response};

pub(super) async fn answer(served: &Served, _request: Request) -> Result<Response, Diagnostics> {
    let resources = served.offer().resources.iter();
    let identity_schemas = resources
        .filter_map(|(name, it)| Some((name.clone(), to::identity_schema(&it.identified()?.1.schema))))
        .collect();
    Ok(Response { identity_schemas, diagnostics: Vec::new() })
}
