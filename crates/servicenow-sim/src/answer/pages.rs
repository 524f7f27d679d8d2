//! HTML where a client expects JSON: hibernation, maintenance, login.

use servicenow_core::Response;

use super::header;

/// The page that the setting `state` asks for, or nothing when the instance is up.
pub fn of_state(state: &str) -> Option<Response> {
    match state {
        "hibernating" => Some(html(200, "Instance Hibernating page", "This instance is hibernating.")),
        "maintenance" => Some(maintenance(503)),
        "login_page" => Some(login()),
        _ => None,
    }
}

/// The form in which a person signs in.
pub fn login() -> Response {
    html(200, "Log in | ServiceNow", "User name and password")
}

/// The page of a node that is down or under maintenance.
pub fn maintenance(status: u16) -> Response {
    html(status, "Instance under maintenance", "This instance is being maintained.")
}

/// A page with a title and a sentence.
pub fn html(status: u16, title: &str, text: &str) -> Response {
    let body = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n"
    );
    let headers = vec![header("Content-Type", "text/html;charset=UTF-8")];
    Response { status, headers, body: body.into_bytes() }
}
