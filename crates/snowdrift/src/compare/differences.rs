//! What a plan would change, attribute by attribute, down to entries of maps and members of objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};
use tf_core::{Attribute, AttributeType, Mode, Nesting, Object, Type, Value};

use super::findings;
use super::wish::{Wish, is_shown};
use crate::declared::Resource;
use crate::declared::expand::quoted;
use crate::live::Live;
use crate::report::{Difference, Values};

/// How an object differs from what is declared.
#[derive(Clone, Debug, Default)]
pub struct Differing {
    /// The differences, in the order of the attributes.
    pub differences: Vec<Difference>,
    /// The attributes of the schema that they are in.
    pub attributes: BTreeSet<String>,
}

/// What the plan changes of what is live.
pub fn between(live: &Live, resource: &Resource, wish: &Wish, prior: &Object, planned: &Object) -> Differing {
    let mut differing = Differing::default();
    let schema = live.schema(&resource.type_name);
    for attribute in schema.iter().flat_map(|it| &it.block.attributes) {
        let name = attribute.name.as_str();
        let settable = attribute.behavior.mode != Mode::Computed && !attribute.write_only;
        if !settable || !is_shown(live, &resource.type_name, name) {
            continue;
        }
        let value = |object: &Object| object.get(name).cloned().unwrap_or(Value::Null);
        let mut found = Vec::new();
        walk(name, attribute, &value(planned), &value(prior), &mut found);
        let sensitive = wish.sensitive.iter().any(|it| it == name);
        let place = resource.attributes.get(name).and_then(|it| findings::place(&it.place));
        for (path, declared, is) in found.into_iter().filter(|it| !wish.ignores_part(&it.0)) {
            differing.attributes.insert(name.to_owned());
            let values = if sensitive {
                Values::Hidden
            } else {
                Values::Shown { declared: json(&declared), live: json(&is) }
            };
            differing.differences.push(Difference { attribute: path, values, place: place.clone() });
        }
    }
    differing
}

type Found = Vec<(String, Value, Value)>;

fn walk(path: &str, attribute: &Attribute, planned: &Value, prior: &Value, found: &mut Found) {
    // What is unknown until an apply is the provider's to decide and no difference.
    if planned == prior || planned.is_unknown() {
        return;
    }
    match (&attribute.ty, planned, prior) {
        (
            AttributeType::Nested { nesting: Nesting::Single | Nesting::Group, attributes },
            Value::Map(planned),
            Value::Map(prior),
        ) => {
            members(path, attributes, planned, prior, found);
        }
        (
            AttributeType::Nested { nesting: Nesting::Map, attributes },
            Value::Map(planned),
            Value::Map(prior),
        ) => {
            entries(path, planned, prior, found, |path, planned, prior, found| match (planned, prior) {
                (Value::Map(planned), Value::Map(prior)) => members(path, attributes, planned, prior, found),
                _ => found.push((path.to_owned(), planned.clone(), prior.clone())),
            });
        }
        (AttributeType::Plain(Type::Map(_)), Value::Map(planned), Value::Map(prior)) => {
            entries(path, planned, prior, found, |path, planned, prior, found| {
                found.push((path.to_owned(), planned.clone(), prior.clone()));
            });
        }
        _ if !planned.is_wholly_known() && same_where_known(planned, prior) => {}
        _ => found.push((path.to_owned(), known(planned), prior.clone())),
    }
}

fn members(path: &str, attributes: &[Attribute], planned: &Object, prior: &Object, found: &mut Found) {
    for attribute in attributes.iter().filter(|it| !it.write_only && it.behavior.mode != Mode::Computed) {
        let value = |object: &Object| object.get(&attribute.name).cloned().unwrap_or(Value::Null);
        walk(&format!("{path}.{}", attribute.name), attribute, &value(planned), &value(prior), found);
    }
}

fn entries(
    path: &str,
    planned: &Object,
    prior: &Object,
    found: &mut Found,
    mut both: impl FnMut(&str, &Value, &Value, &mut Found),
) {
    let keys: BTreeSet<&String> = planned.keys().chain(prior.keys()).collect();
    for key in keys {
        let path = format!("{path}[{}]", quoted(key));
        match (planned.get(key), prior.get(key)) {
            (Some(one), Some(other)) if one == other || one.is_unknown() => {}
            (Some(one), Some(other)) => both(&path, one, other, found),
            (one, other) => {
                let value = |it: Option<&Value>| it.map_or(Value::Null, known);
                found.push((path, value(one), value(other)));
            }
        }
    }
}

/// Whether two values are the same where the planned one is known.
fn same_where_known(planned: &Value, prior: &Value) -> bool {
    match (planned, prior) {
        (it, _) if it.is_unknown() => true,
        (Value::Map(planned), Value::Map(prior)) => {
            planned.len() == prior.len()
                && planned
                    .iter()
                    .all(|(key, it)| prior.get(key).is_some_and(|other| same_where_known(it, other)))
        }
        (Value::List(planned), Value::List(prior)) | (Value::Set(planned), Value::Set(prior)) => {
            planned.len() == prior.len()
                && planned.iter().zip(prior).all(|(one, other)| same_where_known(one, other))
        }
        (one, other) => one == other,
    }
}

/// A value with null where it is not known.
fn known(value: &Value) -> Value {
    match value {
        Value::Unknown(_) => Value::Null,
        Value::Map(members) => Value::Map(members.iter().map(|(key, it)| (key.clone(), known(it))).collect()),
        Value::List(items) => Value::List(items.iter().map(known).collect()),
        Value::Set(items) => Value::set(items.iter().map(known).collect()),
        other => other.clone(),
    }
}

/// A value as JSON; what is not known is null.
pub fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Unknown(_) => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Number(number) => serde_json::from_str(&number.to_string()).map_or(Json::Null, Json::Number),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) | Value::Set(items) => Json::Array(items.iter().map(json).collect()),
        Value::Map(members) => {
            Json::Object(members.iter().map(|(name, it)| (name.clone(), json(it))).collect::<Map<_, _>>())
        }
        Value::Dynamic(inner) => json(&inner.1),
    }
}
