//! Calling functions as a host does: null and unknown arguments reach only those that want them.

use tf_core::{Value, wire::type_json};

use super::{Client, HarnessError};
use crate::convert::{from, to};
use crate::host::Feature;
use crate::proto::tfplugin6 as proto;
use crate::provider::FunctionError;

impl Client {
    /// The names of the functions that the schema lists.
    pub fn function_names(&self) -> Vec<&str> {
        self.catalogue.functions.keys().map(String::as_str).collect()
    }

    /// Calls a function. OpenTofu asks for functions that the schema does not list, and sends null as nothing.
    ///
    /// # Errors
    /// The host does not know functions, there is none of that name, or the call fails.
    pub async fn call(
        &self,
        name: &str,
        arguments: &[Value],
    ) -> Result<Result<Value, FunctionError>, HarnessError> {
        self.needs(Feature::Functions)?;
        let function = self.function(name).await?;
        let mut sent = Vec::new();
        let mut left_open = false;
        for (position, value) in arguments.iter().enumerate() {
            let parameter = function.parameters.get(position).or(function.variadic_parameter.as_ref());
            let parameter =
                parameter.ok_or_else(|| HarnessError::Refused("too many arguments".to_owned()))?;
            if value.is_null() && !parameter.allow_null_value {
                let text = format!("argument {position} must not be null");
                return Err(HarnessError::Refused(text));
            }
            left_open |= !value.is_wholly_known() && !parameter.allow_unknown_values;
            let nothing = self.host.is_opentofu() && value.is_null();
            let ty = type_json::decode(&parameter.r#type)?;
            sent.push(if nothing { proto::DynamicValue::default() } else { to::value(value, &ty)? });
        }
        if left_open {
            return Ok(Ok(Value::unknown()));
        }
        let request = proto::call_function::Request { name: name.to_owned(), arguments: sent };
        let answer = self.raw().call_function(request).await?.into_inner();
        if let Some(error) = answer.error {
            let argument = error.function_argument.and_then(|it| usize::try_from(it).ok());
            return Ok(Err(FunctionError { text: error.text, argument }));
        }
        let returns =
            function.r#return.ok_or(HarnessError::Incomplete("GetProviderSchema", "a return type"))?;
        Ok(Ok(from::value(answer.result.as_ref(), &type_json::decode(&returns.r#type)?)?))
    }

    async fn function(&self, name: &str) -> Result<proto::Function, HarnessError> {
        let unknown = || HarnessError::UnknownType(name.to_owned());
        match self.catalogue.functions.get(name) {
            Some(function) => Ok(function.clone()),
            None if self.host.is_opentofu() => {
                let answer = self.raw().get_functions(proto::get_functions::Request {}).await?.into_inner();
                answer.functions.get(name).cloned().ok_or_else(unknown)
            }
            None => Err(unknown()),
        }
    }
}
