//! Messages about faults of the provider, which nobody but its authors can do anything about.

use tf_core::wire::WireError;
use tf_core::{Diagnostic, Diagnostics, Path};

use super::{Place, capitalized, located, named};
use crate::offer::Finding;

/// Whose fault it is when nobody but the provider can do anything about it.
const OUR_FAULT: &str = "This is a fault of the provider, not of the configuration: report it to the provider's \
                         authors together with this message.";

/// The provider made something that is no value of its own schema. `after`: what has happened already.
pub(crate) fn unwritable(place: Place<'_>, what: &str, error: &WireError) -> Diagnostics {
    let detail = format!(
        "{} is not as the schema of {} says, at {}: {}. {OUR_FAULT}",
        capitalized(what),
        place.subject(),
        named(&error.path),
        error.reason,
    );
    located(Diagnostic::error("The provider made a value that does not fit its schema", detail), &error.path)
}

/// A handler panicked.
pub(crate) fn panicked(place: Place<'_>, operation: &str) -> Diagnostics {
    let detail = format!(
        "The provider failed in {operation} for {} by a programming error, a panic. What it had done up to that moment \
         stays done; Terraform keeps the state it had before. The place is in the text that begins with `panic:` on \
         standard error. {OUR_FAULT}",
        place.subject(),
    );
    Diagnostic::error("The provider crashed in one operation", detail).into()
}

/// A handler panicked while it changed something. `noted`: whether it had said what is there by then.
pub(crate) fn panicked_in_apply(place: Place<'_>, creating: bool, noted: bool) -> Diagnostics {
    let now = match (creating, noted) {
        (_, true) => "The state holds what the provider had noted up to that moment, so that it is not lost",
        (true, false) => {
            "The provider had noted nothing as created; look at the service whether something is there all the same"
        }
        (false, false) => "Terraform keeps the state it had before, and the next plan shows what has changed",
    };
    let detail = format!(
        "The provider failed in ApplyResourceChange for {} by a programming error, a panic. What it had done up to that \
         moment stays done. {now}. The place is in the text that begins with `panic:` on standard error. {OUR_FAULT}",
        place.subject(),
    );
    Diagnostic::error("The provider crashed in one operation", detail).into()
}

/// A function panicked. Functions have a text only, which the host ends with a full stop.
pub(crate) fn panicked_function(address: &str) -> String {
    format!(
        "the provider `{address}` failed by a programming error, a panic. The place is in the text that begins with \
         `panic:` on standard error. {OUR_FAULT}"
    )
}

/// A function made something that is not of the type it says.
pub(crate) fn function_fault(address: &str, error: &WireError) -> String {
    let place = if error.path.0.is_empty() { String::new() } else { format!(" at `{}`", error.path) };
    format!(
        "the result of the provider `{address}` is not of the type that the function says{place}: {}. {OUR_FAULT}",
        error.reason,
    )
}

/// What the provider offers contradicts itself or Terraform's rules.
pub(crate) fn bad_definitions(address: &str, findings: &[Finding]) -> Diagnostics {
    let line = |it: &Finding| {
        let of = match it.noun {
            "" => "the provider block".to_owned(),
            noun => format!("the {noun} `{}`", it.name),
        };
        let at =
            if it.problem.path.0.is_empty() { String::new() } else { format!(", at `{}`", it.problem.path) };
        format!("  - {of}{at}: {}", it.problem.reason)
    };
    let lines: Vec<_> = findings.iter().map(line).collect();
    let detail = format!(
        "What the provider `{address}` offers is not as it has to be:\n{}\nNothing was changed. {OUR_FAULT}",
        lines.join("\n"),
    );
    Diagnostic::error("The provider is not well defined", detail).into()
}

/// A rule of planning or applying that the provider broke.
pub(crate) fn broken_rule(place: Place<'_>, moment: Moment, path: &Path, rule: &str) -> Diagnostics {
    let (summary, state) = match moment {
        Moment::Plan => ("The provider made an invalid plan", "Nothing was changed."),
        Moment::Apply => (
            "The provider reported an invalid result",
            "The change was carried out as far as the provider tells, and the state holds what it reported.",
        ),
        Moment::Read => ("The provider reported an invalid state", "The stored state stays as it was."),
        Moment::Import => ("The provider imported an invalid state", "Nothing was changed."),
        Moment::Move => ("The provider took over an invalid state", "Nothing was changed."),
        Moment::Lookup => ("The provider looked up an invalid object", "Nothing was changed."),
        Moment::Open => ("The provider opened an invalid object", "Nothing was stored."),
        Moment::List => ("The provider listed an invalid object", "Nothing was changed."),
    };
    let detail = format!("{} of {}: {rule}. {state} {OUR_FAULT}", capitalized(&named(path)), place.subject());
    located(Diagnostic::error(summary, detail), path)
}

/// There is no object and no reason for it.
pub(crate) fn nothing_found(place: Place<'_>, moment: Moment) -> Diagnostics {
    broken_rule(place, moment, &Path::root(), "there is no object, and no error that says why")
}

/// An object that runs out and cannot be prolonged.
pub(crate) fn cannot_renew(place: Place<'_>) -> Diagnostics {
    let rule = "it says when it has to be renewed, but it is of a type that cannot be renewed";
    broken_rule(place, Moment::Open, &Path::root(), rule)
}

/// An object in a list without what tells it from the others.
pub(crate) fn without_identity(place: Place<'_>) -> Diagnostics {
    broken_rule(place, Moment::List, &Path::root(), "an object that is listed must have an identity")
}

/// When a rule was broken.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// While planning.
    Plan,
    /// After applying.
    Apply,
    /// After reading.
    Read,
    /// After finding what an import names.
    Import,
    /// After taking over an object of another type.
    Move,
    /// After reading a data source.
    Lookup,
    /// After opening an ephemeral resource.
    Open,
    /// After finding one of many.
    List,
}
