//! Values in the form that an attribute of a schema has: members that nobody wrote are null.

use std::collections::BTreeMap;

use tf_core::{Attribute, AttributeType, Nesting, Value};

use crate::evaluate::convert::convert;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// A value in the form of an attribute.
///
/// # Errors
/// It cannot have that form.
pub fn conform(value: Typed, ty: &AttributeType) -> Outcome<Typed> {
    let AttributeType::Nested { nesting, attributes } = ty else { return convert(value, &ty.implied_type()) };
    let marks = value.is_hidden();
    let filled = if value.is_null() || value.is_unknown() {
        value
    } else {
        match nesting {
            Nesting::Single | Nesting::Group => object(&value, attributes)?,
            Nesting::Map => {
                let members = value.members().ok_or_else(|| refused("a map", &value))?;
                let member = |(key, it): (String, Typed)| Ok((key, entry(it, attributes)?));
                Typed::object(members.into_iter().map(member).collect::<Outcome<BTreeMap<_, _>>>()?)
            }
            Nesting::List | Nesting::Set => {
                let elements = value.elements().ok_or_else(|| refused("a list or set", &value))?;
                Typed::tuple(elements.into_iter().map(|it| entry(it, attributes)).collect::<Outcome<_>>()?)
            }
        }
    };
    convert(filled, &ty.implied_type()).map(|it| it.marked(marks))
}

fn entry(value: Typed, attributes: &[Attribute]) -> Outcome<Typed> {
    if value.is_null() || value.is_unknown() { Ok(value) } else { object(&value, attributes) }
}

fn object(value: &Typed, attributes: &[Attribute]) -> Outcome<Typed> {
    let mut members = value.members().ok_or_else(|| refused("an object", value))?;
    let member = |it: &Attribute| {
        let value = members.remove(&it.name).unwrap_or_else(|| Typed::new(it.ty.implied_type(), Value::Null));
        Ok((it.name.clone(), conform(value, &it.ty)?))
    };
    let filled = attributes.iter().map(member).collect::<Outcome<BTreeMap<_, _>>>()?;
    match members.keys().next() {
        Some(stranger) => Err(Wrong::new(format!("there is no attribute `{stranger}` here"))),
        None => Ok(Typed::object(filled)),
    }
}

fn refused(wanted: &str, value: &Typed) -> Wrong {
    Wrong::new(format!("{wanted} is needed, but this is a {}", value.kind()))
}
