//! Values in the form that an attribute of a schema has: members that nobody wrote are null.

use std::collections::BTreeMap;

use tf_core::{Attribute, AttributeType, Mode, Nesting, Value};

use crate::evaluate::convert::convert;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// A value in the form of an attribute.
///
/// # Errors
/// It cannot have that form.
pub fn conform(value: Typed, ty: &AttributeType) -> Outcome<Typed> {
    filled(value, ty, Rest::Null)
}

/// The same as others see it who refer to it: members that the provider computes are those of the live value at the same place,
/// and unknown where there is none.
///
/// # Errors
/// It cannot have that form.
pub fn referred(value: Typed, ty: &AttributeType, live: Option<&Value>) -> Outcome<Typed> {
    filled(value, ty, Rest::Live(live))
}

/// Whether the provider computes the value, or a part of it.
pub fn is_computed(attribute: &Attribute) -> bool {
    let is_within = match &attribute.ty {
        AttributeType::Nested { attributes, .. } => attributes.iter().any(is_computed),
        AttributeType::Plain(_) => false,
    };
    is_within || matches!(attribute.behavior.mode, Mode::Computed | Mode::OptionalComputed)
}

/// What members are that nobody wrote.
#[derive(Clone, Copy)]
enum Rest<'a> {
    /// Null.
    Null,
    /// What the live value at this place has.
    Live(Option<&'a Value>),
}

impl<'a> Rest<'a> {
    fn member(self, name: &str) -> Rest<'a> {
        self.part(|it| it.as_object()?.get(name))
    }

    fn element(self, place: usize) -> Rest<'a> {
        self.part(|it| it.as_elements()?.get(place))
    }

    fn part(self, of: impl Fn(&'a Value) -> Option<&'a Value>) -> Rest<'a> {
        match self {
            Rest::Null => Rest::Null,
            Rest::Live(live) => Rest::Live(live.and_then(of)),
        }
    }

    fn value(self, attribute: &Attribute) -> Typed {
        let ty = attribute.ty.implied_type();
        let is_computed = matches!(attribute.behavior.mode, Mode::Computed | Mode::OptionalComputed);
        match (self, &attribute.behavior.default) {
            (Rest::Live(_), Some(default)) => Typed::new(ty, default.clone()),
            (Rest::Live(Some(live)), None) if is_computed => Typed::new(ty, live.clone()),
            (Rest::Live(None), None) if is_computed => Typed::unknown_of(ty),
            _ => Typed::new(ty, Value::Null),
        }
    }
}

fn filled(value: Typed, ty: &AttributeType, rest: Rest<'_>) -> Outcome<Typed> {
    let AttributeType::Nested { nesting, attributes } = ty else { return convert(value, &ty.implied_type()) };
    let marks = value.is_hidden();
    let filled = if value.is_null() || value.is_unknown() {
        value
    } else {
        match nesting {
            Nesting::Single | Nesting::Group => object(&value, attributes, rest)?,
            Nesting::Map => {
                let members = value.members().ok_or_else(|| refused("a map", &value))?;
                let member = |(key, it): (String, Typed)| {
                    let rest = rest.member(&key);
                    Ok((key, entry(it, attributes, rest)?))
                };
                Typed::object(members.into_iter().map(member).collect::<Outcome<BTreeMap<_, _>>>()?)
            }
            Nesting::List | Nesting::Set => {
                let elements = value.elements().ok_or_else(|| refused("a list or set", &value))?;
                // Which element of a set a live one is cannot be told by its place.
                let rest = |place: usize| match nesting {
                    Nesting::Set => rest.part(|_| None),
                    _ => rest.element(place),
                };
                let element = |(place, it): (usize, Typed)| entry(it, attributes, rest(place));
                Typed::tuple(elements.into_iter().enumerate().map(element).collect::<Outcome<_>>()?)
            }
        }
    };
    convert(filled, &ty.implied_type()).map(|it| it.marked(marks))
}

fn entry(value: Typed, attributes: &[Attribute], rest: Rest<'_>) -> Outcome<Typed> {
    if value.is_null() || value.is_unknown() { Ok(value) } else { object(&value, attributes, rest) }
}

fn object(value: &Typed, attributes: &[Attribute], rest: Rest<'_>) -> Outcome<Typed> {
    let mut members = value.members().ok_or_else(|| refused("an object", value))?;
    let member = |it: &Attribute| {
        let rest = rest.member(&it.name);
        let written = members.remove(&it.name).filter(|it| matches!(rest, Rest::Null) || !it.is_null());
        let value = match written {
            Some(value) => filled(value, &it.ty, rest)?,
            None => rest.value(it),
        };
        Ok((it.name.clone(), value))
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
