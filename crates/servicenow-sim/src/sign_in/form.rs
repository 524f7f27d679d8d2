//! The form of the login page: name and password in its body.

use servicenow_core::Method;

use super::{Proof, Proven, knows_password, user_named};
use crate::answer::portal::LOGIN;
use crate::arrival::Arrival;
use crate::instance::Instance;
use crate::store::StoreError;

/// The user that a sent login form names with its password.
pub fn proven(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    if arrival.request.method != Method::Post || arrival.request.path != LOGIN {
        return Ok(Proven::Nothing);
    }
    let form = arrival.form();
    let named = |name: &str| form.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str());
    let user = user_named(instance, named("user_name").unwrap_or_default())?;
    match user {
        Some(user) if knows_password(instance, &user, named("user_password").unwrap_or_default())? => {
            Ok(Proven::User(user, Proof::Session))
        }
        _ => Ok(Proven::Wrong),
    }
}
