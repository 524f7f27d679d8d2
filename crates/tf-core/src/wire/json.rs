//! JSON, as Terraform writes it into state files.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{Budget, WireError, mismatch, type_json};
use crate::{Number, Object, Step, Type, Value};

/// Encodes a wholly known value of a type. Members that an object does not have are written as null.
///
/// # Errors
/// The value is not of the type, or a part of it is unknown.
pub fn encode(value: &Value, ty: &Type) -> Result<Json, WireError> {
    match (value, ty) {
        (Value::Unknown(_), _) => Err(WireError::new("JSON cannot hold unknown values")),
        (Value::Null, _) => Ok(Json::Null),
        (Value::Dynamic(inner), Type::Dynamic) => {
            let value = encode(&inner.1, &inner.0)?;
            Ok(serde_json::json!({ "value": value, "type": type_json::to_json(&inner.0) }))
        }
        (Value::Bool(it), Type::Bool) => Ok(Json::Bool(*it)),
        (Value::Number(it), Type::Number) => number(it),
        (Value::String(it), Type::String) => Ok(Json::String(it.clone())),
        (Value::List(items), Type::List(ty)) => encode_list(items, ty),
        (Value::Set(items), Type::Set(ty)) => encode_list(items, ty).map_err(WireError::without_path),
        (Value::List(items), Type::Tuple(types)) if items.len() == types.len() => encode_tuple(items, types),
        (Value::Map(members), Type::Map(ty)) => encode_map(members, ty),
        (Value::Map(members), Type::Object(types)) => encode_object(members, types),
        (_, ty) => Err(mismatch(noun(ty), value)),
    }
}

/// Decodes a value of a type, as leniently as Terraform does: members may be absent, and strings, numbers and bools
/// may stand for each other where the text allows it.
///
/// # Errors
/// The JSON is not a value of the type, or exceeds the bounds of [`super`].
pub fn decode(json: &Json, ty: &Type) -> Result<Value, WireError> {
    Decoder { strangers: Strangers::Refuse, budget: Budget::new() }.value(json, ty)
}

/// Decodes a stored state: members that the type does not have are dropped, absent ones are null.
///
/// # Errors
/// A member that both have is not of its type, or the JSON exceeds the bounds of [`super`].
pub fn decode_state(json: &Json, ty: &Type) -> Result<Value, WireError> {
    Decoder { strangers: Strangers::Drop, budget: Budget::new() }.value(json, ty)
}

fn noun(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "a bool",
        Type::Number => "a number",
        Type::String => "a string",
        Type::Dynamic => "a value that says its own type",
        Type::List(_) => "a list",
        Type::Set(_) => "a set",
        Type::Map(_) => "a map",
        Type::Tuple(_) => "a tuple of the right length",
        Type::Object(_) => "an object",
    }
}

fn number(it: &Number) -> Result<Json, WireError> {
    let number: Result<serde_json::Number, _> = it.to_string().parse();
    number.map(Json::Number).map_err(|_| WireError::new("the number has no form in JSON"))
}

fn encode_list(items: &[Value], ty: &Type) -> Result<Json, WireError> {
    let item = |(index, item)| encode(item, ty).map_err(|it| it.below(Step::Index(index)));
    (0_i64..).zip(items).map(item).collect()
}

fn encode_tuple(items: &[Value], types: &[Type]) -> Result<Json, WireError> {
    let item = |(index, (item, ty))| encode(item, ty).map_err(|it| it.below(Step::Index(index)));
    (0_i64..).zip(items.iter().zip(types)).map(item).collect()
}

fn encode_map(members: &Object, ty: &Type) -> Result<Json, WireError> {
    let member = |(key, member): (&String, &Value)| {
        let json = encode(member, ty).map_err(|it| it.below(Step::Key(key.clone())))?;
        Ok((key.clone(), json))
    };
    members.iter().map(member).collect::<Result<_, _>>().map(Json::Object)
}

fn encode_object(members: &Object, types: &BTreeMap<String, Type>) -> Result<Json, WireError> {
    if let Some(extra) = members.keys().find(|it| !types.contains_key(*it)) {
        return Err(stranger().below(Step::Attribute(extra.clone())));
    }
    let member = |(name, ty): (&String, &Type)| {
        let member = members.get(name).unwrap_or(&Value::Null);
        let json = encode(member, ty).map_err(|it| it.below(Step::Attribute(name.clone())))?;
        Ok((name.clone(), json))
    };
    types.iter().map(member).collect::<Result<_, _>>().map(Json::Object)
}

fn stranger() -> WireError {
    WireError::new("the object has a member that its type has not")
}

/// What becomes of members that the type does not have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strangers {
    Refuse,
    Drop,
}

