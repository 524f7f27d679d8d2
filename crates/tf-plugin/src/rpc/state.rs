//! Objects on their way in and out: complete, without what must not be stored, of the type of the schema.

use tf_core::wire::WireError;
use tf_core::{Diagnostics, Object, Path, Schema, Step, Type, Value, check, stored};

use super::Served;
use crate::convert::{from, to};
use crate::errors::{self, Moment, Place};
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

/// What the module says about itself, if the provider wants to know. No other call checks it.
pub(super) fn meta(
    served: &Served,
    value: Option<&proto::DynamicValue>,
) -> Result<Option<Object>, Diagnostics> {
    let Some(described) = &served.offer().meta else { return Ok(None) };
    let meta = incoming(served.place(""), "the block `provider_meta`", value, described)?;
    let found = meta.as_ref().map_or_else(Diagnostics::none, |it| check::run(&described.schema, it));
    if found.has_errors() { Err(errors::in_provider_meta(found)) } else { Ok(meta) }
}

/// Writes an object, or null.
pub(super) fn outgoing(
    place: Place<'_>,
    what: &str,
    object: Option<&Object>,
    described: &Described,
) -> Result<proto::DynamicValue, Diagnostics> {
    to::object(object, &described.ty).map_err(|error: WireError| errors::unwritable(place, what, &error))
}

/// What may be stored of an object that the provider made: every member there, nothing write-only.
pub(super) fn storable(schema: &Schema, mut object: Object) -> Object {
    schema.block.complete(&mut object);
    stored::strip_write_only(schema, &mut object);
    object
}

/// An object that exists, ready for the host: whole, wholly known, of the schema's type.
pub(super) fn existing(
    place: Place<'_>,
    moment: Moment,
    what: &str,
    object: Object,
    described: &Described,
) -> Result<(proto::DynamicValue, Object), Diagnostics> {
    let object = storable(&described.schema, object);
    if let Some(path) = first_unknown(&object, &described.ty) {
        return Err(errors::broken_rule(
            place,
            moment,
            &path,
            "a value is unknown although the object exists",
        ));
    }
    Ok((outgoing(place, what, Some(&object), described)?, object))
}

/// Where the first unknown value of an object is. Elements of sets have the path of the set.
pub(super) fn first_unknown(object: &Object, ty: &Type) -> Option<Path> {
    members_unknown_at(&Path::root(), object, ty)
}

fn members_unknown_at(path: &Path, members: &Object, ty: &Type) -> Option<Path> {
    members.iter().find_map(|(name, value)| match ty {
        Type::Object(types) => {
            let ty = types.get(name).unwrap_or(&Type::Dynamic);
            unknown_at(&path.then(Step::Attribute(name.clone())), value, ty)
        }
        Type::Map(element) => unknown_at(&path.then(Step::Key(name.clone())), value, element),
        _ => unknown_at(&path.then(Step::Attribute(name.clone())), value, &Type::Dynamic),
    })
}

fn unknown_at(path: &Path, value: &Value, ty: &Type) -> Option<Path> {
    match value {
        Value::Unknown(_) => Some(path.clone()),
        Value::List(items) => (0_usize..).zip(items).find_map(|(index, it)| {
            let ty = match ty {
                Type::List(element) => element,
                Type::Tuple(elements) => elements.get(index).unwrap_or(&Type::Dynamic),
                _ => &Type::Dynamic,
            };
            unknown_at(&path.then(Step::Index(i64::try_from(index).unwrap_or(i64::MAX))), it, ty)
        }),
        Value::Map(members) => members_unknown_at(path, members, ty),
        Value::Dynamic(inner) => unknown_at(path, &inner.1, &inner.0),
        other => (!other.is_wholly_known()).then(|| path.clone()),
    }
}
