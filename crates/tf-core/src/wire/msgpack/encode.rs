//! From values to bytes.

use std::collections::BTreeMap;

use super::unknown;
use super::{Type, Value, WireError};
use crate::wire::{Budget, mismatch, type_json};
use crate::{Number, Object, Step};

pub(super) fn value(value: &Value, ty: &Type) -> Result<Vec<u8>, WireError> {
    let mut encoder = Encoder { out: Vec::new(), budget: Budget::new() };
    encoder.value(value, ty)?;
    Ok(encoder.out)
}

pub(super) fn object(object: &Object, ty: &Type) -> Result<Vec<u8>, WireError> {
    let mut encoder = Encoder { out: Vec::new(), budget: Budget::new() };
    match ty {
        Type::Object(types) => encoder.object(object, types)?,
        Type::Map(element) => encoder.map(object, element)?,
        _ => return Err(WireError::new("expected the type of an object")),
    }
    Ok(encoder.out)
}

struct Encoder {
    out: Vec<u8>,
    budget: Budget,
}

impl Encoder {
    fn value(&mut self, value: &Value, ty: &Type) -> Result<(), WireError> {
        self.budget.spend()?;
        self.budget.enter()?;
        match (value, ty) {
            (Value::Null, _) => self.out.push(0xc0),
            (Value::Unknown(refinements), _) => unknown::write(refinements.as_deref(), ty, &mut self.out),
            (Value::Dynamic(inner), Type::Dynamic) => self.dynamic(&inner.0, &inner.1)?,
            (_, Type::Dynamic) => {
                return Err(WireError::new(format!(
                    "expected a value that says its own type, found {}",
                    value.kind()
                )));
            }
            (Value::Bool(it), Type::Bool) => boolean(*it, &mut self.out),
            (_, Type::Bool) => return Err(mismatch("a bool", value)),
            (Value::Number(it), Type::Number) => number(it, &mut self.out),
            (_, Type::Number) => return Err(mismatch("a number", value)),
            (Value::String(it), Type::String) => text(it, &mut self.out),
            (_, Type::String) => return Err(mismatch("a string", value)),
            (Value::List(items), Type::List(element)) => self.list(items, element)?,
            (_, Type::List(_)) => return Err(mismatch("a list", value)),
            (Value::Set(items), Type::Set(element)) => {
                self.list(items, element).map_err(WireError::without_path)?
            }
            (_, Type::Set(_)) => return Err(mismatch("a set", value)),
            (Value::List(items), Type::Tuple(types)) => self.tuple(items, types)?,
            (_, Type::Tuple(_)) => return Err(mismatch("a tuple", value)),
            (Value::Map(members), Type::Map(element)) => self.map(members, element)?,
            (_, Type::Map(_)) => return Err(mismatch("a map", value)),
            (Value::Map(members), Type::Object(types)) => self.object(members, types)?,
            (_, Type::Object(_)) => return Err(mismatch("an object", value)),
        }
        self.budget.leave();
        Ok(())
    }

    fn list(&mut self, items: &[Value], ty: &Type) -> Result<(), WireError> {
        array_header(items.len(), &mut self.out);
        for (index, item) in (0_i64..).zip(items) {
            self.value(item, ty).map_err(|it| it.below(Step::Index(index)))?;
        }
        Ok(())
    }

    fn tuple(&mut self, items: &[Value], types: &[Type]) -> Result<(), WireError> {
        if items.len() != types.len() {
            let reason = format!("a tuple of length {} is required ({} given)", types.len(), items.len());
            return Err(WireError::new(reason));
        }
        array_header(items.len(), &mut self.out);
        for (index, (item, ty)) in (0_i64..).zip(items.iter().zip(types)) {
            self.value(item, ty).map_err(|it| it.below(Step::Index(index)))?;
        }
        Ok(())
    }

    fn map(&mut self, members: &Object, ty: &Type) -> Result<(), WireError> {
        map_header(members.len(), &mut self.out);
        for (key, member) in members {
            text(key, &mut self.out);
            self.value(member, ty).map_err(|it| it.below(Step::Key(key.clone())))?;
        }
        Ok(())
    }

