//! What a look at instances found: the document that every format is written from, with a published JSON Schema.
//!
//! Nothing in here can be a secret: of a sensitive or write-only attribute a [`finding::Difference`] only says that it
//! differs, and would write no value even if it held one.

pub mod difference;
pub mod file;
pub mod finding;
pub mod inventory;
#[cfg(test)]
pub mod sample;
pub mod schema;
pub mod verdict;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use finding::{Change, Class, Difference, Evidence, Finding, Record, Remedy, Severity, Source, Values};
pub use inventory::{ConnectionLine, IntegrationLine, Status};
pub use verdict::{FailOn, Verdict};

/// The version of the document. It grows when a reader of the version before could not understand it any more.
pub const FORMAT_VERSION: u32 = 1;

/// One run: what was compared, when, and what came out of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "snowdrift drift report")]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The version of this document's form.
    pub format_version: u32,
    /// Which version of snowdrift wrote it.
    pub snowdrift_version: String,
    /// When the run began, in UTC, such as `2026-11-22T12:00:00.250Z`. A history tells reports apart by it.
    pub began: String,
    /// When it ended.
    pub ended: String,
    /// Which share of the fleet this is, if it was split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Shard>,
    /// One entry for each instance that was looked at, in the order of their names.
    pub instances: Vec<InstanceReport>,
    /// Why the run as a whole is not complete, such as a share of the fleet that is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// A share of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shard {
    /// Which one, from 1.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

/// What came out for one instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstanceReport {
    /// What the instance is called: by `snowdrift.toml`, else its host.
    pub name: String,
    /// Its address, without user and password.
    pub url: String,
    /// The user that looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What was declared and from where, such as a folder or a state file.
    pub declared_in: String,
    /// Only what was written since a time was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// How many things were looked at.
    pub counts: Counts,
    /// The addresses of declared ones that are on the instance just as declared, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clean: Vec<String>,
    /// How declared and live differ, the severest first, then by address.
    pub findings: Vec<Finding>,
    /// What could not be compared. Never counted as clean.
    pub undecided: Vec<Undecided>,
    /// What differs and is to be let be, with the reason from `snowdrift.toml`.
    pub ignored: Vec<Ignored>,
    /// Integrations with their connections, by name.
    pub integrations: Vec<IntegrationLine>,
    /// Why the look is not complete, such as an instance that does not answer. With one the run has failed.
    pub problems: Vec<Problem>,
}

/// A look at what was written since a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// The time, in UTC, by the clock of the instance.
    pub time: String,
    /// Whether nothing was written since then. Then nothing was compared: what was deleted leaves no trace and is not seen, and
    /// how declared and live differed before is not told again.
    pub nothing_new: bool,
}

impl Since {
    /// What it means, as a sentence.
    pub fn sentence(&self) -> String {
        if self.nothing_new {
            format!(
                "Nothing was written since {}, so nothing was compared; deleted records and older differences are not seen this \
                 way.",
                self.time
            )
        } else {
            format!(
                "Only what was written since {} is told, and what is missing; a row of a connection that was deleted, such as a \
                 variable, is not seen this way.",
                self.time
            )
        }
    }
}

/// How many things were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// Resource instances that are declared and of this provider.
    pub declared: u64,
    /// Declared ones that are on the instance just as declared.
    pub clean: u64,
    /// Records of the types of this provider that were seen on the instance.
    pub live: u64,
    /// Requests that it took.
    pub requests: u64,
}

/// Something that could not be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Undecided {
    /// The Terraform address.
    pub address: String,
    /// The attribute, if it is but one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Where it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Why, in whole sentences.
    pub reasons: Vec<String>,
}

/// A finding that a rule of `snowdrift.toml` lets be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// What was found.
    pub finding: Finding,
    /// Why it is let be.
    pub reason: String,
    /// Until when, such as `2027-01-31`; nothing if without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Why a look is not complete.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// What went wrong, in a few words.
    pub summary: String,
    /// What, where, why, and what to do next.
    pub detail: String,
}

/// A place in a file of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The file, as it was reached from where the command ran, with `/` between folders.
    pub file: String,
    /// From 1.
    pub line: u64,
}
