//! Tests of configured values: the ready-made ones, and running those of a schema over a configuration.

mod ready;
mod relations;
mod texts;
mod visit;

pub use ready::{at_least, at_most, each, elements, keys, length, one_of, range};
pub use texts::{json, pattern, url};

use crate::{Attribute, Check, Diagnostic, Diagnostics, Object, Path, Schema, Value};

/// Runs the checks of every attribute that has a wholly known value and the rules across attributes, and warns about
/// what is deprecated.
pub fn run(schema: &Schema, config: &Object) -> Diagnostics {
    let mut diagnostics = Diagnostics::none();
    if let Some(reason) = &schema.block.deprecated {
        diagnostics.push(deprecated("This block", reason));
    }
    visit::blocks(&schema.block, config, &mut |path, reason| {
        diagnostics.push(deprecated(&format!("The block `{path}`"), reason).at(path.clone()));
    });
    visit::attributes(&schema.block, config, &mut |path, attribute, value| {
        if value.is_null() {
            return;
        }
        if let Some(reason) = &attribute.behavior.deprecated {
            diagnostics.push(deprecated(&format!("The attribute `{path}`"), reason).at(path.clone()));
        }
        if value.is_wholly_known() {
            let refusals = attribute.behavior.checks.iter().filter_map(|it| refusal(attribute, it, value));
            diagnostics.0.extend(refusals.map(|it| refused(path, &it)));
        }
    });
    visit::objects(&schema.block, config, &mut |path, rules, object| {
        diagnostics.0.extend(relations::broken(rules, path, object));
    });
    diagnostics
}

/// The write-only attributes that have a value, at every level. Terraform below 1.11 would store them.
pub fn write_only(schema: &Schema, config: &Object) -> Vec<Path> {
    let mut paths = Vec::new();
    visit::attributes(&schema.block, config, &mut |path, attribute, value| {
        if attribute.write_only && !value.is_null() {
            paths.push(path.clone());
        }
    });
    paths
}

/// Why the value is refused, if it is. A check may quote the value, which must not happen to a secret.
fn refusal(attribute: &Attribute, check: &Check, value: &Value) -> Option<String> {
    let reason = (check.test)(value).err()?;
    let secret = attribute.sensitive || attribute.write_only;
    Some(if secret { format!("it is not {}", check.demand) } else { reason })
}

fn refused(path: &Path, reason: &str) -> Diagnostic {
    let reason = reason.trim_end_matches('.');
    Diagnostic::error(
        format!("The value of `{path}` cannot be used"),
        format!("The value of `{path}` was refused: {reason}. Nothing was changed."),
    )
    .at(path.clone())
}

fn deprecated(what: &str, reason: &str) -> Diagnostic {
    let reason = reason.trim_end_matches('.');
    Diagnostic::warning(format!("{what} is deprecated"), format!("{what} still works for now: {reason}."))
}

#[cfg(test)]
mod tests;
