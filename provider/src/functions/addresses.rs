//! `instance_url`, `instance_name` and `endpoint_url`: addresses of an instance and of what is below it.

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

/// `instance_name`.
pub struct InstanceName;

impl Function for InstanceName {
    fn signature(&self) -> FunctionSignature {
        let url = "The address of an instance, such as `https://dev12345.service-now.com`.";
        FunctionSignature::new("instance_name", "Gives the short name of an instance from its address.", Type::String)
            .documented(
                "Gives the short name of an instance, `dev12345`, from its address: the first part of the vendor's host, in \
                 lower case. It is what `instance_name` of a Unifi connection is held against. From the address of a company's own \
                 name for its instance nothing follows, so that it is refused.",
            )
            .parameter(Parameter::new("url", url, Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let parsed = InstanceUrl::parse(text(arguments, 0), true).map_err(|error| {
            FunctionError::argument(0, format!("This is no address of an instance: {}.", error.reason))
        })?;
        match parsed.name().filter(|it| !it.is_empty() && !it.contains('.')) {
            Some(name) => Ok(Value::string(name)),
            None => Err(FunctionError::argument(
                0,
                format!(
                    "`{}` is no host of the form `name.service-now.com`, so that it does not tell the name of its instance. \
                     Write the name itself: the instance has it in its property `instance_name`, which \
                     `data.servicenow_record` reads from `sys_properties`.",
                    parsed.host()
                ),
            )),
        }
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
