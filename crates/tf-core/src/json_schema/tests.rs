//! Tests of JSON Schemas.

use super::*;
use crate::{Behavior, Mode, Value, check};

fn attribute(mode: Mode, ty: Type) -> Attribute {
    Attribute {
        name: "a".to_owned(),
        doc: "A value.".to_owned(),
        ty: AttributeType::Plain(ty),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    }
}

/// The schema of the only attribute, without its description.
fn rendered(attribute: Attribute) -> Json {
    let block = Block { attributes: vec![attribute], ..Block::default() };
    let mut json = render("t", &Schema { version: 0, block });
    let property = json["properties"]["a"].as_object_mut().unwrap();
    property.remove("description");
    property.clone().into()
}

#[test]
fn a_resource_is_an_object_of_its_attributes() {
    let block = Block {
        doc: "A thing.".to_owned(),
        deprecated: Some("Use another.".to_owned()),
        attributes: vec![attribute(Mode::Required, Type::String)],
        blocks: Vec::new(),
    };
    let wanted = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "t",
        "description": "A thing.",
        "deprecated": true,
        "type": "object",
        "properties": { "a": { "type": "string", "description": "A value." } },
        "required": ["a"],
        "additionalProperties": false,
    });
    assert_eq!(render("t", &Schema { version: 0, block }), wanted);
}

#[test]
fn what_may_be_left_out_may_be_null() {
    assert_eq!(rendered(attribute(Mode::Required, Type::Bool)), json!({ "type": "boolean" }));
    assert_eq!(rendered(attribute(Mode::Optional, Type::Bool)), json!({ "type": ["boolean", "null"] }));
    assert_eq!(
        rendered(attribute(Mode::OptionalComputed, Type::Bool)),
        json!({ "type": ["boolean", "null"] })
    );
    let computed = rendered(attribute(Mode::Computed, Type::Bool));
    assert_eq!(computed, json!({ "type": ["boolean", "null"], "readOnly": true }));
}

#[test]
fn types_translate() {
    let string = || Box::new(Type::String);
    for (ty, wanted) in [
        (Type::Number, json!({ "type": "number" })),
        (Type::Dynamic, json!({})),
        (Type::List(string()), json!({ "type": "array", "items": { "type": "string" } })),
        (Type::Set(string()), json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true })),
        (Type::Map(string()), json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        (
            Type::Tuple(vec![Type::Bool]),
            json!({ "type": "array", "prefixItems": [{ "type": "boolean" }], "minItems": 1, "maxItems": 1 }),
        ),
        (
            Type::Object([("k".to_owned(), Type::Bool)].into()),
            json!({ "type": "object", "properties": { "k": { "type": "boolean" } }, "additionalProperties": false }),
        ),
    ] {
        assert_eq!(rendered(attribute(Mode::Required, ty)), wanted);
    }
}

#[test]
fn defaults_demands_and_marks_are_carried_over() {
    let mut full = attribute(Mode::Optional, Type::String);
    full.behavior.default = Some(Value::string("x"));
    full.behavior.deprecated = Some("Gone soon.".to_owned());
    assert_eq!(rendered(full), json!({ "type": ["string", "null"], "default": "x", "deprecated": true }));
    let secret = Attribute { write_only: true, ..attribute(Mode::Required, Type::String) };
    assert_eq!(rendered(secret), json!({ "type": "string", "writeOnly": true }));
    let mut checked = attribute(Mode::Required, Type::String);
    checked.behavior.checks = vec![check::one_of(&["x"])];
    let block = Block { attributes: vec![checked], ..Block::default() };
    let json = render("t", &Schema { version: 0, block });
    assert_eq!(json["properties"]["a"]["description"], "A value. Must be one of `x`.");
}

#[test]
fn nested_objects_and_blocks_translate() {
    let inner = || vec![attribute(Mode::Required, Type::Bool)];
    let object = json!({
        "type": "object",
        "properties": { "a": { "type": "boolean", "description": "A value." } },
        "required": ["a"],
        "additionalProperties": false,
    });
    let nested = |nesting| {
        let ty = AttributeType::Nested { nesting, attributes: inner() };
        rendered(Attribute { ty, ..attribute(Mode::Required, Type::Bool) })
    };
    assert_eq!(nested(Nesting::Single), object);
    assert_eq!(nested(Nesting::List), json!({ "type": "array", "items": object }));
    assert_eq!(nested(Nesting::Set), json!({ "type": "array", "items": object, "uniqueItems": true }));
    assert_eq!(nested(Nesting::Map), json!({ "type": "object", "additionalProperties": object }));
    let block = |nesting, items_min, items_max| {
        let block = Block { attributes: inner(), ..Block::default() };
        let blocks = vec![NestedBlock { name: "b".to_owned(), block, nesting, items_min, items_max }];
        let json = render("t", &Schema { version: 0, block: Block { blocks, ..Block::default() } });
        (json["properties"]["b"].clone(), json["required"].clone())
    };
    let list = json!({ "type": "array", "items": object, "minItems": 1, "maxItems": 2 });
    assert_eq!(block(Nesting::List, 1, 2), (list, json!(["b"])));
    let mut maybe = object.clone();
    maybe["type"] = json!(["object", "null"]);
    assert_eq!(block(Nesting::Single, 0, 0), (maybe, Json::Null));
    assert_eq!(block(Nesting::Single, 1, 1), (object, json!(["b"])));
}