    fn object(&mut self, members: &Object, types: &BTreeMap<String, Type>) -> Result<(), WireError> {
        map_header(types.len(), &mut self.out);
        // Both are sorted by name.
        let mut members = members.iter().peekable();
        for (name, ty) in types {
            text(name, &mut self.out);
            let member = members.next_if(|it| it.0 == name).map_or(&Value::Null, |it| it.1);
            self.value(member, ty).map_err(|it| it.below(Step::Attribute(name.clone())))?;
        }
        match members.next() {
            None => Ok(()),
            Some((extra, _)) => {
                let reason = "the object has a member that its type has not";
                Err(WireError::new(reason).below(Step::Attribute(extra.clone())))
            }
        }
    }

    fn dynamic(&mut self, ty: &Type, value: &Value) -> Result<(), WireError> {
        self.out.push(0x92);
        let bytes = type_json::encode(ty);
        header(bytes.len(), &BINARY, &mut self.out);
        self.out.extend(bytes);
        self.value(value, ty)
    }
}

pub(super) fn boolean(it: bool, out: &mut Vec<u8>) {
    out.push(if it { 0xc3 } else { 0xc2 });
}

/// The forms that Terraform itself chooses: an integer, a float where it is exact, otherwise decimal digits.
pub(super) fn number(it: &Number, out: &mut Vec<u8>) {
    if let Some(integer) = it.to_i64() {
        return signed(integer, out);
    }
    match it.as_exact_f64() {
        Some(float) if !it.is_integer() => {
            out.push(0xcb);
            out.extend(float.to_be_bytes());
        }
        _ => text(&it.to_string(), out),
    }
}

fn signed(it: i64, out: &mut Vec<u8>) {
    if let Ok(positive) = u64::try_from(it) {
        return unsigned(positive, out);
    }
    if let Ok(small) = i8::try_from(it) {
        if small < -32 {
            out.push(0xd0);
        }
        out.extend(small.to_be_bytes());
    } else if let Ok(medium) = i16::try_from(it) {
        out.push(0xd1);
        out.extend(medium.to_be_bytes());
    } else if let Ok(large) = i32::try_from(it) {
        out.push(0xd2);
        out.extend(large.to_be_bytes());
    } else {
        out.push(0xd3);
        out.extend(it.to_be_bytes());
    }
}

pub(super) fn unsigned(it: u64, out: &mut Vec<u8>) {
    if let Ok(small) = u8::try_from(it) {
        if small > 0x7f {
            out.push(0xcc);
        }
        out.push(small);
    } else if let Ok(medium) = u16::try_from(it) {
        out.push(0xcd);
        out.extend(medium.to_be_bytes());
    } else if let Ok(large) = u32::try_from(it) {
        out.push(0xce);
        out.extend(large.to_be_bytes());
    } else {
        out.push(0xcf);
        out.extend(it.to_be_bytes());
    }
}

pub(super) fn text(it: &str, out: &mut Vec<u8>) {
    header(it.len(), &TEXT, out);
    out.extend(it.as_bytes());
}

pub(super) fn map_header(length: usize, out: &mut Vec<u8>) {
    header(length, &MAP, out);
}

fn array_header(length: usize, out: &mut Vec<u8>) {
    header(length, &ARRAY, out);
}

/// The first bytes of a kind of value whose length comes first: the greatest length that fits into the first byte
/// itself and that byte, then the bytes that announce a length of one, two and four bytes.
struct Header {
    short: Option<(u8, u8)>,
    one: Option<u8>,
    two: u8,
    four: u8,
}

const TEXT: Header = Header { short: Some((31, 0xa0)), one: Some(0xd9), two: 0xda, four: 0xdb };
const BINARY: Header = Header { short: None, one: Some(0xc4), two: 0xc5, four: 0xc6 };
const ARRAY: Header = Header { short: Some((15, 0x90)), one: None, two: 0xdc, four: 0xdd };
const MAP: Header = Header { short: Some((15, 0x80)), one: None, two: 0xde, four: 0xdf };

fn header(length: usize, kind: &Header, out: &mut Vec<u8>) {
    match (u8::try_from(length), kind.short, kind.one) {
        (Ok(length), Some((max, first)), _) if length <= max => out.push(first | length),
        (Ok(length), _, Some(first)) => out.extend([first, length]),
        _ => match u16::try_from(length) {
            Ok(length) => {
                out.push(kind.two);
                out.extend(length.to_be_bytes());
            }
            // Four gibibytes exceed the greatest message sixteen times over.
            Err(_) => {
                out.push(kind.four);
                out.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
            }
        },
    }
}
