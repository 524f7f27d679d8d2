//! Tests of the merge.

use tf_core::{Behavior, Type};

use super::*;

fn member_of(name: &str, ty: AttributeType, mode: Mode) -> Attribute {
    let behavior = Behavior { mode, ..Behavior::default() };
    Attribute { name: name.to_owned(), doc: String::new(), ty, sensitive: false, write_only: false, behavior }
}

fn object(name: Option<&str>, id: Option<&str>) -> Value {
    let value = |it: Option<&str>| it.map_or(Value::Null, Value::string);
    Value::Map(Object::from([("name".to_owned(), value(name)), ("id".to_owned(), value(id))]))
}

/// Merges one attribute of objects with a name from the user and an id from the provider.
fn check(nesting: Nesting, prior: Value, config: Value, merged: Value) {
    let text = || AttributeType::Plain(Type::String);
    let attributes = vec![member_of("name", text(), Mode::Required), member_of("id", text(), Mode::Computed)];
    let ty = AttributeType::Nested { nesting, attributes };
    let block = Block { attributes: vec![member_of("it", ty, Mode::Optional)], ..Block::default() };
    let around = |it: Value| Object::from([("it".to_owned(), it)]);
    assert_eq!(propose(&block, Some(&around(prior)), &around(config)), around(merged), "{nesting:?}");
}

#[test]
fn what_the_provider_decided_is_kept_for_the_elements_that_belong_together() {
    let (a1, b2) = (object(Some("a"), Some("1")), object(Some("b"), Some("2")));
    let (a, b) = (object(Some("a"), None), object(Some("b"), None));
    check(Nesting::Single, a1.clone(), b.clone(), object(Some("b"), Some("1")));
    check(Nesting::Single, a1.clone(), Value::Null, Value::Null);
    check(Nesting::Single, Value::Null, a.clone(), a.clone());
    let list = |items: &[&Value]| Value::List(items.iter().copied().cloned().collect());
    check(Nesting::List, list(&[&a1]), list(&[&b, &a]), list(&[&object(Some("b"), Some("1")), &a]));
    let set = |items: &[&Value]| Value::set(items.iter().copied().cloned().collect());
    check(Nesting::Set, set(&[&a1, &b2]), set(&[&b]), set(&[&b2]));
    let map = |key: &str, it: &Value| Value::Map(Object::from([(key.to_owned(), it.clone())]));
    check(Nesting::Map, map("x", &a1), map("x", &a), map("x", &a1));
    check(Nesting::Map, map("x", &a1), map("y", &a), map("y", &a));
}
