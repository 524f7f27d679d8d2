//! API keys: in a header, or as a query parameter of the same name.

use super::{Proof, Proven, user_with_id};
use crate::arrival::Arrival;
use crate::instance::{Instance, text};
use crate::store::StoreError;

/// The name of the header and of the parameter unless a profile names another.
const PARAMETER: &str = "x-sn-apikey";

/// The user that an active API key stands for, whose time is not over.
pub fn proven(instance: &Instance, arrival: &Arrival) -> Result<Proven, StoreError> {
    let given = arrival.header(PARAMETER).or_else(|| arrival.parameter(PARAMETER));
    let Some(given) = given.filter(|it| !it.is_empty()) else {
        return Ok(Proven::Nothing);
    };
    let now = instance.clock.timestamp();
    for (_, key) in instance.store.matching(&instance.dictionary, "api_key", &[("active", "true")])? {
        let expires = text(&key, "expires");
        let lives = expires.is_empty() || now.as_str() < expires;
        if lives && instance.store.decrypt(text(&key, "token"))?.is_some_and(|it| it == given) {
            return user_with_id(instance, text(&key, "user"), Proof::Key);
        }
    }
    Ok(Proven::Wrong)
}
