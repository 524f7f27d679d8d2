//! Every message that this crate has for a user, as constructors.

mod faults;

use tf_core::wire::WireError;
use tf_core::{Diagnostic, Diagnostics, Path};

use crate::host::Feature;
use crate::provider::Deferral;

pub(crate) use faults::{
    Moment, bad_definitions, broken_rule, cannot_renew, function_fault, nothing_found, panicked,
    panicked_function, panicked_in_apply, unwritable, without_identity,
};

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

/// What a module says about itself is wrong. The paths are those of a block that hosts do not show, so that the text has
/// to name it.
pub(crate) fn in_provider_meta(found: Diagnostics) -> Diagnostics {
    let told = |it: Diagnostic| {
        let place = "This is about the block `provider_meta` in the module's `terraform` block";
        Diagnostic { detail: format!("{} {place}. Nothing was changed.", it.detail), path: None, ..it }
    };
    Diagnostics(found.0.into_iter().map(told).collect())
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

/// A write-only value for a host that would store it.
pub(crate) fn write_only_needs_newer_host(place: Place<'_>, path: &Path) -> Diagnostics {
    let needs = Feature::WriteOnly.hosts();
    let detail = format!(
        "`{path}` of {} is write-only, which means that it is never stored. This version of Terraform does not know \
         write-only attributes and would store the value in the state. Nothing was changed. Use {needs}, or leave the \
         attribute out.",
        place.subject(),
    );
    let summary = format!("`{path}` needs {}", Feature::WriteOnly.terraform());
    located(Diagnostic::error(summary, detail), path)
}

/// Something that cannot be done yet, for a host that does not come back.
pub(crate) fn deferral_needs_host(place: Place<'_>, deferral: Deferral) -> Diagnostics {
    let detail = format!(
        "{} cannot be worked on yet, because {}. {} would come back to it later, if deferral is switched on there; this \
         host does not. Nothing was changed. Apply what it depends on first, with `-target`, and then the rest.",
        capitalized(&place.subject()),
        deferral.reason(),
        Feature::Deferral.hosts(),
    );
    Diagnostic::error("It cannot be planned yet", detail).into()
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

/// An import by identity of a type that has none.
pub(crate) fn import_needs_id(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "{} is imported by an `id`, and the import names none. Nothing was changed. Write `id = \"...\"` in the `import` \
         block.",
        capitalized(&place.subject()),
    );
    Diagnostic::error("The import needs an id", detail).into()
}

/// An import by id of a type that knows identities only.
pub(crate) fn import_needs_identity(place: Place<'_>) -> Diagnostics {
    let detail = format!(
        "{} is imported by its identity. Nothing was changed. Write `identity = {{ ... }}` instead of `id` in the `import` \
         block, which needs {}.",
        capitalized(&place.subject()),
        Feature::Identity.hosts(),
    );
    Diagnostic::error("The import needs an identity", detail).into()
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

/// A call of a function that is not there. Functions have a text only, which the host ends with a full stop.
pub(crate) fn unknown_function(address: &str, name: &str) -> String {
    format!("the provider `{address}` has no function `{name}`")
}

/// A call with too few or too many arguments.
pub(crate) fn wrong_argument_count(name: &str, wanted: &str, found: usize) -> String {
    format!("the function `{name}` takes {wanted}, and {found} were given")
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
