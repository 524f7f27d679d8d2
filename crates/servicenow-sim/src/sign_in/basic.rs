//! Name and password, with a code behind the password where a second factor is asked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Proof, Proven, knows_password, user_named};
use crate::answer::{failures, header};
use crate::arrival::Arrival;
use crate::instance::{Instance, flag};
use crate::settings::MFA_CODE;
use crate::store::{Row, StoreError};

/// The user that the `Authorization` header names with its password.
pub fn proven(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    let Some((scheme, value)) = arrival.header("authorization").and_then(|it| it.split_once(' ')) else {
        return Ok(Proven::Nothing);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(Proven::Nothing);
    }
    let Some((user_name, password)) = pair(value) else {
        return Ok(Proven::Wrong);
    };
    match user_named(instance, &user_name)? {
        Some(user) => checked(instance, user, &password),
        None => Ok(Proven::Wrong),
    }
}

/// Name and password out of the header's value; only the first colon separates.
pub fn pair(value: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    let (name, password) = decoded.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}

fn checked(instance: &Instance, user: Row, password: &str) -> Result<Proven, StoreError> {
    let code = instance.settings.text(MFA_CODE);
    if code.is_empty() || !flag(&user, "enable_multifactor_authn") {
        let right = knows_password(instance, &user, password)?;
        return Ok(if right { Proven::User(user, Proof::Basic) } else { Proven::Wrong });
    }
    let right = match password.strip_suffix(code) {
        Some(password) => knows_password(instance, &user, password)?,
        None => false,
    };
    Ok(if right { Proven::User(user, Proof::Basic) } else { second_factor_missing() })
}

fn second_factor_missing() -> Proven {
    let mut response = failures::not_authenticated();
    response.headers.push(header("X-MFA_TOKEN", "invalid"));
    Proven::Refused(response)
}
