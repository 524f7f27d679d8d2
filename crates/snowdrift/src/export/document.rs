//! What an export wrote, what it left out and why, and whether a plan would be empty: `export-report.json`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// The version of the document. It grows when a reader of the version before could not understand it any more.
pub const FORMAT_VERSION: u32 = 1;

/// What the document is called in the folder of an export.
pub const FILE_NAME: &str = "export-report.json";

/// One export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "snowdrift export report")]
#[serde(deny_unknown_fields)]
pub struct ExportReport {
    /// The version of this document's form.
    pub format_version: u32,
    /// Which version of snowdrift wrote it.
    pub snowdrift_version: String,
    /// When the export began, in UTC, such as `2026-11-22T12:00:00Z`.
    pub began: String,
    /// When it ended.
    pub ended: String,
    /// The address of the instance, without user and password.
    pub instance: String,
    /// The user that looked, where that is a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// How many objects of each type are in the files after the export, by type.
    pub totals: std::collections::BTreeMap<String, u64>,
    /// What this export wrote, by address.
    pub written: Vec<Exported>,
    /// What was declared already and was left as it is, by address.
    pub already_declared: Vec<Exported>,
    /// What exists and was not written, with the reason.
    pub skipped: Vec<Skipped>,
    /// Ids that stand in the files because nothing there is what they refer to.
    pub unresolved: Vec<Unresolved>,
    /// Secrets that the instance keeps: nothing writes over them until somebody gives them a version.
    pub secrets: Vec<KeptSecret>,
    /// Whether a plan of the files would be empty.
    pub proof: Proof,
}

/// An object in the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exported {
    /// The Terraform address.
    pub address: String,
    /// The id that its `import` block names.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The file, below the folder.
    pub file: String,
}

/// Something that exists and was not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// Why.
    pub reason: Reason,
    /// The Terraform type, for what has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
    /// The table.
    pub table: String,
    /// The id of the record, for what is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many records it is about.
    pub count: u64,
    /// What it means and what to do, in whole sentences.
    pub detail: String,
}

/// Why something was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The user may not see it.
    Hidden,
    /// It could not be read.
    Unreadable,
    /// The provider has no type for it.
    Unsupported,
    /// It shares the table of a type and is something else.
    AnotherKind,
    /// Its values break rules of the provider, so that no plan would accept it.
    Invalid,
    /// Several connections of an integration are active although one may be: a pointer would switch others off.
    SeveralActive,
    /// It came with the platform, and nobody here changed it since.
    Platform,
    /// It was not asked for.
    NotSelected,
}

/// An id that stands in the files because nothing there is what it refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unresolved {
    /// The Terraform address.
    pub address: String,
    /// The attribute.
    pub attribute: String,
    /// The id.
    pub id: String,
    /// What it means and what to do, in whole sentences.
    pub detail: String,
}

/// A secret that the instance keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptSecret {
    /// The Terraform address.
    pub address: String,
    /// The write-only attribute.
    pub attribute: String,
    /// The variable that takes it, where the export declared one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
}

/// Whether a plan of the files would be empty: each object was imported, read and planned with what stands in the files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// How many objects of the files came out unchanged.
    pub unchanged: u64,
    /// Attributes that a plan would change.
    pub differences: Vec<WouldChange>,
    /// Objects for which there was no plan.
    pub failures: Vec<NoPlan>,
}

/// An attribute that a plan would change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WouldChange {
    /// The Terraform address.
    pub address: String,
    /// The attribute.
    pub attribute: String,
    /// The live value; nothing for what must not be shown.
    #[serde(default)]
    pub live: Json,
    /// The planned value, likewise.
    #[serde(default)]
    pub planned: Json,
}

/// An object for which there was no plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoPlan {
    /// The Terraform address.
    pub address: String,
    /// Why, in whole sentences.
    pub detail: String,
}

impl Proof {
    /// Whether nothing would change.
    pub fn is_empty_plan(&self) -> bool {
        self.differences.is_empty() && self.failures.is_empty()
    }
}

impl ExportReport {
    /// Whether there may be something that nobody saw.
    pub fn is_incomplete(&self) -> bool {
        self.skipped.iter().any(|it| matches!(it.reason, Reason::Hidden | Reason::Unreadable))
    }
}
