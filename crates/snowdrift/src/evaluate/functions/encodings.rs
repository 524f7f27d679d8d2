//! JSON, Base64 and URL encoding.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value as Json;
use tf_core::Value;

use super::arguments::Arguments;
use super::{Function, Takes};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    Some(match name {
        "jsonencode" => (Takes::Null, json_encode as Function),
        "jsondecode" => (Takes::Known, json_decode),
        "base64encode" => (Takes::Known, base64_encode),
        "base64decode" => (Takes::Known, base64_decode),
        "urlencode" => (Takes::Known, url_encode),
        _ => return None,
    })
}

/// Keys in order, no blanks, and `<`, `>` and `&` written as escapes, as Go does it.
fn json_encode(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let mut text = String::new();
    write(&it.at(0)?.value, &mut text);
    Ok(Some(Typed::string(text)))
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Bool(truth) => text.push_str(&truth.to_string()),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(it) => write_string(it, text),
        Value::List(items) | Value::Set(items) => {
            text.push('[');
            separated(items.iter(), text, write);
            text.push(']');
        }
        Value::Map(members) => {
            text.push('{');
            separated(members.iter(), text, |(name, it), text| {
                write_string(name, text);
                text.push(':');
                write(it, text);
            });
            text.push('}');
        }
        Value::Dynamic(inner) => write(&inner.1, text),
        Value::Null | Value::Unknown(_) => text.push_str("null"),
    }
}

fn separated<T>(items: impl Iterator<Item = T>, text: &mut String, mut write: impl FnMut(T, &mut String)) {
    for (place, item) in items.enumerate() {
        if place > 0 {
            text.push(',');
        }
        write(item, text);
    }
}

fn write_string(it: &str, text: &mut String) {
    text.push('"');
    for letter in it.chars() {
        match letter {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

fn json_decode(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let text = it.text(0)?;
    let json: Json = serde_json::from_str(&text).map_err(|_| Wrong::new("the text is not JSON"))?;
    Ok(from_json(json).map(Typed::of))
}

/// A JSON document as a value; `None` if it holds a number beyond the bounds.
pub fn from_json(json: Json) -> Option<Value> {
    Some(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(truth),
        Json::Number(number) => Value::Number(number.to_string().parse().ok()?),
        Json::String(text) => Value::string(text),
        Json::Array(items) => Value::List(items.into_iter().map(from_json).collect::<Option<_>>()?),
        Json::Object(members) => {
            let members = members.into_iter().map(|(name, it)| Some((name, from_json(it)?)));
            Value::Map(members.collect::<Option<_>>()?)
        }
    })
}

fn base64_encode(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(Some(Typed::string(BASE64_STANDARD.encode(it.text(0)?))))
}

fn base64_decode(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let bytes = BASE64_STANDARD.decode(it.text(0)?).map_err(|_| Wrong::new("the text is not Base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| Wrong::new("the bytes are not a text"))?;
    Ok(Some(Typed::string(text)))
}

/// As in a query: a blank becomes `+`, and letters, digits and `-._~` stay.
fn url_encode(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let mut encoded = String::new();
    for byte in it.text(0)?.bytes() {
        match byte {
            b' ' => encoded.push('+'),
            b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            it if it.is_ascii_alphanumeric() => encoded.push(char::from(it)),
            it => encoded.push_str(&format!("%{it:02X}")),
        }
    }
    Ok(Some(Typed::string(encoded)))
}
