//! The provider block, and every environment variable, documented once.

use reconcile::exclusive::Belief;
use servicenow_client::ReadStrategy;
use servicenow_core::instance::InstanceUrl;
use tf_core::check;
use tf_core::{Attr, Diagnostic, Diagnostics, Model, Object, Path, Secret, Value};

use crate::errors;
use crate::session::OnConflict;

/// Declares the integrations of a ServiceNow instance: connection aliases, connections, credentials, and which
/// connection of an integration is active.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ProviderBlock {
    /// Base URL of the instance, such as `https://example.service-now.com`. Also read from the environment variable
    /// `SERVICENOW_INSTANCE_URL`. Give either this or `instance`.
    #[tf(optional())]
    pub instance_url: Attr<String>,
    /// Short name of the instance, such as `dev12345` for `https://dev12345.service-now.com`. Also read from the
    /// environment variable `SERVICENOW_INSTANCE`.
    #[tf(optional())]
    pub instance: Attr<String>,
    /// Name of the user that signs in. Also read from the environment variable `SERVICENOW_USERNAME`.
    #[tf(optional())]
    pub username: Attr<String>,
    /// Password of the user that signs in. Also read from the environment variable `SERVICENOW_PASSWORD`, which keeps
    /// it out of configuration files.
    #[tf(optional())]
    pub password: Attr<Secret>,
    /// Whether plain `http` is allowed to a host other than this machine. Passwords then travel unprotected.
    #[tf(optional())]
    pub allow_http: Attr<bool>,
    /// Who keeps the rule that one connection of an alias is active. With `detect`, which is used when nothing is
    /// given, the provider finds out before the first switch of a run, with two short-lived connection records of an
    /// alias that does not exist. With `cascade` the instance deactivates the others itself; with `refuse` it refuses a
    /// second active one; with `none` it does nothing. A wrong `cascade` can leave two connections active for a moment.
    #[tf(optional().check(check::one_of(&["detect", "cascade", "refuse", "none"])))]
    pub one_active_rule: Attr<String>,
    /// How a refresh reads. With `together`, which is used when nothing is given, objects of one table are read with few
    /// requests, and a table of which many are managed is read once, page by page. With `single` each object is a
    /// request of its own. See the [guide on reading](guides/reading.md).
    #[tf(optional().check(check::one_of(&["together", "single"])))]
    pub read_strategy: Attr<String>,
    /// What happens when somebody changed a record on the instance after the plan was made. With `error`, which is used
    /// when nothing is given, the change stops before anything is written and says who changed which attributes and when.
    /// With `overwrite` what was planned is written all the same.
    #[tf(optional().check(check::one_of(&["error", "overwrite"])))]
    pub on_conflict: Attr<String>,
}

/// What the environment says. Filled by `main.rs` alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `SERVICENOW_INSTANCE_URL`
    pub instance_url: Option<String>,
    /// `SERVICENOW_INSTANCE`
    pub instance: Option<String>,
    /// `SERVICENOW_USERNAME`
    pub username: Option<String>,
    /// `SERVICENOW_PASSWORD`
    pub password: Option<Secret>,
}

impl Environment {
    /// Reads the variables through `read`; an empty variable counts as absent.
    pub fn from_variables(read: impl Fn(&str) -> Option<String>) -> Environment {
        let read = |name: &str| read(name).filter(|it| !it.is_empty());
        Environment {
            instance_url: read("SERVICENOW_INSTANCE_URL"),
            instance: read("SERVICENOW_INSTANCE"),
            username: read("SERVICENOW_USERNAME"),
            password: read("SERVICENOW_PASSWORD").map(Secret::new),
        }
    }
}

/// Checked settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the instance is.
    pub url: InstanceUrl,
    /// Who signs in.
    pub username: String,
    /// How.
    pub password: Secret,
    /// Who keeps the one-active rule.
    pub one_active_rule: Belief,
    /// How a refresh reads.
    pub read_strategy: ReadStrategy,
    /// What a write does about a change that it did not know of.
    pub on_conflict: OnConflict,
}

