//! From a request to an instance's answer: who asks, for what, and in which state the instance is.

pub mod around;
mod attachment;
mod batch;
pub mod failures;
pub mod format;
mod import;
mod json_v2;
pub mod pages;
mod parameters;
mod parts;
pub mod portal;
mod read;
mod shape;
mod shown;
mod stats;
mod tiny_url;
mod write;
mod xml;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use servicenow_core::{Method, Request, Response, TableName};
use uuid::Uuid;

use crate::access::Rights;
use crate::arrival::Arrival;
use crate::dictionary::Table;
use crate::instance::Instance;
use crate::oauth;
use crate::scripted;
use crate::settings::{API_ACCESS_CONTROL, ATTACHMENT_CHALLENGE, LINKS_NAME, NO_BODY_STATUS};
use crate::sign_in::sessions::Session;
use crate::sign_in::{self, Caller, User};
use crate::store::StoreError;
use crate::traffic::Traffic;
use around::Around;
use parameters::Parameters;

/// The roles that pass the access controls of the APIs themselves.
const API_ROLES: [&str; 2] = ["snc_platform_rest_api_access", "rest_service"];

/// Which version of the Table API a path names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// An empty list is not found.
    First,
    /// An empty list is empty. Paths without a version mean this one too.
    Second,
}

/// An API over tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    Table,
    Stats,
    Attachment,
    Import,
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
    /// The beginning of links to this instance.
    base: String,
}

/// What a request has come to before any rows of it were looked at.
pub enum Opened<'a> {
    /// The answer.
    Answered(Response),
    /// A user asks an API.
    Asked(Asked<'a>),
}

/// A user's request of an API, which was counted.
pub struct Asked<'a> {
    user: &'a User,
    arrival: Cow<'a, Arrival>,
    counted: Vec<(String, String)>,
}

/// What the instance answers to a user, or to somebody who proved to be none.
pub fn answer(
    instance: &Instance,
    around: &mut Around<'_>,
    arrival: &Arrival,
    caller: &Caller,
) -> Result<Response, StoreError> {
    match opened(instance, around.traffic, arrival, caller)? {
        Opened::Answered(response) => Ok(response),
        Opened::Asked(asked) => match batch::is_batch(&asked.arrival.request.path) {
            true if verb(&asked.arrival.request) == Method::Post => {
                let response = batch::batch(instance, around, &asked.arrival, caller)?;
                Ok(asked.closed(instance, response))
            }
            true => Ok(asked.closed(instance, failures::method_not_allowed())),
            false => asked.answered(instance),
        },
    }
}

/// Everything up to the point from which only rows of the instance count.
pub fn opened<'a>(
    instance: &Instance,
    traffic: &mut Traffic,
    arrival: &'a Arrival,
    caller: &'a Caller,
) -> Result<Opened<'a>, StoreError> {
    if let Some(page) = format::too_long(instance, arrival) {
        return Ok(Opened::Answered(page));
    }
    if let Some(page) = portal::answer(&arrival.request, caller) {
        return Ok(Opened::Answered(page));
    }
    if let Some(answer) = scripted::answer(instance, arrival, caller.user.as_ref())? {
        return Ok(Opened::Answered(answer));
    }
    if let Some(answer) = oauth::answer(instance, arrival, caller)? {
        return Ok(Opened::Answered(answer));
    }
    if let Some(failure) = format::too_large(instance, arrival)? {
        return Ok(Opened::Answered(failure));
    }
    let Some(user) = caller.user.as_ref() else {
        let challenged =
            instance.settings.text(ATTACHMENT_CHALLENGE) == "403" && attachment::is_asked(arrival);
        let refused = if challenged { failures::not_authorized() } else { sign_in::unknown(caller) };
        return Ok(Opened::Answered(refused));
    };
    let counted = match traffic.limits.count(instance, &arrival.request, user)? {
        Ok(headers) => headers,
        Err(refused) => return Ok(Opened::Answered(refused)),
    };
    let arrival = tiny_url::resolved(instance, arrival)?.map_or(Cow::Borrowed(arrival), Cow::Owned);
    Ok(Opened::Asked(Asked { user, arrival, counted }))
}

impl Asked<'_> {
    /// What the API answers, from the rows of that instance.
    pub fn answered(&self, instance: &Instance) -> Result<Response, StoreError> {
        let response = routed(instance, &self.arrival, self.user)?;
        Ok(self.closed(instance, response))
    }

    fn closed(&self, instance: &Instance, response: Response) -> Response {
        let mut response = format::with_debug_messages(&self.arrival, response);
        response.headers.extend(self.counted.iter().cloned());
        if response.status < 300 && wants_no_body(&self.arrival) {
            response.status = instance.settings.text(NO_BODY_STATUS).parse().unwrap_or(response.status);
        }
        response
    }
}

/// Whether a request only reads rows of tables.
pub fn only_reads(request: &Request) -> bool {
    let of_rows = |it: &str| it == "table" || it == "stats";
    verb(request).is_read()
        && request.path.starts_with("/api/now/")
        && request.path.split('/').skip(3).take(2).any(of_rows)
}

