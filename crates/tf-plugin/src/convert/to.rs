//! From Terraform's vocabulary to protobuf.

use tf_core::wire::{WireError, msgpack, type_json};
use tf_core::{
    Attribute, AttributeType, Block, Diagnostic, Diagnostics, FunctionSignature, IdentityAttribute,
    IdentitySchema, NestedBlock, Nesting, Object, Parameter, Path, Schema, Severity, Step, Type, Value,
};

use crate::proto::tfplugin6 as proto;

/// A value of a type.
pub(crate) fn value(value: &Value, ty: &Type) -> Result<proto::DynamicValue, WireError> {
    Ok(proto::DynamicValue { msgpack: msgpack::encode(value, ty)?, json: Vec::new() })
}

/// An object of a type, or null.
pub(crate) fn object(object: Option<&Object>, ty: &Type) -> Result<proto::DynamicValue, WireError> {
    match object {
        Some(object) => {
            Ok(proto::DynamicValue { msgpack: msgpack::encode_object(object, ty)?, json: Vec::new() })
        }
        None => value(&Value::Null, ty),
    }
}

/// Messages for the user.
pub(crate) fn diagnostics(diagnostics: &Diagnostics) -> Vec<proto::Diagnostic> {
    diagnostics.0.iter().map(diagnostic).collect()
}

fn diagnostic(diagnostic: &Diagnostic) -> proto::Diagnostic {
    let severity = match diagnostic.severity {
        Severity::Error => proto::diagnostic::Severity::Error,
        Severity::Warning => proto::diagnostic::Severity::Warning,
    };
    proto::Diagnostic {
        severity: severity.into(),
        summary: diagnostic.summary.clone(),
        detail: diagnostic.detail.clone(),
        attribute: diagnostic.path.as_ref().filter(|it| begins_with_attribute(it)).map(path),
    }
}

/// Hosts find nothing along any other path.
fn begins_with_attribute(path: &Path) -> bool {
    matches!(path.0.first(), Some(Step::Attribute(_)))
}

/// A place in an object.
pub(crate) fn path(path: &Path) -> proto::AttributePath {
    use proto::attribute_path::step::Selector;
    let step = |step: &Step| {
        let selector = match step {
            Step::Attribute(name) => Selector::AttributeName(name.clone()),
            Step::Key(key) => Selector::ElementKeyString(key.clone()),
            Step::Index(index) => Selector::ElementKeyInt(*index),
        };
        proto::attribute_path::Step { selector: Some(selector) }
    };
    proto::AttributePath { steps: path.0.iter().map(step).collect() }
}

/// A schema.
pub(crate) fn schema(schema: &Schema) -> proto::Schema {
    proto::Schema { version: schema.version, block: Some(block(&schema.block)) }
}

fn block(block: &Block) -> proto::schema::Block {
    proto::schema::Block {
        version: 0,
        attributes: block.attributes.iter().map(attribute).collect(),
        block_types: block.blocks.iter().map(nested_block).collect(),
        description: block.doc.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecated: block.deprecated.is_some(),
        deprecation_message: block.deprecated.clone().unwrap_or_default(),
        computed: false,
    }
}

fn attribute(attribute: &Attribute) -> proto::schema::Attribute {
    let flags = attribute.behavior.on_wire();
    let (plain, nested) = match &attribute.ty {
        AttributeType::Plain(ty) => (type_json::encode(ty), None),
        AttributeType::Nested { nesting, attributes } => {
            (Vec::new(), Some(nested_type(*nesting, attributes)))
        }
    };
    proto::schema::Attribute {
        name: attribute.name.clone(),
        r#type: plain,
        nested_type: nested,
        description: attribute.doc.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        required: flags.required,
        optional: flags.optional,
        computed: flags.computed,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        deprecated: attribute.behavior.deprecated.is_some(),
        deprecation_message: attribute.behavior.deprecated.clone().unwrap_or_default(),
    }
}

fn nested_type(nesting: Nesting, attributes: &[Attribute]) -> proto::schema::Object {
    use proto::schema::object::NestingMode;
    let nesting = match nesting {
        // A group exists as a block only; as an attribute it is a single object.
        Nesting::Single | Nesting::Group => NestingMode::Single,
        Nesting::List => NestingMode::List,
        Nesting::Set => NestingMode::Set,
        Nesting::Map => NestingMode::Map,
    };
    proto::schema::Object {
        attributes: attributes.iter().map(attribute).collect(),
        nesting: nesting.into(),
        ..proto::schema::Object::default()
    }
}

fn nested_block(nested: &NestedBlock) -> proto::schema::NestedBlock {
    use proto::schema::nested_block::NestingMode;
    // Terraform refuses a schema whose bounds do not suit the nesting.
    let (nesting, min_items, max_items) = match nested.nesting {
        Nesting::Single => (NestingMode::Single, nested.items_min.min(1), nested.items_min.min(1)),
        Nesting::Group => (NestingMode::Group, 0, 0),
        Nesting::Map => (NestingMode::Map, 0, 0),
        Nesting::List => (NestingMode::List, nested.items_min, nested.items_max),
        Nesting::Set => (NestingMode::Set, nested.items_min, nested.items_max),
    };
    proto::schema::NestedBlock {
        type_name: nested.name.clone(),
        block: Some(block(&nested.block)),
        nesting: nesting.into(),
        min_items,
        max_items,
    }
}

/// What identifies an object.
pub(crate) fn identity_schema(schema: &IdentitySchema) -> proto::ResourceIdentitySchema {
    let attribute = |it: &IdentityAttribute| proto::resource_identity_schema::IdentityAttribute {
        name: it.name.clone(),
        r#type: type_json::encode(&it.ty),
        required_for_import: it.required_for_import,
        optional_for_import: it.optional_for_import,
        description: it.doc.clone(),
    };
    proto::ResourceIdentitySchema {
        version: schema.version,
        identity_attributes: schema.attributes.iter().map(attribute).collect(),
    }
}

/// What a function takes and gives.
pub(crate) fn function(signature: &FunctionSignature) -> proto::Function {
    proto::Function {
        parameters: signature.parameters.iter().map(parameter).collect(),
        variadic_parameter: signature.variadic.as_ref().map(parameter),
        r#return: Some(proto::function::Return { r#type: type_json::encode(&signature.returns) }),
        summary: signature.summary.clone(),
        description: signature.doc.clone(),
        description_kind: proto::StringKind::Markdown.into(),
        deprecation_message: signature.deprecated.clone().unwrap_or_default(),
    }
}

fn parameter(parameter: &Parameter) -> proto::function::Parameter {
    proto::function::Parameter {
        name: parameter.name.clone(),
        r#type: type_json::encode(&parameter.ty),
        allow_null_value: parameter.allow_null,
        allow_unknown_values: parameter.allow_unknown,
        description: parameter.doc.clone(),
        description_kind: proto::StringKind::Markdown.into(),
    }
}
