//! Tests of rules across attributes.

use super::*;
use crate::{Block, Nesting, Refinements};

fn names(it: &[&str]) -> Vec<String> {
    it.iter().map(|it| (*it).to_owned()).collect()
}

fn object(set: &[&str], open: &[&str]) -> Object {
    let set = set.iter().map(|it| ((*it).to_owned(), Value::string("x")));
    let open = open.iter().map(|it| ((*it).to_owned(), Value::unknown()));
    let absent = ["a", "b", "c"].map(|it| (it.to_owned(), Value::Null));
    absent.into_iter().chain(set).chain(open).collect()
}

/// What is said about an object in which some members are set and some are not known yet.
#[track_caller]
fn check(rule: &Relation, set: &[&str], open: &[&str], said: Option<&str>) {
    let rules = Rules { relations: std::slice::from_ref(rule), blocks: &[] };
    let found: Vec<_> =
        broken(&rules, &Path::root(), &object(set, open)).into_iter().map(|it| it.summary).collect();
    assert_eq!(found, said.into_iter().collect::<Vec<_>>(), "{rule:?} {set:?} {open:?}");
}

#[test]
fn what_conflicts_is_set_once_at_most() {
    let rule = Relation::Conflicts(names(&["a", "b", "c"]));
    check(&rule, &[], &[], None);
    check(&rule, &["b"], &[], None);
    check(&rule, &["b"], &["a", "c"], None);
    check(&rule, &["a", "c"], &[], Some("`c` excludes `a`"));
}

#[test]
fn exactly_one_is_neither_none_nor_two() {
    let rule = Relation::ExactlyOne(names(&["a", "b"]));
    check(&rule, &["a"], &[], None);
    check(&rule, &["a"], &["b"], None);
    check(&rule, &[], &["b"], None);
    check(&rule, &["c"], &[], Some("Exactly one of `a`, `b` is needed"));
    check(&rule, &["a", "b"], &[], Some("`b` excludes `a`"));
}

#[test]
fn at_least_one_may_be_all() {
    let rule = Relation::AtLeastOne(names(&["a", "b"]));
    check(&rule, &["a", "b"], &[], None);
    check(&rule, &[], &["a"], None);
    check(&rule, &[], &[], Some("At least one of `a`, `b` is needed"));
}

#[test]
fn what_is_required_is_missed_only_where_it_is_certainly_absent() {
    let rule = Relation::Requires("a".to_owned(), names(&["b", "c"]));
    check(&rule, &[], &[], None);
    check(&rule, &["b"], &[], None);
    check(&rule, &[], &["a"], None);
    check(&rule, &["a", "b"], &["c"], None);
    check(&rule, &["a", "b"], &[], Some("`a` needs `c`"));
    check(&rule, &["a"], &[], Some("`a` needs `b`, `c`"));
}

#[test]
fn an_unknown_value_that_is_certainly_not_null_is_set() {
    let mut members = object(&["a"], &[]);
    let refined = Refinements { null: Some(false), ..Refinements::default() };
    members.insert("b".to_owned(), Value::refined(refined));
    let relations = [Relation::Conflicts(names(&["a", "b"]))];
    assert_eq!(broken(&Rules { relations: &relations, blocks: &[] }, &Path::root(), &members).len(), 1);
}

#[test]
fn blocks_that_nobody_wrote_are_not_set() {
    let block = |name: &str| NestedBlock {
        name: name.to_owned(),
        block: Block::default(),
        nesting: Nesting::List,
        items_min: 0,
        items_max: 0,
    };
    let relations = [Relation::ExactlyOne(names(&["a", "b"]))];
    let blocks = [block("b")];
    let rules = Rules { relations: &relations, blocks: &blocks };
    let count = |a: Value, b: Value| {
        let object = Object::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        broken(&rules, &Path::root(), &object).len()
    };
    let one = || Value::List(vec![Value::Map(Object::new())]);
    assert_eq!(count(Value::Null, Value::List(vec![])), 1);
    assert_eq!(count(Value::Null, one()), 0);
    assert_eq!(count(Value::string("x"), Value::List(vec![])), 0);
    assert_eq!(count(Value::string("x"), one()), 1);
    // An empty list of an attribute was written by somebody.
    assert_eq!(count(Value::List(vec![]), one()), 1);
}

#[test]
fn the_message_says_where_and_what_to_do() {
    let path = Path::attribute("login").then(Step::Index(1));
    let told = |rule: &Relation, set: &[&str]| {
        let rules = Rules { relations: std::slice::from_ref(rule), blocks: &[] };
        let it = broken(&rules, &path, &object(set, &[])).remove(0);
        (it.detail, it.path.unwrap().to_string())
    };
    let (detail, place) = told(&Relation::Conflicts(names(&["a", "b"])), &["a", "b"]);
    assert_eq!(
        detail,
        "Only one of `a`, `b` may be set, but `a`, `b` are. Leave all but one out. Nothing was changed."
    );
    assert_eq!(place, "login[1].b");
    let (detail, place) = told(&Relation::AtLeastOne(names(&["a", "b"])), &[]);
    assert_eq!(
        detail,
        "At least one of `a`, `b` must be set in `login[1]`, but none is. Set one. Nothing was changed."
    );
    assert_eq!(place, "login[1]");
    let (detail, place) = told(&Relation::Requires("a".to_owned(), names(&["b"])), &["a"]);
    assert_eq!(
        detail,
        "`login[1].a` means nothing without `b`. Set `b` as well, or leave `login[1].a` out. Nothing was changed."
    );
    assert_eq!(place, "login[1].a");
}
