//! Values of the root module's variables, from everywhere that Terraform takes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use serde_json::Value as Json;
use tf_core::Type;

use super::LoadError;
use super::constraint;
use super::source;
use crate::evaluate::evaluate;
use crate::evaluate::functions::encodings::from_json;
use crate::evaluate::scope::{Doubts, Names, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// What begins the name of an environment variable that sets a variable.
const ENVIRONMENT_PREFIX: &str = "TF_VAR_";

/// Where the values come from.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// By name.
    pub variables: BTreeMap<String, Input>,
    /// `terraform.workspace`.
    pub workspace: String,
}

/// A value of a variable.
#[derive(Clone, Debug)]
pub enum Input {
    /// Out of a file of variables.
    Expression(Expression),
    /// Out of a JSON file.
    Json(Json),
    /// From the environment or the command line: a text, or HCL where the variable is not a string.
    Text(String),
}

impl Inputs {
    /// Reads what Terraform would: the environment, `terraform.tfvars`, `*.auto.tfvars`, then the given files and
    /// `name=value` pairs. What comes later wins.
    ///
    /// # Errors
    /// A file cannot be read or is not HCL.
    pub fn collect(
        folder: &Path,
        environment: impl IntoIterator<Item = (String, String)>,
        files: &[PathBuf],
        pairs: &[(String, String)],
    ) -> Result<Inputs, LoadError> {
        let mut inputs = Inputs { variables: BTreeMap::new(), workspace: "default".to_owned() };
        for (name, value) in environment {
            if let Some(name) = name.strip_prefix(ENVIRONMENT_PREFIX) {
                inputs.variables.insert(name.to_owned(), Input::Text(value));
            } else if name == "TF_WORKSPACE" && !value.is_empty() {
                inputs.workspace = value;
            }
        }
        for path in automatic(folder)?.iter().chain(files) {
            inputs.file(path)?;
        }
        for (name, value) in pairs {
            inputs.variables.insert(name.clone(), Input::Text(value.clone()));
        }
        Ok(inputs)
    }

    fn file(&mut self, path: &Path) -> Result<(), LoadError> {
        if path.extension().is_some_and(|it| it == "json") {
            return self.json_file(path);
        }
        for attribute in source::parse(path)?.into_attributes() {
            self.variables.insert(attribute.key.as_str().to_owned(), Input::Expression(attribute.value));
        }
        Ok(())
    }

    fn json_file(&mut self, path: &Path) -> Result<(), LoadError> {
        let text = fs::read_to_string(path)
            .map_err(|source| LoadError::Unreadable { path: path.to_owned(), source })?;
        let json: BTreeMap<String, Json> = serde_json::from_str(&text).map_err(|it| LoadError::Syntax {
            path: path.to_owned(),
            line: it.line(),
            column: it.column(),
            reason: "an object of variables is expected".to_owned(),
        })?;
        self.variables.extend(json.into_iter().map(|(name, it)| (name, Input::Json(it))));
        Ok(())
    }
}

impl Input {
    /// As JSON gives it; `None` if it is another kind of input, or holds a number beyond the bounds.
    pub fn json(&self) -> Option<Typed> {
        match self {
            Input::Json(json) => from_json(json.clone()).map(Typed::of),
            _ => None,
        }
    }
}

/// The files that are read without being named, in Terraform's order.
fn automatic(folder: &Path) -> Result<Vec<PathBuf>, LoadError> {
    let unreadable = |source| LoadError::Unreadable { path: folder.to_owned(), source };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        if let Some(name) = name.to_str() {
            names.push(name.to_owned());
        }
    }
    names.sort();
    let plain = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_owned);
    let first = plain.into_iter().filter(|it| names.contains(it));
    let auto = |it: &&String| it.ends_with(".auto.tfvars") || it.ends_with(".auto.tfvars.json");
    Ok(first.chain(names.iter().filter(auto).cloned()).map(|it| folder.join(it)).collect())
}

/// What a user gave for a variable of the root module.
///
/// # Errors
/// It is not HCL, or holds a number beyond the bounds.
pub fn given(input: &Input, variable: &Body, doubts: &Doubts) -> Outcome<Typed> {
    struct Nothing;
    impl Names for Nothing {
        fn resolve(&self, _root: &str, _path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
            Ok(None)
        }
    }
    let scope = Scope::new(&Nothing, doubts, Path::new(""));
    match input {
        Input::Expression(it) => evaluate(it, &scope),
        Input::Json(_) => input.json().ok_or_else(|| Wrong::new("a number is beyond the bounds")),
        Input::Text(text) => {
            let ty =
                variable.get_attribute("type").map(|it| constraint::read(&it.value, &scope)).transpose()?;
            let literal = matches!(
                ty.map(|it| it.ty()),
                None | Some(Type::String | Type::Number | Type::Bool | Type::Dynamic)
            );
            if literal {
                return Ok(Typed::string(text.clone()));
            }
            let expression =
                hcl_edit::parser::parse_expr(text).map_err(|_| Wrong::new("the value is not HCL"))?;
            evaluate(&expression, &scope)
        }
    }
}
