//! The provider in this process: its schemas, and later what it sees on an instance.

use std::sync::Arc;

use terraform_provider_servicenow::registry;
use terraform_provider_servicenow::session::Shared;

use crate::declared::Schemas;

/// The schema of every resource type.
pub fn schemas() -> Schemas {
    let shared = Arc::new(Shared::default());
    registry::resources(&shared).iter().map(|it| (it.type_name().to_owned(), it.schema())).collect()
}
