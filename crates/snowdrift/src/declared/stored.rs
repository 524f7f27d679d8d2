//! What a state or a plan of Terraform declares: state files of version 4, and the output of `terraform show -json`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use serde_json::{Map, Value as Json};
use tf_core::wire::json::decode_state;
use tf_core::{Mode, Object, Schema, Value};
use tf_plugin::State;

use super::expand::quoted;
use super::{Declared, Finding, Place, Resource, Schemas, Undecided};
use crate::evaluate::typed::Typed;

/// The largest document that is read: a state of a hundred thousand objects is smaller.
const BYTES_MAX: u64 = 512 * 1024 * 1024;

/// The version of state files that is understood. Terraform has written no other one since 0.12.
const STATE_VERSION: u64 = 4;

/// Why a document cannot be compared with.
#[derive(Debug, thiserror::Error)]
pub enum StoredError {
    /// It cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not JSON.
    #[error("the document is not JSON: line {line}, column {column}")]
    Syntax {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// It is JSON of another kind.
    #[error("the document is {found}; {wanted} is needed")]
    Other {
        /// What it seems to be.
        found: &'static str,
        /// What to give instead.
        wanted: &'static str,
    },
}

/// Reads a document, of standard input for `-`.
///
/// # Errors
/// It cannot be read.
pub fn read(path: &Path) -> Result<String, StoredError> {
    let unreadable = |source| StoredError::Unreadable { path: path.to_owned(), source };
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(BYTES_MAX).read_to_string(&mut text).map_err(unreadable)?;
    } else {
        fs::File::open(path)
            .map_err(unreadable)?
            .take(BYTES_MAX)
            .read_to_string(&mut text)
            .map_err(unreadable)?;
    }
    Ok(text)
}

/// What a state declares: the values that it remembers.
///
/// # Errors
/// The text is no state.
pub fn state(text: &str, schemas: &Schemas) -> Result<Declared, StoredError> {
    let document = parse(text)?;
    let wanted = "a state file, or the output of `terraform show -json`";
    let found = kind(&document);
    let mut declared = Declared::default();
    match found {
        Kind::State => of_file(&document, schemas, &mut declared),
        Kind::Shown => {
            if let Some(root) = document.pointer("/values/root_module") {
                of_module(root, schemas, &mut declared);
            }
        }
        Kind::Plan => {
            return Err(StoredError::Other { found: "a plan, for which there is `--plan-json`", wanted });
        }
        Kind::Other => return Err(StoredError::Other { found: "neither a state nor a plan", wanted }),
    }
    leave_choices_to_pointers(&mut declared);
    Ok(declared)
}

/// What a plan declares: the values that it would make.
///
/// # Errors
/// The text is no plan.
pub fn plan(text: &str, schemas: &Schemas) -> Result<Declared, StoredError> {
    let document = parse(text)?;
    if kind(&document) != Kind::Plan {
        let wanted = "the output of `terraform show -json PLAN`";
        return Err(StoredError::Other { found: "no plan", wanted });
    }
    let mut declared = Declared::default();
    for change in array(&document, "resource_changes") {
        of_change(change, schemas, &mut declared);
    }
    Ok(declared)
}

#[derive(PartialEq, Eq)]
enum Kind {
    State,
    Shown,
    Plan,
    Other,
}

fn kind(document: &Json) -> Kind {
    let has = |name: &str| document.get(name).is_some();
    if document.get("version").and_then(Json::as_u64) == Some(STATE_VERSION) && has("resources") {
        Kind::State
    } else if has("planned_values") || has("resource_changes") {
        Kind::Plan
    } else if has("format_version") {
        Kind::Shown
    } else {
        Kind::Other
    }
}

fn parse(text: &str) -> Result<Json, StoredError> {
    // The words of the parser quote what it met, which may be secret.
    serde_json::from_str(text).map_err(|it| StoredError::Syntax { line: it.line(), column: it.column() })
}

fn array<'a>(json: &'a Json, name: &str) -> &'a [Json] {
    json.get(name).and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn word<'a>(json: &'a Json, name: &str) -> &'a str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}

fn of_file(document: &Json, schemas: &Schemas, declared: &mut Declared) {
    for resource in array(document, "resources").iter().filter(|it| word(it, "mode") == "managed") {
        let type_name = word(resource, "type");
        let Some(schema) = schemas.get(type_name) else { continue };
        let module = word(resource, "module");
        let dot = if module.is_empty() { "" } else { "." };
        // What waits for its removal is not what is declared.
        for instance in array(resource, "instances").iter().filter(|it| it.get("deposed").is_none()) {
            let key = match instance.get("index_key") {
                Some(Json::String(name)) => format!("[{}]", quoted(name)),
                Some(Json::Number(number)) => format!("[{number}]"),
                _ => String::new(),
            };
            let address = format!("{module}{dot}{type_name}.{}{key}", word(resource, "name"));
            let private = base64::engine::general_purpose::STANDARD.decode(word(instance, "private"));
            let sensitive = array(instance, "sensitive_attributes").iter().filter_map(|path| {
                let first = path.as_array()?.first()?;
                first.get("value").and_then(Json::as_str).map(str::to_owned)
            });
            let stored = Stored {
                address,
                type_name,
                values: instance.get("attributes"),
                private: private.unwrap_or_default(),
                sensitive: sensitive.collect(),
                unknown: None,
            };
            stored.declare(schema, declared);
        }
    }
}

