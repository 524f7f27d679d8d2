//! Rules of scripted web services: where they are reached, and that no two answer the same request.

use super::{Change, Moment, Removal, Rule, Verdict, abort_if, is_alone};
use crate::instance::{Instance, text};
use crate::records::{WriteError, Writer};
use crate::settings::VERSION_NUMBER;
use crate::store::{Row, StoreError};

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Compute API path",
        sys_id: "b1a50000000000000000000000000b01",
        table: "sys_ws_definition",
        moment: Moment::Computes(compute_definition),
    },
    Rule {
        name: "Ensure unique API ID",
        sys_id: "b1a50000000000000000000000000b02",
        table: "sys_ws_definition",
        moment: Moment::Before(unique_service_id),
    },
    Rule {
        name: "Update resource paths",
        sys_id: "b1a50000000000000000000000000b03",
        table: "sys_ws_definition",
        moment: Moment::AfterAlways(renew_operations),
    },
    Rule {
        name: "Compute API version",
        sys_id: "b1a50000000000000000000000000b04",
        table: "sys_ws_version",
        moment: Moment::Computes(compute_version),
    },
    Rule {
        name: "Mark API as versioned",
        sys_id: "b1a50000000000000000000000000b05",
        table: "sys_ws_version",
        moment: Moment::AfterAlways(mark_versioned),
    },
    Rule {
        name: "Update resource paths of a version",
        sys_id: "b1a50000000000000000000000000b08",
        table: "sys_ws_version",
        moment: Moment::AfterAlways(renew_operations_of_version),
    },
    Rule {
        name: "Mark API without versions",
        sys_id: "b1a50000000000000000000000000b09",
        table: "sys_ws_version",
        moment: Moment::AfterDelete(version_deleted),
    },
    Rule {
        name: "Compute resource path",
        sys_id: "b1a50000000000000000000000000b06",
        table: "sys_ws_operation",
        moment: Moment::Computes(compute_operation),
    },
    Rule {
        name: "Ensure no overlapping routes",
        sys_id: "b1a50000000000000000000000000b07",
        table: "sys_ws_operation",
        moment: Moment::Before(no_overlap),
    },
];

/// The property that names the namespace of the global scope.
const COMPANY_CODE: &str = "glide.appcreator.company.code";

/// What stands for the default version of a service that has none.
const NO_DEFAULT: &str = "No active default version";

fn compute_definition(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    if change.text("service_id").is_empty() {
        let service_id = word(change.text("name"));
        change.fill("service_id", service_id);
    }
    let scope = instance.store.find(&instance.dictionary, "sys_scope", change.text("sys_scope"))?;
    let scope = scope.map(|(_, row)| text(&row, "scope").to_owned()).unwrap_or_default();
    let namespace =
        if scope.is_empty() || scope == "global" { instance.property(COMPANY_CODE)? } else { scope };
    let base = format!("/api/{namespace}/{}", change.text("service_id"));
    change.fill("namespace", namespace);
    change.fill("base_uri", base);
    Ok(Verdict::Go)
}

fn unique_service_id(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let same = [("service_id", change.text("service_id")), ("namespace", change.text("namespace"))];
    let alone = is_alone(instance, change, "sys_ws_definition", &same)?;
    Ok(abort_if(change.touches(&["service_id", "namespace"]) && !alone))
}

fn renew_operations(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    if change.before.is_none() || !change.touches(&["base_uri"]) {
        return Ok(());
    }
    let own = ("web_service_definition", change.text("sys_id"));
    renew(instance, change.writer, &change.after, own)
}

fn renew_operations_of_version(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    let id = change.text("web_service_definition");
    let definition = instance.store.find(&instance.dictionary, "sys_ws_definition", id)?;
    match definition {
        Some((_, definition)) if change.before.is_some() && change.touches(&["version_id"]) => {
            renew(instance, change.writer, &definition, ("web_service_version", change.text("sys_id")))
        }
        _ => Ok(()),
    }
}

/// The paths of the operations that hold this in that column.
fn renew(
    instance: &Instance,
    writer: Writer<'_>,
    definition: &Row,
    own: (&str, &str),
) -> Result<(), WriteError> {
    for (table, row) in instance.store.matching(&instance.dictionary, "sys_ws_operation", &[own])? {
        let paths = paths(instance, definition, &row)?;
        let changes: Vec<(&str, &str)> =
            paths.iter().map(|(column, value)| (*column, value.as_str())).collect();
        instance.save(writer, table, &row, &changes)?;
    }
    Ok(())
}

fn compute_version(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let moves = instance.settings.text(VERSION_NUMBER) == "moves"
        && change.touches(&["version"])
        && !change.touches(&["version_id"]);
    if change.text("version_id").is_empty() || moves {
        let id = format!("v{}", change.text("version"));
        change.fill("version_id", id);
    }
    Ok(Verdict::Go)
}

