//! Tests of implied types.

use super::*;
use crate::Behavior;
use crate::wire::type_json;

fn attribute(name: &str, ty: AttributeType) -> Attribute {
    let doc = name.to_owned();
    let behavior = Behavior::default();
    Attribute { name: name.to_owned(), doc, ty, sensitive: false, write_only: false, behavior }
}

fn block_of(ty: Type) -> Block {
    Block { attributes: vec![attribute("a", AttributeType::Plain(ty))], ..Block::default() }
}

fn with_block(nesting: Nesting, block: Block) -> Block {
    let nested = NestedBlock { name: "b".to_owned(), block, nesting, items_min: 0, items_max: 0 };
    Block { blocks: vec![nested], ..Block::default() }
}

#[track_caller]
fn check(block: &Block, ty: &str) {
    assert_eq!(String::from_utf8(type_json::encode(&block.implied_type())).unwrap(), ty);
}

#[test]
fn blocks_imply_objects_around_their_parts() {
    let inner = r#"["object",{"a":"bool"}]"#;
    check(&block_of(Type::Bool), inner);
    for (nesting, ty) in [
        (Nesting::Single, inner.to_owned()),
        (Nesting::Group, inner.to_owned()),
        (Nesting::List, format!(r#"["list",{inner}]"#)),
        (Nesting::Set, format!(r#"["set",{inner}]"#)),
        (Nesting::Map, format!(r#"["map",{inner}]"#)),
    ] {
        check(&with_block(nesting, block_of(Type::Bool)), &format!(r#"["object",{{"b":{ty}}}]"#));
        if nesting != Nesting::Group {
            let attributes = vec![attribute("a", AttributeType::Plain(Type::Bool))];
            let nested = AttributeType::Nested { nesting, attributes };
            let block = Block { attributes: vec![attribute("b", nested)], ..Block::default() };
            check(&block, &format!(r#"["object",{{"b":{ty}}}]"#));
        }
    }
}

#[test]
fn lists_and_maps_of_blocks_with_dynamic_parts_say_their_own_type() {
    let inner = r#"["object",{"a":["list","dynamic"]}]"#;
    for (nesting, ty) in [
        (Nesting::Single, inner.to_owned()),
        (Nesting::Group, inner.to_owned()),
        (Nesting::List, r#""dynamic""#.to_owned()),
        (Nesting::Map, r#""dynamic""#.to_owned()),
    ] {
        let block = with_block(nesting, block_of(Type::List(Box::new(Type::Dynamic))));
        check(&block, &format!(r#"["object",{{"b":{ty}}}]"#));
        let outer = with_block(Nesting::List, block);
        check(&outer, r#"["object",{"b":"dynamic"}]"#);
    }
    // Attributes made of attributes keep their type.
    let attributes = vec![attribute("a", AttributeType::Plain(Type::Dynamic))];
    let nested = AttributeType::Nested { nesting: Nesting::List, attributes };
    let block = Block { attributes: vec![attribute("b", nested)], ..Block::default() };
    check(&block, r#"["object",{"b":["list",["object",{"a":"dynamic"}]]}]"#);
}

#[test]
fn an_incomplete_object_is_completed() {
    let absent = |nesting| {
        let mut object = Object::new();
        with_block(nesting, block_of(Type::Bool)).complete(&mut object);
        object.remove("b").unwrap()
    };
    let empty = || Value::Map([("a".to_owned(), Value::Null)].into());
    assert_eq!(absent(Nesting::Single), Value::Null);
    assert_eq!(absent(Nesting::Group), empty());
    assert_eq!(absent(Nesting::List), Value::List(vec![]));
    assert_eq!(absent(Nesting::Set), Value::Set(vec![]));
    assert_eq!(absent(Nesting::Map), Value::Map(Object::new()));
    let hole = || Value::Map(Object::new());
    for (nesting, given, wanted) in [
        (Nesting::Single, hole(), empty()),
        (Nesting::List, Value::List(vec![hole()]), Value::List(vec![empty()])),
        (Nesting::Set, Value::Set(vec![hole()]), Value::Set(vec![empty()])),
        (
            Nesting::Map,
            Value::Map([("k".to_owned(), hole())].into()),
            Value::Map([("k".to_owned(), empty())].into()),
        ),
        (Nesting::List, Value::unknown(), Value::unknown()),
    ] {
        let mut object = Object::from([("b".to_owned(), given)]);
        with_block(nesting, block_of(Type::Bool)).complete(&mut object);
        assert_eq!(object["b"], wanted);
    }
}
