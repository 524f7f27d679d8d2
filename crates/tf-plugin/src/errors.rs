//! Every message that this crate has for a user, as constructors.

use tf_core::wire::WireError;
use tf_core::{Diagnostic, Diagnostics, Path};

/// Whose fault it is when nobody but the provider can do anything about it.
const OUR_FAULT: &str = "This is a fault of the provider, not of the configuration: report it to the provider's \
                         authors together with this message.";

/// What is being done, for messages.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    /// The provider's source address.
    pub(crate) address: &'a str,
    /// The type of the resource, empty for the provider itself.
    pub(crate) type_name: &'a str,
}

impl Place<'_> {
    /// As in "`scratch_note` of the provider `acme/scratch`".
    fn subject(&self) -> String {
        match self.type_name {
            "" => format!("the provider `{}`", self.address),
            name => format!("`{name}` of the provider `{}`", self.address),
        }
    }
}

fn located(diagnostic: Diagnostic, path: &Path) -> Diagnostics {
    if path.0.is_empty() { diagnostic.into() } else { diagnostic.at(path.clone()).into() }
}

/// `password` or "the object itself".
fn named(path: &Path) -> String {
    if path.0.is_empty() { "the object itself".to_owned() } else { format!("`{path}`") }
}

/// The host sent something that is no value of the schema. `what`: "the configuration", "the stored state".
pub(crate) fn unreadable(place: Place<'_>, what: &str, error: &WireError) -> Diagnostics {
    let detail = format!(
        "Terraform sent {what} for {}, and {} in it does not fit the schema: {}. Nothing was changed. Check that \
         Terraform and the provider are versions that suit each other; if they are, report it to the provider's authors.",
        place.subject(),
        named(&error.path),
        error.reason,
    );
    located(Diagnostic::error("Could not read a value from Terraform", detail), &error.path)
}

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

/// A type that the provider does not have.
pub(crate) fn unknown_type(place: Place<'_>, kind: &str) -> Diagnostics {
    let detail = format!(
        "The provider `{}` has no {kind} `{}`. Nothing was changed. Another version of the provider may have it: see the \
         version constraint in `required_providers`, and run `terraform init -upgrade`.",
        place.address, place.type_name,
    );
    Diagnostic::error(format!("The provider has no such {kind}"), detail).into()
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
    };
    let detail = format!("{} of {}: {rule}. {state} {OUR_FAULT}", capitalized(&named(path)), place.subject());
    located(Diagnostic::error(summary, detail), path)
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
}

/// A write-only value for a host that would store it.
pub(crate) fn write_only_needs_newer_host(place: Place<'_>, path: &Path) -> Diagnostics {
    let detail = format!(
        "`{path}` of {} is write-only, which means that it is never stored. This version of Terraform does not know \
         write-only attributes and would store the value in the state. Nothing was changed. Use Terraform 1.11 or later \
         (OpenTofu 1.11 or later), or leave the attribute out.",
        place.subject(),
    );
    located(Diagnostic::error(format!("`{path}` needs Terraform 1.11 or later"), detail), path)
}

/// A state that Terraform 0.11 or older wrote.
pub(crate) fn state_too_old(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "The stored state of {} has the form of Terraform 0.11 or older, which this provider never wrote. Nothing was \
         changed. Remove the object from the state with `terraform state rm` and bring it back with \
         `terraform import`.",
        place.subject(),
    );
    Diagnostic::error("The stored state is in a form that is too old", detail).into()
}

/// A state that is not there.
pub(crate) fn state_missing(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "Terraform asked to bring the stored state of {} up to date but sent none. Nothing was changed. Look at the \
         object with `terraform state show`; if it is damaged, remove it with `terraform state rm` and import it again.",
        place.subject(),
    );
    Diagnostic::error("The stored state is missing", detail).into()
}

/// An import by identity.
pub(crate) fn import_needs_id(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "{} is imported by an `id`, and the import names none. Nothing was changed. Write `id = \"...\"` in the `import` \
         block.",
        capitalized(&place.subject()),
    );
    Diagnostic::error("The import needs an id", detail).into()
}

/// A type whose objects cannot be imported.
pub(crate) fn import_unsupported(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "Objects of {} cannot be imported. Nothing was changed. Remove the `import` block.",
        place.subject(),
    );
    Diagnostic::error("Objects of this type cannot be imported", detail).into()
}

/// A state of another type.
pub(crate) fn move_unsupported(place: Place<'_>, source_address: &str, source_type: &str) -> Diagnostics {
    let detail = format!(
        "A `moved` block asks to turn `{source_type}` of `{source_address}` into {}, which cannot be done. Nothing was \
         changed. Remove the `moved` block, take the old object out of the state with a `removed` block, and bring it in \
         with an `import` block.",
        place.subject(),
    );
    Diagnostic::error("The state cannot be moved to this type", detail).into()
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
