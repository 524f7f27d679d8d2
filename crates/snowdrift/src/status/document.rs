//! The inventory of an instance as a document with a published JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::report::{IntegrationLine, Status};

/// The version of the document. It grows when a reader of the version before could not understand it any more.
pub const FORMAT_VERSION: u32 = 1;

/// How integrations stand on an instance. Nothing in here is a secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "snowdrift status report")]
#[serde(deny_unknown_fields)]
pub struct StatusReport {
    /// The version of this document's form.
    pub format_version: u32,
    /// Which version of snowdrift wrote it.
    pub snowdrift_version: String,
    /// When it was looked at, in UTC, such as `2026-11-22T12:00:00Z`.
    pub looked_at: String,
    /// What the instance is called: by `snowdrift.toml`, else its host.
    pub instance: String,
    /// Its address, without user and password.
    pub url: String,
    /// The user that looked, where that is a user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Integrations with their connections, by name.
    pub integrations: Vec<IntegrationLine>,
    /// Credentials, by name.
    pub credentials: Vec<CredentialLine>,
    /// What other systems call.
    pub inbound: Vec<InboundLine>,
    /// Tables that could not be seen, so that what they hold is missing here.
    pub unseen: Vec<Unseen>,
}

/// A credential.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialLine {
    /// What people call it.
    pub name: String,
    /// The Terraform type; the table where the provider has none.
    pub type_name: String,
    /// The id of its record.
    pub sys_id: String,
    /// How it stands.
    pub status: Status,
    /// Why it stands so.
    pub status_reason: String,
    /// Names of the connections that sign in with it.
    pub used_by: Vec<String>,
    /// Who wrote it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// When, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_on: Option<String>,
}

/// An API of the instance that other systems call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundLine {
    /// What people call it.
    pub name: String,
    /// The id of its record.
    pub sys_id: String,
    /// How it stands.
    pub status: Status,
    /// Why it stands so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// Its path on the instance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Who wrote it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// When, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_on: Option<String>,
}

/// A table that could not be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Unseen {
    /// Its name.
    pub table: String,
    /// Why, in the instance's own words where it has some.
    pub reason: String,
}
