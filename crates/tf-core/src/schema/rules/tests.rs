//! Tests of the rules for schemas.

use std::sync::Arc;

use super::*;
use crate::{Behavior, Condition, Value, check as checks, form};

fn attribute(name: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: "A value.".to_owned(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior::default(),
    }
}

fn behaving(mode: Mode, change: fn(&mut Behavior)) -> Attribute {
    let mut it = attribute("a");
    it.behavior.mode = mode;
    change(&mut it.behavior);
    it
}

fn nested(nesting: Nesting, inner: Attribute) -> Attribute {
    Attribute { ty: AttributeType::Nested { nesting, attributes: vec![inner] }, ..attribute("a") }
}

fn block(nesting: Nesting, inner: Attribute, bounds: (i64, i64)) -> Block {
    let block = Block { doc: "A part.".to_owned(), attributes: vec![inner], ..Block::default() };
    let nested =
        NestedBlock { name: "a".to_owned(), block, nesting, items_min: bounds.0, items_max: bounds.1 };
    Block { doc: "A thing.".to_owned(), blocks: vec![nested], ..Block::default() }
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { version: 0, block: Block { doc: "A thing.".to_owned(), attributes, ..Block::default() } }
}

#[track_caller]
fn check(schema: &Schema, problems: &[&str]) {
    let found: Vec<_> = resource(schema).iter().map(|it| format!("{}: {}", it.path, it.reason)).collect();
    assert_eq!(found, problems);
}

#[track_caller]
fn check_attribute(attribute: Attribute, problems: &[&str]) {
    check(&schema(vec![attribute]), problems);
}

#[test]
fn a_good_schema_has_no_problems() {
    check_attribute(attribute("name"), &[]);
    check_attribute(behaving(Mode::Optional, |it| it.default = Some(Value::string("x"))), &[]);
    check_attribute(Attribute { write_only: true, ..attribute("a") }, &[]);
    check_attribute(nested(Nesting::Map, attribute("connection")), &[]);
    for (nesting, bounds) in [
        (Nesting::Single, (0, 0)),
        (Nesting::Single, (1, 1)),
        (Nesting::Group, (0, 0)),
        (Nesting::List, (2, 0)),
        (Nesting::Set, (1, 2)),
    ] {
        check(&Schema { version: 0, block: block(nesting, attribute("b"), bounds) }, &[]);
    }
}

#[test]
fn names_are_usable_and_free() {
    for name in ["", "Name", "1a", "_a", "a-b", "é"] {
        let problem = format!("{name}: the name is not made of lower-case letters, digits and underscores");
        check_attribute(attribute(name), &[&problem]);
    }
    check(&schema(vec![attribute("a"), attribute("a")]), &["a: the name is used twice"]);
    let mut both = Schema { version: 0, block: block(Nesting::List, attribute("b"), (0, 0)) };
    both.block.attributes.push(attribute("a"));
    check(&both, &["a: the name is used twice"]);
}

#[test]
fn reserved_names_are_refused_at_the_root() {
    for name in RESERVED_IN_RESOURCE {
        check_attribute(attribute(name), &[&format!("{name}: the name is reserved by Terraform")]);
    }
    assert_eq!(provider(&schema(vec![attribute("connection")])), []);
    assert_eq!(provider(&schema(vec![attribute("alias")])).len(), 1);
    assert_eq!(resource(&schema(vec![attribute("alias")])), []);
}

#[test]
fn everything_is_documented() {
    check_attribute(
        Attribute { doc: " \n".to_owned(), ..attribute("a") },
        &["a: the attribute is not documented"],
    );
    check(&Schema::default(), &[": the block is not documented"]);
    let inner = Attribute { doc: String::new(), ..attribute("b") };
    check_attribute(nested(Nesting::Set, inner), &["a.b: the attribute is not documented"]);
}

#[test]
fn versions_are_not_negative() {
    check(&Schema { version: -1, ..schema(vec![]) }, &[": the version is negative"]);
}

#[test]
fn write_only_attributes_stay_simple() {
    let computed = "a: a write-only attribute cannot be computed or have a default";
    check_attribute(Attribute { write_only: true, ..behaving(Mode::Computed, |_| ()) }, &[computed]);
    let default = behaving(Mode::Optional, |it| it.default = Some(Value::string("x")));
    check_attribute(Attribute { write_only: true, ..default }, &[computed]);
    let inner = Attribute { write_only: true, ..attribute("b") };
    check_attribute(
        nested(Nesting::Set, inner.clone()),
        &["a.b: a set may not contain write-only attributes"],
    );
    let in_blocks = Schema { version: 0, block: block(Nesting::Set, inner, (0, 0)) };
    check(&in_blocks, &["a.b: a set may not contain write-only attributes"]);
}

