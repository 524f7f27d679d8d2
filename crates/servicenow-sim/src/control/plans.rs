//! Settings, faults and time, over HTTP.

use serde_json::{Map, Value, json};
use servicenow_core::{Request, Response};

use super::{document, failed};
use crate::answer::failures::{failure, json_response};
use crate::faults::Fault;
use crate::settings::Settings;
use crate::simulator::State;

/// A hundred years: a longer leap is a mistake.
const ADVANCE_MS_MAX: u64 = 100 * 365 * 86_400 * 1000;

/// All settings.
pub fn settings(state: &State) -> Response {
    json_response(200, &json!(state.instance.settings.all()))
}

/// All of them change, or none.
pub fn change_settings(state: &mut State, request: &Request) -> Response {
    let changed = document(request).and_then(|wanted| {
        let wanted: Map<String, Value> = serde_json::from_value(wanted).map_err(|it| it.to_string())?;
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

/// The troubles that are still to come.
pub fn faults(state: &State) -> Response {
    json_response(200, &json!(state.faults.pending()))
}

/// One fault, or an array of them.
pub fn add_faults(state: &mut State, request: &Request) -> Response {
    let text = request.body.as_deref().unwrap_or_default();
    let several = text.trim_start().starts_with('[');
    let parsed: Result<Vec<Fault>, _> =
        if several { serde_json::from_str(text) } else { serde_json::from_str(text).map(|it| vec![it]) };
    let planned = match parsed {
        Ok(planned) => planned,
        Err(reason) => return failure(400, "No fault was planned", Some(&reason.to_string())),
    };
    match planned.into_iter().try_for_each(|it| state.plan(it)) {
        Ok(()) => faults(state),
        Err(error) => failed(&error),
    }
}

/// The instance's time.
pub fn clock(state: &State) -> Response {
    let clock = &state.instance.clock;
    let told = json!({"now": clock.timestamp(), "unix_ms": clock.unix_ms(), "ahead_ms": clock.ahead_ms()});
    json_response(200, &told)
}

/// Moves the time forward by `advance_ms`, or by `advance_s`.
pub fn advance(state: &State, request: &Request) -> Response {
    let wanted = document(request).and_then(|wanted| {
        let number = |name: &str| wanted.get(name).and_then(Value::as_u64);
        let ms = number("advance_ms").or_else(|| number("advance_s")?.checked_mul(1000));
        ms.filter(|it| *it <= ADVANCE_MS_MAX).ok_or_else(|| {
            "The body is {\"advance_ms\": N} or {\"advance_s\": N}, a hundred years at most".to_owned()
        })
    });
    match wanted {
        Ok(ms) => {
            state.instance.clock.advance_ms(ms);
            clock(state)
        }
        Err(reason) => failure(400, "The clock was not moved", Some(&reason)),
    }
}
