//! Where a setting comes from: the provider block first, then the environment.

use std::path::PathBuf;

use servicenow_client::{Command, Source};
use tf_core::{Diagnostic, Object, Path, Step, Value};

use super::environment::variable;
use crate::errors;

/// The provider block and what the environment says, in the same form.
pub(super) struct Layers {
    pub block: Object,
    pub environment: Object,
}

/// The path of a setting that is written as `oauth.client_id`.
pub(super) fn path(setting: &str) -> Path {
    Path(setting.split('.').map(|it| Step::Attribute(it.to_owned())).collect())
}

/// A value that is there.
pub(super) fn find<'a>(object: &'a Object, setting: &str) -> Option<&'a Value> {
    let value = match setting.split_once('.') {
        Some((block, rest)) => find(object.get(block)?.as_object()?, rest)?,
        None => object.get(setting)?,
    };
    (!value.is_null()).then_some(value)
}

impl Layers {
    fn both(&self) -> [&Object; 2] {
        [&self.block, &self.environment]
    }

    /// The value of a setting.
    pub fn value(&self, setting: &str) -> Option<&Value> {
        self.both().into_iter().find_map(|it| find(it, setting))
    }

    /// A text, as it is. One that is empty counts as absent.
    pub fn text(&self, setting: &str) -> Option<String> {
        self.value(setting).and_then(Value::as_str).filter(|it| !it.is_empty()).map(str::to_owned)
    }

    pub fn flag(&self, setting: &str) -> Option<bool> {
        self.value(setting).and_then(Value::as_bool)
    }

    pub fn number(&self, setting: &str) -> Option<u64> {
        match self.value(setting)? {
            Value::Number(number) => number.to_i64().and_then(|it| u64::try_from(it).ok()),
            _ => None,
        }
    }

    pub fn list(&self, setting: &str) -> Vec<String> {
        texts(self.value(setting))
    }

    /// Where a secret comes from: `password` itself, `password_file` or `password_command`. The block silences all three
    /// of the environment as soon as it has one of them.
    ///
    /// # Errors
    /// Two of them stand beside each other, or the command has no words.
    pub fn source(&self, setting: &str) -> Result<Option<Source>, Diagnostic> {
        for layer in self.both() {
            if let Some(source) = source(layer, setting)? {
                return Ok(Some(source));
            }
        }
        Ok(None)
    }
}

fn source(layer: &Object, setting: &str) -> Result<Option<Source>, Diagnostic> {
    let names = ["", "_file", "_command"].map(|suffix| format!("{setting}{suffix}"));
    let there: Vec<&String> = names.iter().filter(|it| find(layer, it).is_some_and(is_something)).collect();
    let name = match there.as_slice() {
        [] => return Ok(None),
        [name] => *name,
        [first, second, ..] => return Err(errors::two_settings(first, second).at(path(second))),
    };
    let value = find(layer, name);
    let text = value.and_then(Value::as_str).unwrap_or_default();
    let source = if name.ends_with("_file") {
        Source::File(PathBuf::from(text))
    } else if name.ends_with("_command") {
        let empty =
            || errors::bad_setting(name, "a command begins with the name of a program").at(path(name));
        Source::Command(Command::new(texts(value)).ok_or_else(empty)?)
    } else {
        Source::given(text)
    };
    Ok(Some(source))
}

/// An empty text is no secret: it mostly comes of a variable that nobody set.
fn is_something(value: &Value) -> bool {
    value.as_str() != Some("")
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let elements = value.and_then(Value::as_elements).unwrap_or_default();
    elements.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// A setting that has to be there.
///
/// # Errors
/// It is nowhere.
pub(super) fn required<T>(setting: &str, value: Option<T>) -> Result<T, Diagnostic> {
    value.ok_or_else(|| errors::missing_setting(setting, &variable(&path(setting))).at(path(setting)))
}
