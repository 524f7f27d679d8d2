//! Requests for OAuth tokens as values, and what the answers mean.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::{Kind, Method, Request, Response, Secret, ServiceError, answer};

/// Where an instance issues tokens.
pub const PATH: &str = "/oauth_token.do";

/// What stays readable in a form.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The application that asks for a token: a record of the instance's application registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its client id.
    pub client_id: String,
    /// Its client secret; a public application has none.
    pub client_secret: Option<Secret>,
    /// What the token may be used for; without it the instance decides.
    pub scope: Option<String>,
}

/// What entitles an application to a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// The application itself; the token acts as the user that its record names.
    ClientCredentials,
    /// A user's name and password.
    Password {
        /// Who.
        username: String,
        /// The proof.
        password: Secret,
    },
    /// A refresh token that was issued earlier.
    RefreshToken(Secret),
    /// A signed assertion.
    JwtBearer(Secret),
}

/// A token and how long it lasts. Its `Debug` shows no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What is sent with requests.
    pub access_token: Secret,
    /// What a new access token can be had for.
    pub refresh_token: Option<Secret>,
    /// Seconds for which the access token is valid from now on; `None` when the answer does not say.
    pub expires_in_s: Option<u64>,
}

impl Grant {
    /// As the protocol names it.
    pub fn name(&self) -> &'static str {
        match self {
            Grant::ClientCredentials => "client_credentials",
            Grant::Password { .. } => "password",
            Grant::RefreshToken(_) => "refresh_token",
            Grant::JwtBearer(_) => "urn:ietf:params:oauth:grant-type:jwt-bearer",
        }
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        match self {
            Grant::ClientCredentials => Vec::new(),
            Grant::Password { username, password } => {
                vec![("username", username), ("password", password.expose())]
            }
            Grant::RefreshToken(token) => vec![("refresh_token", token.expose())],
            Grant::JwtBearer(assertion) => vec![("assertion", assertion.expose())],
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Asks for a token. The endpoint takes forms only.
pub fn request(application: &Application, grant: &Grant) -> Request {
    let mut pairs = vec![("grant_type", grant.name()), ("client_id", application.client_id.as_str())];
    pairs.extend(application.client_secret.as_ref().map(|it| ("client_secret", it.expose())));
    pairs.extend(application.scope.as_deref().map(|it| ("scope", it)));
    pairs.extend(grant.pairs());
    let encode = |text: &str| utf8_percent_encode(text, FORM).to_string();
    let form: Vec<String> =
        pairs.into_iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut request = Request::new(Method::Post, PATH);
    request.headers = vec![
        header("Accept", "application/json"),
        header("Content-Type", "application/x-www-form-urlencoded"),
    ];
    request.body = Some(form.join("&"));
    request
}

/// The token in an answer.
///
/// # Errors
/// The instance issues none. It says the same for nearly every cause, so the kind is [`Kind::Unauthenticated`] whatever
/// its words are; an instance that hibernates, is busy or is none at all is told apart.
pub fn read(
    application: &Application,
    grant: &Grant,
    request: &Request,
    response: &Response,
) -> Result<Token, ServiceError> {
    let document: Value = serde_json::from_slice(&response.body).unwrap_or_default();
    let text = |name: &str| document.get(name).and_then(Value::as_str).filter(|it| !it.is_empty());
    if let (200..=299, Some(access_token)) = (response.status, text("access_token")) {
        return Ok(Token {
            access_token: Secret::new(access_token),
            refresh_token: text("refresh_token").map(Secret::new),
            expires_in_s: document.get("expires_in").and_then(seconds),
        });
    }
    let says_why = text("error").is_some();
    if says_why && !matches!(response.status, 429 | 500..) {
        let words: Vec<&str> = [text("error"), text("error_description")].into_iter().flatten().collect();
        let mut words = words.join(": ");
        for (_, value) in grant.pairs() {
            Secret::new(value).redact(&mut words);
        }
        application.client_secret.iter().for_each(|it| it.redact(&mut words));
        let error = ServiceError::new(Kind::Unauthenticated, request, answer::quoted(&words));
        return Err(error.with_status(response.status));
    }
    match answer::classify(request, response) {
        Err(error) => Err(refused(error, response.status)),
        Ok(_) => Err(ServiceError::new(Kind::NotServiceNow, request, "the answer holds no token")
            .with_status(response.status)),
    }
}

/// Without a body of its own a refusal of the token endpoint is still a refusal to sign in.
fn refused(error: ServiceError, status: u16) -> ServiceError {
    match status {
        400 | 401 | 403 => ServiceError { kind: Kind::Unauthenticated, ..error },
        _ => error,
    }
}

/// A number of seconds, which some releases write as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

#[cfg(test)]
mod tests;
