//! The kinds of grants: what a client shows to get a token.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::tokens::{self, Holder, Kind};
use super::{Failure, Refusal, assertion, given, jwt, property};
use crate::arrival::Arrival;
use crate::instance::{Instance, flag, text};
use crate::sign_in::{basic_pair, knows_password, user_named};
use crate::store::Row;

/// The property that switches client credentials on; missing counts as off.
const CLIENT_CREDENTIALS: &str = "glide.oauth.inbound.client.credential.grant_type.enabled";
/// The grant of a signed assertion.
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// The scope that reaches everything its user reaches.
pub const EVERYTHING: &str = "useraccount";

/// What a grant gives: for whom, and whether a refresh token comes with it.
struct Given {
    user: String,
    refresh: Option<Refresh>,
}

/// The refresh token that comes with an access token.
enum Refresh {
    /// The current one, or a new one.
    Current,
    /// The one that was shown.
    Shown(String),
}

/// The body of the answer to a token request.
pub fn granted(instance: &Instance, arrival: &Arrival) -> Result<Value, Failure> {
    let client = client(instance, arrival)?;
    let given = match given(arrival, "grant_type").as_deref() {
        Some("password") => by_password(instance, arrival)?,
        Some("refresh_token") => by_refresh_token(instance, arrival, &client)?,
        Some("client_credentials") => by_client(instance, &client)?,
        Some("authorization_code") => by_code(instance, arrival, &client)?,
        Some(JWT_BEARER) => by_assertion(instance, arrival, &client)?,
        _ => return Err(Failure::Refused(Refusal::GrantType)),
    };
    answered(instance, arrival, &client, given)
}

fn answered(instance: &Instance, arrival: &Arrival, client: &Row, given: Given) -> Result<Value, Failure> {
    let scopes = scopes(instance, arrival, client)?;
    let holder = Holder { client: text(client, "sys_id"), user: &given.user, scopes: &scopes };
    let lifespan = |column: &str| text(client, column).parse::<u64>().unwrap_or_default();
    let lifespan_s = lifespan("access_token_lifespan");
    let signed = |lifespan_s: u64| match jwt::is_for(client) {
        true => jwt::token(instance, client, &holder, lifespan_s),
        false => Ok(None),
    };
    let access = tokens::current(instance, Kind::Access, &holder, lifespan_s, signed)?;
    let mut body = json!({
        "access_token": access.clear, "scope": scopes, "token_type": "Bearer", "expires_in": access.lives_s,
    });
    let refresh = match given.refresh {
        None => None,
        Some(Refresh::Shown(token)) => Some(token),
        Some(Refresh::Current) => {
            let lifespan_s = lifespan("refresh_token_lifespan");
            Some(tokens::current(instance, Kind::Refresh, &holder, lifespan_s, |_| Ok(None))?.clear)
        }
    };
    if let (Some(token), Some(body)) = (refresh, body.as_object_mut()) {
        body.insert("refresh_token".to_owned(), json!(token));
    }
    Ok(body)
}

/// The active inbound client whose id and secret are in the form or in the `Authorization` header.
fn client(instance: &Instance, arrival: &Arrival) -> Result<Row, Failure> {
    let in_form = given(arrival, "client_id").map(|id| (id, given(arrival, "client_secret")));
    let in_header = || basic_pair(arrival).map(|(id, secret)| (id, Some(secret)));
    let refused = || Failure::Refused(Refusal::Client);
    let (id, secret) = in_form.or_else(in_header).ok_or_else(refused)?;
    let named = [("client_id", id.as_str()), ("active", "true")];
    let found = instance.store.matching(&instance.dictionary, "oauth_entity", &named)?;
    let (_, client) = found.into_iter().find(|(_, it)| text(it, "type") != "consumer").ok_or_else(refused)?;
    let kept = instance.store.decrypt(text(&client, "client_secret"))?;
    let right = kept.is_some_and(|it| secret.as_deref() == Some(it.as_str()));
    let public =
        flag(&client, "public_client") && secret.is_none() && given(arrival, "code_verifier").is_some();
    if right || public { Ok(client) } else { Err(refused()) }
}