struct Decoder {
    strangers: Strangers,
    budget: Budget,
}

impl Decoder {
    fn value(&mut self, json: &Json, ty: &Type) -> Result<Value, WireError> {
        self.budget.spend()?;
        self.budget.enter()?;
        let value = match (json, ty) {
            (Json::Null, _) => Value::Null,
            (Json::Object(members), Type::Dynamic) => self.dynamic(members)?,
            (Json::Array(items), Type::List(ty)) => Value::List(self.list(items, ty)?),
            (Json::Array(items), Type::Set(ty)) => {
                Value::set(self.list(items, ty).map_err(WireError::without_path)?)
            }
            (Json::Array(items), Type::Tuple(types)) if items.len() == types.len() => {
                Value::List(self.tuple(items, types)?)
            }
            (Json::Object(members), Type::Map(ty)) => Value::Map(self.map(members, ty)?),
            (Json::Object(members), Type::Object(types)) => Value::Map(self.object(members, types)?),
            (Json::Bool(_) | Json::Number(_) | Json::String(_), Type::Bool | Type::Number | Type::String) => {
                scalar(json, ty)?
            }
            _ => return Err(unexpected(json, ty)),
        };
        self.budget.leave();
        Ok(value)
    }

    fn list(&mut self, items: &[Json], ty: &Type) -> Result<Vec<Value>, WireError> {
        let item = |(index, item)| self.value(item, ty).map_err(|it| it.below(Step::Index(index)));
        (0_i64..).zip(items).map(item).collect()
    }

    fn tuple(&mut self, items: &[Json], types: &[Type]) -> Result<Vec<Value>, WireError> {
        let item = |(index, (item, ty))| self.value(item, ty).map_err(|it| it.below(Step::Index(index)));
        (0_i64..).zip(items.iter().zip(types)).map(item).collect()
    }

    fn map(&mut self, members: &serde_json::Map<String, Json>, ty: &Type) -> Result<Object, WireError> {
        let member = |(key, member): (&String, &Json)| {
            let value = self.value(member, ty).map_err(|it| it.below(Step::Key(key.clone())))?;
            Ok((normal(key), value))
        };
        members.iter().map(member).collect()
    }

    fn object(
        &mut self,
        members: &serde_json::Map<String, Json>,
        types: &BTreeMap<String, Type>,
    ) -> Result<Object, WireError> {
        if self.strangers == Strangers::Refuse && members.keys().any(|it| !types.contains_key(it)) {
            return Err(stranger());
        }
        let member = |(name, ty): (&String, &Type)| {
            let json = members.get(name).unwrap_or(&Json::Null);
            let value = self.value(json, ty).map_err(|it| it.below(Step::Attribute(name.clone())))?;
            Ok((name.clone(), value))
        };
        types.iter().map(member).collect()
    }

    fn dynamic(&mut self, members: &serde_json::Map<String, Json>) -> Result<Value, WireError> {
        let (Some(json), Some(ty), 2) = (members.get("value"), members.get("type"), members.len()) else {
            return Err(WireError::new(
                "a value in a dynamic position is not an object of \"value\" and \"type\"",
            ));
        };
        let ty = type_json::from_json(ty).map_err(WireError::without_path)?;
        let value = self.value(json, &ty)?;
        Ok(Value::Dynamic(Box::new((ty, value))))
    }
}

/// A scalar, possibly written as another kind of scalar.
fn scalar(json: &Json, ty: &Type) -> Result<Value, WireError> {
    let text = match json {
        Json::Bool(it) if *ty == Type::Bool => return Ok(Value::Bool(*it)),
        Json::Bool(it) if *ty == Type::String => it.to_string(),
        Json::Number(it) if *ty != Type::Bool => parse(&it.to_string())?.to_string(),
        Json::String(it) => it.clone(),
        _ => return Err(unexpected(json, ty)),
    };
    match (ty, text.as_str()) {
        (Type::Number, _) => parse(&text).map(Value::Number),
        (Type::Bool, "true" | "1") => Ok(Value::Bool(true)),
        (Type::Bool, "false" | "0") => Ok(Value::Bool(false)),
        (Type::String, _) => Ok(Value::string(text)),
        _ => Err(unexpected(json, ty)),
    }
}

fn parse(text: &str) -> Result<Number, WireError> {
    text.parse().map_err(|error: crate::number::NumberError| WireError::new(error.0))
}

/// A key in normal form C.
fn normal(key: &str) -> String {
    match Value::string(key) {
        Value::String(it) => it,
        _ => key.to_owned(),
    }
}

fn unexpected(json: &Json, ty: &Type) -> WireError {
    let found = match json {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    };
    WireError::new(format!("expected {}, found {found}", noun(ty)))
}

#[cfg(test)]
mod tests;
