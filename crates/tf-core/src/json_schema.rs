//! The JSON Schema (draft 2020-12) of one resource, for editors and for checks outside of Terraform.
//!
//! It describes the resource as an object: what a user may write, and what Terraform shows of it.

mod across;

use serde_json::{Map, Value as Json, json};

use crate::wire::json;
use crate::{
    Attribute, AttributeType, Block, Check, NestedBlock, Nesting, OnWire, Relation, Schema, Type, words,
};

/// The schema of a resource type.
pub fn render(type_name: &str, schema: &Schema) -> Json {
    let mut root = Map::new();
    root.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    root.insert("title".to_owned(), type_name.into());
    root.extend(block(&schema.block));
    Json::Object(root)
}

fn block(block: &Block) -> Map<String, Json> {
    let mut out = object(&block.attributes, &block.blocks, &block.relations);
    describe(&block.doc, block.deprecated.as_ref(), &mut out);
    out
}

fn object(attributes: &[Attribute], blocks: &[NestedBlock], relations: &[Relation]) -> Map<String, Json> {
    let mut properties = Map::new();
    properties.extend(attributes.iter().map(|it| (it.name.clone(), attribute(it, relations))));
    properties.extend(blocks.iter().map(|it| (it.name.clone(), nested_block(it, relations))));
    let attributes = attributes.iter().filter(|it| it.behavior.on_wire().required).map(|it| &it.name);
    let names = blocks.iter().filter(|it| it.items_min > 0).map(|it| &it.name);
    let required: Vec<Json> = attributes.chain(names).map(|it| Json::from(it.as_str())).collect();
    let mut out = Map::new();
    out.insert("type".to_owned(), "object".into());
    out.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        out.insert("required".to_owned(), required.into());
    }
    out.insert("additionalProperties".to_owned(), false.into());
    let rules = across::rules(relations, blocks);
    if !rules.is_empty() {
        out.insert("allOf".to_owned(), rules.into());
    }
    out
}

fn attribute(attribute: &Attribute, relations: &[Relation]) -> Json {
    let OnWire { required, optional, .. } = attribute.behavior.on_wire();
    let mut value = match &attribute.ty {
        AttributeType::Plain(ty) => plain(ty),
        AttributeType::Nested { nesting, attributes } => {
            around(*nesting, object(attributes, &[], &attribute.behavior.relations))
        }
    };
    for check in &attribute.behavior.checks {
        demand(check, &mut value);
    }
    let mut out = if required { value } else { nullable(value) };
    let secret = attribute.sensitive.then(|| "Never shown.".to_owned());
    let notes = words::notes(attribute, relations).into_iter().chain(secret);
    let doc: Vec<String> =
        [attribute.doc.clone()].into_iter().chain(notes).filter(|it| !it.is_empty()).collect();
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

/// What a check demands, beside what the type and other checks demand. Keywords for other kinds of values say nothing.
fn demand(check: &Check, out: &mut Map<String, Json>) {
    let kind = out.get("type").and_then(Json::as_str).map(str::to_owned);
    let telling = check.keywords.iter().filter(|(keyword, _)| match kind.as_deref() {
        Some("array") => keyword.ends_with("Items") || *keyword == "items",
        Some("object") => {
            keyword.ends_with("Properties")
                || ["additionalProperties", "propertyNames"].contains(&keyword.as_str())
        }
        _ => true,
    });
    let demands: Map<String, Json> = telling.map(|(keyword, it)| (keyword.clone(), it.clone())).collect();
    let taken = demands.keys().any(|it| out.contains_key(it));
    match out.get_mut("allOf") {
        _ if !taken => out.extend(demands),
        Some(Json::Array(all)) => all.push(demands.into()),
        _ => {
            out.insert("allOf".to_owned(), Json::Array(vec![demands.into()]));
        }
    }
}

fn nested_block(nested: &NestedBlock, relations: &[Relation]) -> Json {
    let inside = object(&nested.block.attributes, &nested.block.blocks, &nested.block.relations);
    let mut out = around(nested.nesting, inside);
    let doc: Vec<String> =
        [nested.block.doc.clone()].into_iter().chain(words::across(&nested.name, relations)).collect();
    describe(doc.join(" ").trim(), nested.block.deprecated.as_ref(), &mut out);
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
    if let Some(reason) = deprecated {
        out.insert("deprecated".to_owned(), true.into());
        // The keyword has no place for the reason.
        out.insert("$comment".to_owned(), reason.as_str().into());
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
    if let Some(Json::Array(allowed)) = value.get_mut("enum") {
        allowed.push(Json::Null);
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
