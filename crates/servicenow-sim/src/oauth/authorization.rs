//! The page that gives a code to a client. Who asks for it signed in has agreed: there is nobody to press the button.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use servicenow_core::Response;

use super::tokens::{self, Holder, Kind};
use super::{given, grants};
use crate::answer::portal::moved;
use crate::answer::{failures, pages};
use crate::arrival::Arrival;
use crate::instance::{Instance, text};
use crate::sign_in::Caller;
use crate::store::StoreError;

/// Seconds in which a code must be shown. Assumed.
const CODE_LIFESPAN_S: u64 = 600;

/// Sends the browser back to the client with a code, or shows the login page first.
pub fn answer(instance: &Instance, arrival: &Arrival, caller: &Caller) -> Result<Response, StoreError> {
    let Some(user) = &caller.user else {
        return Ok(pages::login());
    };
    let named = |name: &str| given(arrival, name).unwrap_or_default();
    let (client_id, address) = (named("client_id"), named("redirect_uri"));
    let active = [("client_id", client_id.as_str()), ("active", "true")];
    let found = instance.store.matching(&instance.dictionary, "oauth_entity", &active)?;
    let registered = |it: &str| it.split(',').any(|it| it.trim() == address) && !address.is_empty();
    let client = found.iter().find(|(_, it)| registered(text(it, "redirect_url")));
    let Some((_, client)) = client.filter(|_| named("response_type") == "code") else {
        return Ok(failures::failure(400, "Invalid authorization request", None));
    };
    let holder = Holder { client: text(client, "sys_id"), user: &user.sys_id, scopes: grants::EVERYTHING };
    let (challenge, method) = (named("code_challenge"), named("code_challenge_method"));
    let more = [
        ("redirect_url", address.as_str()),
        ("code_challenge", &challenge),
        ("code_challenge_method", if method.is_empty() { "plain" } else { &method }),
    ];
    let code = tokens::issue(instance, Kind::Code, &holder, CODE_LIFESPAN_S, &more)?;
    let state = utf8_percent_encode(&named("state"), NON_ALPHANUMERIC).to_string();
    let joint = if address.contains('?') { '&' } else { '?' };
    Ok(moved(&format!("{address}{joint}code={code}&state={state}")))
}
