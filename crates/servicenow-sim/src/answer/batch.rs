//! Several requests in one, each answered as if it had come alone.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use servicenow_core::{Method, Request, Response};

use super::around::{Around, Part};
use super::failures::{self, json_response};
use super::{answer, format, header, parts, verb};
use crate::arrival::{Arrival, pairs};
use crate::faults::{Asker, FaultKind, Met, Place, STATUS_LOST, instead, spoiled};
use crate::instance::Instance;
use crate::settings::{BATCH_INPUT_BYTES_MAX, BATCH_OUTPUT_BYTES_MAX, BATCH_QUOTA_MS, LATENCY_MS};
use crate::sign_in::Caller;
use crate::store::StoreError;

/// The header that lowers how large an answer may be.
const OUTPUT_HEADER: &str = "x-batchrequest-max-output-size";

/// One of the requests.
struct Item {
    id: String,
    request: Result<Arrival, String>,
    exclude_response_headers: bool,
    body_bytes: usize,
}

/// What became of one of them.
enum Outcome {
    Serviced(Value),
    /// A limit was hit, or a trouble: this one and those after it are not serviced.
    Cancelled,
}

/// Whether a path is that of this API.
pub fn is_batch(path: &str) -> bool {
    matches!(path, "/api/now/batch" | "/api/now/v1/batch")
}

/// Answers the requests one after the other until a limit cuts the rest off.
pub fn batch(
    instance: &Instance,
    around: &mut Around<'_>,
    arrival: &Arrival,
    caller: &Caller,
) -> Result<Response, StoreError> {
    let document = match format::document(arrival) {
        Ok(document) => document,
        Err(failure) => return Ok(failure),
    };
    let Some(items) = document.get("rest_requests").and_then(Value::as_array) else {
        return Ok(failures::malformed_body("rest_requests is missing"));
    };
    let work_ms = instance.settings.milliseconds(LATENCY_MS);
    let (mut serviced, mut unserviced) = (Vec::new(), Vec::new());
    for item in items.iter().map(item) {
        let cancelled = !unserviced.is_empty();
        let in_time = around.traffic.spent_ms + work_ms <= instance.settings.milliseconds(BATCH_QUOTA_MS);
        let outcome = match cancelled || !in_time {
            true => Outcome::Cancelled,
            false => serve(instance, around, arrival, caller, &item)?,
        };
        match outcome {
            Outcome::Serviced(answer) => {
                around.traffic.spent_ms += work_ms;
                serviced.push(answer);
            }
            Outcome::Cancelled => unserviced.push(item.id),
        }
    }
    let id = plain(document.get("batch_request_id"));
    if arrival.header("accept").is_some_and(parts::are_wanted) {
        return Ok(parts::of(&id, &serviced, &unserviced));
    }
    let body =
        json!({"batch_request_id": id, "serviced_requests": serviced, "unserviced_requests": unserviced});
    Ok(json_response(200, &body))
}

fn serve(
    instance: &Instance,
    around: &mut Around<'_>,
    outer: &Arrival,
    caller: &Caller,
    item: &Item,
) -> Result<Outcome, StoreError> {
    let input_max = instance.ruled_number(BATCH_INPUT_BYTES_MAX)?;
    if u64::try_from(item.body_bytes).unwrap_or(u64::MAX) > input_max {
        return Ok(Outcome::Cancelled);
    }
    let arrival = match &item.request {
        Ok(arrival) => arrival,
        Err(reason) => return Ok(Outcome::Serviced(unreadable(&item.id, reason))),
    };
    let Some(response) = asked(instance, around, (&item.id, arrival), caller)? else {
        return Ok(Outcome::Cancelled);
    };
    let lowered = outer.header(OUTPUT_HEADER).and_then(|it| it.parse().ok()).unwrap_or(u64::MAX);
    let output_max = instance.ruled_number(BATCH_OUTPUT_BYTES_MAX)?.min(lowered);
    if u64::try_from(response.body.len()).unwrap_or(u64::MAX) > output_max {
        return Ok(Outcome::Cancelled);
    }
    let execution_ms = instance.settings.milliseconds(LATENCY_MS);
    Ok(Outcome::Serviced(serviced(item, &response, execution_ms)))
}

