//! Objects on their way in and out: complete, without what must not be stored, of the type of the schema.

use tf_core::wire::WireError;
use tf_core::{Diagnostics, Object, Schema, Value, stored};

use crate::convert::{from, to};
use crate::errors::{self, Place};
use crate::offer::Described;
use crate::proto::tfplugin6 as proto;

/// Reads an object that the host sent. `what`: "the configuration", "the stored state".
pub(super) fn incoming(
    place: Place<'_>,
    what: &str,
    value: Option<&proto::DynamicValue>,
    described: &Described,
) -> Result<Option<Object>, Diagnostics> {
    from::object(value, &described.ty).map_err(|error| errors::unreadable(place, what, &error))
}

/// A configuration; a block that the user left out is an object of nulls.
pub(super) fn configuration(
    place: Place<'_>,
    value: Option<&proto::DynamicValue>,
    described: &Described,
) -> Result<Object, Diagnostics> {
    let config = incoming(place, "the configuration", value, described)?;
    Ok(config.unwrap_or_else(|| {
        let mut nothing = Object::new();
        described.schema.block.complete(&mut nothing);
        nothing
    }))
}

/// Writes an object, or null.
pub(super) fn outgoing(
    place: Place<'_>,
    what: &str,
    object: Option<&Object>,
    described: &Described,
) -> Result<proto::DynamicValue, Diagnostics> {
    let value = object.map_or(Value::Null, |it| Value::Map(it.clone()));
    to::value(&value, &described.ty).map_err(|error: WireError| errors::unwritable(place, what, &error))
}

/// What may be stored of an object that the provider made: every member there, nothing write-only.
pub(super) fn storable(schema: &Schema, mut object: Object) -> Object {
    schema.block.complete(&mut object);
    stored::strip_write_only(schema, &mut object);
    object
}
