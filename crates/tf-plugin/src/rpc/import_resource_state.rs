//! `ImportResourceState`: finding what the user names.

use tf_core::{Diagnostics, stored};

use super::{Served, state};
use crate::errors;
use crate::proto::tfplugin6::import_resource_state::{ImportedResource, Request, Response};

pub(super) async fn answer(served: &Served, request: Request) -> Result<Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    if request.id.is_empty() {
        return Err(errors::import_needs_id(place));
    }
    let import = offered.resource.import().ok_or_else(|| errors::import_unsupported(place))?;
    let found = import.by_id(&request.id).await?;
    let mut object = state::storable(&described.schema, found.object);
    stored::null_unknowns(&mut object);
    let state = Some(state::outgoing(place, "the imported state", Some(&object), described)?);
    let imported = ImportedResource {
        type_name: request.type_name.clone(),
        state,
        private: found.private,
        identity: None,
    };
    Ok(Response { imported_resources: vec![imported], ..Response::default() })
}
