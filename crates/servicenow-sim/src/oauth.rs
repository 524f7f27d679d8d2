//! The OAuth server of the instance: tokens are asked for, used and revoked here.

pub mod assertion;
mod authorization;
mod grants;
mod jwt;
mod public_key;
pub mod tokens;

use serde_json::json;
use servicenow_core::{Method, Response};

use crate::answer::failures::{self, json_response};
use crate::arrival::Arrival;
use crate::instance::Instance;
use crate::settings::OAUTH_ERRORS;
use crate::sign_in::Caller;
use crate::store::StoreError;
pub use grants::EVERYTHING;

/// The property without which there are no tokens; it counts as true where it is missing.
const ACTIVE: &str = "com.snc.platform.security.oauth.is.active";

/// Why no token is given. The platform says the same for nearly all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No such client, a wrong secret, or a client that is not active.
    Client,
    /// A wrong password, token, code or assertion.
    Grant,
    /// A kind of grant that is unknown or switched off.
    GrantType,
    /// A request that is no form, or in which something is missing.
    Request,
}

impl Refusal {
    fn as_str(self) -> &'static str {
        match self {
            Refusal::Client => "invalid_client",
            Refusal::Grant => "invalid_grant",
            Refusal::GrantType => "unsupported_grant_type",
            Refusal::Request => "invalid_request",
        }
    }
}

/// A token, or why there is none.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No token is given.
    #[error("the token request was refused")]
    Refused(Refusal),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The answer, if the path is one of the OAuth server's.
pub fn answer(
    instance: &Instance,
    arrival: &Arrival,
    caller: &Caller,
) -> Result<Option<Response>, StoreError> {
    let request = &arrival.request;
    Ok(match (request.method, request.path.as_str()) {
        (Method::Post, "/oauth_token.do") => Some(token(instance, arrival)?),
        (Method::Get | Method::Post, "/oauth_revoke_token.do" | "/oauth_revoke.do") => {
            Some(revoked(instance, arrival)?)
        }
        (Method::Get | Method::Post, "/oauth_auth.do") => {
            Some(authorization::answer(instance, arrival, caller)?)
        }
        (_, "/oauth_token.do" | "/oauth_revoke_token.do" | "/oauth_revoke.do" | "/oauth_auth.do") => {
            Some(failures::method_not_allowed())
        }
        (Method::Get, "/api/now/oauth/jwks") => Some(json_response(200, &jwt::keys(instance)?)),
        _ => None,
    })
}

fn token(instance: &Instance, arrival: &Arrival) -> Result<Response, StoreError> {
    let content = arrival.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let is_form = content.starts_with("application/x-www-form-urlencoded");
    let active = property(instance, ACTIVE)?.is_none_or(|it| it == "true");
    let given = match is_form && active {
        true => grants::granted(instance, arrival),
        false => Err(Failure::Refused(Refusal::Request)),
    };
    match given {
        Ok(body) => Ok(json_response(200, &body)),
        Err(Failure::Refused(refusal)) => Ok(refused(instance, refusal)),
        Err(Failure::Store(error)) => Err(error),
    }
}

fn refused(instance: &Instance, refusal: Refusal) -> Response {
    let error = match instance.settings.text(OAUTH_ERRORS) {
        "precise" => refusal.as_str(),
        _ => "server_error",
    };
    json_response(401, &json!({"error_description": "access_denied", "error": error}))
}

/// Whoever knows a token may end it; nobody learns whether there was one.
fn revoked(instance: &Instance, arrival: &Arrival) -> Result<Response, StoreError> {
    let form = arrival.form();
    let in_form = form.iter().find(|(it, _)| it == "token").map(|(_, value)| value.as_str());
    if let Some(token) = arrival.parameter("token").or(in_form) {
        tokens::revoke(instance, token)?;
    }
    Ok(failures::empty(200))
}

/// The value of a system property, if the instance has it.
pub fn property(instance: &Instance, name: &str) -> Result<Option<String>, StoreError> {
    Ok(instance.properties()?.get(name).cloned())
}

/// The query parameter or the field of the form of that name.
fn given(arrival: &Arrival, name: &str) -> Option<String> {
    let form = arrival.form();
    let in_form = form.into_iter().find(|(it, _)| it == name).map(|(_, value)| value);
    in_form.or_else(|| arrival.parameter(name).map(str::to_owned)).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests;
