//! `servicenow_inbound_endpoint`: a scripted web service with its operations, by which other systems call the instance.

use std::collections::{BTreeMap, BTreeSet};

use reconcile::{Column, Exists, Holds, Layout, RecordLayout};
use tf_core::model::SetOf;
use tf_core::{Attr, Check, Diagnostics, Model, Object, Value, check, model};
use tf_plugin::Planning;

use super::references::{ACCESS_CONTROL, SCOPE};
use super::{keep_unless_changed, not_blank};
use crate::definition::{Definition, Roles, Surroundings};
use crate::errors;

/// A Scripted REST API with its operations as one thing: what other systems call to bring data to the instance. While it is
/// active its URLs are known; deactivating it keeps everything else.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct InboundEndpoint {
    /// The sys_id of the API.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// Name of the API.
    #[tf(required().check(not_blank()).check(check::length(1, 100)))]
    pub name: Attr<String>,
    /// What stands for the API in its URLs: lower-case letters, digits and underscores. The instance derives it from the
    /// name when nothing is given.
    #[tf(optional_computed().stable().check(api_id()))]
    pub api_id: Attr<String>,
    /// The namespace in its URLs, which follows from the application.
    #[tf(computed())]
    pub namespace: Attr<String>,
    /// Number of the version that the operations belong to. Without it the API has no versions.
    #[tf(optional().check(check::at_least(1)))]
    pub version: Attr<i64>,
    /// What the API is for.
    #[tf(optional().check(check::length(0, 1_000)))]
    pub description: Attr<String>,
    /// Whether the API answers. Deactivating it keeps its configuration.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// The access controls that protect operations without their own: names or sys_ids. A caller has to pass one of them.
    #[tf(optional())]
    pub access_controls: Attr<SetOf<String>>,
    /// The operations, by name.
    #[tf(optional())]
    pub operations: Attr<BTreeMap<String, Operation>>,
    /// The application that the API belongs to: its scope, its name or its sys_id. The global one when nothing is given.
    #[tf(optional_computed().stable().replaces())]
    pub scope: Attr<String>,
    /// The path of the API on the instance.
    #[tf(computed())]
    pub base_path: Attr<String>,
    /// The URL of the API, for callers; null while it is not active.
    #[tf(computed())]
    pub base_url: Attr<String>,
    /// The URLs of the active operations, by name; null while the API is not active.
    #[tf(computed())]
    pub operation_urls: Attr<BTreeMap<String, String>>,
}

/// One operation: a method and a path that a script answers.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Operation {
    /// The sys_id of the operation.
    #[tf(computed().stable())]
    pub id: Attr<String>,
    /// The HTTP method.
    #[tf(optional().default("GET").check(check::one_of(&["GET", "POST", "PUT", "PATCH", "DELETE"])))]
    pub method: Attr<String>,
    /// The path below the API, such as `/orders/{number}`.
    #[tf(optional().default("/").check(path()))]
    pub path: Attr<String>,
    /// The script that answers.
    #[tf(optional().check(check::length(0, 65_000)))]
    pub script: Attr<String>,
    /// Whether a caller has to sign in. Without that anybody can call the operation.
    #[tf(optional().default(true))]
    pub requires_authentication: Attr<bool>,
    /// Whether a caller has to pass an access control: one of the operation, or one of the API where it has none.
    #[tf(optional().default(true))]
    pub requires_access_control: Attr<bool>,
    /// Whether a caller needs the role of people of the company, `snc_internal`.
    #[tf(optional().default(true))]
    pub requires_internal_role: Attr<bool>,
    /// The access controls of the operation: names or sys_ids. A caller has to pass one of them.
    #[tf(optional())]
    pub access_controls: Attr<SetOf<String>>,
    /// Whether the operation answers.
    #[tf(optional().default(true))]
    pub active: Attr<bool>,
    /// What the operation does.
    #[tf(optional().check(check::length(0, 1_000)))]
    pub description: Attr<String>,
}

