//! Bearer tokens: of this instance's OAuth server, or identity tokens of another provider.

use super::policies::covers;
use super::{Proof, Proven, user_with_id};
use crate::arrival::Arrival;
use crate::instance::{Instance, text};
use crate::oauth::tokens::{self, Kind};
use crate::oauth::{EVERYTHING, assertion};
use crate::store::{Row, StoreError};

/// The user whose token the `Authorization` header has.
pub fn proven(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    let Some((scheme, token)) = arrival.header("authorization").and_then(|it| it.split_once(' ')) else {
        return Ok(Proven::Nothing);
    };
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(Proven::Nothing);
    }
    match tokens::find(instance, Kind::Access, token.trim())? {
        Some(row) if reaches(instance, text(&row, "scopes"), arrival)? => {
            user_with_id(instance, text(&row, "user"), Proof::Bearer)
        }
        Some(_) => Ok(Proven::Wrong),
        None => identity(instance, token.trim()),
    }
}

/// Whether one of the scopes is everything, or is bound to the API that is asked for.
fn reaches(instance: &Instance, scopes: &str, arrival: &Arrival) -> Result<bool, StoreError> {
    let scopes: Vec<&str> = scopes.split_whitespace().collect();
    if scopes.contains(&EVERYTHING) {
        return Ok(true);
    }
    let active = [("active", "true")];
    let bound = instance.store.matching(&instance.dictionary, "sys_rest_auth_scope", &active)?;
    for (_, row) in bound.iter().filter(|(_, it)| covers(it, &arrival.request)) {
        let found = instance.store.find(&instance.dictionary, "sys_auth_scope", text(row, "auth_scope"))?;
        if found.is_some_and(|(_, it)| scopes.contains(&text(&it, "name"))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The user of an identity token that a registered provider signed for one of its client ids.
fn identity(instance: &Instance, token: &str) -> Result<Proven, StoreError> {
    for client_id in assertion::audience(token) {
        let registered = [("client_id", client_id.as_str()), ("type", "oidc"), ("active", "true")];
        let found = instance.store.matching(&instance.dictionary, "oauth_entity", &registered)?;
        let providers: Vec<Row> = found.into_iter().map(|(_, row)| row).collect();
        for provider in providers {
            if let Some(user) = assertion::user(instance, &provider, token)? {
                return Ok(Proven::User(user, Proof::Bearer));
            }
        }
    }
    Ok(Proven::Wrong)
}
