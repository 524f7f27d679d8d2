//! From bytes to values.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::read::{Reader, Token};
use super::unknown;
use super::{Type, Value, WireError};
use crate::wire::{Budget, type_json};
use crate::{Number, Object, Step};

pub(super) fn value(bytes: &[u8], ty: &Type) -> Result<Value, WireError> {
    let mut decoder = Decoder { reader: Reader::new(bytes), budget: Budget::new() };
    let value = decoder.value(ty)?;
    if decoder.reader.is_at_end() { Ok(value) } else { Err(WireError::new("more bytes follow the value")) }
}

/// A text in normal form C.
pub(super) fn text(bytes: &[u8]) -> Result<String, WireError> {
    let text = std::str::from_utf8(bytes).map_err(|_| WireError::new("the text is not UTF-8"))?;
    let Value::String(normal) = Value::string(text) else { return Ok(text.to_owned()) };
    Ok(normal)
}

/// A number in any of its forms.
pub(super) fn number(token: &Token<'_>) -> Result<Number, WireError> {
    match *token {
        Token::Unsigned(it) => Ok(Number::from(it)),
        Token::Signed(it) => Ok(Number::from(it)),
        // Exact, because Terraform sends a float only where it is the whole truth.
        Token::Float(it) => Number::from_f64_exact(it)
            .ok_or_else(|| WireError::new("infinite numbers and \"not a number\" are not supported")),
        Token::Text(bytes) | Token::Binary(bytes) => {
            text(bytes)?.parse().map_err(|error: crate::number::NumberError| WireError::new(error.0))
        }
        _ => Err(unexpected("a number", token)),
    }
}

fn unexpected(wanted: &str, found: &Token<'_>) -> WireError {
    WireError::new(format!("expected {wanted}, found {}", found.kind()))
}

struct Decoder<'a> {
    reader: Reader<'a>,
    budget: Budget,
}

impl<'a> Decoder<'a> {
    fn value(&mut self, ty: &Type) -> Result<Value, WireError> {
        self.budget.spend()?;
        self.budget.enter()?;
        let value = match (self.reader.token()?, ty) {
            (Token::Nil, _) => Value::Null,
            (Token::Extension(kind, payload), _) => Value::refined(unknown::read(kind, payload, ty)?),
            (token, Type::Dynamic) => self.dynamic(&token)?,
            (Token::Bool(it), Type::Bool) => Value::Bool(it),
            (token, Type::Bool) => return Err(unexpected("a bool", &token)),
            (token, Type::Number) => Value::Number(number(&token)?),
            (Token::Text(it) | Token::Binary(it), Type::String) => Value::String(text(it)?),
            (token, Type::String) => return Err(unexpected("a string", &token)),
            (Token::Array(length), Type::List(element)) => Value::List(self.elements(length, element)?),
            (token, Type::List(_)) => return Err(unexpected("a list", &token)),
            (Token::Array(length), Type::Set(element)) => {
                Value::set(self.elements(length, element).map_err(WireError::without_path)?)
            }
            (token, Type::Set(_)) => return Err(unexpected("a set", &token)),
            (Token::Array(length), Type::Tuple(types)) => Value::List(self.tuple(length, types)?),
            (token, Type::Tuple(_)) => return Err(unexpected("a tuple", &token)),
            (Token::Map(length), Type::Map(element)) => Value::Map(self.map(length, element)?),
            (token, Type::Map(_)) => return Err(unexpected("a map", &token)),
            (Token::Map(length), Type::Object(types)) => Value::Map(self.object(length, types)?),
            (token, Type::Object(_)) => return Err(unexpected("an object", &token)),
        };
        self.budget.leave();
        Ok(value)
    }

    /// The elements of a list or set. The list grows with the bytes that are there, never by the length claimed.
    fn elements(&mut self, length: u32, ty: &Type) -> Result<Vec<Value>, WireError> {
        let element = |index| self.value(ty).map_err(|it| it.below(Step::Index(index)));
        let mut elements = Vec::new();
        for index in (0..i64::from(length)).map(element) {
            elements.push(index?);
        }
        Ok(elements)
    }

    fn tuple(&mut self, length: u32, types: &[Type]) -> Result<Vec<Value>, WireError> {
        if usize::try_from(length) != Ok(types.len()) {
            return Err(WireError::new(format!(
                "a tuple of length {} is required ({length} given)",
                types.len()
            )));
        }
        let element = |(index, ty)| self.value(ty).map_err(|it| it.below(Step::Index(index)));
        (0_i64..).zip(types).map(element).collect()
    }

    fn map(&mut self, length: u32, ty: &Type) -> Result<Object, WireError> {
        let mut members = Object::new();
        for _ in 0..length {
            let key = self.key()?;
            let value = self.value(ty).map_err(|it| it.below(Step::Key(key.clone())))?;
            match members.entry(key) {
                Entry::Vacant(free) => drop(free.insert(value)),
                Entry::Occupied(taken) => {
                    return Err(WireError::new("the key appears twice").below(Step::Key(taken.key().clone())));
                }
            }
        }
        Ok(members)
    }

    fn object(&mut self, length: u32, types: &BTreeMap<String, Type>) -> Result<Object, WireError> {
        let mut members = Object::new();
        for _ in 0..length {
            let (name, ty) = self.member(types)?;
            let value = self.value(ty).map_err(|it| it.below(Step::Attribute(name.clone())))?;
            if members.insert(name.clone(), value).is_some() {
                return Err(WireError::new("the member appears twice").below(Step::Attribute(name.clone())));
            }
        }
        // Every name is one of the type's, and none came twice.
        if members.len() == types.len() {
            return Ok(members);
        }
        let absent = types.keys().find(|name| !members.contains_key(*name)).cloned().unwrap_or_default();
        Err(WireError::new("the member is absent").below(Step::Attribute(absent)))
    }

    /// The name and type of the next member.
    fn member<'t>(&mut self, types: &'t BTreeMap<String, Type>) -> Result<(&'t String, &'t Type), WireError> {
        let bytes = self.key_bytes()?;
        // Names are in normal form as they are, as a rule.
        let known = std::str::from_utf8(bytes).ok().and_then(|it| types.get_key_value(it));
        match known {
            Some(known) => Ok(known),
            // The name stays out of the message: an unexpected one may be anything.
            None => types
                .get_key_value(&text(bytes)?)
                .ok_or_else(|| WireError::new("the object has a member that its type has not")),
        }
    }

    fn key(&mut self) -> Result<String, WireError> {
        text(self.key_bytes()?)
    }

    fn key_bytes(&mut self) -> Result<&'a [u8], WireError> {
        match self.reader.token()? {
            Token::Text(bytes) | Token::Binary(bytes) => Ok(bytes),
            token => Err(unexpected("a string as key", &token)),
        }
    }

    /// A value in a dynamic position: its type, then the value itself.
    fn dynamic(&mut self, token: &Token<'_>) -> Result<Value, WireError> {
        let Token::Array(2) = token else { return Err(unexpected("a pair of type and value", token)) };
        let ty = match self.reader.token()? {
            Token::Binary(bytes) | Token::Text(bytes) => {
                type_json::decode(bytes).map_err(WireError::without_path)?
            }
            token => return Err(unexpected("a type", &token)),
        };
        let value = self.value(&ty)?;
        Ok(Value::Dynamic(Box::new((ty, value))))
    }
}