/// The answer of the API that a path belongs to.
fn routed(instance: &Instance, arrival: &Arrival, user: &User) -> Result<Response, StoreError> {
    let request = &arrival.request;
    if request.path == tiny_url::PATH && request.method == Method::Post {
        return tiny_url::store(instance, arrival);
    }
    if let Some(table) = json_v2::table(arrival) {
        return match call(instance, request, user, table, Version::Second)? {
            Ok(mut call) => {
                call.parameters.processor();
                call.json_v2(arrival)
            }
            Err(failure) => Ok(failure),
        };
    }
    let segments: Vec<String> = request.path.split('/').skip(1).map(decoded).collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let (version, path) = match segments.as_slice() {
        ["api", "now", "v1", path @ ..] => (Version::First, path),
        ["api", "now", "v2", path @ ..] | ["api", "now", path @ ..] => (Version::Second, path),
        _ => return Ok(failures::no_resource()),
    };
    let path = path.strip_suffix(&[""]).unwrap_or(path);
    let (api, table, rest) = match path {
        ["table", table] => (Api::Table, *table, &[] as &[&str]),
        ["table", table, sys_id] => (Api::Table, *table, &[*sys_id] as &[&str]),
        ["stats", table] => (Api::Stats, *table, &[] as &[&str]),
        ["import", table] => (Api::Import, *table, &[] as &[&str]),
        ["import", table, rest] => (Api::Import, *table, &[*rest] as &[&str]),
        ["attachment", rest @ ..] => (Api::Attachment, attachment::TABLE, rest),
        _ => return Ok(failures::no_resource()),
    };
    match call(instance, request, user, table, version)? {
        Ok(call) => served(&call, arrival, api, rest),
        Err(failure) => Ok(failure),
    }
}

/// A request of a user for rows of a table, if there is such a table.
fn call<'a>(
    instance: &'a Instance,
    request: &'a Request,
    user: &'a User,
    table: &str,
    version: Version,
) -> Result<Result<Call<'a>, Response>, StoreError> {
    let known = table.parse::<TableName>().ok();
    let reached = known.and_then(|it| instance.dictionary.table(it.as_str()));
    let Some(table) = reached.filter(|it| it.web_services) else {
        return Ok(Err(failures::invalid_table(table)));
    };
    let parameters = Parameters::new(request);
    let rights = Rights::new(instance, user)?;
    let base = base(instance, request)?;
    Ok(Ok(Call { instance, request, user, rights, table, version, parameters, base }))
}

/// Links name the instance's own address, unless the instance is told to name the host that was asked.
fn base(instance: &Instance, request: &Request) -> Result<String, StoreError> {
    let host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
    let scheme = instance.base_url.split_once("://").map_or("https", |(scheme, _)| scheme);
    Ok(match host {
        Some((_, host)) if instance.ruled(LINKS_NAME)? == "request" => format!("{scheme}://{host}"),
        _ => instance.base_url.clone(),
    })
}

fn served(call: &Call<'_>, arrival: &Arrival, api: Api, rest: &[&str]) -> Result<Response, StoreError> {
    if instance_refuses(call, api) {
        return Ok(failures::not_authorized());
    }
    if api == Api::Attachment {
        return call.attachment(arrival, rest);
    }
    if let Some(failure) = format::refusal(call.instance, arrival) {
        return Ok(failure);
    }
    let document = match format::document(arrival) {
        Ok(document) => document,
        Err(failure) => return Ok(failure),
    };
    match (api, verb(&arrival.request), rest) {
        (Api::Import, verb, rest) => call.import(verb, rest, &document),
        (Api::Stats, Method::Get | Method::Head, []) => call.stats(),
        (Api::Table, Method::Get | Method::Head, []) => call.list(),
        (Api::Table, Method::Get | Method::Head, [sys_id]) => call.one(sys_id),
        (Api::Table, Method::Post, []) => call.create(&document),
        (Api::Table, Method::Put | Method::Patch, [sys_id]) => call.change(sys_id, &document),
        (Api::Table, Method::Delete, [sys_id]) => call.delete(sys_id),
        _ => Ok(failures::method_not_allowed()),
    }
}

/// Whether the access control of the API itself, which is inactive as shipped, keeps the user out.
fn instance_refuses(call: &Call<'_>, api: Api) -> bool {
    let active = call.instance.settings.text(API_ACCESS_CONTROL) == "active";
    let passes = call.user.is_administrator() || API_ROLES.iter().any(|it| call.user.has(it));
    active && !passes && matches!(api, Api::Table | Api::Stats | Api::Attachment | Api::Import)
}

/// Adds the headers that every answer has, and drops the body where none is wanted.
pub fn finish(arrival: &Arrival, response: Response, caller: &Caller) -> Response {
    let request = &arrival.request;
    let Response { status, mut headers, mut body } = format::rendered(arrival, response);
    headers.extend([
        header("Cache-Control", "no-cache,no-store,must-revalidate,max-age=-1"),
        header("Pragma", "no-store,no-cache"),
        header("Expires", "0"),
        header("Server", "ServiceNow"),
        header("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
        header("X-Is-Logged-In", if caller.user.is_some() { "true" } else { "false" }),
        header("X-Transaction-ID", &Uuid::new_v4().simple().to_string()),
    ]);
    if caller.session.is_new {
        headers.extend(cookies(&caller.session));
    }
    if verb(request) == Method::Head || (status < 300 && wants_no_body(arrival)) {
        body.clear();
    }
    Response { status, headers, body }
}

fn wants_no_body(arrival: &Arrival) -> bool {
    arrival.header("x-no-response-body").is_some_and(|it| it.eq_ignore_ascii_case("true"))
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

fn decoded(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
pub(crate) mod tests;
