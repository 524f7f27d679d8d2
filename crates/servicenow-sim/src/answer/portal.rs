//! The pages through which a person signs in: the form, and the page behind it that tells the session's token.

use servicenow_core::{Method, Request, Response};

use super::{failures, header, pages};
use crate::sign_in::Caller;

/// Where the form is sent.
pub const LOGIN: &str = "/login.do";
/// The page behind it.
const HOME: &str = "/navpage.do";

/// The answer, if the path is one of these pages.
pub fn answer(request: &Request, caller: &Caller) -> Option<Response> {
    match (request.method, request.path.as_str()) {
        (Method::Post, LOGIN) if caller.user.is_some() => Some(moved(HOME)),
        (_, HOME) if caller.user.is_some() => Some(home(caller)),
        (_, LOGIN | HOME) => Some(pages::login()),
        _ => None,
    }
}

/// Sends a browser elsewhere.
pub fn moved(location: &str) -> Response {
    let mut response = failures::empty(302);
    response.headers.push(header("Location", location));
    response
}

fn home(caller: &Caller) -> Response {
    let script = format!("<script>window.g_ck = '{}';</script>", caller.session.token);
    pages::html(200, "ServiceNow", &script)
}
