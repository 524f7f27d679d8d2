//! The settings of an instance in `snowdrift.toml`: the words of the provider block, and no secret in clear.

use serde_json::{Map, Value as Json};
use servicenow_core::similar::similar;
use terraform_provider_servicenow::settings::ProviderBlock;
use tf_core::wire::json;
use tf_core::{Attribute, AttributeType, Object, Type, model};
use toml::{Table, Value as Toml};

use super::{ConfigError, Instance, OWN};
use crate::commands::Variables;

/// What a setting is followed by where a variable of the environment holds it.
const FROM_ENVIRONMENT: &str = "_env";

/// The settings as attributes of the provider block; those that are not given are absent.
///
/// # Errors
/// A setting is none, has a value that it cannot have, or is a secret in clear; or a variable is not set.
pub fn read(instance: &Instance, variables: &Variables) -> Result<Object, ConfigError> {
    let schema = model::schema::<ProviderBlock>();
    object(&schema.block.attributes, &instance.settings, "", variables).map_err(|reason| ConfigError::Wrong {
        path: instance.path.clone(),
        reason: format!("in the instance `{}`: {reason}", instance.name),
    })
}

fn object(
    attributes: &[Attribute],
    table: &Table,
    prefix: &str,
    variables: &Variables,
) -> Result<Object, String> {
    let mut object = Object::new();
    for (key, value) in table {
        let (attribute, text) = setting(attributes, key, value, prefix, variables)?;
        let shown = format!("{prefix}{key}");
        let value = match (&attribute.ty, &text) {
            (AttributeType::Nested { attributes, .. }, Toml::Table(table)) => {
                let prefix = format!("{shown}.");
                let mut members: Object =
                    attributes.iter().map(|it| (it.name.clone(), tf_core::Value::Null)).collect();
                members.extend(self::object(attributes, table, &prefix, variables)?);
                tf_core::Value::Map(members)
            }
            (ty, text) => {
                let plain = plain(text).ok_or_else(|| format!("`{shown}` cannot be a date"))?;
                json::decode(&plain, &ty.implied_type())
                    .map_err(|_| format!("`{shown}` is not {}", noun(&ty.implied_type())))?
            }
        };
        if object.insert(attribute.name.clone(), value).is_some() {
            return Err(format!("`{prefix}{}` is given twice", attribute.name));
        }
    }
    Ok(object)
}

/// The attribute that a key means, and its value: that of a variable of the environment where the key says so.
fn setting<'a>(
    attributes: &'a [Attribute],
    key: &str,
    value: &Toml,
    prefix: &str,
    variables: &Variables,
) -> Result<(&'a Attribute, Toml), String> {
    if let Some(attribute) = attributes.iter().find(|it| it.name == key) {
        if attribute.sensitive {
            return Err(format!(
                "`{prefix}{key}` is a secret, which does not belong into a file that is shared. Write `{prefix}{key}_env` with \
                 the name of a variable of the environment, or `{prefix}{key}_file` or `{prefix}{key}_command` where there \
                 is one"
            ));
        }
        return Ok((attribute, value.clone()));
    }
    let name = key.strip_suffix(FROM_ENVIRONMENT);
    match name.and_then(|name| attributes.iter().find(|it| it.name == name)) {
        Some(attribute) => Ok((attribute, from_environment(value, &format!("{prefix}{key}"), variables)?)),
        None => Err(stranger(attributes, key, prefix)),
    }
}

fn from_environment(value: &Toml, key: &str, variables: &Variables) -> Result<Toml, String> {
    let read = |name: &Toml| {
        let name = name.as_str().ok_or_else(|| format!("`{key}` is not the name of a variable"))?;
        let found = variables.get(name).filter(|it| !it.is_empty());
        found.map(|it| Toml::String(it.clone())).ok_or_else(|| {
            format!(
                "`{key}` names the variable `{name}` of the environment, which is not set or empty. Set it"
            )
        })
    };
    match value {
        Toml::Table(names) => {
            let entries = names.iter().map(|(key, it)| Ok((key.clone(), read(it)?)));
            entries.collect::<Result<Table, String>>().map(Toml::Table)
        }
        name => read(name),
    }
}

fn stranger(attributes: &[Attribute], key: &str, prefix: &str) -> String {
    let own = if prefix.is_empty() { OWN } else { &[] };
    let known: Vec<&str> = attributes.iter().map(|it| it.name.as_str()).chain(own.iter().copied()).collect();
    let similar = similar(key, known.iter().copied());
    let hint = match similar.as_slice() {
        [] => "Write a setting of the provider block".to_owned(),
        names => format!("Similar are `{}`", names.join("`, `")),
    };
    format!("there is no setting `{prefix}{key}`. {hint}")
}

fn plain(value: &Toml) -> Option<Json> {
    Some(match value {
        Toml::String(it) => Json::from(it.as_str()),
        Toml::Integer(it) => Json::from(*it),
        Toml::Float(it) => Json::from(*it),
        Toml::Boolean(it) => Json::from(*it),
        Toml::Datetime(_) => return None,
        Toml::Array(items) => Json::Array(items.iter().map(plain).collect::<Option<_>>()?),
        Toml::Table(members) => {
            let members = members.iter().map(|(key, it)| Some((key.clone(), plain(it)?)));
            Json::Object(members.collect::<Option<Map<_, _>>>()?)
        }
    })
}

fn noun(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "`true` or `false`",
        Type::Number => "a number",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "a list",
        Type::Map(_) | Type::Object(_) => "a table",
        _ => "a text",
    }
}
