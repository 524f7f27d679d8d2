//! The provider's settings: the block and the environment put together, and everything checked that needs no instance.

mod blocks;
mod certificates;
mod environment;
mod layers;
mod method;

use std::collections::BTreeMap;
use std::time::Duration;

use reconcile::exclusive::Belief;
use servicenow_client::guard::Expectation;
use servicenow_client::headers::ExtraHeader;
use servicenow_client::proxy::{Proxy, ProxyChoice};
use servicenow_client::{Authenticator, ReadStrategy};
use servicenow_core::instance::InstanceUrl;
use servicenow_core::{Secret, TableName};
use tf_core::{Diagnostic, Diagnostics, Object, Path, Step, Value};

pub use blocks::{ExpectedInstanceBlock, MtlsBlock, OAuthBlock, ProviderBlock};
pub use certificates::{Certificates, Material};
pub use environment::{Environment, variables};

use crate::columns::Columns;
use crate::dialects::GROUPS;
use crate::environment_hosts::EnvironmentHosts;
use crate::errors;
use crate::session::OnConflict;
use crate::states::States;
use layers::{Layers, find, path};

/// Checked settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the instance is.
    pub url: InstanceUrl,
    /// Who signs in, and how.
    pub authenticator: Authenticator,
    /// Certificates, not read yet.
    pub certificates: Certificates,
    /// Certificates as they were read.
    pub material: Material,
    /// What stands between.
    pub proxy: ProxyChoice,
    /// How long an answer may take, where somebody says so.
    pub request_timeout: Option<Duration>,
    /// Headers of every request.
    pub headers: Vec<ExtraHeader>,
    /// What the instance's log shows as the caller.
    pub user_agent: String,
    /// What happens when the instance cannot be used.
    pub validate: Validate,
    /// The table that is looked at, where somebody says so.
    pub validate_table: Option<TableName>,
    /// What the instance has to call itself before something is written.
    pub expectation: Option<Expectation>,
    /// Who keeps the rules of exactly one active, by the settings that say so.
    pub beliefs: BTreeMap<&'static str, Belief>,
    /// Which hosts belong to which environment.
    pub environment_hosts: EnvironmentHosts,
    /// How a refresh reads.
    pub read_strategy: ReadStrategy,
    /// Requests at the same time, where somebody says so.
    pub concurrency: Option<usize>,
    /// What a write does about a change that it did not know of.
    pub on_conflict: OnConflict,
    /// Columns that are called otherwise on this instance than in the layouts.
    pub columns: Columns,
    /// What the states of integrations and messages are called on this instance.
    pub states: States,
}

/// What happens when the instance cannot be used as the settings say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validate {
    /// It is not asked.
    Off,
    /// A warning.
    Warn,
    /// An error.
    Error,
}

/// The outcome of reading the settings.
#[derive(Debug)]
pub enum Outcome {
    /// Ready to sign in.
    Ready(Box<Settings>),
    /// These settings are known only after apply.
    NotYet(Vec<String>),
    /// Something is missing or wrong.
    Wrong(Diagnostics),
}

/// Puts the provider block and the environment together. The block wins, setting by setting. What belongs together is
/// silenced together: one address in the block silences both of the environment's, one form of a secret the others, and
/// one way to sign in the other ways.
pub fn resolve(config: &Object, environment: &Environment) -> Outcome {
    let unknown: Vec<String> =
        config.iter().filter(|(_, it)| !it.is_wholly_known()).map(|(name, _)| name.clone()).collect();
    if !unknown.is_empty() {
        return Outcome::NotYet(unknown);
    }
    match environment.block() {
        Ok(environment) => together(&Layers { block: config.clone(), environment }),
        Err(problems) => Outcome::Wrong(problems),
    }
}

fn together(layers: &Layers) -> Outcome {
    let mut problems = Diagnostics::none();
    let url = url(layers).map_err(|it| problems.push(it));
    let authenticator = method::authenticator(layers).map_err(|it| problems.push(it));
    let certificates = Certificates::find(layers).map_err(|it| problems.push(it));
    let proxy = proxy(layers).map_err(|it| problems.push(it));
    let headers = headers(layers).map_err(|it| problems.push(it));
    let validate_table = validate_table(layers).map_err(|it| problems.push(it));
    let expectation = expectation(layers).map_err(|it| problems.push(it));
    let names = columns(layers).and_then(|it| Ok((it, states(layers)?))).map_err(|it| problems.push(it));
    match (url, authenticator, certificates, proxy, headers, validate_table, expectation, names) {
        (
            Ok(url),
            Ok(authenticator),
            Ok(certificates),
            Ok(proxy),
            Ok(headers),
            Ok(validate_table),
            Ok(expectation),
            Ok((columns, states)),
        ) => Outcome::Ready(Box::new(Settings {
            url,
            authenticator,
            certificates,
            material: Material::default(),
            proxy,
            request_timeout: layers.number("request_timeout_seconds").map(Duration::from_secs),
            headers,
            user_agent: format!("terraform-provider-servicenow/{}", crate::VERSION),
            validate: validate_mode(layers),
            validate_table,
            expectation,
            beliefs: beliefs(layers),
            environment_hosts: environment_hosts(layers),
            read_strategy: read_strategy(layers),
            concurrency: layers.number("concurrency").and_then(|it| usize::try_from(it).ok()),
            on_conflict: on_conflict(layers),
            columns,
            states,
        })),
        _ => Outcome::Wrong(problems),
    }
}

fn beliefs(layers: &Layers) -> BTreeMap<&'static str, Belief> {
    let belief = |setting: &'static str| {
        let belief = match layers.text(setting).as_deref() {
            Some("cascade") => Belief::SwitchesSiblingsOff,
            Some("refuse") => Belief::RefusesSecond,
            Some("none") => Belief::DoesNothing,
            _ => return None,
        };
        Some((setting, belief))
    };
    GROUPS.iter().filter_map(|it| belief(it.rule.setting)).collect()
}

