//! One thing in which declared and live differ: what, how bad, who did it, and the two ways out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Place;
use super::difference::DifferenceOnDisk;

/// One thing in which declared and live differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The same for the same thing in the next run, on whichever machine: 16 hexadecimal digits.
    pub fingerprint: String,
    /// What kind of thing it is.
    pub class: Class,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence that a person understands without the rest.
    pub summary: String,
    /// The Terraform address, for what is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The Terraform type.
    pub type_name: String,
    /// The record, for what exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// Where it is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What differs, attribute by attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// Who made it so, as far as it can be known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The ways out.
    #[serde(default)]
    pub remedy: Remedy,
}

/// The kinds of things that can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// A declared record has other values.
    Changed,
    /// A declared record does not exist.
    Missing,
    /// A record exists that nothing declares.
    Unmanaged,
    /// Another connection of an integration is active than the declared one.
    ActivationMoved,
    /// An integration has no active connection: it is dark.
    NoneActive,
    /// An integration has more than one active connection.
    SeveralActive,
    /// A credential was written by somebody else since it was last written as declared.
    SecretPossiblyChanged,
    /// A credential that no connection uses.
    OrphanedCredential,
    /// An endpoint or an instance name does not fit the environment of its connection.
    EnvironmentMismatch,
    /// The user may not see a declared record: whether it exists is not known.
    Hidden,
    /// The instance is a copy of another one.
    CloneDetected,
}

/// How bad it is. The order is from the mildest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Somebody should look at it.
    Warning,
    /// Messages may go to the wrong place, or nowhere.
    Critical,
}

/// A record of the instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The table.
    pub table: String,
    /// Its id.
    pub sys_id: String,
    /// What people call it.
    pub name: String,
    /// Where a person can open it.
    pub url: String,
}

/// One attribute that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "DifferenceOnDisk", into = "DifferenceOnDisk")]
#[schemars(with = "DifferenceOnDisk")]
pub struct Difference {
    /// The path within the resource, such as `headers["X-Key"].value`.
    pub attribute: String,
    /// What is declared and what is live.
    pub values: Values,
    /// Where the declared value is written.
    pub place: Option<Place>,
}

/// The two values of an attribute that differs, unless they must not be shown: then nothing holds them.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Values that everybody may see; `null` stands for what is not set.
    Shown {
        /// The declared value.
        declared: Json,
        /// The live one.
        live: Json,
    },
    /// Those of a sensitive or write-only attribute.
    Hidden,
}

/// Who changed a record last, as far as the instance tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The user name.
    pub by: String,
    /// When, in UTC, such as `2026-11-22T12:00:00Z`.
    pub on: String,
    /// What tells it.
    pub evidence: Evidence,
    /// How the change came about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The name of the update set that caught it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_set: Option<String>,
}

/// What tells who changed a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The audit of that very attribute.
    Audit,
    /// The last write of the record, which may have been to something else.
    Record,
}

/// How a change came about, as far as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person or another program.
    Manual,
    /// The platform itself, such as a sibling that was switched off.
    Platform,
}

/// The two ways out: the instance follows the declaration, or the declaration follows the instance.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    /// The command that makes the instance as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apply: Option<String>,
    /// The change of the configuration that adopts the live value, as a unified difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adopt: Option<String>,
    /// What a person has to do, where no command or patch does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
}

impl Class {
    /// Every class, the gravest consequences first.
    pub const ALL: [Class; 11] = [
        Class::SeveralActive,
        Class::NoneActive,
        Class::ActivationMoved,
        Class::EnvironmentMismatch,
        Class::CloneDetected,
        Class::Missing,
        Class::Changed,
        Class::SecretPossiblyChanged,
        Class::Hidden,
        Class::OrphanedCredential,
        Class::Unmanaged,
    ];

    /// As it is written in documents and in `snowdrift.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Class::Changed => "changed",
            Class::Missing => "missing",
            Class::Unmanaged => "unmanaged",
            Class::ActivationMoved => "activation_moved",
            Class::NoneActive => "none_active",
            Class::SeveralActive => "several_active",
            Class::SecretPossiblyChanged => "secret_possibly_changed",
            Class::OrphanedCredential => "orphaned_credential",
            Class::EnvironmentMismatch => "environment_mismatch",
            Class::Hidden => "hidden",
            Class::CloneDetected => "clone_detected",
        }
    }

    /// How bad it is as long as `snowdrift.toml` does not say otherwise.
    pub fn usual_severity(self) -> Severity {
        match self {
            Class::SeveralActive
            | Class::NoneActive
            | Class::ActivationMoved
            | Class::EnvironmentMismatch
            | Class::CloneDetected => Severity::Critical,
            Class::Missing | Class::Changed | Class::SecretPossiblyChanged | Class::Hidden => {
                Severity::Warning
            }
            Class::OrphanedCredential | Class::Unmanaged => Severity::Info,
        }
    }
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Info];

    /// As it is written in documents and in `snowdrift.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_are_those_of_the_document() {
        for class in Class::ALL {
            assert_eq!(serde_json::to_value(class).unwrap(), class.word());
        }
        for severity in Severity::ALL {
            assert_eq!(serde_json::to_value(severity).unwrap(), severity.word());
        }
    }

    #[test]
    fn every_class_is_listed_once() {
        assert_eq!(Class::ALL.iter().collect::<BTreeSet<_>>().len(), Class::ALL.len());
    }
}