#[test]
fn replacement_needs_a_users_decision() {
    let reason = "a: what is never stored or never configured cannot force replacement";
    check_attribute(behaving(Mode::Computed, |it| it.replaces = Replace::Always), &[reason]);
    let written = behaving(Mode::Optional, |it| it.replaces = Replace::Always);
    check_attribute(Attribute { write_only: true, ..written }, &[reason]);
    let chosen = behaving(Mode::OptionalComputed, |it| it.replaces = Replace::Always);
    let reason = "a.a: inside a set a provider's decision cannot be told from a change, so it cannot force replacement";
    check_attribute(chosen.clone(), &[]);
    check_attribute(nested(Nesting::Set, chosen), &[reason]);
}

#[test]
fn defaults_are_optional_known_and_of_the_right_type() {
    let required = behaving(Mode::Required, |it| it.default = Some(Value::string("x")));
    check_attribute(required, &["a: only an optional attribute can have a default"]);
    let null = behaving(Mode::Optional, |it| it.default = Some(Value::Null));
    check_attribute(null, &["a: the default is null or not known"]);
    let wrong = behaving(Mode::Optional, |it| it.default = Some(Value::Bool(true)));
    check_attribute(wrong, &["a: the default is not of the attribute's type"]);
    let inner = behaving(Mode::Optional, |it| it.default = Some(Value::string("x")));
    let reason = "a.a: inside a set a default could make two elements equal, which Terraform refuses";
    check_attribute(nested(Nesting::Set, inner), &[reason]);
}

#[test]
fn sets_hold_no_dynamic_types() {
    let dynamic = || Attribute { ty: AttributeType::Plain(Type::Dynamic), ..attribute("b") };
    check_attribute(nested(Nesting::Set, dynamic()), &["a: a set of objects may not contain dynamic types"]);
    check_attribute(nested(Nesting::List, dynamic()), &[]);
    let blocks = Schema { version: 0, block: block(Nesting::Set, dynamic(), (0, 0)) };
    check(&blocks, &["a: a set of blocks may not contain dynamic types"]);
}

#[test]
fn blocks_that_carry_their_type_are_the_users_alone() {
    let dynamic = |mode| {
        let mut it = attribute("b");
        it.ty = AttributeType::Plain(Type::Dynamic);
        it.behavior.mode = mode;
        it
    };
    let in_list = |mode| Schema { version: 0, block: block(Nesting::List, dynamic(mode), (0, 0)) };
    check(&in_list(Mode::Optional), &[]);
    let reason =
        "a.b: blocks that carry their own type may not contain computed or write-only attributes or defaults";
    check(&in_list(Mode::Computed), &[reason]);
}

#[test]
fn bounds_of_blocks_make_sense() {
    for (nesting, bounds, reason) in [
        (Nesting::Single, (0, 1), "a single block needs both bounds 0 or both 1"),
        (Nesting::Single, (2, 2), "a single block needs both bounds 0 or both 1"),
        (Nesting::Group, (1, 0), "a group or map of blocks has no bounds"),
        (Nesting::Map, (0, 1), "a group or map of blocks has no bounds"),
        (Nesting::List, (2, 1), "the bounds contradict each other"),
        (Nesting::Set, (-1, 0), "the bounds contradict each other"),
    ] {
        let schema = Schema { version: 0, block: block(nesting, attribute("b"), bounds) };
        check(&schema, &[&format!("a: {reason}")]);
    }
    check_attribute(
        nested(Nesting::Group, attribute("b")),
        &["a: an attribute cannot be a group, only a block can"],
    );
}

#[test]
fn what_has_no_state_has_no_write_only_attributes() {
    let secret = || Attribute { write_only: true, ..attribute("a") };
    let told = |problems: Vec<Problem>| {
        problems.iter().map(|it| format!("{}: {}", it.path, it.reason)).collect::<Vec<_>>()
    };
    let deep = schema(vec![nested(Nesting::Single, secret())]);
    let reason = "only what has a state can have write-only attributes";
    assert_eq!(told(question(&deep)), [format!("a.a: {reason}")]);
    assert_eq!(told(list(&schema(vec![secret()]))), [format!("a: {reason}")]);
    assert_eq!(told(action(&deep)), [""; 0]);
    let blocks = Schema { version: 0, block: block(Nesting::Single, secret(), (0, 0)) };
    assert_eq!(told(question(&blocks)), [format!("a.a: {reason}")]);
}

