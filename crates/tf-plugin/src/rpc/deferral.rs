//! Telling the host to come back later, if it is one that does.

use tf_core::Diagnostics;
use tf_core::plan::{self, Ask};
use tf_core::{Object, Schema};

use super::Served;
use crate::errors::{self, Place};
use crate::proto::tfplugin6 as proto;
use crate::provider::Deferral;

/// Whether the host comes back.
pub(super) fn allowed(capabilities: Option<&proto::ClientCapabilities>) -> bool {
    capabilities.is_some_and(|it| it.deferral_allowed)
}

/// What the provider as a whole says, where the host comes back.
pub(super) fn of_provider(served: &Served, allowed: bool) -> Option<proto::Deferred> {
    served.provider.deferral().filter(|_| allowed).map(sent)
}

/// What one answer says: nothing, a deferral, or an error for a host that does not come back.
pub(super) fn of_answer(
    place: Place<'_>,
    allowed: bool,
    deferral: Option<Deferral>,
) -> Result<Option<proto::Deferred>, Diagnostics> {
    match deferral {
        Some(it) if !allowed => Err(errors::deferral_needs_host(place, it)),
        other => Ok(other.map(sent)),
    }
}

/// An object of which nothing is known but what was configured.
pub(super) fn placeholder(schema: &Schema, config: &Object) -> Object {
    plan::plan(schema, Ask { prior: None, config, proposed: config }).planned
}

fn sent(deferral: Deferral) -> proto::Deferred {
    use proto::deferred::Reason;
    let reason = match deferral {
        Deferral::ConfigUnknown => Reason::ResourceConfigUnknown,
        Deferral::SettingsUnknown => Reason::ProviderConfigUnknown,
        Deferral::Missing => Reason::AbsentPrereq,
    };
    proto::Deferred { reason: reason.into() }
}
