//! Messages about the settings of the provider, before any instance is asked.

use tf_core::{Diagnostic, Path};

use super::sentence;

/// What is true after each of these messages.
const NOTHING: &str = "Nothing was asked of any instance and nothing was changed.";

/// The provider has no session, because these settings are not known yet.
pub fn not_configured(unknown: &[String]) -> Diagnostic {
    let names: Vec<String> = unknown.iter().map(|it| format!("`{it}`")).collect();
    let which = if names.is_empty() { "Its settings".to_owned() } else { names.join(", ") };
    Diagnostic::error(
        "The ServiceNow provider is not signed in yet",
        format!(
            "{which} in the `provider \"servicenow\"` block cannot be known before something else is applied, so the \
             instance cannot be asked. Nothing was changed. Apply the resources that the values come from first, for \
             example with `-target`, then plan again. A password that is needed only here is better read from an \
             ephemeral resource, a file, a command or the environment, which are known during a plan."
        ),
    )
}

/// A setting that is nowhere.
pub fn missing_setting(attribute: &str, variable: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The provider setting `{attribute}` is missing"),
        format!(
            "It is neither in the `provider \"servicenow\"` block nor in the environment variable `{variable}`. {NOTHING} \
             Set one of the two, then run Terraform again."
        ),
    )
    .at(Path::attribute(attribute))
}

/// Both ways to say where the instance is.
pub fn two_instances() -> Diagnostic {
    Diagnostic::error(
        "Two instances are named",
        format!(
            "Both `instance_url` and `instance` say where the instance is, so it is not certain which one is meant. \
             {NOTHING} Remove one of the two (in the environment they are `SERVICENOW_INSTANCE_URL` and \
             `SERVICENOW_INSTANCE`)."
        ),
    )
}

/// An address that cannot be one.
pub fn bad_instance(attribute: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The provider setting `{attribute}` is not usable"),
        format!(
            "{} {NOTHING} Correct it in the `provider \"servicenow\"` block or in the environment (`instance_url = \
             \"https://dev12345.service-now.com\"`, or `instance = \"dev12345\"`), then run Terraform again.",
            sentence(reason)
        ),
    )
    .at(Path::attribute(attribute))
}

/// A setting that cannot be used. The reason never holds its value.
pub fn bad_setting(setting: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The provider setting `{setting}` is not usable"),
        format!(
            "{} {NOTHING} Correct it in the `provider \"servicenow\"` block or in the environment, then run Terraform \
             again.",
            sentence(reason)
        ),
    )
}

/// An environment variable that cannot be used. The reason never holds its value.
pub fn bad_variable(variable: &str, reason: &str) -> Diagnostic {
    Diagnostic::error(
        format!("The environment variable `{variable}` is not usable"),
        format!("{} {NOTHING} Correct or remove the variable, then run Terraform again.", sentence(reason)),
    )
}

/// Two settings of which only one can count.
pub fn two_settings(first: &str, second: &str) -> Diagnostic {
    Diagnostic::error(
        format!("`{first}` and `{second}` say the same thing"),
        format!(
            "Only one of them can count, and it is not certain which one is meant. {NOTHING} Remove one of the two from \
             where both stand, the `provider \"servicenow\"` block or the environment."
        ),
    )
}

/// Two ways to sign in, each with what names it.
pub fn two_methods(first: (&str, &str), second: (&str, &str)) -> Diagnostic {
    Diagnostic::error(
        "Two ways to sign in are given",
        format!(
            "{} asks for signing in by {}, and {} by {}, so it is not certain which one is meant. {NOTHING} Remove one of \
             the two. What stands in the `provider \"servicenow\"` block silences the environment. User name and password \
             go along with `oauth` only where `grant_type` is `password`.",
            first.1, first.0, second.1, second.0
        ),
    )
}

/// No way to sign in.
pub fn no_method() -> Diagnostic {
    Diagnostic::error(
        "No way to sign in is given",
        format!(
            "Neither the `provider \"servicenow\"` block nor the environment says who signs in. {NOTHING} Give one of: \
             `username` and `password` (`SERVICENOW_USERNAME` and `SERVICENOW_PASSWORD`), `credentials` \
             (`SERVICENOW_CREDENTIALS`), `token` (`SERVICENOW_TOKEN`), `api_key` (`SERVICENOW_API_KEY`), `oauth` \
             (`SERVICENOW_OAUTH_CLIENT_ID` and so on) or `mtls` (`SERVICENOW_MTLS_CERTIFICATE_FILE` and so on). The guide \
             on signing in shows each."
        ),
    )
}
