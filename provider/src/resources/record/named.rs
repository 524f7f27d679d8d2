//! The columns that an object names: texts in `fields`, values of JSON in `fields_json`.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use servicenow_core::Record;
use tf_core::{Object, Value, json_text};

use super::kinds::same;
use crate::dictionary::Dictionary;

/// The attribute of texts, and the one of JSON.
pub const FIELDS: &str = "fields";
pub const JSON: &str = "fields_json";

/// All columns that an object names and owns, with the texts that they are to hold.
pub fn columns(object: &Object) -> BTreeMap<String, String> {
    let json = members(object).into_iter().map(|(name, value)| (name, written(&value)));
    json.chain(fields(object)).collect()
}

/// The columns of the attribute of texts.
pub fn fields(object: &Object) -> BTreeMap<String, String> {
    let members = object.get(FIELDS).and_then(Value::as_object);
    let field = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    members.into_iter().flatten().filter_map(field).collect()
}

/// The columns of the attribute of JSON; none while it is not known or holds something else.
pub fn members(object: &Object) -> BTreeMap<String, Json> {
    let text = object.get(JSON).and_then(Value::as_str).unwrap_or_default();
    serde_json::from_str(text).unwrap_or_default()
}

/// The attribute that names a column.
pub fn attribute_of(object: &Object, column: &str) -> &'static str {
    if fields(object).contains_key(column) { FIELDS } else { JSON }
}

