//! Scripted web services: their records make routes. Their scripts are stored and never run; the answer is an echo.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use servicenow_core::{Request, Response};

use crate::answer::failures::{self, json_response};
use crate::answer::verb;
use crate::arrival::Arrival;
use crate::instance::{Instance, flag, text};
use crate::settings::{DEFAULT_VERSION, INTERNAL_ROLE, SCRIPTED_BODY_BYTES_MAX, SCRIPTED_GZIP_BYTES_MAX};
use crate::sign_in::User;
use crate::store::{Row, StoreError};

/// Where every web service is reached.
const PREFIX: &str = "/api/";
/// The namespace of the platform's own web services, which are no records.
const PLATFORM: &str = "now";
/// The role that passes every access control that does not say otherwise.
const ADMINISTRATOR: &str = "admin";
/// Who calls without signing in.
const NOBODY: &str = "guest";
/// The role of the company's own people, and that of everybody else.
const INTERNAL: &str = "snc_internal";
const EXTERNAL: &str = "snc_external";

/// An operation that a request reaches.
struct Route {
    definition: Row,
    operation: Row,
    parameters: Vec<(String, String)>,
}

/// The answer of a scripted web service; nothing when the request reaches none.
///
/// # Errors
/// The database failed.
pub fn answer(
    instance: &Instance,
    arrival: &Arrival,
    user: Option<&User>,
) -> Result<Option<Response>, StoreError> {
    let Some(route) = route(instance, &arrival.request)? else {
        return Ok(None);
    };
    let answer = routed(instance, arrival, user, &route)?;
    if let Some(answer) = &answer {
        let caller = user.map_or(NOBODY, |it| it.user_name.as_str());
        instance.note_call(caller, &arrival.request.path, answer.status)?;
    }
    Ok(answer)
}

/// The answer of an operation; nothing where the caller has to sign in first.
fn routed(
    instance: &Instance,
    arrival: &Arrival,
    user: Option<&User>,
    route: &Route,
) -> Result<Option<Response>, StoreError> {
    let request = &arrival.request;
    if let Some(failure) = too_large(instance, arrival)? {
        return Ok(Some(failure));
    }
    if !flag(&route.operation, "requires_authentication") {
        return Ok(Some(echo(request, route, user)));
    }
    let Some(user) = user else {
        return Ok(None);
    };
    let internal = !flag(&route.operation, "requires_snc_internal_role") || is_internal(instance, user);
    if !internal || !may_call(instance, route, user)? || !may_send(instance, &route.definition, user)? {
        return Ok(Some(failures::not_authorized()));
    }
    Ok(Some(echo(request, route, Some(user))))
}

/// A body that is larger than the properties of scripted web services allow; a compressed one may be smaller only.
fn too_large(instance: &Instance, arrival: &Arrival) -> Result<Option<Response>, StoreError> {
    let compressed = arrival.header("content-encoding").is_some_and(|it| it.eq_ignore_ascii_case("gzip"));
    let bound = if compressed { SCRIPTED_GZIP_BYTES_MAX } else { SCRIPTED_BODY_BYTES_MAX };
    let most = usize::try_from(instance.ruled_number(bound)?).unwrap_or(usize::MAX);
    let length = arrival.bytes.len();
    Ok((length > most).then(|| failures::body_too_large(length, most)))
}

/// Whether a user is one of the company's own people.
fn is_internal(instance: &Instance, user: &User) -> bool {
    match instance.settings.text(INTERNAL_ROLE) {
        "explicit" => holds(user, INTERNAL),
        _ => holds(user, INTERNAL) || !user.has(EXTERNAL),
    }
}

/// `/api/<namespace>/[<version>/]<service>/<path>`.
fn route(instance: &Instance, request: &Request) -> Result<Option<Route>, StoreError> {
    let Some(path) = request.path.strip_prefix(PREFIX) else {
        return Ok(None);
    };
    let segments: Vec<String> = path
        .split('/')
        .filter(|it| !it.is_empty())
        .map(|it| percent_decode_str(it).decode_utf8_lossy().into_owned())
        .collect();
    let [namespace, rest @ ..] = segments.as_slice() else {
        return Ok(None);
    };
    if namespace == PLATFORM {
        return Ok(None);
    }
    if let [service, path @ ..] = rest
        && let Some(definition) = definition(instance, namespace, service)?
    {
        let version = unversioned(instance, &definition)?;
        return reached(instance, request, definition, version, path);
    }
    if let [version, service, path @ ..] = rest
        && let Some(definition) = definition(instance, namespace, service)?
    {
        let version =
            versions(instance, &definition)?.into_iter().find(|it| text(it, "version_id") == version);
        let version = version.map(|it| text(&it, "sys_id").to_owned());
        return match version {
            Some(_) => reached(instance, request, definition, version, path),
            None => Ok(None),
        };
    }
    Ok(None)
}

fn definition(instance: &Instance, namespace: &str, service: &str) -> Result<Option<Row>, StoreError> {
    let named = [("namespace", namespace), ("service_id", service), ("active", "true")];
    let found = instance.store.matching(&instance.dictionary, "sys_ws_definition", &named)?;
    Ok(found.into_iter().next().map(|(_, row)| row))
}

fn versions(instance: &Instance, definition: &Row) -> Result<Vec<Row>, StoreError> {
    let own = [("web_service_definition", text(definition, "sys_id")), ("active", "true")];
    let found = instance.store.matching(&instance.dictionary, "sys_ws_version", &own)?;
    Ok(found.into_iter().map(|(_, row)| row).collect())
}

