//! A provider's schemas exactly as `terraform providers schema -json` prints them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::wire::type_json;
use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting, Schema};

/// The whole document for one provider.
pub fn render(address: &str, provider: &Schema, resources: &BTreeMap<String, Schema>) -> Json {
    let mut schemas = Map::new();
    schemas.insert("provider".to_owned(), schema(provider));
    if !resources.is_empty() {
        let resources: Map<_, _> = resources.iter().map(|(name, it)| (name.clone(), schema(it))).collect();
        schemas.insert("resource_schemas".to_owned(), resources.into());
    }
    json!({ "format_version": "1.0", "provider_schemas": { address: schemas } })
}

fn schema(schema: &Schema) -> Json {
    json!({ "version": schema.version, "block": block(&schema.block) })
}

fn block(block: &Block) -> Json {
    let mut out = Map::new();
    if !block.attributes.is_empty() {
        out.insert("attributes".to_owned(), attributes(&block.attributes));
    }
    if !block.blocks.is_empty() {
        let blocks: Map<_, _> = block.blocks.iter().map(|it| (it.name.clone(), nested_block(it))).collect();
        out.insert("block_types".to_owned(), blocks.into());
    }
    describe(&block.doc, block.deprecated.as_ref(), &mut out);
    Json::Object(out)
}

fn describe(doc: &str, deprecated: Option<&String>, out: &mut Map<String, Json>) {
    if !doc.is_empty() {
        out.insert("description".to_owned(), doc.into());
    }
    out.insert("description_kind".to_owned(), "markdown".into());
    if let Some(reason) = deprecated {
        out.insert("deprecated".to_owned(), true.into());
        out.insert("deprecation_message".to_owned(), reason.as_str().into());
    }
}

fn attributes(attributes: &[Attribute]) -> Json {
    attributes.iter().map(|it| (it.name.clone(), attribute(it))).collect::<Map<_, _>>().into()
}

fn attribute(attribute: &Attribute) -> Json {
    let mut out = Map::new();
    match &attribute.ty {
        AttributeType::Plain(ty) => out.insert("type".to_owned(), type_json::to_json(ty)),
        AttributeType::Nested { nesting, attributes: inner } => {
            let nested = json!({ "attributes": attributes(inner), "nesting_mode": nesting_mode(*nesting) });
            out.insert("nested_type".to_owned(), nested)
        }
    };
    describe(&attribute.doc, attribute.behavior.deprecated.as_ref(), &mut out);
    let flags = attribute.behavior.on_wire();
    let marks = [
        ("required", flags.required),
        ("optional", flags.optional),
        ("computed", flags.computed),
        ("sensitive", attribute.sensitive),
        ("write_only", attribute.write_only),
    ];
    out.extend(marks.into_iter().filter(|it| it.1).map(|(name, it)| (name.to_owned(), it.into())));
    Json::Object(out)
}

fn nested_block(nested: &NestedBlock) -> Json {
    let mut out = Map::new();
    out.insert("nesting_mode".to_owned(), nesting_mode(nested.nesting).into());
    out.insert("block".to_owned(), block(&nested.block));
    // A single block has either no bounds or must be there.
    let most = if nested.nesting == Nesting::Single { nested.items_min } else { nested.items_max };
    let bounds = [("min_items", nested.items_min), ("max_items", most)];
    out.extend(bounds.into_iter().filter(|it| it.1 > 0).map(|(name, it)| (name.to_owned(), it.into())));
    Json::Object(out)
}

fn nesting_mode(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::Single => "single",
        Nesting::Group => "group",
        Nesting::List => "list",
        Nesting::Set => "set",
        Nesting::Map => "map",
    }
}

#[cfg(test)]
mod tests;