fn by_password(instance: &Instance, arrival: &Arrival) -> Result<Given, Failure> {
    let (name, password) = (given(arrival, "username"), given(arrival, "password"));
    let user = user_named(instance, &name.unwrap_or_default())?;
    match user {
        Some(user) if knows_password(instance, &user, &password.unwrap_or_default())? => {
            Ok(Given { user: text(&user, "sys_id").to_owned(), refresh: Some(Refresh::Current) })
        }
        _ => Err(Failure::Refused(Refusal::Grant)),
    }
}

fn by_refresh_token(instance: &Instance, arrival: &Arrival, client: &Row) -> Result<Given, Failure> {
    let shown = given(arrival, "refresh_token").unwrap_or_default();
    let row = tokens::find(instance, Kind::Refresh, &shown)?;
    let row = row.filter(|it| text(it, "peer") == text(client, "sys_id"));
    let row = row.ok_or(Failure::Refused(Refusal::Grant))?;
    Ok(Given { user: text(&row, "user").to_owned(), refresh: Some(Refresh::Shown(shown)) })
}

fn by_client(instance: &Instance, client: &Row) -> Result<Given, Failure> {
    if property(instance, CLIENT_CREDENTIALS)?.as_deref() != Some("true") {
        return Err(Failure::Refused(Refusal::GrantType));
    }
    match text(client, "user") {
        "" => Err(Failure::Refused(Refusal::Client)),
        user => Ok(Given { user: user.to_owned(), refresh: None }),
    }
}

/// A code counts once, for the client and the address that it was given to.
fn by_code(instance: &Instance, arrival: &Arrival, client: &Row) -> Result<Given, Failure> {
    let code = given(arrival, "code").unwrap_or_default();
    let row = tokens::find(instance, Kind::Code, &code)?.ok_or(Failure::Refused(Refusal::Grant))?;
    tokens::revoke(instance, &code)?;
    let address = given(arrival, "redirect_uri").unwrap_or_default();
    let mine = text(&row, "peer") == text(client, "sys_id") && text(&row, "redirect_url") == address;
    if !mine || !verified(&row, given(arrival, "code_verifier").as_deref()) {
        return Err(Failure::Refused(Refusal::Grant));
    }
    Ok(Given { user: text(&row, "user").to_owned(), refresh: Some(Refresh::Current) })
}

/// Whether the verifier is the one whose challenge came with the request for the code.
fn verified(code: &Row, verifier: Option<&str>) -> bool {
    let verifier = verifier.unwrap_or_default();
    match (text(code, "code_challenge"), text(code, "code_challenge_method")) {
        ("", _) => true,
        (challenge, "plain") => challenge == verifier,
        (challenge, _) => challenge == URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())),
    }
}

fn by_assertion(instance: &Instance, arrival: &Arrival, client: &Row) -> Result<Given, Failure> {
    let header =
        arrival.header("authentication").and_then(|it| it.strip_prefix("Bearer ")).map(str::to_owned);
    let shown = given(arrival, "assertion").or(header).unwrap_or_default();
    let user = assertion::user(instance, client, &shown)?.ok_or(Failure::Refused(Refusal::Grant))?;
    Ok(Given { user: text(&user, "sys_id").to_owned(), refresh: None })
}

/// Those of the asked scopes that are registered for the client; everything when none was asked for.
fn scopes(instance: &Instance, arrival: &Arrival, client: &Row) -> Result<String, Failure> {
    let asked = given(arrival, "scope").unwrap_or_default();
    let mine = [("oauth_entity", text(client, "sys_id"))];
    let registered = instance.store.matching(&instance.dictionary, "oauth_entity_scope", &mine)?;
    let known = |it: &&str| {
        *it == EVERYTHING || registered.iter().any(|(_, row)| text(row, "oauth_entity_scope") == *it)
    };
    let scopes: Vec<&str> = asked.split_whitespace().filter(known).collect();
    if scopes.is_empty() && !asked.trim().is_empty() && !registered.is_empty() {
        return Err(Failure::Refused(Refusal::Request));
    }
    Ok(if scopes.is_empty() { EVERYTHING.to_owned() } else { scopes.join(" ") })
}