fn of_module(module: &Json, schemas: &Schemas, declared: &mut Declared) {
    for resource in array(module, "resources").iter().filter(|it| word(it, "mode") == "managed") {
        let type_name = word(resource, "type");
        let Some(schema) = schemas.get(type_name) else { continue };
        let stored = Stored {
            address: word(resource, "address").to_owned(),
            type_name,
            values: resource.get("values"),
            private: Vec::new(),
            sensitive: marked(resource.get("sensitive_values")),
            unknown: None,
        };
        stored.declare(schema, declared);
    }
    for child in array(module, "child_modules") {
        of_module(child, schemas, declared);
    }
}

fn of_change(resource: &Json, schemas: &Schemas, declared: &mut Declared) {
    let type_name = word(resource, "type");
    let Some(schema) = schemas.get(type_name).filter(|_| word(resource, "mode") == "managed") else { return };
    let change = resource.get("change").unwrap_or(&Json::Null);
    // What the plan removes is not declared.
    let Some(after) = change.get("after").filter(|it| !it.is_null()) else { return };
    if resource.get("deposed").is_some() {
        return;
    }
    let before = change.get("before").filter(|it| !it.is_null());
    let stored = Stored {
        address: word(resource, "address").to_owned(),
        type_name,
        values: Some(after),
        private: Vec::new(),
        sensitive: marked(change.get("after_sensitive")),
        unknown: change.get("after_unknown").and_then(Json::as_object),
    };
    let at = declared.resources.len();
    stored.declare(schema, declared);
    let Some(made) = declared.resources.get_mut(at) else { return };
    made.remembered = before.and_then(|it| object(it, schema).ok()).map(State::from);
    if let Some(id) = change.pointer("/importing/id").and_then(Json::as_str) {
        made.import_id = Some(finding(Typed::string(id)));
    }
}

/// The names of the attributes that hold anything sensitive.
fn marked(sensitive: Option<&Json>) -> BTreeSet<String> {
    let members = sensitive.and_then(Json::as_object).into_iter().flatten();
    members.filter(|(_, it)| any(it)).map(|(name, _)| name.clone()).collect()
}

/// Whether a description of parts says yes anywhere.
fn any(json: &Json) -> bool {
    match json {
        Json::Bool(it) => *it,
        Json::Array(items) => items.iter().any(any),
        Json::Object(members) => members.values().any(any),
        _ => false,
    }
}

/// One object of a document.
struct Stored<'a> {
    address: String,
    type_name: &'a str,
    values: Option<&'a Json>,
    private: Vec<u8>,
    sensitive: BTreeSet<String>,
    /// The members that are known after an apply.
    unknown: Option<&'a Map<String, Json>>,
}

impl Stored<'_> {
    fn declare(self, schema: &Schema, declared: &mut Declared) {
        let object = match object(self.values.unwrap_or(&Json::Null), schema) {
            Ok(object) => object,
            Err(reason) => {
                let reasons = vec![reason];
                declared.undecided.push(Undecided {
                    address: self.address,
                    reasons,
                    place: Place::default(),
                });
                return;
            }
        };
        let mut attributes = BTreeMap::new();
        for attribute in &schema.block.attributes {
            let is_chosen = attribute.behavior.mode != Mode::Computed && !attribute.write_only;
            let value = object.get(&attribute.name).cloned().unwrap_or(Value::Null);
            let ty = attribute.ty.implied_type();
            let sensitive = attribute.sensitive || self.sensitive.contains(&attribute.name);
            if is_chosen && self.is_unknown(&attribute.name) {
                let reason = "it is known after an apply".to_owned();
                let it = Finding { doubts: vec![reason], ..finding(Typed::unknown_of(ty).marked(sensitive)) };
                attributes.insert(attribute.name.clone(), it);
            } else if is_chosen && !value.is_null() {
                attributes.insert(attribute.name.clone(), finding(Typed::new(ty, value).marked(sensitive)));
            }
        }
        declared.resources.push(Resource {
            address: self.address,
            type_name: self.type_name.to_owned(),
            place: Place::default(),
            attributes: attributes.into(),
            ignored: Vec::new(),
            import_id: None,
            provider: None,
            remembered: Some(State { object, private: self.private }),
        });
    }

    fn is_unknown(&self, name: &str) -> bool {
        self.unknown.and_then(|it| it.get(name)).is_some_and(any)
    }
}

fn finding(value: Typed) -> Finding {
    Finding { value, doubts: Vec::new(), place: Place::default() }
}

fn object(values: &Json, schema: &Schema) -> Result<Object, String> {
    match decode_state(values, &schema.block.implied_type()) {
        Ok(Value::Map(object)) => Ok(object),
        _ => {
            Err("its values are of another release of the provider; refresh the state with this one"
                .to_owned())
        }
    }
}

/// A state holds whether each connection was active. Where a pointer chooses, that is the pointer's to tell.
fn leave_choices_to_pointers(declared: &mut Declared) {
    let chosen: BTreeSet<String> = declared
        .resources
        .iter()
        .filter(|it| it.type_name.ends_with("_activation"))
        .filter_map(|it| it.remembered.as_ref()?.object.get("id")?.as_str().map(str::to_owned))
        .collect();
    let environments = declared
        .resources
        .iter()
        .filter_map(|it| it.remembered.as_ref()?.object.get("connections")?.as_object());
    let chosen: BTreeSet<String> = environments.flat_map(|it| it.keys().cloned()).chain(chosen).collect();
    for resource in &mut declared.resources {
        let group =
            ["connection_alias_id", "integration_id"].iter().find_map(|it| resource.attributes.get(it));
        let group = group.and_then(|it| it.value.value.as_str());
        if group.is_some_and(|it| chosen.contains(it)) && !resource.type_name.ends_with("_activation") {
            resource.attributes.remove("active");
        }
    }
}
