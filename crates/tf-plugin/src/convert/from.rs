//! From protobuf to Terraform's vocabulary.

use tf_core::wire::{WireError, json, msgpack, type_json};
use tf_core::{
    Attribute, AttributeType, Behavior, Block, Diagnostic, Diagnostics, IdentityAttribute, IdentitySchema,
    Mode, NestedBlock, Nesting, Object, Path, Schema, Severity, Step, Type, Value,
};

use crate::proto::tfplugin6 as proto;
use crate::provider::Deferral;

/// A value of a type; absent and empty are null.
pub(crate) fn value(value: Option<&proto::DynamicValue>, ty: &Type) -> Result<Value, WireError> {
    match value {
        Some(it) if !it.msgpack.is_empty() => msgpack::decode(&it.msgpack, ty),
        Some(it) if !it.json.is_empty() => json::decode(&document(&it.json)?, ty),
        _ => Ok(Value::Null),
    }
}

/// An object of a type, or null.
pub(crate) fn object(dynamic: Option<&proto::DynamicValue>, ty: &Type) -> Result<Option<Object>, WireError> {
    match value(dynamic, ty)? {
        Value::Map(object) => Ok(Some(object)),
        it if it.is_null() => Ok(None),
        it => Err(wrong(format!("expected an object, found {}", it.kind()))),
    }
}

/// A JSON document. The reason for a failure names the place and never quotes the text.
pub(crate) fn document(bytes: &[u8]) -> Result<serde_json::Value, WireError> {
    serde_json::from_slice(bytes)
        .map_err(|it| wrong(format!("not JSON from line {}, column {} on", it.line(), it.column())))
}

fn wrong(reason: String) -> WireError {
    WireError { path: Path::root(), reason }
}

/// Messages for the user.
pub(crate) fn diagnostics(diagnostics: &[proto::Diagnostic]) -> Diagnostics {
    Diagnostics(diagnostics.iter().map(diagnostic).collect())
}

fn diagnostic(diagnostic: &proto::Diagnostic) -> Diagnostic {
    let severity = match diagnostic.severity() {
        proto::diagnostic::Severity::Warning => Severity::Warning,
        _ => Severity::Error,
    };
    Diagnostic {
        severity,
        summary: diagnostic.summary.clone(),
        detail: diagnostic.detail.clone(),
        path: diagnostic.attribute.as_ref().map(path),
    }
}

/// A place in an object.
pub(crate) fn path(path: &proto::AttributePath) -> Path {
    use proto::attribute_path::step::Selector;
    let step = |step: &proto::attribute_path::Step| {
        Some(match step.selector.as_ref()? {
            Selector::AttributeName(name) => Step::Attribute(name.clone()),
            Selector::ElementKeyString(key) => Step::Key(key.clone()),
            Selector::ElementKeyInt(index) => Step::Index(*index),
        })
    };
    Path(path.steps.iter().filter_map(step).collect())
}

/// A schema, as far as the wire tells: checks, defaults and plan rules stay on the other side.
pub(crate) fn schema(schema: &proto::Schema) -> Result<Schema, WireError> {
    Ok(Schema { version: schema.version, block: block(schema.block.as_ref())? })
}

fn block(block: Option<&proto::schema::Block>) -> Result<Block, WireError> {
    let block = block.ok_or_else(|| wrong("a schema without a block".to_owned()))?;
    Ok(Block {
        doc: block.description.clone(),
        attributes: block.attributes.iter().map(attribute).collect::<Result<_, _>>()?,
        blocks: block.block_types.iter().map(nested_block).collect::<Result<_, _>>()?,
        deprecated: deprecated(block.deprecated, &block.deprecation_message),
        ..Block::default()
    })
}

fn deprecated(deprecated: bool, message: &str) -> Option<String> {
    deprecated.then(|| message.to_owned())
}

fn attribute(attribute: &proto::schema::Attribute) -> Result<Attribute, WireError> {
    let mode = match (attribute.required, attribute.optional, attribute.computed) {
        (true, false, false) => Mode::Required,
        (false, true, false) => Mode::Optional,
        (false, false, true) => Mode::Computed,
        (false, true, true) => Mode::OptionalComputed,
        _ => return Err(wrong(format!("attribute `{}` has flags that exclude each other", attribute.name))),
    };
    let ty = match &attribute.nested_type {
        None => AttributeType::Plain(type_json::decode(&attribute.r#type)?),
        Some(nested) => AttributeType::Nested {
            nesting: object_nesting(nested.nesting())?,
            attributes: nested.attributes.iter().map(self::attribute).collect::<Result<_, _>>()?,
        },
    };
    Ok(Attribute {
        name: attribute.name.clone(),
        doc: attribute.description.clone(),
        ty,
        sensitive: attribute.sensitive,
        write_only: attribute.write_only,
        behavior: Behavior {
            mode,
            deprecated: deprecated(attribute.deprecated, &attribute.deprecation_message),
            ..Behavior::default()
        },
    })
}

fn object_nesting(nesting: proto::schema::object::NestingMode) -> Result<Nesting, WireError> {
    use proto::schema::object::NestingMode;
    match nesting {
        NestingMode::Single => Ok(Nesting::Single),
        NestingMode::List => Ok(Nesting::List),
        NestingMode::Set => Ok(Nesting::Set),
        NestingMode::Map => Ok(Nesting::Map),
        NestingMode::Invalid => Err(wrong("a nested type without nesting".to_owned())),
    }
}

fn nested_block(nested: &proto::schema::NestedBlock) -> Result<NestedBlock, WireError> {
    use proto::schema::nested_block::NestingMode;
    let nesting = match nested.nesting() {
        NestingMode::Single => Nesting::Single,
        NestingMode::Group => Nesting::Group,
        NestingMode::List => Nesting::List,
        NestingMode::Set => Nesting::Set,
        NestingMode::Map => Nesting::Map,
        NestingMode::Invalid => return Err(wrong(format!("block `{}` without nesting", nested.type_name))),
    };
    Ok(NestedBlock {
        name: nested.type_name.clone(),
        block: block(nested.block.as_ref())?,
        nesting,
        items_min: nested.min_items,
        items_max: nested.max_items,
    })
}

/// What identifies an object.
pub(crate) fn identity_schema(schema: &proto::ResourceIdentitySchema) -> Result<IdentitySchema, WireError> {
    let attribute = |it: &proto::resource_identity_schema::IdentityAttribute| {
        Ok(IdentityAttribute {
            name: it.name.clone(),
            ty: type_json::decode(&it.r#type)?,
            required_for_import: it.required_for_import,
            optional_for_import: it.optional_for_import,
            doc: it.description.clone(),
        })
    };
    let attributes = schema.identity_attributes.iter().map(attribute).collect::<Result<_, WireError>>()?;
    Ok(IdentitySchema { version: schema.version, attributes })
}

/// Why something is put off. `None`: no reason that is known.
pub(crate) fn deferral(deferred: proto::Deferred) -> Option<Deferral> {
    use proto::deferred::Reason;
    match deferred.reason() {
        Reason::Unknown => None,
        Reason::ResourceConfigUnknown => Some(Deferral::ConfigUnknown),
        Reason::ProviderConfigUnknown => Some(Deferral::SettingsUnknown),
        Reason::AbsentPrereq => Some(Deferral::Missing),
    }
}
