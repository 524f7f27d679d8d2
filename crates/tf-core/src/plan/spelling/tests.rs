//! Tests of keeping spellings.

use super::*;
use crate::{Attribute, Behavior, Block, Type, form};

fn attribute(name: &str, form: Option<crate::Form>) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: String::new(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { form, ..Behavior::default() },
    }
}

fn inner() -> Vec<Attribute> {
    vec![attribute("free", Some(form::letter_case())), attribute("strict", None)]
}

fn part(free: &str, strict: &str) -> Value {
    let members = [("free", free), ("strict", strict)];
    Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), Value::string(it))).collect())
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "tables of values read better without borrows")]
fn check(nesting: Nesting, before: Value, now: Value, kept: Value) {
    let ty = AttributeType::Nested { nesting, attributes: inner() };
    let attributes = vec![Attribute { ty, ..attribute("it", None) }];
    let block = || Block { attributes: inner(), ..Block::default() };
    let blocks =
        vec![NestedBlock { name: "it".to_owned(), block: block(), nesting, items_min: 0, items_max: 0 }];
    for block in [Block { attributes, ..Block::default() }, Block { blocks, ..Block::default() }] {
        let object = |it: &Value| Object::from([("it".to_owned(), it.clone())]);
        let mut found = object(&now);
        keep_spelling(&Schema { version: 0, block }, &object(&before), &mut found);
        assert_eq!(found, object(&kept));
    }
}

#[test]
fn what_means_the_same_is_spelt_as_before() {
    check(Nesting::Single, part("A", "A"), part("a", "a"), part("A", "a"));
    check(Nesting::Single, part("A", "A"), part("b", "A"), part("b", "A"));
    check(Nesting::Single, Value::Null, part("b", "A"), part("b", "A"));
}

#[test]
fn what_is_not_known_yet_has_no_spelling() {
    let open = Value::Map([("free".to_owned(), Value::unknown()), ("strict".to_owned(), Value::Null)].into());
    check(Nesting::Single, open, part("a", "A"), part("a", "A"));
}

#[test]
fn elements_are_compared_where_they_stand() {
    let list = |items: &[Value]| Value::List(items.to_vec());
    check(
        Nesting::List,
        list(&[part("A", "1"), part("B", "2")]),
        list(&[part("a", "1"), part("x", "2"), part("c", "3")]),
        list(&[part("A", "1"), part("x", "2"), part("c", "3")]),
    );
    let map = |key: &str, it: Value| Value::Map([(key.to_owned(), it)].into());
    check(Nesting::Map, map("k", part("A", "1")), map("k", part("a", "1")), map("k", part("A", "1")));
    check(Nesting::Map, map("k", part("A", "1")), map("l", part("a", "1")), map("l", part("a", "1")));
}

#[test]
fn elements_of_sets_are_compared_by_what_they_mean() {
    let set = |items: &[Value]| Value::set(items.to_vec());
    check(
        Nesting::Set,
        set(&[part("A", "1"), part("B", "2")]),
        set(&[part("b", "2"), part("a", "1"), part("a", "3")]),
        set(&[part("A", "1"), part("B", "2"), part("a", "3")]),
    );
    check(
        Nesting::Set,
        set(&[part("A", "1"), part("a", "1")]),
        set(&[part("a", "1")]),
        set(&[part("A", "1")]),
    );
}
