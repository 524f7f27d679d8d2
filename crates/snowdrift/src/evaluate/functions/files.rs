//! What files hold. Paths begin at the folder of the root module, where Terraform runs.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hcl_edit::template::Template;
use tf_core::{Type, Value};

use super::arguments::Arguments;
use super::globs::{self, Glob};
use super::hashes;
use crate::evaluate::scope::{Names, Scope};
use crate::evaluate::template;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The largest file that is read: what is larger is no part of a configuration.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A function that reads files; `None` for what only Terraform evaluates.
pub type Function = fn(&Arguments, &Scope<'_>) -> Outcome<Option<Typed>>;

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<Function> {
    Some(match name {
        "file" => file,
        "fileexists" => exists,
        "filebase64" => base64,
        "fileset" => set,
        "templatefile" => rendered,
        "filemd5" | "filesha1" | "filesha256" | "filesha512" | "filebase64sha256" | "filebase64sha512" => {
            hashed
        }
        _ => return None,
    })
}

/// What a path leads to; `None` where that depends on who runs Terraform.
fn path(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<PathBuf>> {
    let text = it.text(0)?;
    // The home of somebody.
    if text.starts_with('~') {
        return Ok(None);
    }
    Ok(Some(scope.folder.join(text)))
}

fn bytes(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Vec<u8>>> {
    let Some(path) = path(it, scope)? else { return Ok(None) };
    let unreadable = |_| Wrong::new(format!("`{}` cannot be read", path.display()));
    let length = fs::metadata(&path).map_err(unreadable)?.len();
    if length > BYTES_MAX {
        return Ok(None);
    }
    fs::read(&path).map(Some).map_err(unreadable)
}

fn text(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<String>> {
    let Some(bytes) = bytes(it, scope)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(|_| Wrong::new("what the file holds is no text"))
}

fn file(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(text(it, scope)?.map(Typed::string))
}

fn base64(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(bytes(it, scope)?.map(|it| Typed::string(BASE64_STANDARD.encode(it))))
}

fn exists(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let Some(path) = path(it, scope)? else { return Ok(None) };
    match fs::metadata(&path) {
        Ok(found) if found.is_file() => Ok(Some(Typed::bool(true))),
        Ok(_) => Err(Wrong::new(format!("`{}` is no file", path.display()))),
        Err(_) => Ok(Some(Typed::bool(false))),
    }
}

fn hashed(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let hash = it.name.strip_prefix("file").and_then(hashes::hash);
    let (Some(hash), Some(bytes)) = (hash, bytes(it, scope)?) else { return Ok(None) };
    Ok(Some(Typed::string(hash(&bytes))))
}

fn set(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    let (Some(folder), Some(glob)) = (path(it, scope)?, Glob::read(&it.text(1)?)) else { return Ok(None) };
    let Some(found) = globs::files(&folder, &glob) else { return Ok(None) };
    let values = found.into_iter().map(Value::string).collect();
    Ok(Some(Typed::new(Type::Set(Box::new(Type::String)), Value::set(values))))
}

/// The names in a template: what it was given, and nothing else.
struct Given(BTreeMap<String, Rc<Typed>>);

impl Names for Given {
    fn resolve(&self, root: &str, _path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        Ok(self.0.get(root).map(|it| (Rc::clone(it), 0)))
    }

    fn is_template(&self) -> bool {
        true
    }
}

fn rendered(it: &Arguments, scope: &Scope<'_>) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    let given = it.at(1)?;
    let Some(members) = given.members() else {
        return Err(Wrong::new(format!("an object of variables is needed, not a {}", given.kind())));
    };
    // What a template within a template may do depends on the version of Terraform.
    if scope.is_template() {
        return Ok(None);
    }
    let Some(text) = text(it, scope)? else { return Ok(None) };
    let parsed: Template = text.parse().map_err(|_| Wrong::new("the file holds no template"))?;
    let names = Given(members.into_iter().map(|(name, it)| (name, Rc::new(it))).collect());
    template::bare(&parsed, &scope.of_template(&names)).map(Some)
}
