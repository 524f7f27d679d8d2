//! Short names for long queries: an address is stored, and a later request names it with `sysparm_tiny`.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};
use servicenow_core::Response;

use super::failures::{self, json_response};
use super::format;
use crate::arrival::{Arrival, pairs};
use crate::instance::Instance;
use crate::store::StoreError;

/// Where an address is stored.
pub const PATH: &str = "/api/now/tinyurl";
/// The parameter that names a stored address.
pub const PARAMETER: &str = "sysparm_tiny";
/// Characters of a name.
const NAME_LENGTH: usize = 32;

/// Stores the address in the body and answers with its short form.
pub fn store(instance: &Instance, arrival: &Arrival) -> Result<Response, StoreError> {
    let document = match format::document(arrival) {
        Ok(document) => document,
        Err(failure) => return Ok(failure),
    };
    let Some(url) = document.get("url").and_then(Value::as_str).filter(|it| !it.is_empty()) else {
        return Ok(failures::malformed_body("url is missing"));
    };
    let name: String =
        digest(&SHA256, url.as_bytes()).as_ref().iter().map(|it| format!("{it:02x}")).collect();
    let name = name.get(..NAME_LENGTH).unwrap_or(&name);
    instance.store.note(&fact(name), url)?;
    let page = url.split('?').next().unwrap_or_default();
    Ok(json_response(200, &json!({"result": format!("{page}?{PARAMETER}={name}")})))
}

/// The request with the parameters of the stored address that it names, if it names one.
pub fn resolved(instance: &Instance, arrival: &Arrival) -> Result<Option<Arrival>, StoreError> {
    let Some(name) = arrival.parameter(PARAMETER) else {
        return Ok(None);
    };
    let Some(url) = instance.store.fact(&fact(name))? else {
        return Ok(None);
    };
    let mut resolved = arrival.clone();
    resolved.request.query.retain(|(it, _)| it != PARAMETER);
    resolved.request.query.extend(pairs(url.split_once('?').map_or("", |(_, query)| query)));
    Ok(Some(resolved))
}

fn fact(name: &str) -> String {
    format!("tiny_url {name}")
}
