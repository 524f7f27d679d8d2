//! `snowdrift declared`: what a folder of HCL declares, as it is understood without Terraform.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::{Map, Value as Json, json};
use tf_core::Value;

use super::{Failure, UNDECIDED, Variables};
use crate::declared::{Declared, Finding, Inputs, Place, Resource, Schemas, load};
use crate::live;

/// What stands in place of a value that must not be shown.
const HIDDEN: &str = "(sensitive)";

/// Prints every resource that a folder of HCL declares, as JSON.
///
/// No Terraform is started and no state is read. Variables, locals, functions, conditions, `for` expressions, `count`,
/// `for_each` and local modules are evaluated; what cannot be is listed as undecided with the reason, never guessed.
/// Ends with 3 if something is undecided.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of the root module.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Sets a variable of the root module.
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = pair)]
    variables: Vec<(String, String)>,
    /// Reads variables of the root module from a file.
    #[arg(long = "var-file", value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// The two sides of `NAME=VALUE`.
///
/// # Errors
/// There is no `=`.
pub fn pair(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').map(|(name, value)| (name.trim().to_owned(), value.to_owned()));
    split.ok_or_else(|| "it needs the form NAME=VALUE".to_owned())
}

impl Arguments {
    /// Runs the command.
    ///
    /// # Errors
    /// A file cannot be read, or the output cannot be written.
    pub fn run(&self, environment: Variables, out: &mut dyn Write) -> Result<ExitCode, Failure> {
        let inputs = Inputs::collect(&self.folder, environment, &self.files, &self.variables)?;
        let schemas = live::schemas();
        let declared = load(&self.folder, &inputs, &schemas)?;
        serde_json::to_writer_pretty(&mut *out, &document(&declared, &schemas))?;
        writeln!(out)?;
        Ok(if is_decided(&declared) { ExitCode::SUCCESS } else { ExitCode::from(UNDECIDED) })
    }
}

fn is_decided(declared: &Declared) -> bool {
    let resources = declared.resources.iter().flat_map(|it| it.attributes.values());
    let mut all = resources.chain(declared.outputs.values());
    declared.undecided.is_empty() && all.all(|it| it.value.value.is_wholly_known())
}

fn document(declared: &Declared, schemas: &Schemas) -> Json {
    let undecided = declared.undecided.iter().map(|it| {
        let (file, line) = place(&it.place);
        json!({ "address": it.address, "file": file, "line": line, "reasons": it.reasons })
    });
    json!({
        "resources": declared.resources.iter().map(|it| resource(it, schemas)).collect::<Vec<_>>(),
        "outputs": findings(declared.outputs.iter().map(|(name, it)| (name.as_str(), it)), |_| false),
        "undecided": undecided.collect::<Vec<_>>(),
    })
}

fn resource(it: &Resource, schemas: &Schemas) -> Json {
    let (file, line) = place(&it.place);
    let secret = |name: &str| {
        let attributes =
            schemas.get(&it.type_name).map(|it| it.block.attributes.as_slice()).unwrap_or_default();
        attributes.iter().any(|it| it.name == name && (it.sensitive || it.write_only))
    };
    let mut document = json!({
        "address": it.address,
        "type": it.type_name,
        "file": file,
        "line": line,
        "attributes": findings(it.attributes.iter(), secret),
    });
    if let (Some(id), Json::Object(members)) = (&it.import_id, &mut document) {
        members.insert("import_id".to_owned(), finding(id, false));
    }
    document
}

fn place(place: &Place) -> (String, usize) {
    (place.file.display().to_string(), place.line)
}

fn findings<'a>(all: impl Iterator<Item = (&'a str, &'a Finding)>, secret: impl Fn(&str) -> bool) -> Json {
    let members: Map<String, Json> =
        all.map(|(name, it)| (name.to_owned(), finding(it, secret(name)))).collect();
    Json::Object(members)
}

fn finding(it: &Finding, secret: bool) -> Json {
    let mut members = Map::new();
    members.insert("line".to_owned(), json!(it.place.line));
    if it.value.is_sensitive() || secret {
        members.insert("value".to_owned(), json!(HIDDEN));
    } else if let Some(value) = plain(&it.value.value) {
        members.insert("value".to_owned(), value);
    }
    if !it.value.value.is_wholly_known() {
        members.insert("undecided".to_owned(), json!(it.doubts));
    }
    Json::Object(members)
}

/// A wholly known value as JSON.
fn plain(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => return None,
        Value::Bool(truth) => json!(truth),
        Value::Number(number) => Json::Number(serde_json::from_str(&number.to_string()).ok()?),
        Value::String(text) => json!(text),
        Value::List(items) | Value::Set(items) => {
            Json::Array(items.iter().map(plain).collect::<Option<_>>()?)
        }
        Value::Map(members) => {
            let members = members.iter().map(|(name, it)| Some((name.clone(), plain(it)?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
        Value::Dynamic(inner) => plain(&inner.1)?,
    })
}
