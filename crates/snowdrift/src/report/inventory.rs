//! Integrations with their connections as they are on an instance: the matrix that people look at first.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An integration with its connections.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntegrationLine {
    /// What people call it.
    pub name: String,
    /// The table of its record, which tells the native alias from Unifi's integration.
    pub table: String,
    /// The id of its record.
    pub sys_id: String,
    /// The Terraform address, if it is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Its connections, by name.
    pub connections: Vec<ConnectionLine>,
}

/// A connection of an integration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionLine {
    /// What people call it.
    pub name: String,
    /// The Terraform type.
    pub type_name: String,
    /// The id of its record.
    pub sys_id: String,
    /// The Terraform address, if it is declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The environment that it is for, as far as it is known: `Production`, `Test` and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Where it leads, without user and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether it is active.
    pub active: bool,
    /// Whether it is declared to be active; nothing if that is not declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declared_active: Option<bool>,
    /// How it stands.
    pub status: Status,
    /// Why it stands so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
    /// Who wrote it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// When, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_on: Option<String>,
}

/// How a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It has all that it needs.
    Configured,
    /// It was proven to work.
    Connected,
    /// What it signs in with has run out.
    Expired,
    /// Something that it needs is not there.
    NotConfigured,
    /// It is switched off.
    Deactivated,
    /// It cannot be told.
    Unknown,
}

impl Status {
    /// As people read it.
    pub fn title(self) -> &'static str {
        match self {
            Status::Configured => "Configured",
            Status::Connected => "Connected",
            Status::Expired => "Expired",
            Status::NotConfigured => "Not Configured",
            Status::Deactivated => "Deactivated",
            Status::Unknown => "Unknown",
        }
    }
}
