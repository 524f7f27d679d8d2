//! Tests of what may be stored.

use super::*;
use crate::{Behavior, Type};

fn text(it: &str) -> Value {
    Value::string(it)
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
}

fn attribute(name: &str, ty: AttributeType, write_only: bool) -> Attribute {
    let behavior = Behavior::default();
    Attribute { name: name.to_owned(), doc: String::new(), ty, sensitive: false, write_only, behavior }
}

fn inner() -> Vec<Attribute> {
    vec![
        attribute("plain", AttributeType::Plain(Type::String), false),
        attribute("secret", AttributeType::Plain(Type::String), true),
    ]
}

#[test]
fn write_only_values_vanish_at_every_level() {
    let given = || map([("plain", text("p")), ("secret", text("s"))]);
    let left = || map([("plain", text("p")), ("secret", Value::Null)]);
    for (nesting, given, left) in [
        (Nesting::Single, given(), left()),
        (Nesting::List, Value::List(vec![given()]), Value::List(vec![left()])),
        (Nesting::Set, Value::Set(vec![given()]), Value::Set(vec![left()])),
        (Nesting::Map, map([("secret", given())]), map([("secret", left())])),
        (Nesting::Single, Value::unknown(), Value::unknown()),
        (Nesting::List, Value::Null, Value::Null),
    ] {
        let ty = AttributeType::Nested { nesting, attributes: inner() };
        let mut attributes = inner();
        attributes.push(attribute("nested", ty, false));
        let block = Block { attributes: inner(), ..Block::default() };
        let blocks = vec![NestedBlock { name: "block".into(), block, nesting, items_min: 0, items_max: 0 }];
        let schema = Schema { version: 0, block: Block { attributes, blocks, ..Block::default() } };
        let mut object =
            map([("plain", text("p")), ("secret", text("s")), ("nested", given.clone()), ("block", given)]);
        let Value::Map(members) = &mut object else { panic!("not an object") };
        strip_write_only(&schema, members);
        let wanted =
            map([("plain", text("p")), ("secret", Value::Null), ("nested", left.clone()), ("block", left)]);
        assert_eq!(object, wanted);
    }
}

#[test]
fn unknown_parts_become_null_at_every_level() {
    let unknown = Value::unknown;
    let dynamic = |it: Value| Value::Dynamic(Box::new((Type::String, it)));
    let mut object = Object::from([
        ("a".to_owned(), unknown()),
        ("b".to_owned(), Value::List(vec![unknown(), text("x")])),
        ("c".to_owned(), Value::set(vec![unknown(), unknown()])),
        ("d".to_owned(), map([("k", unknown())])),
        ("e".to_owned(), dynamic(unknown())),
    ]);
    null_unknowns(&mut object);
    assert_eq!(object["a"], Value::Null);
    assert_eq!(object["b"], Value::List(vec![Value::Null, text("x")]));
    assert_eq!(object["c"], Value::Set(vec![Value::Null]));
    assert_eq!(object["d"], map([("k", Value::Null)]));
    assert_eq!(object["e"], dynamic(Value::Null));
}
