//! Tests of the provider's schemas as Terraform prints them.

use super::*;
use crate::{Behavior, Mode, Type, Value};

fn attribute(mode: Mode) -> Attribute {
    Attribute {
        name: "a".to_owned(),
        doc: "A value.".to_owned(),
        ty: AttributeType::Plain(Type::List(Box::new(Type::String))),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    }
}

fn documented(doc: &str) -> Schema {
    Schema { version: 0, block: Block { doc: doc.to_owned(), ..Block::default() } }
}

fn alone(provider: Schema) -> Schemas {
    Schemas { provider, ..Schemas::default() }
}

#[track_caller]
fn check_attribute(attribute: Attribute, wanted: &Json) {
    let block = Block { attributes: vec![attribute], ..Block::default() };
    let json = render("p", &alone(Schema { version: 0, block }));
    assert_eq!(&json["provider_schemas"]["p"]["provider"]["block"]["attributes"]["a"], wanted);
}

#[test]
fn a_provider_with_resources() {
    let schema = |version, doc| Schema { version, ..documented(doc) };
    let resources = BTreeMap::from([("x_thing".to_owned(), schema(2, "A thing."))]);
    let block = |doc: &str| json!({ "description": doc, "description_kind": "markdown" });
    let wanted = json!({
        "format_version": "1.0",
        "provider_schemas": {
            "example/x": {
                "provider": { "version": 0, "block": block("A provider.") },
                "resource_schemas": { "x_thing": { "version": 2, "block": block("A thing.") } },
            },
        },
    });
    assert_eq!(render("example/x", &Schemas { resources, ..alone(documented("A provider.")) }), wanted);
}

#[test]
fn what_is_empty_is_left_out() {
    let json = render("p", &Schemas::default());
    let provider = json!({ "version": 0, "block": { "description_kind": "markdown" } });
    assert_eq!(json["provider_schemas"]["p"], json!({ "provider": provider }));
}

#[test]
fn attributes_carry_the_flags_that_are_set() {
    let ty = || json!(["list", "string"]);
    let common = |flags: Json| {
        let mut all = json!({ "type": ty(), "description": "A value.", "description_kind": "markdown" });
        all.as_object_mut().unwrap().extend(flags.as_object().unwrap().clone());
        all
    };
    check_attribute(attribute(Mode::Required), &common(json!({ "required": true })));
    check_attribute(attribute(Mode::Optional), &common(json!({ "optional": true })));
    check_attribute(attribute(Mode::Computed), &common(json!({ "computed": true })));
    check_attribute(
        attribute(Mode::OptionalComputed),
        &common(json!({ "optional": true, "computed": true })),
    );
    let mut with_default = attribute(Mode::Optional);
    with_default.behavior.default = Some(Value::List(vec![]));
    check_attribute(with_default, &common(json!({ "optional": true, "computed": true })));
    let secret = Attribute { sensitive: true, write_only: true, ..attribute(Mode::Optional) };
    check_attribute(secret, &common(json!({ "optional": true, "sensitive": true, "write_only": true })));
    let mut old = attribute(Mode::Required);
    old.behavior.deprecated = Some("Why.".to_owned());
    let marks = json!({ "required": true, "deprecated": true, "deprecation_message": "Why." });
    check_attribute(old, &common(marks));
}

#[test]
fn nested_attributes_and_blocks() {
    let inner = json!({
        "a": {
            "type": ["list", "string"],
            "description": "A value.",
            "description_kind": "markdown",
            "required": true,
        },
    });
    for (nesting, mode) in [
        (Nesting::Single, "single"),
        (Nesting::Group, "group"),
        (Nesting::List, "list"),
        (Nesting::Set, "set"),
        (Nesting::Map, "map"),
    ] {
        let attributes = vec![attribute(Mode::Required)];
        let nested = Attribute {
            ty: AttributeType::Nested { nesting, attributes: attributes.clone() },
            ..attribute(Mode::Optional)
        };
        let wanted = json!({
            "nested_type": { "attributes": inner, "nesting_mode": mode },
            "description": "A value.",
            "description_kind": "markdown",
            "optional": true,
        });
        check_attribute(nested, &wanted);
        let block = Block { attributes, ..Block::default() };
        let blocks = vec![NestedBlock { name: "b".to_owned(), block, nesting, items_min: 1, items_max: 2 }];
        let schema = Schema { version: 0, block: Block { blocks, ..Block::default() } };
        let json = render("p", &alone(schema));
        let wanted = json!({
            "nesting_mode": mode,
            "block": { "attributes": inner, "description_kind": "markdown" },
            "min_items": 1,
            "max_items": if nesting == Nesting::Single { 1 } else { 2 },
        });
        assert_eq!(json["provider_schemas"]["p"]["provider"]["block"]["block_types"]["b"], wanted);
    }
}

#[test]
fn every_kind_is_rendered_as_terraform_prints_it() {
    let one = |it: Schema| BTreeMap::from([("x".to_owned(), it)]);
    let join = FunctionSignature::new("join", "Joins.", Type::String)
        .documented("Joins texts.")
        .deprecated("Gone soon.")
        .parameter(Parameter::new("separator", "Between.", Type::String))
        .variadic(Parameter::new("parts", "", Type::Dynamic).or_null());
    let part = |name: &str, required: bool| IdentityAttribute {
        name: name.to_owned(),
        ty: Type::String,
        required_for_import: required,
        optional_for_import: !required,
        doc: "A part.".to_owned(),
    };
    let identity = IdentitySchema { version: 2, attributes: vec![part("a", true), part("b", false)] };
    let schemas = Schemas {
        data_sources: one(documented("Data.")),
        functions: BTreeMap::from([("join".to_owned(), join)]),
        ephemeral_resources: one(documented("Ephemeral.")),
        identities: BTreeMap::from([("x".to_owned(), identity)]),
        list_resources: one(documented("List.")),
        actions: one(documented("Action.")),
        ..Schemas::default()
    };
    let json = render("p", &schemas)["provider_schemas"]["p"].clone();
    let block = |doc: &str| json!({ "description": doc, "description_kind": "markdown" });
    assert_eq!(json["data_source_schemas"], json!({ "x": { "version": 0, "block": block("Data.") } }));
    assert_eq!(
        json["ephemeral_resource_schemas"],
        json!({ "x": { "version": 0, "block": block("Ephemeral.") } })
    );
    assert_eq!(json["list_resource_schemas"], json!({ "x": { "version": 0, "block": block("List.") } }));
    assert_eq!(json["action_schemas"], json!({ "x": { "block": block("Action.") } }));
    let join = json!({
        "description": "Joins texts.",
        "summary": "Joins.",
        "deprecation_message": "Gone soon.",
        "return_type": "string",
        "parameters": [{ "name": "separator", "description": "Between.", "type": "string" }],
        "variadic_parameter": { "name": "parts", "is_nullable": true, "type": "dynamic" },
    });
    assert_eq!(json["functions"], json!({ "join": join }));
    let identity = json!({
        "version": 2,
        "attributes": {
            "a": { "type": "string", "description": "A part.", "required_for_import": true },
            "b": { "type": "string", "description": "A part.", "optional_for_import": true },
        },
    });
    assert_eq!(json["resource_identity_schemas"], json!({ "x": identity }));
}
