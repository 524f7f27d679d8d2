//! A provider's schemas exactly as `terraform providers schema -json` prints them.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::wire::type_json;
use crate::{
    Attribute, AttributeType, Block, FunctionSignature, IdentityAttribute, IdentitySchema, NestedBlock,
    Nesting, Parameter, Schema,
};

/// Everything that a provider declares, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schemas {
    /// The provider block.
    pub provider: Schema,
    /// Managed resource types.
    pub resources: BTreeMap<String, Schema>,
    /// Data sources.
    pub data_sources: BTreeMap<String, Schema>,
    /// Functions.
    pub functions: BTreeMap<String, FunctionSignature>,
    /// Ephemeral resource types.
    pub ephemeral_resources: BTreeMap<String, Schema>,
    /// Identities of managed resource types.
    pub identities: BTreeMap<String, IdentitySchema>,
    /// List resource types.
    pub list_resources: BTreeMap<String, Schema>,
    /// Actions.
    pub actions: BTreeMap<String, Schema>,
}

/// The whole document for one provider. A Terraform that is too old for a kind leaves that kind out.
pub fn render(address: &str, schemas: &Schemas) -> Json {
    let mut out = Map::new();
    out.insert("provider".to_owned(), schema(&schemas.provider));
    kind("resource_schemas", &schemas.resources, schema, &mut out);
    kind("data_source_schemas", &schemas.data_sources, schema, &mut out);
    kind("functions", &schemas.functions, function, &mut out);
    kind("ephemeral_resource_schemas", &schemas.ephemeral_resources, schema, &mut out);
    kind("resource_identity_schemas", &schemas.identities, identity, &mut out);
    kind("list_resource_schemas", &schemas.list_resources, schema, &mut out);
    kind("action_schemas", &schemas.actions, |it| json!({ "block": block(&it.block) }), &mut out);
    json!({ "format_version": "1.0", "provider_schemas": { address: out } })
}

/// Nothing where there is none of the kind.
fn kind<T>(name: &str, all: &BTreeMap<String, T>, render: fn(&T) -> Json, out: &mut Map<String, Json>) {
    if !all.is_empty() {
        let all: Map<_, _> = all.iter().map(|(name, it)| (name.clone(), render(it))).collect();
        out.insert(name.to_owned(), all.into());
    }
}

fn function(signature: &FunctionSignature) -> Json {
    let mut out = Map::new();
    texts([("description", &signature.doc), ("summary", &signature.summary)], &mut out);
    texts(signature.deprecated.iter().map(|it| ("deprecation_message", it)), &mut out);
    out.insert("return_type".to_owned(), type_json::to_json(&signature.returns));
    if !signature.parameters.is_empty() {
        out.insert("parameters".to_owned(), signature.parameters.iter().map(parameter).collect());
    }
    if let Some(variadic) = &signature.variadic {
        out.insert("variadic_parameter".to_owned(), parameter(variadic));
    }
    Json::Object(out)
}

fn parameter(parameter: &Parameter) -> Json {
    let mut out = Map::new();
    texts([("name", &parameter.name), ("description", &parameter.doc)], &mut out);
    if parameter.allow_null {
        out.insert("is_nullable".to_owned(), true.into());
    }
    out.insert("type".to_owned(), type_json::to_json(&parameter.ty));
    Json::Object(out)
}

fn texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a String)>, out: &mut Map<String, Json>) {
    let telling = texts.into_iter().filter(|it| !it.1.is_empty());
    out.extend(telling.map(|(name, text)| (name.to_owned(), text.as_str().into())));
}

fn identity(schema: &IdentitySchema) -> Json {
    let attribute = |it: &IdentityAttribute| {
        let mut out = Map::new();
        out.insert("type".to_owned(), type_json::to_json(&it.ty));
        texts([("description", &it.doc)], &mut out);
        let marks = [
            ("required_for_import", it.required_for_import),
            ("optional_for_import", it.optional_for_import),
        ];
        out.extend(marks.into_iter().filter(|it| it.1).map(|(name, it)| (name.to_owned(), it.into())));
        (it.name.clone(), Json::Object(out))
    };
    let attributes: Map<_, _> = schema.attributes.iter().map(attribute).collect();
    json!({ "version": schema.version, "attributes": attributes })
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
