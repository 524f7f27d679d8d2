//! `GetFunctions` and `CallFunction`: what is computed from its arguments alone.

use tf_core::{Diagnostics, FunctionSignature, Parameter, Value};
use tonic::{Response, Status};
use tracing::Instrument;

use super::{Served, get_provider_schema};
use crate::convert::{from, to};
use crate::errors;
use crate::guard;
use crate::offer::OfferedFunction;
use crate::proto::tfplugin6 as proto;
use crate::proto::tfplugin6::call_function;
use crate::provider::FunctionError;

/// OpenTofu asks when a configuration calls a function that the schema does not list.
pub(super) async fn list(
    served: &Served,
    _request: proto::get_functions::Request,
) -> Result<proto::get_functions::Response, Diagnostics> {
    let functions = get_provider_schema::functions(served.offer());
    Ok(proto::get_functions::Response { functions, diagnostics: Vec::new() })
}

/// Whatever happens, the host gets a result or a text.
pub(super) async fn call(
    served: &Served,
    request: call_function::Request,
) -> Result<Response<call_function::Response>, Status> {
    let span = served.span("CallFunction", &request.name);
    let called = guard::caught(async { result(served, &request) }).instrument(span).await;
    let outcome =
        called.unwrap_or_else(|_| Err(FunctionError::new(errors::panicked_function(&served.address))));
    Ok(Response::new(match outcome {
        Ok(result) => call_function::Response { result: Some(result), error: None },
        Err(error) => call_function::Response { result: None, error: Some(sent(&error)) },
    }))
}

fn result(served: &Served, request: &call_function::Request) -> Result<proto::DynamicValue, FunctionError> {
    let OfferedFunction { it, signature } = served.function(&request.name).map_err(FunctionError::new)?;
    let arguments = arguments(signature, &request.arguments)?;
    let left_open = (0..).zip(&arguments).any(|(position, value)| {
        !value.is_wholly_known() && signature.parameter_of(position).is_some_and(|it| !it.allow_unknown)
    });
    let value = if left_open { Value::unknown() } else { it.call(&arguments)? };
    to::value(&value, &signature.returns)
        .map_err(|error| FunctionError::new(errors::function_fault(&served.address, &error)))
}

fn arguments(
    signature: &FunctionSignature,
    sent: &[proto::DynamicValue],
) -> Result<Vec<Value>, FunctionError> {
    let wanted = signature.parameters.len();
    let too_many = sent.len() > wanted && signature.variadic.is_none();
    if sent.len() < wanted || too_many {
        let at_least = if signature.variadic.is_some() { "at least " } else { "" };
        let amount = format!("{at_least}{wanted} argument{}", if wanted == 1 { "" } else { "s" });
        let text = errors::wrong_argument_count(&signature.name, &amount, sent.len());
        return Err(FunctionError::new(text));
    }
    let read = |(position, value)| match signature.parameter_of(position) {
        Some(parameter) => argument(position, parameter, value),
        None => Ok(Value::Null),
    };
    (0..).zip(sent).map(read).collect()
}

fn argument(
    position: usize,
    parameter: &Parameter,
    sent: &proto::DynamicValue,
) -> Result<Value, FunctionError> {
    let value = from::value(Some(sent), &parameter.ty)
        .map_err(|error| FunctionError::argument(position, error.to_string()))?;
    if value.is_null() && !parameter.allow_null {
        return Err(FunctionError::argument(position, "it must not be null"));
    }
    Ok(value)
}

/// The host ends the text with a full stop.
fn sent(error: &FunctionError) -> proto::FunctionError {
    proto::FunctionError {
        text: error.text.trim_end_matches('.').to_owned(),
        function_argument: error.argument.and_then(|it| i64::try_from(it).ok()),
    }
}