const LAYOUT: Layout = Layout { records: &[DEFINITION_RECORD, VERSION, OPERATIONS] };

const DEFINITION_RECORD: RecordLayout = RecordLayout {
    slot: "definition",
    table: "sys_ws_definition",
    exists: Exists::Always,
    columns: &[
        Column::new("sys_id", Holds::SysId("id")),
        Column::new("name", Holds::Text("name")),
        Column::new("service_id", Holds::Text("api_id")),
        Column::new("namespace", Holds::Calculated("namespace")),
        Column::new("short_description", Holds::Text("description")),
        Column::new("active", Holds::Flag("active")),
        Column::new("enforce_acl", Holds::Lookups("access_controls", ACCESS_CONTROL)),
        Column::new("sys_scope", Holds::Lookup("scope", SCOPE)),
        Column::new("base_uri", Holds::Calculated("base_path")),
    ],
};

const VERSION: RecordLayout = RecordLayout {
    slot: "version",
    table: "sys_ws_version",
    exists: Exists::While("version"),
    columns: &[
        Column::new("web_service_definition", Holds::Slot("definition")),
        Column::new("version", Holds::Number("version")),
        Column::new("is_default", Holds::Fixed("true")),
    ],
};

const OPERATIONS: RecordLayout = RecordLayout {
    slot: "operation",
    table: "sys_ws_operation",
    exists: Exists::ForEach("operations"),
    columns: &[
        Column::new("sys_id", Holds::Calculated("id")),
        Column::new("web_service_definition", Holds::Slot("definition")),
        Column::new("web_service_version", Holds::Slot("version")),
        Column::new("name", Holds::Key),
        Column::new("http_method", Holds::Text("method")),
        Column::new("relative_path", Holds::Text("path")),
        Column::new("operation_script", Holds::Lines("script")),
        Column::new("requires_authentication", Holds::Flag("requires_authentication")),
        Column::new("requires_acl_authorization", Holds::Flag("requires_access_control")),
        Column::new("requires_snc_internal_role", Holds::Flag("requires_internal_role")),
        Column::new("enforce_acl", Holds::Lookups("access_controls", ACCESS_CONTROL)),
        Column::new("active", Holds::Flag("active")),
        Column::new("short_description", Holds::Text("description")),
        Column::new("operation_uri", Holds::Read),
    ],
};

/// The resource.
pub const DEFINITION: Definition = Definition {
    type_name: "servicenow_inbound_endpoint",
    noun: "inbound endpoint",
    subcategory: "Inbound",
    schema: model::schema::<InboundEndpoint>,
    layout: &LAYOUT,
    natural_keys: &["name", "service_id"],
    beside: &["base_url", "operation_urls"],
    check: routes_differ,
    adjust,
    finish,
    roles: Roles { read: &["web_service_admin"], write: &["web_service_admin"] },
    notes: "## Who may call\n\nAn operation that requires no authentication answers anybody. One that requires it and no access \
            control answers every user that signs in. Otherwise the caller has to pass one of the access controls of the \
            operation, or of the API where the operation has none; roles are granted through these.\n\n## Versions\n\nThe \
            declared `version` is made the default of the API, so that it answers calls that name none. Other versions of the \
            same API are left alone; [`servicenow_record`](record.md) makes them of the tables `sys_ws_version` and \
            `sys_ws_operation`. An import takes over the default version, or the lowest one where there is no default.",
    ..Definition::PLAIN
};

fn api_id() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if text.ends_with('_') || !text.bytes().all(is_of_api_id) || text.is_empty() => {
            Err(format!(
                "`{text}` cannot stand in a URL as the instance makes them. Use lower-case letters, digits and underscores, and \
             end with a letter or a digit"
            ))
        }
        _ => Ok(()),
    };
    Check::new("lower-case letters, digits and underscores", test)
        .in_json_schema("pattern", "^[0-9_a-z]*[0-9a-z]$")
}