/// The version that answers a path without one: an empty id for a service without versions, nothing for none.
fn unversioned(instance: &Instance, definition: &Row) -> Result<Option<String>, StoreError> {
    if !flag(definition, "is_versioned") {
        return Ok(Some(String::new()));
    }
    let mut versions = versions(instance, definition)?;
    let number = |row: &Row| text(row, "version").parse::<u64>().unwrap_or_default();
    versions.sort_by_key(number);
    let default = versions.iter().find(|it| flag(it, "is_default"));
    let latest = versions.last().filter(|_| instance.settings.text(DEFAULT_VERSION) == "latest");
    Ok(default.or(latest).map(|it| text(it, "sys_id").to_owned()))
}

/// The operation with that verb and path; one without parameters in its path comes first.
fn reached(
    instance: &Instance,
    request: &Request,
    definition: Row,
    version: Option<String>,
    path: &[String],
) -> Result<Option<Route>, StoreError> {
    let Some(version) = version else {
        return Ok(None);
    };
    let own = [
        ("web_service_definition", text(&definition, "sys_id")),
        ("web_service_version", &version),
        ("http_method", verb(request).as_str()),
        ("active", "true"),
    ];
    let found = instance.store.matching(&instance.dictionary, "sys_ws_operation", &own)?;
    let mut matching: Vec<(Row, Vec<(String, String)>)> = found
        .into_iter()
        .filter_map(|(_, row)| Some((parameters(text(&row, "relative_path"), path)?, row)))
        .map(|(parameters, row)| (row, parameters))
        .collect();
    matching.sort_by_key(|(_, parameters)| parameters.len());
    Ok(matching.into_iter().next().map(|(operation, parameters)| Route { definition, operation, parameters }))
}

/// The values of the parameters in a path, if the path fits.
fn parameters(template: &str, path: &[String]) -> Option<Vec<(String, String)>> {
    let template: Vec<&str> = template.split('/').filter(|it| !it.is_empty()).collect();
    if template.len() != path.len() {
        return None;
    }
    let mut found = Vec::new();
    for (part, segment) in template.iter().zip(path) {
        match part.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
            Some(name) => found.push((name.to_owned(), segment.clone())),
            None if part == segment => {}
            None => return None,
        }
    }
    Some(found)
}

/// With access controls one of the resource's must let the user pass, or else one of the service's.
fn may_call(instance: &Instance, route: &Route, user: &User) -> Result<bool, StoreError> {
    if !flag(&route.operation, "requires_acl_authorization") {
        return Ok(true);
    }
    let lists = [text(&route.operation, "enforce_acl"), text(&route.definition, "enforce_acl")];
    let Some(list) = lists.into_iter().find(|it| !it.is_empty()) else {
        return Ok(true);
    };
    for id in list.split(',') {
        if passes(instance, id.trim(), user)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn passes(instance: &Instance, control: &str, user: &User) -> Result<bool, StoreError> {
    let found = instance.store.find(&instance.dictionary, "sys_security_acl", control)?;
    if !found.is_some_and(|(_, row)| flag(&row, "active")) {
        return Ok(false);
    }
    let own = [("sys_security_acl", control)];
    let links = instance.store.matching(&instance.dictionary, "sys_security_acl_role", &own)?;
    for (_, link) in &links {
        let role = instance.store.find(&instance.dictionary, "sys_user_role", text(link, "sys_user_role"))?;
        if role.is_some_and(|(_, row)| holds(user, text(&row, "name"))) {
            return Ok(true);
        }
    }
    Ok(links.is_empty())
}

fn holds(user: &User, role: &str) -> bool {
    user.roles.iter().any(|it| it == role || it == ADMINISTRATOR)
}

/// The web service of a Unifi process takes messages only from the inbound user of an active connection.
fn may_send(instance: &Instance, definition: &Row, user: &User) -> Result<bool, StoreError> {
    let process = [("rest_service", text(definition, "sys_id"))];
    let processes = instance.store.matching(&instance.dictionary, "x_snd_eb_process", &process)?;
    let Some((_, process)) = processes.first() else {
        return Ok(true);
    };
    let named = [("user_name", user.user_name.as_str())];
    let users = instance.store.matching(&instance.dictionary, "sys_user", &named)?;
    let user = users.first().map(|(_, row)| text(row, "sys_id")).unwrap_or_default();
    let active = [("inbound_user", user), ("active", "true")];
    for (_, connection) in instance.store.matching(&instance.dictionary, "x_snd_eb_connection", &active)? {
        let integration = text(&connection, "integration");
        let found = instance.store.find(&instance.dictionary, "x_snd_eb_integration", integration)?;
        if found.is_some_and(|(_, row)| text(&row, "process") == text(process, "sys_id")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What was asked and by whom, instead of what the script would answer.
fn echo(request: &Request, route: &Route, user: Option<&User>) -> Response {
    let map = |pairs: &[(String, String)]| -> Map<String, Value> {
        pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
    };
    let body = request.body.as_deref().unwrap_or_default();
    let body = serde_json::from_str::<Value>(body).unwrap_or_else(|_| json!(body));
    json_response(
        200,
        &json!({"result": {
            "service": text(&route.definition, "name"),
            "resource": text(&route.operation, "name"),
            "method": verb(request).as_str(),
            "path_parameters": map(&route.parameters),
            "query_parameters": map(&request.query),
            "body": body,
            "user": user.map_or("", |it| it.user_name.as_str()),
        }}),
    )
}
