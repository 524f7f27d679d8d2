//! Identities on their way in and out: made from the object, known where they have to be, the same as before.

use tf_core::{Diagnostics, Object, Path, Value};

use super::state::first_unknown;
use crate::convert::{from, to};
use crate::errors::{self, Moment, Place};
use crate::offer::Offered;
use crate::proto::tfplugin6 as proto;
use crate::provider::Resource;

type Sent = proto::ResourceIdentityData;

/// Reads an identity that the host sent.
pub(super) fn incoming(
    place: Place<'_>,
    offered: &Offered<dyn Resource>,
    identity: Option<&Sent>,
) -> Result<Option<Object>, Diagnostics> {
    let Some((_, identified)) = offered.identified() else { return Ok(None) };
    let data = identity.and_then(|it| it.identity_data.as_ref());
    from::object(data, &identified.ty).map_err(|error| errors::unreadable(place, "the identity", &error))
}

/// The identity of an object, unless there is none or all of it is null.
pub(super) fn of(offered: &Offered<dyn Resource>, object: &Object) -> Option<Object> {
    let (identify, identified) = offered.identified()?;
    let mut identity = identify.identity_of(object).unwrap_or_else(|| identified.part_of(object));
    for attribute in &identified.schema.attributes {
        identity.entry(attribute.name.clone()).or_insert(Value::Null);
    }
    identity.values().any(|it| !it.is_null()).then_some(identity)
}

/// The identity of an object that exists, checked against the one that was stored.
pub(super) fn settled(
    place: Place<'_>,
    moment: Moment,
    offered: &Offered<dyn Resource>,
    stored: Option<&Object>,
    object: &Object,
) -> Result<Option<Sent>, Diagnostics> {
    let (Some(identity), Some((identify, identified))) = (of(offered, object), offered.identified()) else {
        return Ok(None);
    };
    if let Some(path) = first_unknown(&identity, &identified.ty) {
        return Err(errors::broken_rule(place, moment, &path, "the identity of an object must be known"));
    }
    let changed = stored.into_iter().flatten().find(|(name, before)| {
        // An import may leave out what reading fills in.
        !before.is_null() && identity.get(*name) != Some(*before)
    });
    if let Some((name, _)) = changed.filter(|_| !identify.may_change()) {
        let rule = "the identity of an object must not change as long as it lives";
        return Err(errors::broken_rule(place, moment, &Path::attribute(name), rule));
    }
    outgoing(place, offered, Some(identity))
}

/// Writes an identity.
pub(super) fn outgoing(
    place: Place<'_>,
    offered: &Offered<dyn Resource>,
    identity: Option<Object>,
) -> Result<Option<Sent>, Diagnostics> {
    let (Some(identity), Some((_, identified))) = (identity, offered.identified()) else { return Ok(None) };
    let data = to::value(&Value::Map(identity), &identified.ty)
        .map_err(|error| errors::unwritable(place, "the identity", &error))?;
    Ok(Some(Sent { identity_data: Some(data) }))
}
