//! Terraform's built-in functions, as far as their results are certain; the others are undecided.

pub mod arguments;
mod collections;
mod conversions;
pub mod encodings;
#[allow(clippy::disallowed_methods, reason = "the functions of files read files")]
mod files;
mod globs;
mod hashes;
pub mod lazy;
mod numbers;
mod sets;
mod texts;

use super::scope::Scope;
use super::typed::Typed;
use super::wrong::{Outcome, Wrong};
use arguments::Arguments;

/// How a function takes an argument that is null, or unknown in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Neither: null is wrong, and an unknown part makes the result unknown.
    Known,
    /// Null too.
    Null,
    /// Both.
    Anything,
}

/// A function; `None` for what only Terraform evaluates.
pub type Function = fn(&Arguments) -> Outcome<Option<Typed>>;

/// Calls the function of that name.
///
/// # Errors
/// Terraform would refuse the call too.
pub fn call(name: &str, items: Vec<Typed>, scope: &Scope<'_>) -> Outcome<Typed> {
    let bare = name.strip_prefix("core::").unwrap_or(name);
    if let Some(function) = files::find(bare) {
        return of_files(bare, function, items, scope);
    }
    let found = [
        texts::find,
        collections::find,
        conversions::find,
        sets::find,
        numbers::find,
        encodings::find,
        hashes::find,
    ];
    let Some((takes, function)) = found.iter().find_map(|find| find(bare)) else {
        return Ok(scope.undecided(format!("the function `{name}` is evaluated by Terraform only")));
    };
    let sensitive = items.iter().any(Typed::is_sensitive);
    if takes == Takes::Known && items.iter().any(Typed::is_null) {
        return Err(Wrong::new(format!("an argument of `{name}` is null")));
    }
    if takes != Takes::Anything && items.iter().any(Typed::has_unknown) {
        return Ok(Typed::unknown().marked(sensitive));
    }
    let arguments = Arguments { name: bare.to_owned(), items };
    let result = function(&arguments).map_err(|it| Wrong::new(format!("`{bare}`: {it}")))?;
    let result = result
        .unwrap_or_else(|| scope.undecided(format!("this use of `{bare}` is evaluated by Terraform only")));
    // A conversion keeps the marks of the parts; everything else may have mixed them.
    Ok(if conversions::find(bare).is_some() { result } else { result.marked(sensitive) })
}

/// Calls a function that reads files, which all take texts that are known.
fn of_files(name: &str, function: files::Function, items: Vec<Typed>, scope: &Scope<'_>) -> Outcome<Typed> {
    let sensitive = items.iter().any(Typed::is_sensitive);
    if items.iter().any(Typed::is_null) {
        return Err(Wrong::new(format!("an argument of `{name}` is null")));
    }
    if items.iter().any(Typed::is_unknown) {
        return Ok(Typed::unknown().marked(sensitive));
    }
    let arguments = Arguments { name: name.to_owned(), items };
    let result = function(&arguments, scope).map_err(|it| Wrong::new(format!("`{name}`: {it}")))?;
    let undecided = || scope.undecided(format!("this use of `{name}` is evaluated by Terraform only"));
    Ok(result.unwrap_or_else(undecided).marked(sensitive))
}
