//! `parse_credentials` and `connection_name`: a user out of a pair, and a name out of parts.

use tf_core::{FunctionSignature, Parameter, Type, Value};
use tf_plugin::{Function, FunctionError};

use super::text;

/// The longest name that a connection has room for.
const NAME_MAX: usize = 255;

/// `parse_credentials`.
pub struct UserOfCredentials;

impl Function for UserOfCredentials {
    fn signature(&self) -> FunctionSignature {
        let doc = "A user name and a password with a colon between them.";
        FunctionSignature::new("parse_credentials", "Gives the user name of a pair of user name and password.", Type::String)
            .documented(
                "Gives the user name of a pair such as `svc.orders:password`, which ends at the first colon; a password may \
                 hold more of them. The password is never given: hand the whole pair to the provider's `credentials`, or \
                 keep the two apart. The result of a sensitive or ephemeral argument is so too; `nonsensitive` shows a user \
                 name that is no secret.",
            )
            .parameter(Parameter::new("credentials", doc, Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        match text(arguments, 0).split_once(':') {
            Some(("", _)) => Err(FunctionError::argument(0, "There is no user name before the colon.")),
            Some((user, _)) => Ok(Value::string(user)),
            None => Err(FunctionError::argument(
                0,
                "There is no colon in it, so that the user name does not end. Write `user:password`.",
            )),
        }
    }
}

/// `connection_name`.
pub struct ConnectionName;

impl Function for ConnectionName {
    fn signature(&self) -> FunctionSignature {
        let part =
            "What the connection is for: the integration, the environment, and whatever else tells it apart.";
        FunctionSignature::new("connection_name", "Makes the name of a connection from what it is for.", Type::String)
            .documented(
                "Makes a name from its parts: in lower case, with a hyphen for everything that is neither a letter nor a \
                 digit. Names of connections are unique on an instance, over all aliases and kinds; a name that is made \
                 from integration and environment is.",
            )
            .parameter(Parameter::new("integration", "The integration.", Type::String))
            .variadic(Parameter::new("parts", part, Type::String))
    }

    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError> {
        let mut parts = Vec::new();
        for (at, argument) in arguments.iter().enumerate() {
            let part = slug(argument.as_str().unwrap_or_default());
            if part.is_empty() {
                return Err(FunctionError::argument(
                    at,
                    "There is no letter and no digit in it, so that nothing is left.",
                ));
            }
            parts.push(part);
        }
        let name = parts.join("-");
        match name.chars().count() {
            0..=NAME_MAX => Ok(Value::string(name)),
            length => Err(FunctionError::new(format!(
                "The name would have {length} characters, and a connection has room for {NAME_MAX}. Shorten a part."
            ))),
        }
    }
}

/// Words in lower case with hyphens between them.
fn slug(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
    words.collect::<Vec<&str>>().join("-")
}
