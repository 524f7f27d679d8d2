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
        ..Block::default()
    };
    let wanted = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "t",
        "description": "A thing.",
        "deprecated": true,
        "$comment": "Use another.",
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
    let wanted = json!({
        "type": ["string", "null"],
        "default": "x",
        "deprecated": true,
        "$comment": "Gone soon.",
    });
    assert_eq!(rendered(full), wanted);
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

#[test]
fn checks_are_keywords_where_json_schema_has_words_for_them() {
    let list = |ty: Type| Type::List(Box::new(ty));
    for (mode, ty, checks, wanted) in [
        (
            Mode::Required,
            Type::String,
            vec![check::one_of(&["x"])],
            json!({ "type": "string", "enum": ["x"] }),
        ),
        (
            Mode::Optional,
            Type::String,
            vec![check::one_of(&["x"])],
            json!({ "type": ["string", "null"], "enum": ["x", null] }),
        ),
        (
            Mode::Required,
            Type::String,
            vec![check::length(1, 5), check::pattern("^a", "begun with a")],
            json!({ "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a" }),
        ),
        (
            Mode::Required,
            Type::String,
            vec![check::pattern("^a", "begun with a"), check::pattern("b$", "ended with b")],
            json!({ "type": "string", "pattern": "^a", "allOf": [{ "pattern": "b$" }] }),
        ),
        (Mode::Required, Type::String, vec![check::url()], json!({ "type": "string", "format": "uri" })),
        (
            Mode::Required,
            Type::Number,
            vec![check::range(1, 9)],
            json!({ "type": "number", "minimum": 1, "maximum": 9 }),
        ),
        (
            Mode::Required,
            list(Type::String),
            vec![check::elements(0, 3)],
            json!({ "type": "array", "items": { "type": "string" }, "maxItems": 3 }),
        ),
        (
            Mode::Required,
            list(Type::String),
            vec![check::each(check::length(0, 2))],
            json!({ "type": "array", "items": { "type": "string" }, "allOf": [{ "items": { "maxLength": 2 } }] }),
        ),
        (
            Mode::Required,
            Type::Map(Box::new(Type::Bool)),
            vec![check::keys(check::pattern("^k", "begun with k"))],
            json!({
                "type": "object",
                "additionalProperties": { "type": "boolean" },
                "propertyNames": { "pattern": "^k" },
            }),
        ),
    ] {
        let mut checked = attribute(mode, ty);
        checked.behavior.checks = checks;
        assert_eq!(rendered(checked), wanted);
    }
}

#[test]
fn rules_across_attributes_are_demands_on_the_object() {
    let named = |name: &str| Attribute { name: name.to_owned(), ..attribute(Mode::Optional, Type::String) };
    let part = NestedBlock {
        name: "p".to_owned(),
        block: Block::default(),
        nesting: Nesting::List,
        items_min: 0,
        items_max: 0,
    };
    let rules = crate::Whole::new().conflicts(&["a", "p"]).exactly_one(&["a", "b"]).requires("b", &["a"]);
    let block = Block {
        attributes: vec![named("a"), named("b")],
        blocks: vec![part],
        relations: rules.relations,
        ..Block::default()
    };
    let json = render("t", &Schema { version: 0, block });
    let set =
        |name: &str| json!({ "required": [name], "properties": { name: { "not": { "type": "null" } } } });
    let block = json!({ "required": ["p"], "properties": { "p": { "not": { "enum": [null, [], {}] } } } });
    let wanted = json!([
        { "not": { "allOf": [set("a"), block] } },
        { "oneOf": [set("a"), set("b")] },
        { "if": set("b"), "then": { "allOf": [set("a")] } },
    ]);
    assert_eq!(json["allOf"], wanted);
    assert_eq!(
        json["properties"]["b"]["description"],
        "A value. Exactly one of `a`, `b` must be set. Needs `a`."
    );
}