/// The answer to one part, with the trouble that it meets; nothing when it is not to be told. Whatever became of it is noted.
fn asked(
    instance: &Instance,
    around: &mut Around<'_>,
    (id, arrival): (&str, &Arrival),
    caller: &Caller,
) -> Result<Option<Response>, StoreError> {
    let request = &arrival.request;
    let user = caller.user.as_ref().map(|it| it.user_name.as_str()).unwrap_or_default();
    let met = around.faults.take(Asker { request, user, place: Place::InBatch });
    let kind = met.as_ref().map(|it| &it.kind);
    let now_s = instance.clock.unix_ms() / 1000;
    let response = match kind.and_then(|it| instead(it, now_s)) {
        Some(response) => response,
        None => spoiled(kind, worked(instance, around, arrival, caller, kind)?),
    };
    let response = format::rendered(arrival, response);
    let is_told = !kind.is_some_and(FaultKind::ends_batch);
    around.traffic.spent_ms += met.as_ref().map_or(0, Met::delay_ms);
    let status = if is_told { response.status } else { STATUS_LOST };
    let fault = kind.map(FaultKind::name);
    around.parts.push(Part { id: id.to_owned(), request: request.clone(), status, fault });
    around.broken = around.broken.take().or(met.filter(|it| it.kind.is_of_connection()));
    Ok(is_told.then_some(response))
}

fn worked(
    instance: &Instance,
    around: &mut Around<'_>,
    arrival: &Arrival,
    caller: &Caller,
    kind: Option<&FaultKind>,
) -> Result<Response, StoreError> {
    match kind {
        Some(FaultKind::StaleRead) if verb(&arrival.request).is_read() => {
            around.answer_behind(instance, arrival, caller)
        }
        _ => answer(instance, around, arrival, caller),
    }
}

fn serviced(item: &Item, response: &Response, execution_ms: u64) -> Value {
    let mut answer = json!({
        "id": item.id,
        "body": STANDARD.encode(&response.body),
        "status_code": response.status,
        "status_text": status_text(response.status),
        "execution_time": execution_ms,
    });
    if let (false, Some(members)) = (item.exclude_response_headers, answer.as_object_mut()) {
        let headers = response.headers.iter().map(|(name, value)| json!({"name": name, "value": value}));
        members.insert("headers".to_owned(), headers.collect());
    }
    answer
}

fn unreadable(id: &str, reason: &str) -> Value {
    let failure = failures::malformed_body(reason);
    json!({
        "id": id, "body": STANDARD.encode(&failure.body), "status_code": failure.status,
        "status_text": status_text(failure.status), "execution_time": 0, "error_message": reason,
    })
}

fn item(value: &Value) -> Item {
    let body = STANDARD.decode(plain(value.get("body"))).map_err(|_| "the body is not base64".to_owned());
    let body_bytes = body.as_ref().map_or(0, Vec::len);
    let exclude = value.get("exclude_response_headers");
    Item {
        id: plain(value.get("id")),
        request: body.and_then(|it| inner(value, it)),
        exclude_response_headers: exclude.is_some_and(|it| plain(Some(it)) == "true"),
        body_bytes,
    }
}

fn inner(value: &Value, bytes: Vec<u8>) -> Result<Arrival, String> {
    let verbs = [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let named = plain(value.get("method"));
    let method = verbs.into_iter().find(|it| it.as_str() == named).ok_or("the method is not known")?;
    let url = plain(value.get("url"));
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    if !path.starts_with('/') {
        return Err("the url does not begin with /".to_owned());
    }
    if is_batch(path) {
        return Err("a batch holds no batch".to_owned());
    }
    let mut request = Request::new(method, path);
    request.query = pairs(query);
    let headers = value.get("headers").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    request.headers =
        headers.iter().map(|it| header(&plain(it.get("name")), &plain(it.get("value")))).collect();
    request.body = (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned());
    Ok(Arrival { request, bytes, certificate: None, takes_time: true })
}

/// A value as a text: ids come as numbers and go as texts.
fn plain(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn status_text(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        429 => "Too Many Requests",
        _ => "Internal Server Error",
    }
}
