//! Rows as a whole, over HTTP: back to the beginning, kept for later, and brought back.

use serde_json::{Value, json};
use servicenow_core::{Request, Response};

use super::{document, failed};
use crate::answer::failures::{failure, json_response};
use crate::simulator::State;

/// Snapshots are in memory: a few are enough for a drill, and many of a large instance would fill it.
const SNAPSHOTS_MAX: usize = 8;
/// The snapshot that is meant when none is named.
const UNNAMED: &str = "default";
/// Longer names are a mistake.
const NAME_LENGTH_MAX: usize = 100;

/// As it was when it was opened without a data file: rows, settings and time; nothing is planned and nothing noted.
pub fn reset(state: &mut State) -> Response {
    match state.start_over() {
        Ok(()) => json_response(200, &json!({"status": "reset"})),
        Err(error) => failed(&error),
    }
}

/// The names of the snapshots.
pub fn snapshots(state: &State) -> Response {
    let names: Vec<&String> = state.snapshots.keys().collect();
    json_response(200, &json!(names))
}

/// Keeps all rows as they are now under a name.
pub fn snapshot(state: &mut State, request: &Request) -> Response {
    let name = match name(request) {
        Ok(name) => name,
        Err(reason) => return failure(400, "No snapshot was taken", Some(&reason)),
    };
    if state.snapshots.len() >= SNAPSHOTS_MAX && !state.snapshots.contains_key(&name) {
        let reason = format!("There are {SNAPSHOTS_MAX} already; take one of them again under its name");
        return failure(400, "No snapshot was taken", Some(&reason));
    }
    match state.instance.store.copy() {
        Ok(copy) => {
            state.snapshots.insert(name, copy);
            snapshots(state)
        }
        Err(error) => failed(&error),
    }
}

/// Brings all rows back that a name stands for. The snapshot stays.
pub fn restore(state: &mut State, request: &Request) -> Response {
    let name = match name(request) {
        Ok(name) => name,
        Err(reason) => return failure(400, "Nothing was restored", Some(&reason)),
    };
    let Some(copy) = state.snapshots.get(&name) else {
        let reason = format!("There is no snapshot `{name}`; GET /_sim/snapshot lists them");
        return failure(404, "Nothing was restored", Some(&reason));
    };
    match state.instance.store.replace_by(copy) {
        Ok(()) => json_response(200, &json!({"restored": name})),
        Err(error) => failed(&error),
    }
}

fn name(request: &Request) -> Result<String, String> {
    let document = document(request)?;
    match document.get("name") {
        None => Ok(UNNAMED.to_owned()),
        Some(Value::String(name)) if (1..=NAME_LENGTH_MAX).contains(&name.len()) => Ok(name.clone()),
        Some(_) => Err(format!("`name` is a text of 1 to {NAME_LENGTH_MAX} characters")),
    }
}

#[cfg(test)]
mod tests;
