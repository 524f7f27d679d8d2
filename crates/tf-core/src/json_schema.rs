//! The JSON Schema (draft 2020-12) of one resource, for editors and for checks outside of Terraform.
//!
//! It describes the resource as an object: what a user may write, and what Terraform shows of it.

use serde_json::{Map, Value as Json, json};

use crate::wire::json;
use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, OnWire, Schema, Type};

/// The schema of a resource type.
pub fn render(type_name: &str, schema: &Schema) -> Json {
    let mut root = Map::new();
    root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    root.insert("title".to_owned(), type_name.into());
    root.extend(block(&schema.block));
    Json::Object(root)
}

fn block(block: &Block) -> Map<String, Json> {
    let mut out = object(&block.attributes, &block.blocks);
    describe(&block.doc, block.deprecated.as_ref(), &mut out);
    out
}

fn object(attributes: &[Attribute], blocks: &[NestedBlock]) -> Map<String, Json> {
    let mut properties = Map::new();
    properties.extend(attributes.iter().map(|it| (it.name.clone(), attribute(it))));
    properties.extend(blocks.iter().map(|it| (it.name.clone(), nested_block(it))));
    let attributes = attributes.iter().filter(|it| it.behavior.on_wire().required).map(|it| &it.name);
    let blocks = blocks.iter().filter(|it| it.items_min > 0).map(|it| &it.name);
    let required: Vec<Json> = attributes.chain(blocks).map(|it| Json::from(it.as_str())).collect();
    let mut out = Map::new();
    out.insert("type".to_owned(), "object".into());
    out.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        out.insert("required".to_owned(), required.into());
    }
    out.insert("additionalProperties".to_owned(), false.into());
    out
}

fn attribute(attribute: &Attribute) -> Json {
    let OnWire { required, optional, .. } = attribute.behavior.on_wire();
    let value = match &attribute.ty {
        AttributeType::Plain(ty) => plain(ty),
        AttributeType::Nested { nesting, attributes } => around(*nesting, object(attributes, &[])),
    };
    let mut out = if required { value } else { nullable(value) };
    let demands = attribute.behavior.checks.iter().map(|it| format!("Must be {}.", it.demand));
    let doc: Vec<String> =
        [attribute.doc.clone()].into_iter().chain(demands).filter(|it| !it.is_empty()).collect();
    describe(&doc.join(" "), attribute.behavior.deprecated.as_ref(), &mut out);
    if let Some(default) = &attribute.behavior.default
        && let Ok(default) = json::encode(default, &attribute.ty.implied_type())
    {
        out.insert("default".to_owned(), default);
    }
    if !required && !optional {
        out.insert("readOnly".to_owned(), true.into());
    }
    if attribute.write_only {
        out.insert("writeOnly".to_owned(), true.into());
    }
    Json::Object(out)
}

fn nested_block(nested: &NestedBlock) -> Json {
    let mut out = around(nested.nesting, object(&nested.block.attributes, &nested.block.blocks));
    describe(&nested.block.doc, nested.block.deprecated.as_ref(), &mut out);
    match nested.nesting {
        Nesting::Single if nested.items_min == 0 => out = nullable(out),
        Nesting::List | Nesting::Set => {
            let bounds = [("minItems", nested.items_min), ("maxItems", nested.items_max)];
            out.extend(
                bounds.into_iter().filter(|it| it.1 > 0).map(|(name, it)| (name.to_owned(), it.into())),
            );
        }
        _ => {}
    }
    Json::Object(out)
}

fn describe(doc: &str, deprecated: Option<&String>, out: &mut Map<String, Json>) {
    if !doc.is_empty() {
        out.insert("description".to_owned(), doc.into());
    }
    if deprecated.is_some() {
        out.insert("deprecated".to_owned(), true.into());
    }
}

fn around(nesting: Nesting, element: Map<String, Json>) -> Map<String, Json> {
    match nesting {
        Nesting::Single | Nesting::Group => element,
        Nesting::List => members(json!({ "type": "array", "items": element })),
        Nesting::Set => members(json!({ "type": "array", "items": element, "uniqueItems": true })),
        Nesting::Map => members(json!({ "type": "object", "additionalProperties": element })),
    }
}

fn plain(ty: &Type) -> Map<String, Json> {
    members(match ty {
        Type::Bool => json!({ "type": "boolean" }),
        Type::Number => json!({ "type": "number" }),
        Type::String => json!({ "type": "string" }),
        Type::Dynamic => json!({}),
        Type::List(element) => json!({ "type": "array", "items": plain(element) }),
        Type::Set(element) => json!({ "type": "array", "items": plain(element), "uniqueItems": true }),
        Type::Map(element) => json!({ "type": "object", "additionalProperties": plain(element) }),
        Type::Tuple(elements) => {
            let items: Vec<_> = elements.iter().map(plain).collect();
            json!({ "type": "array", "prefixItems": items, "minItems": items.len(), "maxItems": items.len() })
        }
        Type::Object(types) => {
            let properties: Map<_, _> =
                types.iter().map(|(name, it)| (name.clone(), plain(it).into())).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
    })
}

/// The same, or null.
fn nullable(mut value: Map<String, Json>) -> Map<String, Json> {
    if let Some(ty) = value.get_mut("type") {
        *ty = json!([ty.clone(), "null"]);
    }
    value
}

fn members(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
