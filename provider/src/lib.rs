//! Terraform provider for ServiceNow integrations: declared connections, credentials and which of them is active.

pub mod account;
pub mod actions;
pub mod choices;
pub mod claims;
pub mod columns;
pub mod data_sources;
pub mod definition;
pub mod dialects;
pub mod dictionary;
pub mod doubts;
pub mod environment_hosts;
pub mod ephemerals;
pub mod errors;
pub mod execute;
pub mod foreseen;
pub mod functions;
pub mod generate;
pub mod identity;
pub mod lifecycle;
pub mod lists;
pub mod lookup;
pub mod outside;
pub mod private;
pub mod probe;
pub mod provider;
pub mod registry;
pub mod resources;
pub mod session;
pub mod settings;
pub mod sign_in;
pub mod states;
pub mod subject;
pub mod switch;
pub mod tables;
pub mod target;
pub mod timeouts;

pub use crate::provider::ServiceNow;
pub use crate::settings::Environment;

/// The address under which the plugin is published.
pub const SOURCE_ADDRESS: &str = "registry.terraform.io/snowdrift/servicenow";

/// What every type name begins with.
pub const PREFIX: &str = "servicenow";

/// The version of the plugin.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
