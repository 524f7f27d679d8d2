//! Validation of every kind of block: the checks of the schema, then those of the provider's own.

use tf_core::{Diagnostics, Object, Schema, check};

use super::{Served, state};
use crate::convert::to;
use crate::errors::{self, Place};
use crate::offer::Described;
use crate::proto::tfplugin6 as proto;

/// The provider block.
pub(super) async fn provider(
    served: &Served,
    request: proto::validate_provider_config::Request,
) -> Result<proto::validate_provider_config::Response, Diagnostics> {
    let described = &served.offer().settings;
    let own = |config: &Object| served.provider.validate(config);
    let diagnostics = validated(served.place(""), request.config.as_ref(), described, own)?;
    Ok(proto::validate_provider_config::Response { diagnostics: to::diagnostics(&diagnostics) })
}

/// A `resource` block.
pub(super) async fn resource(
    served: &Served,
    request: proto::validate_resource_config::Request,
) -> Result<proto::validate_resource_config::Response, Diagnostics> {
    let place = served.place(&request.type_name);
    let offered = served.resource(&request.type_name)?;
    let described = offered.described();
    // Hosts that say nothing about themselves are old ones.
    let storing = !request.client_capabilities.unwrap_or_default().write_only_attributes_allowed;
    let own = |config: &Object| {
        let refused = if storing { refuse_write_only(place, &described.schema, config) } else { Vec::new() };
        let mut diagnostics = Diagnostics(refused);
        diagnostics.extend(offered.it.validate(config));
        diagnostics
    };
    let diagnostics = validated(place, request.config.as_ref(), described, own)?;
    Ok(proto::validate_resource_config::Response { diagnostics: to::diagnostics(&diagnostics) })
}

fn refuse_write_only(place: Place<'_>, schema: &Schema, config: &Object) -> Vec<tf_core::Diagnostic> {
    let refused = check::write_only(schema, config);
    refused.iter().flat_map(|it| errors::write_only_needs_newer_host(place, it).0).collect()
}

fn validated(
    place: Place<'_>,
    config: Option<&proto::DynamicValue>,
    described: &Described,
    own: impl FnOnce(&Object) -> Diagnostics,
) -> Result<Diagnostics, Diagnostics> {
    let config = state::configuration(place, config, described)?;
    let mut diagnostics = check::run(&described.schema, &config);
    diagnostics.extend(own(&config));
    Ok(diagnostics)
}

/// The kinds that differ in nothing but their name.
macro_rules! validations {
    ($($(#[$doc:meta])* $name:ident: $offers:ident, $message:ident;)+) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            served: &Served,
            request: proto::$message::Request,
        ) -> Result<proto::$message::Response, Diagnostics> {
            let place = served.place(&request.type_name);
            let offered = served.one_of(&served.offer().$offers, &request.type_name)?;
            let own = |config: &Object| offered.it.validate(config);
            let diagnostics = validated(place, request.config.as_ref(), offered.described(), own)?;
            Ok(proto::$message::Response { diagnostics: to::diagnostics(&diagnostics) })
        }
    )+};
}

validations! {
    /// A `data` block.
    data_source: data_sources, validate_data_resource_config;
    /// An `ephemeral` block.
    ephemeral_resource: ephemeral_resources, validate_ephemeral_resource_config;
    /// The `config` of a `list` block.
    list_resource: list_resources, validate_list_resource_config;
    /// The `config` of an `action` block.
    action: actions, validate_action_config;
}