fn is_of_api_id(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

fn path() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if !text.starts_with('/') => {
            Err(format!("`{text}` does not begin with a slash. Write `/{text}`"))
        }
        _ => Ok(()),
    };
    Check::new("a path that begins with a slash", test).in_json_schema("pattern", "^/")
}

/// The instance refuses two operations that would answer the same request; names of parameters do not count.
fn routes_differ(config: &Object) -> Diagnostics {
    let mut seen: BTreeMap<(String, String), &str> = BTreeMap::new();
    let mut problems = Diagnostics::none();
    let operations = config.get("operations").and_then(Value::as_object);
    for (name, operation) in operations.into_iter().flatten() {
        let Some(members) = operation.as_object() else { continue };
        let text = |member: &str, default: &str| match members.get(member) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(Value::Unknown(_)) => None,
            _ => Some(default.to_owned()),
        };
        let (Some(method), Some(path)) = (text("method", "GET"), text("path", "/")) else { continue };
        let shape: Vec<&str> =
            path.trim_matches('/').split('/').map(|it| if it.starts_with('{') { "{}" } else { it }).collect();
        if let Some(other) = seen.insert((method.clone(), shape.join("/")), name) {
            let reason = format!("`{name}` and `{other}` would both answer `{method} {path}`.");
            problems.push(errors::out_of_place(
                "operations",
                &reason,
                "Give one of them another method or path.",
            ));
        }
    }
    problems
}

/// What the URL of the API is made of.
const BASE: [&str; 3] = ["api_id", "scope", "active"];

/// URLs stay known where nothing changes that they are made of, and there are none while the API is not active.
fn adjust(planning: &mut Planning<'_>) -> Diagnostics {
    keep_unless_changed(planning, "namespace", &["scope"]);
    keep_unless_changed(planning, "base_path", &["api_id", "scope"]);
    keep_unless_changed(planning, "base_url", &BASE);
    let same_routes = planning.prior.is_some_and(|prior| routes(prior) == routes(&planning.plan.planned));
    if same_routes {
        keep_unless_changed(planning, "operation_urls", &["api_id", "scope", "active", "version"]);
    }
    if planning.plan.planned.get("active").and_then(Value::as_bool) == Some(false) {
        for name in ["base_url", "operation_urls"] {
            planning.plan.planned.insert(name.to_owned(), Value::Null);
        }
    }
    Diagnostics::none()
}

/// Name, path and whether it is active of every operation.
fn routes(object: &Object) -> BTreeSet<(String, String, bool)> {
    let operations = object.get("operations").and_then(Value::as_object);
    let route = |(name, operation): (&String, &Value)| {
        let members = operation.as_object()?;
        let path = members.get("path").and_then(Value::as_str).unwrap_or_default();
        let active = members.get("active").and_then(Value::as_bool).unwrap_or_default();
        Some((name.clone(), path.to_owned(), active))
    };
    operations.into_iter().flatten().filter_map(route).collect()
}

/// The URLs, from the paths that the instance made.
fn finish(surroundings: &Surroundings<'_>, object: &mut Object) {
    let Surroundings { instance, found } = surroundings;
    let Some(definition) = found.one("definition") else { return };
    let is_active = definition.flag("active");
    let url = |path: &str| Value::string(format!("{instance}{path}"));
    let operations = found.many("operation").filter(|(_, row)| row.flag("active"));
    let urls: Object =
        operations.map(|(name, row)| (name.to_owned(), url(row.text("operation_uri")))).collect();
    let (base, urls) = if is_active {
        (url(definition.text("base_uri")), Value::Map(urls))
    } else {
        (Value::Null, Value::Null)
    };
    object.insert("base_url".to_owned(), base);
    object.insert("operation_urls".to_owned(), urls);
}
