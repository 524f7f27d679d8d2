//! The simulator's own paths: journal, settings, faults, time, rows and stored secrets. They are not part of the instance.

mod hands;
mod people;
mod plans;
mod rows;

use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

use crate::answer::failures::{empty, failure, json_response};
use crate::answer::header;
use crate::page;
use crate::simulator::State;

pub use self::people::{PeopleError, Person, add_people};

/// Where they begin.
const PREFIX: &str = "/_sim/";

/// The paths and what they take.
const PATHS: &str = "GET /_sim/health; GET, DELETE /_sim/journal; GET, POST /_sim/settings; \
                     GET, POST, DELETE /_sim/faults; GET, POST /_sim/clock; POST /_sim/reset; \
                     GET, POST /_sim/snapshot; POST /_sim/restore; POST /_sim/operator; POST /_sim/later; \
                     POST /_sim/clone; GET /_sim/secret?table=&sys_id=&column=";

/// Whether a path belongs to the simulator and not to the instance.
pub fn is_for_control(path: &str) -> bool {
    path == page::PATH || path.starts_with(PREFIX)
}

/// The answer to a request that controls the simulator.
pub fn answer(state: &mut State, request: &Request) -> Response {
    if let Some(page) = page::answer(state, request) {
        return page;
    }
    let mut response = route(state, request);
    if !response.body.is_empty() {
        response.headers.push(header("Content-Type", "application/json;charset=UTF-8"));
    }
    response
}

fn route(state: &mut State, request: &Request) -> Response {
    match (request.method, request.path.as_str()) {
        (Method::Get, "/_sim/health") => json_response(200, &json!({"status": "up"})),
        (Method::Get, "/_sim/journal") => journal(state, request),
        (Method::Delete, "/_sim/journal") => {
            state.journal.clear();
            empty(204)
        }
        (Method::Get, "/_sim/settings") => plans::settings(state),
        (Method::Post, "/_sim/settings") => plans::change_settings(state, request),
        (Method::Get, "/_sim/faults") => plans::faults(state),
        (Method::Post, "/_sim/faults") => plans::add_faults(state, request),
        (Method::Delete, "/_sim/faults") => {
            state.faults.clear();
            empty(204)
        }
        (Method::Get, "/_sim/clock") => plans::clock(state),
        (Method::Post, "/_sim/clock") => plans::advance(state, request),
        (Method::Post, "/_sim/reset") => rows::reset(state),
        (Method::Get, "/_sim/snapshot") => rows::snapshots(state),
        (Method::Post, "/_sim/snapshot") => rows::snapshot(state, request),
        (Method::Post, "/_sim/restore") => rows::restore(state, request),
        (Method::Post, "/_sim/operator") => hands::operator(state, request),
        (Method::Post, "/_sim/later") => hands::later(state, request),
        (Method::Post, "/_sim/clone") => hands::clone_over(state, request),
        (Method::Get, "/_sim/secret") => secret(state, request),
        _ => failure(404, "The simulator has no such path", Some(PATHS)),
    }
}

/// All entries, or those after a number.
fn journal(state: &State, request: &Request) -> Response {
    match parameter(request, "after").map_or(Ok(0), str::parse) {
        Ok(after) => json_response(200, &state.journal.after(after)),
        Err(_) => failure(400, "The journal was not read", Some("`after` is the number of an entry")),
    }
}

fn secret(state: &State, request: &Request) -> Response {
    let named = |name| parameter(request, name).unwrap_or_default();
    match state.instance.stored_secret(named("table"), named("sys_id"), named("column")) {
        Ok(Some(value)) => json_response(200, &json!({"value": value})),
        Ok(None) => failure(404, "No usable secret is stored there", None),
        Err(error) => failed(&error),
    }
}

/// What an error of the database is answered with.
fn failed(error: &dyn std::error::Error) -> Response {
    failure(500, "The simulated instance failed", Some(&error.to_string()))
}

/// A query parameter.
fn parameter<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.query.iter().find(|(it, _)| it == name);
    found.map(|(_, value)| value.as_str())
}

/// The body as JSON, or why it is none. An empty one is an empty object.
fn document(request: &Request) -> Result<Value, String> {
    match request.body.as_deref().unwrap_or_default().trim() {
        "" => Ok(json!({})),
        text => serde_json::from_str(text).map_err(|it| it.to_string()),
    }
}