/// A service with versions is a versioned one, and knows which of them is the default.
fn mark_versioned(instance: &Instance, change: &mut Change<'_>) -> Result<(), WriteError> {
    let id = change.text("web_service_definition");
    let Some((table, row)) = instance.store.find(&instance.dictionary, "sys_ws_definition", id)? else {
        return Ok(());
    };
    let own = [("web_service_definition", id), ("is_default", "true")];
    let mut defaults = instance.store.matching(&instance.dictionary, "sys_ws_version", &own)?;
    if change.flag("is_default") {
        for (table, other) in &defaults {
            if text(other, "sys_id") != change.text("sys_id") {
                instance.save(change.writer, table, other, &[("is_default", "false")])?;
            }
        }
        defaults.retain(|(_, it)| text(it, "sys_id") == change.text("sys_id"));
    }
    let default = defaults.first().map(|(_, it)| text(it, "version_id").to_owned());
    let default = default.unwrap_or_else(|| NO_DEFAULT.to_owned());
    instance.save(change.writer, table, &row, &[("is_versioned", "true"), ("default_version", &default)])?;
    Ok(())
}

/// A service that lost its last version is one without versions, and one that lost its default has none.
fn version_deleted(instance: &Instance, removal: &Removal<'_>) -> Result<(), WriteError> {
    let id = text(removal.row, "web_service_definition");
    let Some((table, row)) = instance.store.find(&instance.dictionary, "sys_ws_definition", id)? else {
        return Ok(());
    };
    let own = [("web_service_definition", id)];
    let left = instance.store.matching(&instance.dictionary, "sys_ws_version", &own)?;
    let left: Vec<&Row> = left
        .iter()
        .map(|(_, it)| it)
        .filter(|it| text(it, "sys_id") != text(removal.row, "sys_id"))
        .collect();
    let default = left.iter().find(|it| text(it, "is_default") == "true").map(|it| text(it, "version_id"));
    let changes = match left.as_slice() {
        [] => [("is_versioned", "false"), ("default_version", "")],
        _ => [("is_versioned", "true"), ("default_version", default.unwrap_or(NO_DEFAULT))],
    };
    instance.save(removal.writer, table, &row, &changes)?;
    Ok(())
}

fn compute_operation(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let path = change.text("relative_path");
    if !path.starts_with('/') {
        let path = format!("/{path}");
        change.fill("relative_path", path);
    }
    if change.text("name").is_empty() {
        let name = change.text("relative_path").to_owned();
        change.fill("name", name);
    }
    let id = change.text("web_service_definition");
    if let Some((_, definition)) = instance.store.find(&instance.dictionary, "sys_ws_definition", id)? {
        for (column, value) in paths(instance, &definition, &change.after)? {
            change.fill(column, value);
        }
    }
    Ok(Verdict::Go)
}

/// The computed columns of an operation.
fn paths(
    instance: &Instance,
    definition: &Row,
    operation: &Row,
) -> Result<[(&'static str, String); 2], StoreError> {
    let (namespace, service) = (text(definition, "namespace"), text(definition, "service_id"));
    let relative = text(operation, "relative_path");
    let relative = if relative == "/" { "" } else { relative };
    let version = instance.store.find(
        &instance.dictionary,
        "sys_ws_version",
        text(operation, "web_service_version"),
    )?;
    let default = format!("/api/{namespace}/{service}{relative}");
    let uri = match version {
        Some((_, version)) => {
            format!("/api/{namespace}/{}/{service}{relative}", text(&version, "version_id"))
        }
        None => default.clone(),
    };
    Ok([("operation_uri", uri), ("default_operation_uri", default)])
}

/// Two operations of a service and version must not answer the same verb and path; names of parameters do not count.
fn no_overlap(instance: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let own = [
        ("web_service_definition", change.text("web_service_definition")),
        ("web_service_version", change.text("web_service_version")),
        ("http_method", change.text("http_method")),
    ];
    let route = shape(change.text("relative_path"));
    let found = instance.store.matching(&instance.dictionary, "sys_ws_operation", &own)?;
    let clash = |row: &Row| {
        text(row, "sys_id") != change.text("sys_id") && shape(text(row, "relative_path")) == route
    };
    Ok(abort_if(found.iter().any(|(_, row)| clash(row))))
}

fn shape(path: &str) -> String {
    let parts = path.trim_matches('/').split('/');
    let parts: Vec<&str> = parts.map(|it| if it.starts_with('{') { "{}" } else { it }).collect();
    parts.join("/")
}

fn word(name: &str) -> String {
    let text: String =
        name.to_lowercase().chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect();
    text.trim_matches('_').to_owned()
}
