//! The list of everything that the provider offers.

use std::sync::Arc;

use tf_plugin::Resource;

use crate::definition::Definition;
use crate::lifecycle::Records;
use crate::resources::connection_activation::ConnectionActivation;
use crate::resources::{basic_auth_credential, connection_alias, http_connection};
use crate::session::Shared;

/// Every resource that is one or a few records.
pub const DEFINITIONS: &[&Definition] =
    &[&connection_alias::DEFINITION, &basic_auth_credential::DEFINITION, &http_connection::DEFINITION];

/// Every resource.
pub fn resources(shared: &Arc<Shared>) -> Vec<Arc<dyn Resource>> {
    let records =
        DEFINITIONS.iter().map(|it| -> Arc<dyn Resource> { Arc::new(Records::new(it, shared.clone())) });
    let activation: Arc<dyn Resource> = Arc::new(ConnectionActivation::new(shared.clone()));
    records.chain([activation]).collect()
}

#[cfg(test)]
mod tests;
