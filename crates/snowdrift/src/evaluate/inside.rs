//! A part of a value, looked at in its place: copying a map of thousands for each look into it would take the square of
//! their number.

use tf_core::{Type, Value};

use super::marks::Marks;
use super::typed::Typed;

/// What nothing is known of.
static ANY: Type = Type::Dynamic;

/// No part is secret.
static PLAIN: Marks = Marks::None;

/// A part of a value.
#[derive(Clone, Copy)]
pub struct Inside<'a> {
    ty: &'a Type,
    value: &'a Value,
    marks: &'a Marks,
}

impl<'a> Inside<'a> {
    /// The whole.
    pub fn of(whole: &'a Typed) -> Inside<'a> {
        Inside { ty: &whole.ty, value: &whole.value, marks: &whole.marks }
    }

    /// A copy of the part.
    pub fn value(self) -> Typed {
        Typed { ty: self.ty.clone(), value: self.value.clone(), marks: self.marks.clone() }
    }

    /// A member of a map or an object, if it is there.
    pub fn member(self, name: &str) -> Option<Inside<'a>> {
        let value = self.value.as_object()?.get(name)?;
        let ty = match self.ty {
            Type::Map(element) => element,
            Type::Object(types) => types.get(name).unwrap_or(&ANY),
            _ => &ANY,
        };
        Some(Inside { ty, value, marks: self.marks(name) })
    }

    /// What a key that is a plain text or a plain number leads to, if it leads to anything.
    pub fn at(self, key: &Typed) -> Option<Inside<'a>> {
        if key.is_sensitive() {
            return None;
        }
        match (self.value, &key.value) {
            (Value::Map(_), Value::String(name)) => self.member(name),
            (Value::List(items), Value::Number(number)) => {
                let place = usize::try_from(number.to_u64()?).ok()?;
                let ty = match self.ty {
                    Type::List(element) => element,
                    Type::Tuple(types) => types.get(place).unwrap_or(&ANY),
                    _ => &ANY,
                };
                Some(Inside { ty, value: items.get(place)?, marks: self.marks(&place.to_string()) })
            }
            _ => None,
        }
    }

    fn marks(self, name: &str) -> &'a Marks {
        match self.marks {
            Marks::Parts(parts) => parts.get(name).unwrap_or(&PLAIN),
            other => other,
        }
    }
}
