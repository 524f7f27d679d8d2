//! The provider block of a run: what the folder declares where that is decided, and what `snowdrift.toml` says instead.

use std::collections::BTreeMap;

use servicenow_client::guard::Expectation;
use servicenow_core::InstanceUrl;
use terraform_provider_servicenow::settings::ProviderBlock;
use tf_core::{Attribute, Object, Value, model};

use super::empty_block;
use crate::commands::Variables;
use crate::config::{ConfigError, Instance, settings};
use crate::declared::Finding;
use crate::declared::nested::conform;

/// Settings that say where the instance is: one of them silences the other.
const ADDRESS: &[&str] = &["instance_url", "instance"];

/// Settings that say who signs in, and how: one of them silences all of them elsewhere.
const SIGN_IN: &[&str] = &[
    "username",
    "password",
    "password_file",
    "password_command",
    "credentials",
    "token",
    "token_file",
    "token_command",
    "api_key",
    "api_key_file",
    "api_key_command",
    "oauth",
    "mtls",
];

/// The attributes of a provider block of a folder.
pub type Written = BTreeMap<String, Finding>;

/// The provider block of an instance. What `snowdrift.toml` says comes before what the folder says; of the folder only
/// what is decided counts, and the environment fills what is left.
///
/// # Errors
/// A setting of `snowdrift.toml` is none, or a variable that it names is not set.
pub fn block(
    instance: Option<&Instance>,
    written: Option<&Written>,
    variables: &Variables,
) -> Result<Object, ConfigError> {
    let mut block = empty_block();
    let given = instance.map(|it| settings::read(it, variables)).transpose()?.unwrap_or_default();
    let silenced = |name: &str| {
        [ADDRESS, SIGN_IN]
            .iter()
            .any(|group| group.contains(&name) && group.iter().any(|it| given.contains_key(*it)))
    };
    let schema = model::schema::<ProviderBlock>();
    for (name, finding) in written.into_iter().flatten().filter(|(name, _)| !silenced(name)) {
        if let Some(value) = decided(finding, schema.block.attributes.iter().find(|it| it.name == *name)) {
            block.insert(name.clone(), value);
        }
    }
    block.extend(given);
    Ok(block)
}

fn decided(finding: &Finding, attribute: Option<&Attribute>) -> Option<Value> {
    let value = conform(finding.value.clone(), &attribute?.ty).ok()?.value;
    value.is_wholly_known().then_some(value)
}

/// What the variables of the environment begin with that name the expected instance.
pub const EXPECTED: &str = "SERVICENOW_EXPECTED_INSTANCE";

/// What the instance has to call itself, taken out of the block, or else out of the environment.
pub fn expected(block: &mut Object, variables: &Variables) -> Option<Expectation> {
    let given = block.insert("expected_instance".to_owned(), Value::Null);
    let given = given.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let text = |name: &str| {
        let written = given.get(name).and_then(Value::as_str).map(str::to_owned);
        let variable = format!("{EXPECTED}_{}", name.to_ascii_uppercase());
        written.or_else(|| variables.get(&variable).cloned()).filter(|it| !it.is_empty())
    };
    let (name, id) = (text("name"), text("id"));
    (name.is_some() || id.is_some()).then_some(Expectation { name, id, allows_unreadable: false })
}

/// Where the instance is, by the block or else by the environment; nothing if that is not said, or not as it has to be.
pub fn address(block: &Object, variables: &Variables) -> Option<InstanceUrl> {
    let written = |name: &str| block.get(name).and_then(Value::as_str).map(str::to_owned);
    let around = |name: &str| variables.get(name).filter(|it| !it.is_empty()).cloned();
    // Whoever uses plain HTTP is told so by the provider.
    let by_url = |url: String| InstanceUrl::parse(&without_user(&url), true).ok();
    let by_name = |name: String| InstanceUrl::from_name(&name).ok();
    if ADDRESS.iter().any(|it| written(it).is_some()) {
        return written("instance_url").and_then(by_url).or_else(|| written("instance").and_then(by_name));
    }
    let url = around("SERVICENOW_INSTANCE_URL").and_then(by_url);
    url.or_else(|| around("SERVICENOW_INSTANCE").and_then(by_name))
}

/// An address as it may be told: the provider refuses one that holds a user and a password.
fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit('@').next().unwrap_or(authority);
    format!("{scheme}://{host}{path}")
}

/// The user that signs in, by the block or else by the environment.
pub fn user(block: &Object, variables: &Variables) -> Option<String> {
    let named = block.get("username").and_then(Value::as_str).map(str::to_owned);
    let signs_in = SIGN_IN.iter().any(|it| block.get(*it).is_some_and(|it| !it.is_null()));
    let environment = || variables.get("SERVICENOW_USERNAME").filter(|it| !it.is_empty()).cloned();
    named.or_else(|| if signs_in { None } else { environment() })
}
