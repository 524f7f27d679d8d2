//! From a request to an instance's answer: who asks, for what, and in which state the instance is.

pub mod failures;
pub mod pages;
mod parameters;
pub mod portal;
mod read;
mod shape;
mod write;

use percent_encoding::percent_decode_str;
use servicenow_core::{Method, Request, Response, TableName};
use uuid::Uuid;

use crate::access::Rights;
use crate::arrival::Arrival;
use crate::dictionary::Table;
use crate::instance::Instance;
use crate::sign_in::sessions::Session;
use crate::sign_in::{self, Caller, User};
use crate::store::StoreError;
use parameters::Parameters;

/// What the platform reads of a body before it refuses it.
pub const BODY_BYTES_MAX: usize = 10 * 1024 * 1024;

/// The only kind of content that is modelled.
const JSON: &str = "application/json;charset=UTF-8";

/// Which version of the Table API a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// An empty list is not found.
    First,
    /// An empty list is empty. Paths without a version mean this one too.
    Second,
}

/// A path of the Table API.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    version: Version,
    table: String,
    sys_id: Option<String>,
}

/// A request of a user for rows of a table.
struct Call<'a> {
    instance: &'a Instance,
    request: &'a Request,
    user: &'a User,
    rights: Rights<'a>,
    table: &'a Table,
    version: Version,
    parameters: Parameters,
}

/// What the instance answers to a user, or to somebody who proved to be none.
pub fn answer(instance: &Instance, arrival: &Arrival, caller: &Caller) -> Result<Response, StoreError> {
    let request = &arrival.request;
    if let Some(page) = portal::answer(request, caller) {
        return Ok(page);
    }
    let Some(user) = caller.user.as_ref() else {
        return Ok(sign_in::unknown(caller));
    };
    let Some(target) = target(&request.path) else {
        return Ok(failures::no_resource());
    };
    let known = target.table.parse::<TableName>().ok();
    let Some(table) = known.and_then(|it| instance.dictionary.table(it.as_str())) else {
        return Ok(failures::invalid_table(&target.table));
    };
    if let Some(failure) = unreadable(arrival) {
        return Ok(failure);
    }
    let parameters = Parameters::new(request);
    let rights = Rights::new(instance, user)?;
    let call = Call { instance, request, user, rights, table, version: target.version, parameters };
    match (verb(request), target.sys_id) {
        (Method::Get | Method::Head, None) => call.list(),
        (Method::Get | Method::Head, Some(sys_id)) => call.one(&sys_id),
        (Method::Post, None) => call.create(),
        (Method::Put | Method::Patch, Some(sys_id)) => call.change(&sys_id),
        (Method::Delete, Some(sys_id)) => call.delete(&sys_id),
        _ => Ok(failures::method_not_allowed()),
    }
}

/// Adds the headers that every answer has, and drops the body where none is wanted.
pub fn finish(arrival: &Arrival, response: Response, caller: &Caller) -> Response {
    let request = &arrival.request;
    let Response { status, mut headers, mut body } = response;
    if headers.iter().all(|(name, _)| name != "Content-Type") && !body.is_empty() {
        headers.push(header("Content-Type", JSON));
    }
    headers.extend([
        header("Cache-Control", "no-cache,no-store,must-revalidate,max-age=-1"),
        header("Pragma", "no-store,no-cache"),
        header("Expires", "0"),
        header("Server", "ServiceNow"),
        header("X-Is-Logged-In", if caller.user.is_some() { "true" } else { "false" }),
        header("X-Transaction-ID", &Uuid::new_v4().simple().to_string()),
    ]);
    if caller.session.is_new {
        headers.extend(cookies(&caller.session));
    }
    let unwanted = request.headers.iter().any(|(name, value)| {
        name.eq_ignore_ascii_case("x-no-response-body") && value.eq_ignore_ascii_case("true")
    });
    if verb(request) == Method::Head || (unwanted && status < 300) {
        body.clear();
    }
    Response { status, headers, body }
}

/// A header's name and value.
pub fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

fn cookies(session: &Session) -> [(String, String); 3] {
    let session = &session.id;
    let node = "glide.5a1e5000000000000000000000000001";
    [
        header("Set-Cookie", &format!("JSESSIONID={session}; Path=/; HttpOnly; SameSite=None")),
        header("Set-Cookie", &format!("glide_user_route={node}; Path=/; HttpOnly; SameSite=None")),
        header("Set-Cookie", &format!("glide_user_session={session}; Path=/; HttpOnly; SameSite=None")),
    ]
}

/// The verb, which a header may override.
pub fn verb(request: &Request) -> Method {
    let header = request.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case("x-http-method-override"));
    let verbs = [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let overriding = header.and_then(|(_, value)| verbs.into_iter().find(|it| it.as_str() == value));
    overriding.unwrap_or(request.method)
}

fn target(path: &str) -> Option<Target> {
    let segments: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (version, rest) = match segments.as_slice() {
        ["api", "now", "v1", "table", rest @ ..] => (Version::First, rest),
        ["api", "now", "v2", "table", rest @ ..] | ["api", "now", "table", rest @ ..] => {
            (Version::Second, rest)
        }
        _ => return None,
    };
    match rest {
        [table] | [table, ""] => Some(Target { version, table: (*table).to_owned(), sys_id: None }),
        [table, sys_id] => {
            Some(Target { version, table: (*table).to_owned(), sys_id: Some((*sys_id).to_owned()) })
        }
        _ => None,
    }
}

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

/// Why the request's content, or the content it wants back, cannot be served.
fn unreadable(arrival: &Arrival) -> Option<Response> {
    let length = arrival.bytes.len();
    if length > BODY_BYTES_MAX {
        return Some(failures::body_too_large(length, BODY_BYTES_MAX));
    }
    let named = |name: &str| arrival.header(name).map(str::to_ascii_lowercase);
    let json = ["application/json", "application/*", "*/*"];
    if named("accept").is_some_and(|it| !json.iter().any(|kind| it.contains(kind))) {
        return Some(failures::not_acceptable());
    }
    let foreign = named("content-type").is_some_and(|it| !it.trim().starts_with("application/json"));
    (foreign && length > 0).then(failures::unsupported_media_type)
}

#[cfg(test)]
pub(crate) mod tests;
