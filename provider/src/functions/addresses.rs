//! `instance_url` and `endpoint_url`: addresses of an instance and of what is below it.

use servicenow_core::InstanceUrl;
use tf_core::{FunctionSignature, Parameter, Type, Value};
use tf_plugin::{Function, FunctionError};

use super::text;

/// `instance_url`.
pub struct InstanceAddress;

impl Function for InstanceAddress {
    fn signature(&self) -> FunctionSignature {
        FunctionSignature::new("instance_url", "Gives the address of an instance.", Type::String)
            .documented(
                "Gives the address of an instance from its short name, `dev12345`, or brings a whole address into the form \
                 that the provider uses: with its scheme, and without a slash at the end.",
            )
            .parameter(instance())
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        address(text(arguments, 0)).map(Value::string)
    }
}

/// `endpoint_url`.
pub struct EndpointAddress;

impl Function for EndpointAddress {
    fn signature(&self) -> FunctionSignature {
        let path = "Parts of the path, each with or without slashes around it: the `base_url` of an inbound endpoint, the \
                    path of one of its operations.";
        FunctionSignature::new("endpoint_url", "Gives the address of something on an instance.", Type::String)
            .documented(
                "Gives the address at which other systems reach something on an instance, such as an operation of an inbound \
                 endpoint: the address of the instance and the parts of the path, with exactly one slash between them.",
            )
            .parameter(instance())
            .variadic(Parameter::new("path", path, Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let mut whole = address(text(arguments, 0))?;
        for (at, part) in arguments.iter().enumerate().skip(1) {
            let part = part.as_str().unwrap_or_default().trim_matches('/');
            if part.contains(['?', '#']) || part.chars().any(|it| it.is_whitespace() || it.is_control()) {
                let reason = "A part of a path holds no blank, no `?` and no `#`. Encode it with `urlencode`, or append the \
                              query afterwards.";
                return Err(FunctionError::argument(at, reason));
            }
            if !part.is_empty() {
                whole.push('/');
                whole.push_str(part);
            }
        }
        Ok(Value::string(whole))
    }
}

fn instance() -> Parameter {
    let doc = "The short name of an instance, such as `dev12345`, or its whole address.";
    Parameter::new("instance", doc, Type::String)
}

/// The address of an instance that is named either way. A refusal never quotes it: an address may hold a password.
fn address(instance: &str) -> Result<String, FunctionError> {
    let parsed = if instance.contains("://") {
        InstanceUrl::parse(instance, false)
    } else {
        InstanceUrl::from_name(instance)
    };
    parsed.map(|it| it.to_string()).map_err(|error| {
        FunctionError::argument(
            0,
            format!("This is neither the name nor the address of an instance: {}.", error.reason),
        )
    })
}
