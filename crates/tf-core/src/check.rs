//! Tests of configured values: the ready-made ones, and running those of a schema over a configuration.

mod texts;
mod visit;

use std::ops::RangeInclusive;
use std::sync::Arc;

pub use texts::url;

use crate::{Attribute, Check, Diagnostic, Diagnostics, Number, Object, Path, Schema, Value};

/// Runs the checks of every attribute that has a wholly known value, and warns about what is deprecated.
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

fn check(demand: String, test: impl Fn(&Value) -> Result<(), String> + Send + Sync + 'static) -> Check {
    Check { demand, test: Arc::new(test) }
}

/// One of a few texts.
pub fn one_of(allowed: &[&str]) -> Check {
    let list = allowed.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let allowed: Vec<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
    let demand = format!("one of {list}");
    check(demand.clone(), move |value| {
        let Some(text) = value.as_str() else { return Ok(()) };
        if allowed.iter().any(|it| it == text) {
            return Ok(());
        }
        let same_letters = allowed.iter().find(|it| it.eq_ignore_ascii_case(text.trim()));
        let way_out = same_letters.map_or_else(String::new, |it| format!(". Write it exactly so: `{it}`"));
        Err(format!("it is not {demand}{way_out}"))
    })
}

/// A text with so many characters.
pub fn length(least: usize, most: usize) -> Check {
    let demand = format!("{} long", amount(least, most, "character"));
    check(demand.clone(), move |value| match value {
        Value::String(text) => within(text.chars().count(), least..=most, &demand),
        _ => Ok(()),
    })
}

/// A list, set or map with so many elements.
pub fn elements(least: usize, most: usize) -> Check {
    let demand = format!("{} long", amount(least, most, "element"));
    check(demand.clone(), move |value| match value {
        Value::List(items) | Value::Set(items) => within(items.len(), least..=most, &demand),
        Value::Map(members) => within(members.len(), least..=most, &demand),
        _ => Ok(()),
    })
}

fn amount(least: usize, most: usize, unit: &str) -> String {
    let plural = if most == 1 { "" } else { "s" };
    match least {
        0 => format!("at most {most} {unit}{plural}"),
        _ if least == most => format!("exactly {most} {unit}{plural}"),
        _ => format!("{least} to {most} {unit}{plural}"),
    }
}

fn within(length: usize, bounds: RangeInclusive<usize>, demand: &str) -> Result<(), String> {
    if bounds.contains(&length) {
        Ok(())
    } else {
        Err(format!("its length is {length}, but it must be {demand}"))
    }
}

/// A number between two bounds, both included.
pub fn range(least: i64, most: i64) -> Check {
    let demand = format!("between {least} and {most}");
    check(demand.clone(), move |value| match value {
        Value::Number(number) if *number < Number::from(least) || *number > Number::from(most) => {
            Err(format!("it is not {demand}"))
        }
        _ => Ok(()),
    })
}

#[cfg(test)]
mod tests;