/// A value as the instance spells it: nothing for `null`, digits for a number, a list or an object as JSON.
pub fn written(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether a column holds what a value of JSON means.
pub fn holds(kind: Option<&str>, value: &Json, now: &str) -> bool {
    match value {
        Json::Array(_) | Json::Object(_) => json_text::same(&value.to_string(), now),
        plain => same(kind, &written(plain), now),
    }
}

/// Whether a column holds what an object says of it. One that it does not name agrees with nothing.
pub fn agrees(object: &Object, column: &str, dictionary: &Dictionary, now: &str) -> bool {
    let kind = dictionary.type_of(column);
    match fields(object).get(column) {
        Some(wanted) => same(kind, wanted, now),
        None => members(object).get(column).is_some_and(|it| holds(kind, it, now)),
    }
}

/// Whether a text that was sent was kept.
pub fn is_kept(kind: Option<&str>, sent: &str, now: &str) -> bool {
    same(kind, sent, now) || (sent.starts_with(['{', '[']) && json_text::same(sent, now))
}

/// An object whose columns hold what a record shows. Where a column means the same it keeps its spelling, and a column that
/// this user may not read keeps what was known.
pub fn lifted(mut object: Object, record: &Record, dictionary: &Dictionary) -> Object {
    if let Some(Value::Map(members)) = object.get_mut(FIELDS) {
        for (name, value) in members {
            let known = value.as_str().unwrap_or_default();
            if let Some(now) = record.get(name).filter(|now| !same(dictionary.type_of(name), known, now)) {
                *value = Value::string(now);
            }
        }
    }
    let mut json = members(&object);
    let mut is_other = false;
    for (name, value) in &mut json {
        let now = record.get(name).filter(|now| !holds(dictionary.type_of(name), value, now));
        if let Some(now) = now {
            (*value, is_other) = (shown(value, now), true);
        }
    }
    if is_other {
        let text = Json::Object(json.into_iter().collect()).to_string();
        object.insert(JSON.to_owned(), Value::string(text));
    }
    object
}

/// What a column holds now, in the form of the value that was declared where it has that form.
fn shown(declared: &Json, now: &str) -> Json {
    let parsed = serde_json::from_str::<Json>(now).ok();
    let is_alike = |it: &Json| match declared {
        Json::Number(_) => it.is_number(),
        Json::Bool(_) => it.is_boolean(),
        Json::Array(_) | Json::Object(_) => it.is_array() || it.is_object(),
        Json::Null | Json::String(_) => false,
    };
    parsed.filter(is_alike).unwrap_or_else(|| Json::from(now))
}

/// Whether what is planned for one of the attributes means what the state has: every column that is still named holds the
/// same, and none has moved to the other attribute.
pub fn means_the_same(attribute: &str, prior: &Object, planned: &Object, dictionary: &Dictionary) -> bool {
    let elsewhere = |name: &str| match attribute {
        FIELDS => members(planned).contains_key(name),
        _ => fields(planned).contains_key(name),
    };
    let kind = |name: &str| dictionary.type_of(name);
    if attribute == FIELDS {
        let (known, wanted) = (fields(prior), fields(planned));
        let stays = |(name, value): (&String, &String)| {
            known.get(name).is_some_and(|now| same(kind(name), value, now))
        };
        return wanted.iter().all(stays) && !known.keys().any(|it| elsewhere(it) && !wanted.contains_key(it));
    }
    let (known, wanted) = (members(prior), members(planned));
    let stays = |(name, value): (&String, &Json)| {
        known
            .get(name)
            .is_some_and(|now| json_text::same_value(value, now) || holds(kind(name), value, &written(now)))
    };
    wanted.iter().all(stays) && !known.keys().any(|it| elsewhere(it) && !wanted.contains_key(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(fields: &[(&str, &str)], json: &str) -> Object {
        let fields = fields.iter().map(|(name, it)| ((*name).to_owned(), Value::string(*it))).collect();
        Object::from([
            (FIELDS.to_owned(), Value::Map(fields)),
            (JSON.to_owned(), if json.is_empty() { Value::Null } else { Value::string(json) }),
        ])
    }

    #[test]
    fn values_are_written_as_the_instance_spells_them() {
        let it = object(&[("a", "x")], r#"{"b":2,"c":true,"d":null,"e":"2","f":{"g":[1,"h"]},"i":2.5}"#);
        let expected = [
            ("a", "x"),
            ("b", "2"),
            ("c", "true"),
            ("d", ""),
            ("e", "2"),
            ("f", r#"{"g":[1,"h"]}"#),
            ("i", "2.5"),
        ];
        let found = columns(&it);
        let found: Vec<(&str, &str)> = found.iter().map(|(name, it)| (name.as_str(), it.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_changed_is_shown_by_column_in_the_form_that_was_declared() {
        for (json, now, expected) in [
            (r#"{"a":2}"#, "2", r#"{"a":2}"#),
            (r#"{ "a": 2 }"#, "3", r#"{"a":3}"#),
            (r#"{"a":2}"#, "many", r#"{"a":"many"}"#),
            (r#"{"a":"2"}"#, "3", r#"{"a":"3"}"#),
            (r#"{"a":true}"#, "false", r#"{"a":false}"#),
            (r#"{"a":null}"#, "", r#"{"a":null}"#),
            (r#"{"a":null}"#, "x", r#"{"a":"x"}"#),
            (r#"{"a":{"b":1,"c":2}}"#, r#"{ "c": 2, "b": 1.0 }"#, r#"{"a":{"b":1,"c":2}}"#),
            (r#"{"a":{"b":1}}"#, r#"{"b":2}"#, r#"{"a":{"b":2}}"#),
        ] {
            let mut record = Record::default();
            record.put("a", now);
            let lifted = lifted(object(&[], json), &record, &Dictionary::default());
            assert_eq!(lifted.get(JSON).and_then(Value::as_str), Some(expected), "{json} {now}");
        }
    }

    #[test]
    fn a_column_that_moves_to_the_other_attribute_is_a_change_of_both() {
        let (prior, planned) = (object(&[("a", "x"), ("b", "y")], ""), object(&[("b", "y")], r#"{"a":"x"}"#));
        let dictionary = Dictionary::default();
        assert!(!means_the_same(FIELDS, &prior, &planned, &dictionary));
        assert!(!means_the_same(JSON, &prior, &planned, &dictionary));
        let fewer = object(&[("b", "y")], "");
        assert!(means_the_same(FIELDS, &prior, &fewer, &dictionary), "it keeps what it holds");
        let other = object(&[], r#"{"b": "2", "a": 1}"#);
        assert!(means_the_same(JSON, &object(&[], r#"{"a":1,"b":2}"#), &other, &dictionary));
    }
}
