//! Tests of the conversions.

use tf_core::{
    Attribute, AttributeType, Behavior, Block, Diagnostic, Diagnostics, Mode, NestedBlock, Nesting, Path,
    Schema, Step, Type, Value,
};

use super::{from, to};
use crate::proto::tfplugin6 as proto;

fn attribute(name: &str, ty: AttributeType, mode: Mode) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: format!("The {name}."),
        ty,
        sensitive: name == "secret",
        write_only: name == "secret",
        behavior: Behavior {
            mode,
            deprecated: (name == "old").then(|| "Not any more.".to_owned()),
            ..Behavior::default()
        },
    }
}

fn block(name: &str, nesting: Nesting, bounds: (i64, i64)) -> NestedBlock {
    let inner = attribute("inner", AttributeType::Plain(Type::Bool), Mode::Optional);
    NestedBlock {
        name: name.to_owned(),
        block: Block { attributes: vec![inner], ..Block::default() },
        nesting,
        items_min: bounds.0,
        items_max: bounds.1,
    }
}

fn schema() -> Schema {
    let plain = |ty| AttributeType::Plain(ty);
    let nested = |nesting| AttributeType::Nested {
        nesting,
        attributes: vec![attribute("member", plain(Type::Number), Mode::OptionalComputed)],
    };
    Schema {
        version: 3,
        block: Block {
            doc: "A thing.".to_owned(),
            attributes: vec![
                attribute("name", plain(Type::String), Mode::Required),
                attribute("secret", plain(Type::String), Mode::Optional),
                attribute("id", plain(Type::Dynamic), Mode::Computed),
                attribute("old", plain(Type::List(Box::new(Type::String))), Mode::OptionalComputed),
                attribute("single", nested(Nesting::Single), Mode::Optional),
                attribute("list", nested(Nesting::List), Mode::Optional),
                attribute("set", nested(Nesting::Set), Mode::Optional),
                attribute("map", nested(Nesting::Map), Mode::Optional),
            ],
            blocks: vec![
                block("one", Nesting::Single, (1, 1)),
                block("group", Nesting::Group, (0, 0)),
                block("many", Nesting::List, (1, 4)),
                block("some", Nesting::Set, (0, 2)),
                block("keyed", Nesting::Map, (0, 0)),
            ],
            deprecated: Some("Use another.".to_owned()),
            ..Block::default()
        },
    }
}

#[test]
fn a_schema_survives_the_way_there_and_back() {
    assert_eq!(from::schema(&to::schema(&schema())), Ok(schema()));
}

#[test]
fn a_schema_has_what_hosts_insist_on() {
    let sent = to::schema(&schema()).block.unwrap();
    for attribute in &sent.attributes {
        let (plain, nested) = (!attribute.r#type.is_empty(), attribute.nested_type.is_some());
        assert!(plain != nested, "exactly one of both: {}", attribute.name);
        assert!(attribute.required || attribute.optional || attribute.computed, "{}", attribute.name);
    }
    assert_eq!(sent.attributes[0].r#type, b"\"string\"");
    assert!(sent.block_types.iter().all(|it| it.block.is_some()));
    let deprecated = sent.attributes.iter().filter(|it| it.deprecated != it.deprecation_message.is_empty());
    assert_eq!(deprecated.count(), sent.attributes.len());
}

#[test]
fn a_default_makes_an_attribute_computed_for_the_host() {
    let mut attribute = attribute("name", AttributeType::Plain(Type::String), Mode::Optional);
    attribute.behavior.default = Some(Value::string("x"));
    let schema = Schema { version: 0, block: Block { attributes: vec![attribute], ..Block::default() } };
    let sent = &to::schema(&schema).block.unwrap().attributes[0];
    assert_eq!((sent.required, sent.optional, sent.computed), (false, true, true));
}

#[test]
fn bounds_are_brought_into_the_form_that_the_nesting_allows() {
    let rows = [
        (Nesting::Single, (0, 1), (0, 0)),
        (Nesting::Single, (1, 0), (1, 1)),
        (Nesting::Group, (1, 1), (0, 0)),
        (Nesting::Map, (1, 5), (0, 0)),
        (Nesting::List, (1, 5), (1, 5)),
    ];
    for (nesting, bounds, sent) in rows {
        let block = Block { blocks: vec![block("it", nesting, bounds)], ..Block::default() };
        let block = to::schema(&Schema { version: 0, block }).block.unwrap();
        assert_eq!((block.block_types[0].min_items, block.block_types[0].max_items), sent, "{nesting:?}");
    }
}

#[test]
fn messages_survive_unless_their_path_begins_inside_something() {
    let path = Path::attribute("a").then(Step::Index(1)).then(Step::Key("k".to_owned()));
    let diagnostics =
        Diagnostics(vec![Diagnostic::error("E", "e."), Diagnostic::warning("W", "w.").at(path)]);
    assert_eq!(from::diagnostics(&to::diagnostics(&diagnostics)), diagnostics);
    for path in [Path::root(), Path(vec![Step::Index(0)])] {
        let sent = to::diagnostics(&Diagnostic::error("E", "e.").at(path).into());
        assert_eq!(sent[0].attribute, None);
    }
}

#[test]
fn absent_and_empty_values_are_null_and_both_encodings_are_read() {
    let empty = proto::DynamicValue::default();
    let json = proto::DynamicValue { json: b"\"x\"".to_vec(), ..empty.clone() };
    let both = proto::DynamicValue { msgpack: vec![0xa1, b'y'], json: b"\"x\"".to_vec() };
    let rows = [
        (None, Value::Null),
        (Some(empty), Value::Null),
        (Some(json), Value::string("x")),
        (Some(both), Value::string("y")),
    ];
    for (sent, value) in rows {
        assert_eq!(from::value(sent.as_ref(), &Type::String), Ok(value));
    }
}