fn environment_hosts(layers: &Layers) -> EnvironmentHosts {
    let rules = layers.value("environment_hosts").and_then(Value::as_object).cloned().unwrap_or_default();
    let hosts = |it: &Value| {
        it.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    EnvironmentHosts {
        environment: layers.text("environment"),
        rules: rules.iter().map(|(name, it)| (name.clone(), hosts(it))).collect(),
    }
}

fn read_strategy(layers: &Layers) -> ReadStrategy {
    match layers.text("read_strategy").as_deref() {
        Some("single") => ReadStrategy::Single,
        _ => ReadStrategy::Together,
    }
}

fn on_conflict(layers: &Layers) -> OnConflict {
    match layers.text("on_conflict").as_deref() {
        Some("overwrite") => OnConflict::Overwrite,
        _ => OnConflict::Error,
    }
}

fn validate_mode(layers: &Layers) -> Validate {
    match layers.text("validate").as_deref() {
        Some("off") => Validate::Off,
        Some("warn") => Validate::Warn,
        _ => Validate::Error,
    }
}

fn url(layers: &Layers) -> Result<InstanceUrl, Diagnostic> {
    let allow_http = layers.flag("allow_http").unwrap_or_default();
    let names = ["instance_url", "instance"];
    let text = |layer: &Object| names.map(|it| find(layer, it).and_then(Value::as_str).map(str::to_owned));
    let (url, name) = match (text(&layers.block), text(&layers.environment)) {
        ([None, None], [url, name]) => (url, name),
        ([url, name], _) => (url, name),
    };
    match (url, name) {
        (Some(_), Some(_)) => Err(errors::two_instances()),
        (Some(url), None) => InstanceUrl::parse(&url, allow_http)
            .map_err(|error| errors::bad_instance("instance_url", &error.to_string())),
        (None, Some(name)) => InstanceUrl::from_name(&name)
            .map_err(|error| errors::bad_instance("instance", &error.to_string())),
        (None, None) => layers::required("instance_url", None),
    }
}

fn proxy(layers: &Layers) -> Result<ProxyChoice, Diagnostic> {
    let exceptions = layers.list("proxy_exceptions");
    let Some(url) = layers.text("proxy_url") else { return Ok(ProxyChoice::Usual) };
    let proxy = Proxy::parse(&Secret::new(url), &exceptions);
    proxy.map(ProxyChoice::Given).map_err(|error| refused("proxy_url", &error.to_string()))
}

fn headers(layers: &Layers) -> Result<Vec<ExtraHeader>, Diagnostic> {
    let given = layers.value("headers").and_then(Value::as_object).cloned().unwrap_or_default();
    let header = |(name, value): (&String, &Value)| {
        let value = Secret::new(value.as_str().unwrap_or_default());
        let at = path("headers").then(Step::Key(name.clone()));
        ExtraHeader::new(name, value)
            .map_err(|error| errors::bad_setting("headers", &error.to_string()).at(at))
    };
    given.iter().map(header).collect()
}

fn columns(layers: &Layers) -> Result<Columns, Diagnostic> {
    let given = layers.value("columns").and_then(Value::as_object).cloned().unwrap_or_default();
    let name = |(key, value): (String, Value)| (key, value.as_str().unwrap_or_default().to_owned());
    Columns::read(&given.into_iter().map(name).collect()).map_err(|(key, reason)| {
        let at = path("columns").then(Step::Key(key.clone()));
        errors::bad_setting("columns", &format!("`{key}`: {reason}")).at(at)
    })
}

fn states(layers: &Layers) -> Result<States, Diagnostic> {
    let given = layers.value("unifi_states").and_then(Value::as_object).cloned().unwrap_or_default();
    let words = |it: &Value| {
        it.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    States::read(given.iter().map(|(key, it)| (key.clone(), words(it))).collect()).map_err(|(key, reason)| {
        let at = path("unifi_states").then(Step::Key(key.clone()));
        errors::bad_setting("unifi_states", &format!("`{key}`: {reason}")).at(at)
    })
}

fn validate_table(layers: &Layers) -> Result<Option<TableName>, Diagnostic> {
    let Some(name) = layers.text("validate_table") else { return Ok(None) };
    let refusal =
        |_| refused("validate_table", "the name of a table has letters, digits and underscores only");
    name.parse().map(Some).map_err(refusal)
}

fn expectation(layers: &Layers) -> Result<Option<Expectation>, Diagnostic> {
    if layers.value("expected_instance").is_none() {
        return Ok(None);
    }
    let (name, id) = (layers.text("expected_instance.name"), layers.text("expected_instance.id"));
    if name.is_none() && id.is_none() {
        let reason = "it needs a `name`, an `id` or both: what the instance calls itself in `instance_name` and `instance_id`";
        return Err(refused("expected_instance", reason));
    }
    let allows_unreadable = layers.text("expected_instance.when_unreadable").as_deref() == Some("allow");
    Ok(Some(Expectation { name, id, allows_unreadable }))
}

fn refused(setting: &str, reason: &str) -> Diagnostic {
    errors::bad_setting(setting, reason).at(path(setting))
}

/// Checks across the attributes of the provider block that need no environment.
pub fn validate(config: &Object) -> Diagnostics {
    let set = |name: &str| find(config, name).is_some();
    if set("instance_url") && set("instance") {
        errors::two_instances().at(Path::attribute("instance")).into()
    } else {
        Diagnostics::none()
    }
}

#[cfg(test)]
mod tests;