#[test]
fn what_is_reserved_depends_on_the_block() {
    let named = |name: &str| schema(vec![attribute(name)]);
    assert_eq!(question(&named("connection")), []);
    assert_eq!(question(&named("count")).len(), 1);
    assert_eq!(list(&named("count")), []);
    assert_eq!(action(&named("provider")), []);
    assert_eq!(provider(&named("alias")).len(), 1);
}

#[test]
fn what_replaces_under_a_condition_has_a_value_before() {
    let condition = Condition { words: "it shrinks".to_owned(), test: Arc::new(|_, _| true) };
    let mut inner = attribute("a");
    inner.behavior.replaces = Replace::When(condition);
    check_attribute(nested(Nesting::List, inner.clone()), &[]);
    let reason = "a.a: inside a set nobody knows which value was there before, so no condition can be asked";
    check_attribute(nested(Nesting::Set, inner), &[reason]);
}

#[test]
fn only_plain_stored_values_have_a_form() {
    let formed = |mut it: Attribute| {
        it.behavior.form = Some(form::letter_case());
        it
    };
    let reason = "a: only plain values that are stored can be compared by their form";
    check_attribute(formed(attribute("a")), &[]);
    check_attribute(formed(nested(Nesting::List, attribute("a"))), &[reason]);
    check_attribute(formed(Attribute { write_only: true, ..attribute("a") }), &[reason]);
}

#[test]
fn a_version_is_stored_beside_what_it_is_the_version_of() {
    let versioned = |version: &str| {
        let mut it = Attribute { write_only: true, ..attribute("a") };
        it.behavior.version = Some(version.to_owned());
        it
    };
    check(&schema(vec![versioned("b"), attribute("b")]), &[]);
    let reason = "a: the version is not an attribute beside it that is stored";
    check_attribute(versioned("b"), &[reason]);
    check_attribute(versioned("a"), &[reason]);
    let mut stored = attribute("a");
    stored.behavior.version = Some("b".to_owned());
    check(&schema(vec![stored, attribute("b")]), &["a: only a write-only attribute needs a version"]);
}

#[test]
fn rules_across_attributes_name_what_is_there() {
    let mut whole = schema(vec![attribute("a"), attribute("b")]);
    whole.block.relations = crate::Whole::new().conflicts(&["a", "b"]).requires("a", &["b"]).relations;
    check(&whole, &[]);
    whole.block.relations = crate::Whole::new().conflicts(&["a", "c"]).exactly_one(&["a"]).relations;
    check(
        &whole,
        &[
            ": a rule names `c`, which is neither an attribute nor a block here",
            ": a rule across attributes names fewer than two",
        ],
    );
    let mut part = nested(Nesting::Single, attribute("x"));
    part.behavior.relations = crate::Whole::new().conflicts(&["x", "y"]).relations;
    check_attribute(part, &["a: a rule names `y`, which is neither an attribute nor a block here"]);
}

#[test]
fn checks_can_work_and_accept_the_default() {
    let checked = |check: crate::Check, default: Option<&str>| {
        let mut it = attribute("a");
        it.behavior.checks = vec![check];
        it.behavior.default = default.map(Value::string);
        it
    };
    check_attribute(checked(checks::one_of(&["x"]), Some("x")), &[]);
    let reason = "a: the attribute's own checks refuse the default";
    check_attribute(checked(checks::one_of(&["x"]), Some("y")), &[reason]);
    let found = resource(&schema(vec![checked(checks::pattern("(", "closed"), None)]));
    assert_eq!(found.len(), 1);
    assert!(found[0].reason.starts_with("a check cannot work: `(` is not a regular expression"));
    let found = resource(&schema(vec![checked(checks::keys(checks::pattern("(", "closed")), None)]));
    assert_eq!(found.len(), 1, "a fault is not lost inside another check");
}

#[test]
fn collections_hold_values_of_one_type() {
    let typed = |ty: Type| Attribute { ty: AttributeType::Plain(ty), ..attribute("a") };
    let reason =
        "a: a list, set or map cannot hold values that say their own types; let the whole be dynamic";
    check_attribute(typed(Type::Dynamic), &[]);
    check_attribute(typed(Type::List(Box::new(Type::Dynamic))), &[reason]);
    check_attribute(typed(Type::Tuple(vec![Type::Map(Box::new(Type::Dynamic))])), &[reason]);
    check_attribute(typed(Type::Tuple(vec![Type::Dynamic])), &[]);
}
