//! Which content a request brings and wants back: JSON, or XML.

use serde_json::{Value, json};
use servicenow_core::{Method, Response};

use super::{failures, header, pages, verb, xml};
use crate::arrival::Arrival;
use crate::instance::Instance;
use crate::settings::{BODY_BYTES_MAX, CONTENT_RULES, URL_LENGTH_MAX};
use crate::store::StoreError;

/// The content that answers have unless XML was asked for.
const JSON: &str = "application/json;charset=UTF-8";
/// The other content.
const XML: &str = "application/xml;charset=UTF-8";

/// What content is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Xml,
}

/// Why the request's content, or the content it wants back, cannot be served.
pub fn refusal(instance: &Instance, arrival: &Arrival) -> Option<Response> {
    let (accept, content) = (arrival.header("accept"), arrival.header("content-type"));
    if instance.settings.text(CONTENT_RULES) == "strict" {
        let writes = !matches!(verb(&arrival.request), Method::Get | Method::Head | Method::Delete);
        if accept.is_none() || (writes && content.is_none()) {
            return Some(failures::headers_missing());
        }
    }
    if accept.is_some_and(|it| wanted(it).is_none()) {
        return Some(failures::not_acceptable());
    }
    let foreign = content.is_some_and(|it| brought(it).is_none());
    (foreign && !arrival.bytes.is_empty()).then(failures::unsupported_media_type)
}

/// What a body that is larger than the instance takes is answered with.
pub fn too_large(instance: &Instance, arrival: &Arrival) -> Result<Option<Response>, StoreError> {
    let length = arrival.bytes.len();
    let most = usize::try_from(instance.ruled_number(BODY_BYTES_MAX)?).unwrap_or(usize::MAX);
    Ok((length > most).then(|| failures::body_too_large(length, most)))
}

/// What a request line that is far too long is answered with.
pub fn too_long(instance: &Instance, arrival: &Arrival) -> Option<Response> {
    let length = u64::try_from(arrival.request.target().len()).unwrap_or(u64::MAX);
    let too_long = length > instance.settings.number(URL_LENGTH_MAX);
    too_long.then(|| pages::html(414, "Request-URI Too Long", "The address of this request is too long."))
}

/// The document in the body: JSON, or XML where the request says so. No body is an empty object.
pub fn document(arrival: &Arrival) -> Result<Value, Response> {
    let body = arrival.request.body.as_deref().map(str::trim).filter(|it| !it.is_empty()).unwrap_or("{}");
    let read = match arrival.header("content-type").and_then(brought) {
        Some(Format::Xml) if body != "{}" => xml::read(body),
        _ => serde_json::from_str(body).map_err(|it| it.to_string()),
    };
    read.map_err(|it| failures::malformed_body(&it))
}

/// The answer with messages for whoever looks for a fault, where they are asked for: a member beside the result.
pub fn with_debug_messages(arrival: &Arrival, mut response: Response) -> Response {
    let asked =
        arrival.header("x-wantsessiondebugmessages").is_some_and(|it| it.eq_ignore_ascii_case("true"));
    let document: Option<Value> = if asked { serde_json::from_slice(&response.body).ok() } else { None };
    if let Some(Value::Object(mut members)) = document {
        let line = format!("{} {}", arrival.request.method, arrival.request.path);
        members.insert("session".to_owned(), json!({"debug_logs": [{"type": "rest", "line": line}]}));
        response.body = Value::Object(members).to_string().into_bytes();
    }
    response
}

/// An answer in the format that was asked for.
pub fn rendered(arrival: &Arrival, response: Response) -> Response {
    let typed = response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if typed || response.body.is_empty() {
        return response;
    }
    let as_xml = arrival.header("accept").and_then(wanted) == Some(Format::Xml);
    let document: Option<Value> = if as_xml { serde_json::from_slice(&response.body).ok() } else { None };
    let Response { status, mut headers, mut body } = response;
    match document {
        Some(document) => {
            headers.push(header("Content-Type", XML));
            body = xml::write(&document).into_bytes();
        }
        None => headers.push(header("Content-Type", JSON)),
    }
    Response { status, headers, body }
}

/// The first format of an `Accept` header that is served.
fn wanted(accept: &str) -> Option<Format> {
    let kinds =
        accept.split(',').map(|it| it.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    kinds
        .filter_map(|it| {
            if matches!(it.as_str(), "*/*" | "application/*") { Some(Format::Json) } else { brought(&it) }
        })
        .next()
}

/// The format of a `Content-Type` header.
fn brought(content_type: &str) -> Option<Format> {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => Some(Format::Json),
        "application/xml" | "text/xml" => Some(Format::Xml),
        _ => None,
    }
}
