//! Types as JSON.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::{DEPTH_MAX, WireError};
use crate::{Step, Type};

/// `"string"`, `["list","string"]`, … as compact bytes.
pub fn encode(ty: &Type) -> Vec<u8> {
    to_json(ty).to_string().into_bytes()
}

/// `"string"`, `["list","string"]`, … as a JSON value, members in order.
pub fn to_json(ty: &Type) -> Json {
    let pair = |name: &str, rest: Json| Json::Array(vec![Json::from(name), rest]);
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => Json::from(name(ty)),
        Type::List(element) | Type::Set(element) | Type::Map(element) => pair(name(ty), to_json(element)),
        Type::Tuple(elements) => pair(name(ty), elements.iter().map(to_json).collect()),
        Type::Object(members) => {
            pair(name(ty), members.iter().map(|(key, it)| (key.clone(), to_json(it))).collect())
        }
    }
}

/// The reverse.
///
/// # Errors
/// The bytes are not a type.
pub fn decode(bytes: &[u8]) -> Result<Type, WireError> {
    // The parser's own message may quote the text: say only where it stopped.
    let json: Json = serde_json::from_slice(bytes)
        .map_err(|error| WireError::new(format!("the type is not JSON from column {} on", error.column())))?;
    from_json(&json)
}

/// The reverse of [`to_json`].
///
/// # Errors
/// The JSON value is not a type.
pub fn from_json(json: &Json) -> Result<Type, WireError> {
    read(json, DEPTH_MAX)
}

fn name(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::Number => "number",
        Type::String => "string",
        Type::Dynamic => "dynamic",
        Type::List(_) => "list",
        Type::Set(_) => "set",
        Type::Map(_) => "map",
        Type::Tuple(_) => "tuple",
        Type::Object(_) => "object",
    }
}

fn read(json: &Json, depth: usize) -> Result<Type, WireError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(WireError::new(format!("the type is nested more than {DEPTH_MAX} levels deep")));
    };
    match json {
        Json::String(name) => match name.as_str() {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(WireError::new("the type has an unknown name")),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(kind), rest] => read_compound(kind, rest, depth),
            // The third part names optional members, which matters in type constraints only.
            [Json::String(kind), rest, Json::Array(_)] if kind == "object" => {
                read_compound(kind, rest, depth)
            }
            _ => Err(WireError::new("a compound type is not a pair of a name and its parts")),
        },
        _ => Err(WireError::new("a type is neither a text nor an array")),
    }
}

fn read_compound(kind: &str, rest: &Json, depth: usize) -> Result<Type, WireError> {
    match (kind, rest) {
        ("list", element) => Ok(Type::List(Box::new(read(element, depth)?))),
        ("set", element) => Ok(Type::Set(Box::new(read(element, depth)?))),
        ("map", element) => Ok(Type::Map(Box::new(read(element, depth)?))),
        ("tuple", Json::Array(elements)) => {
            let elements = elements.iter().map(|it| read(it, depth));
            elements.collect::<Result<_, _>>().map(Type::Tuple)
        }
        ("object", Json::Object(members)) => {
            let member = |(key, it): (&String, &Json)| {
                let ty = read(it, depth).map_err(|error| error.below(Step::Attribute(key.clone())))?;
                Ok((key.clone(), ty))
            };
            members.iter().map(member).collect::<Result<BTreeMap<_, _>, _>>().map(Type::Object)
        }
        _ => Err(WireError::new("a compound type has an unknown name or parts of the wrong kind")),
    }
}

#[cfg(test)]
mod tests;
