//! The list of everything that the provider offers.

use std::sync::Arc;

use tf_plugin::Resource;

use crate::definition::Definition;
use crate::lifecycle::Records;
use crate::resources::environment::Environments;
use crate::resources::pointer::{self, Activation, Pointer};
use crate::resources::record;
use crate::resources::{
    api_access_policy, api_key_credential, api_key_profile, basic_auth_credential, basic_connection,
    connection_activation, connection_alias, http_connection, inbound_api_key, inbound_endpoint,
    integration_user, jdbc_connection, jms_connection, kafka_connection, oauth_profile, oauth_provider,
    oauth2_credential, retry_policy, ssh_private_key_credential, unifi_activation, unifi_connection,
    unifi_environment, unifi_integration,
};
use crate::session::Shared;
use crate::subject::Subject;

/// Every resource that is one or a few records.
pub const DEFINITIONS: &[&Definition] = &[
    &connection_alias::DEFINITION,
    &retry_policy::DEFINITION,
    &http_connection::DEFINITION,
    &jdbc_connection::DEFINITION,
    &basic_connection::DEFINITION,
    &jms_connection::DEFINITION,
    &kafka_connection::DEFINITION,
    &basic_auth_credential::DEFINITION,
    &api_key_credential::DEFINITION,
    &oauth2_credential::DEFINITION,
    &ssh_private_key_credential::DEFINITION,
    &oauth_provider::DEFINITION,
    &oauth_profile::DEFINITION,
    &inbound_endpoint::DEFINITION,
    &integration_user::DEFINITION,
    &inbound_api_key::DEFINITION,
    &api_key_profile::DEFINITION,
    &api_access_policy::DEFINITION,
    &unifi_environment::DEFINITION,
    &unifi_integration::DEFINITION,
    &unifi_connection::DEFINITION,
];

/// Every resource that chooses the active one of a group.
pub const POINTERS: &[&Pointer] = &[&connection_activation::POINTER, &unifi_activation::POINTER];

/// Every resource.
pub fn resources(shared: &Arc<Shared>) -> Vec<Arc<dyn Resource>> {
    let records =
        DEFINITIONS.iter().map(|it| -> Arc<dyn Resource> { Arc::new(Records::new(it, shared.clone())) });
    let pointers =
        POINTERS.iter().map(|it| -> Arc<dyn Resource> { Arc::new(Activation::new(it, shared.clone())) });
    let environment: Arc<dyn Resource> = Arc::new(Environments::new(shared.clone()));
    let record: Arc<dyn Resource> = Arc::new(record::Records::new(shared.clone()));
    records.chain(pointers).chain([environment, record]).collect()
}

/// Types whose objects are no record and stand for no single one: nothing on an instance tells that there is one, so they
/// are neither listed nor looked up, and have no identity.
pub const OF_NO_RECORD: &[&str] = &[Environments::TYPE_NAME];

/// Something that the provider offers, and what its documentation page needs beyond the schema.
pub struct Listed<T: ?Sized> {
    /// It.
    pub it: Arc<T>,
    /// The menu group on the registry.
    pub subcategory: &'static str,
    /// What the page says beyond the attributes.
    pub notes: &'static str,
}

/// Every type that is managed, as something that can be looked up.
pub fn managed(shared: &Arc<Shared>) -> Vec<Subject> {
    let records = DEFINITIONS.iter().filter_map(|it| Subject::of(it, shared));
    let pointers = POINTERS.iter().map(|it| pointer::subject(it, shared));
    records.chain(pointers).collect()
}

#[cfg(test)]
mod tests;