/// The outcome of reading the settings.
#[derive(Debug)]
pub enum Outcome {
    /// Ready to sign in.
    Ready(Box<Settings>),
    /// Something is known only after apply.
    NotYet,
    /// Something is missing or wrong.
    Wrong(Diagnostics),
}

/// Puts the provider block and the environment together. The block wins, setting by setting; of the two ways to say
/// where the instance is, one given in the block silences both of the environment's.
pub fn resolve(config: &Object, environment: &Environment) -> Outcome {
    let block = match ProviderBlock::from_object(config) {
        Ok(block) => block,
        Err(mismatch) => return Outcome::Wrong(errors::mismatch(&mismatch).into()),
    };
    if config.values().any(|it| !it.is_wholly_known()) {
        return Outcome::NotYet;
    }
    let mut problems = Diagnostics::none();
    let url = url(&block, environment).map_err(|it| problems.push(it));
    let username = block.username.known().cloned().or_else(|| environment.username.clone());
    let password = block.password.known().cloned().or_else(|| environment.password.clone());
    if username.is_none() {
        problems.push(errors::missing_setting("username", "SERVICENOW_USERNAME"));
    }
    if password.is_none() {
        problems.push(errors::missing_setting("password", "SERVICENOW_PASSWORD"));
    }
    match (url, username, password) {
        (Ok(url), Some(username), Some(password)) => Outcome::Ready(Box::new(Settings {
            url,
            username,
            password,
            one_active_rule: belief(&block),
            read_strategy: read_strategy(&block),
            on_conflict: on_conflict(&block),
        })),
        _ => Outcome::Wrong(problems),
    }
}

fn belief(block: &ProviderBlock) -> Belief {
    match block.one_active_rule.known().map(String::as_str) {
        Some("cascade") => Belief::SwitchesSiblingsOff,
        Some("refuse") => Belief::RefusesSecond,
        Some("none") => Belief::DoesNothing,
        _ => Belief::Unknown,
    }
}

fn read_strategy(block: &ProviderBlock) -> ReadStrategy {
    match block.read_strategy.known().map(String::as_str) {
        Some("single") => ReadStrategy::Single,
        _ => ReadStrategy::Together,
    }
}

fn on_conflict(block: &ProviderBlock) -> OnConflict {
    match block.on_conflict.known().map(String::as_str) {
        Some("overwrite") => OnConflict::Overwrite,
        _ => OnConflict::Error,
    }
}

fn url(block: &ProviderBlock, environment: &Environment) -> Result<InstanceUrl, Diagnostic> {
    let declared = (block.instance_url.known(), block.instance.known());
    let allow_http = block.allow_http.known().copied().unwrap_or_default();
    let (url, name) = match declared {
        (None, None) => (environment.instance_url.as_ref(), environment.instance.as_ref()),
        declared => declared,
    };
    match (url, name) {
        (Some(_), Some(_)) => Err(errors::two_instances()),
        (Some(url), None) => InstanceUrl::parse(url, allow_http)
            .map_err(|error| errors::bad_instance("instance_url", &error.to_string())),
        (None, Some(name)) => {
            InstanceUrl::from_name(name).map_err(|error| errors::bad_instance("instance", &error.to_string()))
        }
        (None, None) => Err(errors::missing_setting("instance_url", "SERVICENOW_INSTANCE_URL")),
    }
}

/// Checks across the attributes of the provider block that need no environment.
pub fn validate(config: &Object) -> Diagnostics {
    let set = |name: &str| config.get(name).is_some_and(|it: &Value| !it.is_null());
    if set("instance_url") && set("instance") {
        errors::two_instances().at(Path::attribute("instance")).into()
    } else {
        Diagnostics::none()
    }
}

#[cfg(test)]
mod tests;
