//! What no provider of this crate declares yet, and hosts may ask for all the same.

use tf_core::Diagnostics;

use super::Served;
use crate::errors;
use crate::proto::tfplugin6 as proto;

/// No resource has an identity.
pub(super) async fn identity_schemas(
    _served: &Served,
    _request: proto::get_resource_identity_schemas::Request,
) -> Result<proto::get_resource_identity_schemas::Response, Diagnostics> {
    Ok(proto::get_resource_identity_schemas::Response::default())
}

/// There are no functions. OpenTofu asks when a configuration calls one that the schema does not list.
pub(super) async fn functions(
    _served: &Served,
    _request: proto::get_functions::Request,
) -> Result<proto::get_functions::Response, Diagnostics> {
    Ok(proto::get_functions::Response::default())
}

/// Answers the call of a function that is not there. Functions have no diagnostics, only a text.
pub(super) fn call_function(served: &Served, name: &str) -> proto::call_function::Response {
    let text = format!("The provider `{}` has no function `{name}`.", served.address);
    let error = proto::FunctionError { text, function_argument: None };
    proto::call_function::Response { result: None, error: Some(error) }
}

/// No state of another type can be taken over. OpenTofu asks without looking whether it may.
pub(super) async fn move_state(
    served: &Served,
    request: proto::move_resource_state::Request,
) -> Result<proto::move_resource_state::Response, Diagnostics> {
    let place = served.place(&request.target_type_name);
    Err(errors::move_unsupported(place, &request.source_provider_address, &request.source_type_name))
}

pub(super) async fn validate_data_source(
    served: &Served,
    request: proto::validate_data_resource_config::Request,
) -> Result<proto::validate_data_resource_config::Response, Diagnostics> {
    Err(errors::unknown_type(served.place(&request.type_name), "data source"))
}

pub(super) async fn read_data_source(
    served: &Served,
    request: proto::read_data_source::Request,
) -> Result<proto::read_data_source::Response, Diagnostics> {
    Err(errors::unknown_type(served.place(&request.type_name), "data source"))
}
