//! Rules across attributes and blocks in the words of JSON Schema.

use serde_json::{Value as Json, json};

use crate::{NestedBlock, Relation};

/// Schemas that an object must satisfy all of.
pub(super) fn rules(relations: &[Relation], blocks: &[NestedBlock]) -> Vec<Json> {
    let set = |name: &String| set(name, blocks);
    relations
        .iter()
        .flat_map(|relation| match relation {
            Relation::Conflicts(names) => pairs(names)
                .map(|(one, other)| json!({ "not": { "allOf": [set(one), set(other)] } }))
                .collect(),
            Relation::ExactlyOne(names) => vec![json!({ "oneOf": names.iter().map(set).collect::<Vec<_>>() })],
            Relation::AtLeastOne(names) => vec![json!({ "anyOf": names.iter().map(set).collect::<Vec<_>>() })],
            Relation::Requires(name, needs) => {
                vec![json!({ "if": set(name), "then": { "allOf": needs.iter().map(set).collect::<Vec<_>>() } })]
            }
        })
        .collect()
}

fn pairs(names: &[String]) -> impl Iterator<Item = (&String, &String)> {
    names.iter().enumerate().flat_map(|(at, one)| names.iter().skip(at + 1).map(move |other| (one, other)))
}

/// That a member is there: an attribute is not null, a block is not empty.
fn set(name: &String, blocks: &[NestedBlock]) -> Json {
    let is_block = blocks.iter().any(|it| it.name == *name);
    let absent = if is_block { json!({ "enum": [null, [], {}] }) } else { json!({ "type": "null" }) };
    json!({ "required": [name], "properties": { name: { "not": absent } } })
}
