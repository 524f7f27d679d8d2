//! Which way to sign in is meant: exactly one of those that are named, the provider block before the environment.

use servicenow_client::authenticator::{GrantSource, OAuth};
use servicenow_client::jwt::{Claims, LIFETIME_S};
use servicenow_client::{Authenticator, Source};
use tf_core::{Diagnostic, Object};

use super::environment::variable;
use super::layers::{Layers, find, path, required};
use crate::errors;

/// A way to sign in, and the settings that name it.
struct Method {
    name: &'static str,
    settings: &'static [&'static str],
    build: fn(&Layers) -> Result<Authenticator, Diagnostic>,
}

const PASSWORD: &str = "user name and password";

const METHODS: &[Method] = &[
    Method {
        name: PASSWORD,
        settings: &["username", "password", "password_file", "password_command"],
        build: with_password,
    },
    Method { name: "`credentials`", settings: &["credentials"], build: with_credentials },
    Method {
        name: "bearer token",
        settings: &["token", "token_file", "token_command"],
        build: |layers| Ok(Authenticator::Bearer(secret(layers, "token")?)),
    },
    Method {
        name: "API key",
        settings: &["api_key", "api_key_file", "api_key_command"],
        build: |layers| Ok(Authenticator::ApiKey(secret(layers, "api_key")?)),
    },
    Method { name: "OAuth", settings: &["oauth"], build: with_oauth },
];

/// The way to sign in.
///
/// # Errors
/// None or several are named, or what is named lacks something.
pub(super) fn authenticator(layers: &Layers) -> Result<Authenticator, Diagnostic> {
    for layer in [&layers.block, &layers.environment] {
        let named = named(layer, layers);
        match named.as_slice() {
            [] => {}
            [(method, setting)] => return checked((method.build)(layers)?, setting),
            [(first, one), (second, other), ..] => {
                let is_block = std::ptr::eq(layer, &layers.block);
                let shown = |setting: &str| {
                    if is_block { format!("`{setting}`") } else { format!("`{}`", variable(&path(setting))) }
                };
                let problem = errors::two_methods((first.name, &shown(one)), (second.name, &shown(other)));
                return Err(if is_block { problem.at(path(other)) } else { problem });
            }
        }
    }
    if layers.value("mtls").is_some() {
        return Ok(Authenticator::Certificate);
    }
    Err(errors::no_method())
}

/// The ways that a layer names, each with the setting that does so.
fn named(layer: &Object, layers: &Layers) -> Vec<(&'static Method, &'static str)> {
    let of = |method: &'static Method| {
        let setting = method.settings.iter().find(|it| find(layer, it).is_some())?;
        Some((method, *setting))
    };
    let mut named: Vec<_> = METHODS.iter().filter_map(of).collect();
    // User name and password are what this grant asks with.
    let is_oauth = named.iter().any(|it| it.1 == "oauth");
    if is_oauth && grant_type(layers) == "password" {
        named.retain(|it| it.0.name != PASSWORD);
    }
    named
}

fn checked(authenticator: Authenticator, setting: &str) -> Result<Authenticator, Diagnostic> {
    match authenticator.check() {
        Ok(()) => Ok(authenticator),
        Err(error) => Err(errors::bad_setting(setting, &error.to_string()).at(path(setting))),
    }
}

fn with_password(layers: &Layers) -> Result<Authenticator, Diagnostic> {
    let username = required("username", layers.text("username"))?;
    Ok(Authenticator::Basic { username, password: secret(layers, "password")? })
}

fn with_credentials(layers: &Layers) -> Result<Authenticator, Diagnostic> {
    let pair = required("credentials", layers.text("credentials"))?;
    match pair.split_once(':') {
        Some((username, password)) => Ok(Authenticator::basic(username, password)),
        None => {
            let reason = "it has no colon, which divides user name and password";
            Err(errors::bad_setting("credentials", reason).at(path("credentials")))
        }
    }
}

fn with_oauth(layers: &Layers) -> Result<Authenticator, Diagnostic> {
    let client_id = required("oauth.client_id", layers.text("oauth.client_id"))?;
    let client_secret = layers.source("oauth.client_secret")?;
    let grant = match grant_type(layers).as_str() {
        "password" => GrantSource::Password {
            username: required("username", layers.text("username"))?,
            password: secret(layers, "password")?,
        },
        "refresh_token" => GrantSource::RefreshToken(secret(layers, "oauth.refresh_token")?),
        "jwt_bearer" => GrantSource::JwtBearer {
            private_key: secret(layers, "oauth.private_key")?,
            claims: Claims {
                issuer: layers.text("oauth.issuer").unwrap_or_else(|| client_id.clone()),
                subject: required("oauth.subject", layers.text("oauth.subject"))?,
                audience: layers.text("oauth.audience").unwrap_or_else(|| client_id.clone()),
                key_id: layers.text("oauth.key_id"),
                lifetime_s: layers.number("oauth.lifetime_seconds").unwrap_or(LIFETIME_S),
            },
        },
        _ => {
            required("oauth.client_secret", client_secret.as_ref())?;
            GrantSource::ClientCredentials
        }
    };
    let scope = layers.text("oauth.scope");
    Ok(Authenticator::OAuth(OAuth { client_id, client_secret, scope, grant }))
}

fn grant_type(layers: &Layers) -> String {
    layers.text("oauth.grant_type").unwrap_or_else(|| "client_credentials".to_owned())
}

fn secret(layers: &Layers, setting: &str) -> Result<Source, Diagnostic> {
    required(setting, layers.source(setting)?)
}
