//! The simulator's own paths: journal, settings, faults and stored secrets. They are not part of the instance.

use serde_json::{Map, Value, json};
use servicenow_core::{Method, Request, Response};

use crate::answer::failures::{empty, failure, json_response};
use crate::answer::header;
use crate::faults::Fault;
use crate::settings::Settings;
use crate::simulator::State;

/// Where they begin.
pub const PREFIX: &str = "/_sim/";
/// The path that tells secrets.
const SECRET: &str = "/_sim/secret";

/// The paths and what they take.
const PATHS: &str = "GET /_sim/health; GET, DELETE /_sim/journal; GET, POST /_sim/settings; \
                     GET, POST, DELETE /_sim/faults; GET /_sim/secret?table=&sys_id=&column=";

/// Whether a path belongs to the simulator and not to the instance.
pub fn is_for_control(path: &str) -> bool {
    path.starts_with(PREFIX)
}

/// The answer to a request that controls the simulator.
pub fn answer(state: &mut State, request: &Request) -> Response {
    let mut response = route(state, request);
    if !response.body.is_empty() {
        response.headers.push(header("Content-Type", "application/json;charset=UTF-8"));
    }
    response
}

fn route(state: &mut State, request: &Request) -> Response {
    match (request.method, request.path.as_str()) {
        (Method::Get, "/_sim/health") => json_response(200, &json!({"status": "up"})),
        (Method::Get, "/_sim/journal") => json_response(200, &state.journal.to_json()),
        (Method::Delete, "/_sim/journal") => {
            state.journal.clear();
            empty(204)
        }
        (Method::Get, "/_sim/settings") => settings(state),
        (Method::Post, "/_sim/settings") => change_settings(state, request),
        (Method::Get, "/_sim/faults") => faults(state),
        (Method::Post, "/_sim/faults") => add_faults(state, request),
        (Method::Delete, "/_sim/faults") => {
            state.faults.clear();
            empty(204)
        }
        (Method::Get, SECRET) => secret(state, request),
        _ => failure(404, "The simulator has no such path", Some(PATHS)),
    }
}

fn settings(state: &State) -> Response {
    json_response(200, &json!(state.instance.settings.all()))
}

/// All of them change, or none.
fn change_settings(state: &mut State, request: &Request) -> Response {
    let parsed: Result<Map<String, Value>, _> = serde_json::from_str(body(request));
    let changed = parsed.map_err(|it| it.to_string()).and_then(|wanted| {
        let mut settings: Settings = state.instance.settings.clone();
        for (name, value) in wanted {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            settings.set(&name, &value).map_err(|it| it.to_string())?;
        }
        Ok(settings)
    });
    match changed {
        Ok(changed) => {
            state.instance.settings = changed;
            settings(state)
        }
        Err(reason) => failure(400, "The settings were not changed", Some(&reason)),
    }
}

fn faults(state: &State) -> Response {
    json_response(200, &json!(state.faults.pending()))
}

/// One fault, or an array of them.
fn add_faults(state: &mut State, request: &Request) -> Response {
    let text = body(request);
    let several = text.trim_start().starts_with('[');
    let parsed: Result<Vec<Fault>, _> =
        if several { serde_json::from_str(text) } else { serde_json::from_str(text).map(|it| vec![it]) };
    let planned = match parsed {
        Ok(planned) => planned,
        Err(reason) => return failure(400, "No fault was planned", Some(&reason.to_string())),
    };
    match planned.into_iter().try_for_each(|it| state.plan(it)) {
        Ok(()) => faults(state),
        Err(error) => failure(500, "The simulated instance failed", Some(&error.to_string())),
    }
}

fn secret(state: &State, request: &Request) -> Response {
    let named = |name: &str| {
        let found = request.query.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    match state.instance.stored_secret(named("table"), named("sys_id"), named("column")) {
        Ok(Some(value)) => json_response(200, &json!({"value": value})),
        Ok(None) => failure(404, "No usable secret is stored there", None),
        Err(error) => failure(500, "The simulated instance failed", Some(&error.to_string())),
    }
}

fn body(request: &Request) -> &str {
    request.body.as_deref().unwrap_or_default()
}
