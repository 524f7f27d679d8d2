//! Tests of planning: tables here, random schemas in `properties`.

mod blocks;
mod properties;
mod world;

use super::*;
use crate::{Behavior, Mode, Replace, Type};

const NULL: Value = Value::Null;

fn text(it: &str) -> Value {
    Value::string(it)
}

fn unknown() -> Value {
    Value::unknown()
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(object(members))
}

fn attribute(name: &str, mode: Mode) -> Attribute {
    Attribute {
        name: name.to_owned(),
        doc: name.to_owned(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    }
}

fn replacing(name: &str) -> Attribute {
    let it = attribute(name, Mode::Optional);
    Attribute { behavior: Behavior { replaces: Replace::Always, ..it.behavior }, ..it }
}

fn stable(name: &str) -> Attribute {
    let it = attribute(name, Mode::Computed);
    Attribute { behavior: Behavior { stable: true, ..it.behavior }, ..it }
}

fn with_default(name: &str, default: &str) -> Attribute {
    let it = attribute(name, Mode::Optional);
    Attribute { behavior: Behavior { default: Some(text(default)), ..it.behavior }, ..it }
}

fn write_only(name: &str) -> Attribute {
    Attribute { write_only: true, ..attribute(name, Mode::Optional) }
}

fn nested(name: &str, mode: Mode, nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    Attribute { ty: AttributeType::Nested { nesting, attributes }, ..attribute(name, mode) }
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { version: 0, block: Block { attributes, ..Block::default() } }
}

/// The usual resource: an id, a configured name, a server's choice, a server's count of changes.
fn usual() -> Schema {
    schema(vec![
        stable("id"),
        attribute("name", Mode::Required),
        attribute("choice", Mode::OptionalComputed),
        with_default("level", "low"),
        attribute("changes", Mode::Computed),
        write_only("secret"),
    ])
}

fn usual_state() -> Object {
    object([
        ("id", text("1")),
        ("name", text("n")),
        ("choice", text("c")),
        ("level", text("low")),
        ("changes", text("7")),
        ("secret", NULL),
    ])
}

fn usual_config<const N: usize>(members: [(&str, Value); N]) -> Object {
    let mut config = object([
        ("id", NULL),
        ("name", text("n")),
        ("choice", NULL),
        ("level", NULL),
        ("changes", NULL),
        ("secret", NULL),
    ]);
    config.extend(object(members));
    config
}

/// Plans, and checks that Terraform would accept it.
#[track_caller]
fn check(schema: &Schema, prior: Option<&Object>, config: &Object, planned: &Object, replace: &[&str]) {
    let proposed = world::proposed(schema, prior, config);
    let ask = Ask { prior, config, proposed: &proposed };
    let plan = plan(schema, ask);
    assert_eq!(&plan.planned, planned);
    assert_eq!(plan.requires_replace.iter().map(Path::to_string).collect::<Vec<_>>(), replace);
    assert_eq!(verify_plan(schema, ask, &plan), []);
}

#[test]
fn a_create_takes_configuration_and_defaults_and_leaves_the_rest_open() {
    let planned = object([
        ("id", unknown()),
        ("name", text("n")),
        ("choice", unknown()),
        ("level", text("low")),
        ("changes", unknown()),
        ("secret", NULL),
    ]);
    check(&usual(), None, &usual_config([("secret", text("s"))]), &planned, &[]);
}

#[test]
fn an_unchanged_resource_is_planned_exactly_as_before() {
    check(&usual(), Some(&usual_state()), &usual_config([]), &usual_state(), &[]);
    check(&usual(), Some(&usual_state()), &usual_config([("secret", text("other"))]), &usual_state(), &[]);
    check(&usual(), Some(&usual_state()), &usual_config([("level", text("low"))]), &usual_state(), &[]);
}

#[test]
fn a_change_leaves_everything_open_that_the_provider_decides_except_what_is_stable() {
    let mut planned = usual_state();
    planned.extend(object([("name", text("m")), ("choice", unknown()), ("changes", unknown())]));
    check(&usual(), Some(&usual_state()), &usual_config([("name", text("m"))]), &planned, &[]);
}

#[test]
fn an_unknown_configured_value_stays_unknown() {
    let mut planned = usual_state();
    planned.extend(object([("name", unknown()), ("choice", text("x")), ("changes", unknown())]));
    let config = usual_config([("name", unknown()), ("choice", text("x"))]);
    check(&usual(), Some(&usual_state()), &config, &planned, &[]);
}

#[test]
fn drift_from_a_default_is_a_change() {
    let mut prior = usual_state();
    prior.extend(object([("level", text("high"))]));
    let mut planned = usual_state();
    planned.extend(object([("choice", unknown()), ("changes", unknown())]));
    check(&usual(), Some(&prior), &usual_config([]), &planned, &[]);
}

#[test]
fn a_stable_value_that_is_not_known_yet_is_left_open() {
    let mut prior = usual_state();
    prior.extend(object([("id", NULL)]));
    let config = usual_config([("name", text("m"))]);
    let mut planned = usual_state();
    planned.extend(object([
        ("id", unknown()),
        ("name", text("m")),
        ("choice", unknown()),
        ("changes", unknown()),
    ]));
    check(&usual(), Some(&prior), &config, &planned, &[]);
}

#[test]
fn only_real_changes_replace() {
    let schema = schema(vec![replacing("a"), attribute("b", Mode::Optional)]);
    let state = |a: &str, b: &str| object([("a", text(a)), ("b", text(b))]);
    check(&schema, None, &state("1", "1"), &state("1", "1"), &[]);
    check(&schema, Some(&state("1", "1")), &state("1", "2"), &state("1", "2"), &[]);
    check(&schema, Some(&state("1", "1")), &state("2", "1"), &state("2", "1"), &["a"]);
    let open = object([("a", unknown()), ("b", text("1"))]);
    check(&schema, Some(&state("1", "1")), &open, &open, &["a"]);
    let gone = object([("a", NULL), ("b", text("1"))]);
    check(&schema, Some(&state("1", "1")), &gone, &gone, &["a"]);
}

#[test]
fn what_the_provider_decides_does_not_replace_until_the_user_decides() {
    let mut choice = attribute("a", Mode::OptionalComputed);
    choice.behavior.replaces = Replace::Always;
    let schema = schema(vec![choice, attribute("b", Mode::Optional)]);
    let prior = object([("a", text("1")), ("b", text("1"))]);
    let config = object([("a", NULL), ("b", text("2"))]);
    check(&schema, Some(&prior), &config, &object([("a", unknown()), ("b", text("2"))]), &[]);
    let config = object([("a", text("2")), ("b", text("1"))]);
    check(&schema, Some(&prior), &config, &config, &["a"]);
}

/// A nested object with one attribute of each kind.
fn inner() -> Vec<Attribute> {
    vec![replacing("key"), with_default("level", "low"), stable("id"), attribute("count", Mode::Computed)]
}

fn written(key: &str) -> Value {
    map([("key", text(key)), ("level", NULL), ("id", NULL), ("count", NULL)])
}

fn settled(key: &str) -> Value {
    map([("key", text(key)), ("level", text("low")), ("id", text(key)), ("count", text("1"))])
}

fn fresh(key: &str) -> Value {
    map([("key", text(key)), ("level", text("low")), ("id", unknown()), ("count", unknown())])
}

/// As [`settled`], in a resource that changes somewhere.
fn moved(key: &str) -> Value {
    map([("key", text(key)), ("level", text("low")), ("id", text(key)), ("count", unknown())])
}

#[test]
fn nested_objects_follow_the_same_rules() {
    let schema = schema(vec![nested("o", Mode::Optional, Nesting::Single, inner())]);
    let o = |it: Value| object([("o", it)]);
    check(&schema, None, &o(written("a")), &o(fresh("a")), &[]);
    check(&schema, Some(&o(settled("a"))), &o(written("a")), &o(settled("a")), &[]);
    check(&schema, Some(&o(NULL)), &o(written("a")), &o(fresh("a")), &[]);
    check(&schema, Some(&o(settled("a"))), &o(NULL), &o(NULL), &[]);
    check(&schema, Some(&o(settled("a"))), &o(unknown()), &o(unknown()), &["o"]);
    let planned = map([("key", text("b")), ("level", text("low")), ("id", text("a")), ("count", unknown())]);
    check(&schema, Some(&o(settled("a"))), &o(written("b")), &o(planned), &["o.key"]);
}

#[test]
fn elements_of_lists_correlate_by_index_and_of_maps_by_key() {
    let list = schema(vec![nested("l", Mode::Optional, Nesting::List, inner())]);
    let l = |it: Vec<Value>| object([("l", Value::List(it))]);
    let prior = l(vec![settled("a"), settled("b")]);
    check(&list, Some(&prior), &l(vec![written("a"), written("b")]), &prior, &[]);
    let config = l(vec![written("a"), written("b"), written("c")]);
    check(&list, Some(&prior), &config, &l(vec![moved("a"), moved("b"), fresh("c")]), &[]);
    let other = map([("key", text("c")), ("level", text("low")), ("id", text("b")), ("count", unknown())]);
    let config = l(vec![written("a"), written("c")]);
    check(&list, Some(&prior), &config, &l(vec![moved("a"), other]), &["l[1].key"]);

    let by_key = schema(vec![nested("m", Mode::Optional, Nesting::Map, inner())]);
    let prior = object([("m", map([("x", settled("a")), ("y", settled("b"))]))]);
    let config = object([("m", map([("x", written("a")), ("z", written("c"))]))]);
    let planned = object([("m", map([("x", moved("a")), ("z", fresh("c"))]))]);
    check(&by_key, Some(&prior), &config, &planned, &[]);
    let config = object([("m", map([("x", written("c")), ("y", unknown())]))]);
    let other = map([("key", text("c")), ("level", text("low")), ("id", text("a")), ("count", unknown())]);
    let planned = object([("m", map([("x", other), ("y", unknown())]))]);
    check(&by_key, Some(&prior), &config, &planned, &["m[\"x\"].key", "m[\"y\"]"]);
}

#[test]
fn elements_of_sets_correlate_by_what_the_user_wrote() {
    let schema = schema(vec![nested("s", Mode::Optional, Nesting::Set, inner())]);
    let s = |it: Vec<Value>| object([("s", Value::set(it))]);
    let prior = s(vec![settled("a"), settled("b")]);
    check(&schema, Some(&prior), &s(vec![written("b"), written("a")]), &prior, &[]);
    let config = s(vec![written("b"), written("c")]);
    check(&schema, Some(&prior), &config, &s(vec![moved("b"), fresh("c")]), &["s"]);
    check(&schema, Some(&prior), &object([("s", unknown())]), &object([("s", unknown())]), &["s"]);
}

#[test]
fn a_set_of_values_still_unknown_keeps_its_size() {
    let ids = Attribute {
        ty: AttributeType::Plain(Type::Set(Box::new(Type::String))),
        ..attribute("ids", Mode::Optional)
    };
    let config = object([("ids", Value::set(vec![unknown(), unknown(), text("a")]))]);
    check(&schema(vec![ids]), None, &config, &config, &[]);
}

#[test]
fn a_choice_of_objects_left_to_the_provider_stays_as_it_is() {
    // Terraform proposes null here, because an attribute inside cannot have come from the provider alone.
    let inner = vec![attribute("a", Mode::Optional)];
    let schema = schema(vec![
        nested("o", Mode::OptionalComputed, Nesting::Single, inner),
        attribute("n", Mode::Optional),
    ]);
    let prior = object([("o", map([("a", text("x"))])), ("n", NULL)]);
    let config = object([("o", NULL), ("n", NULL)]);
    assert_eq!(world::proposed(&schema, Some(&prior), &config)["o"], NULL);
    check(&schema, Some(&prior), &config, &prior, &[]);
    let config = object([("o", NULL), ("n", text("1"))]);
    check(&schema, Some(&prior), &config, &object([("o", unknown()), ("n", text("1"))]), &[]);
}

#[test]
fn write_only_values_inside_objects_are_not_planned() {
    let schema = schema(vec![nested(
        "o",
        Mode::Optional,
        Nesting::Single,
        vec![write_only("secret"), attribute("version", Mode::Optional)],
    )]);
    let o =
        |secret: Value, version: &str| object([("o", map([("secret", secret), ("version", text(version))]))]);
    check(&schema, Some(&o(NULL, "1")), &o(text("s"), "1"), &o(NULL, "1"), &[]);
    check(&schema, Some(&o(NULL, "1")), &o(text("s"), "2"), &o(NULL, "2"), &[]);
}

#[test]
fn blocks_are_planned_like_objects() {
    let block = |name: &str, nesting| NestedBlock {
        name: name.to_owned(),
        block: Block { attributes: inner(), ..Block::default() },
        nesting,
        items_min: 0,
        items_max: 0,
    };
    let schema = Schema {
        version: 0,
        block: Block {
            blocks: vec![
                block("one", Nesting::Single),
                block("many", Nesting::List),
                block("all", Nesting::Set),
            ],
            ..Block::default()
        },
    };
    let config = object([
        ("one", written("a")),
        ("many", Value::List(vec![written("b")])),
        ("all", Value::set(vec![written("c")])),
    ]);
    let planned = object([
        ("one", fresh("a")),
        ("many", Value::List(vec![fresh("b")])),
        ("all", Value::set(vec![fresh("c")])),
    ]);
    check(&schema, None, &config, &planned, &[]);
    let prior = object([
        ("one", settled("a")),
        ("many", Value::List(vec![settled("b")])),
        ("all", Value::set(vec![settled("c")])),
    ]);
    check(&schema, Some(&prior), &config, &prior, &[]);
    let none = object([("one", NULL), ("many", Value::List(vec![])), ("all", unknown())]);
    check(&schema, Some(&prior), &none, &none, &["all"]);
}

fn formed(name: &str) -> Attribute {
    let mut it = attribute(name, Mode::Optional);
    it.behavior.form = Some(crate::form::letter_case());
    it
}

#[test]
fn another_spelling_is_no_change() {
    let mut fixed = formed("a");
    fixed.behavior.replaces = Replace::Always;
    let schema = schema(vec![fixed, attribute("changes", Mode::Computed)]);
    let state = |a: Value, changes: Value| object([("a", a), ("changes", changes)]);
    let prior = state(text("Ab"), text("7"));
    check(&schema, Some(&prior), &state(text("aB"), NULL), &prior, &[]);
    check(&schema, Some(&prior), &state(text("b"), NULL), &state(text("b"), unknown()), &["a"]);
    check(&schema, Some(&prior), &state(unknown(), NULL), &state(unknown(), unknown()), &["a"]);
    check(&schema, None, &state(text("aB"), NULL), &state(text("aB"), unknown()), &[]);
}

#[test]
fn elements_of_a_set_that_mean_the_same_stay_apart() {
    let schema = schema(vec![nested("s", Mode::Optional, Nesting::Set, vec![formed("a")])]);
    let s = |it: &[&str]| object([("s", Value::set(it.iter().map(|it| map([("a", text(it))])).collect()))]);
    check(&schema, Some(&s(&["x"])), &s(&["X"]), &s(&["x"]), &[]);
    // Only one of them can be the one that is there; were it the wrong one, the set would shrink.
    check(&schema, Some(&s(&["x"])), &s(&["x", "X"]), &s(&["x", "X"]), &[]);
    check(&schema, Some(&s(&["X"])), &s(&["x", "X"]), &s(&["x", "X"]), &[]);
    check(&schema, Some(&s(&["x", "X"])), &s(&["X"]), &s(&["X"]), &[]);
}

#[test]
fn a_condition_decides_about_replacement() {
    let mut size = attribute("a", Mode::Optional);
    let shrinks = crate::Condition {
        words: "it becomes shorter".to_owned(),
        test: std::sync::Arc::new(|prior, planned| {
            planned.as_str().map_or(0, str::len) < prior.as_str().map_or(0, str::len)
        }),
    };
    size.behavior.replaces = Replace::When(shrinks);
    let schema = schema(vec![size]);
    let a = |it: Value| object([("a", it)]);
    check(&schema, Some(&a(text("xx"))), &a(text("x")), &a(text("x")), &["a"]);
    check(&schema, Some(&a(text("xx"))), &a(text("xxx")), &a(text("xxx")), &[]);
    check(&schema, Some(&a(text("xx"))), &a(unknown()), &a(unknown()), &["a"]);
    check(&schema, None, &a(text("x")), &a(text("x")), &[]);
}

#[test]
fn elements_that_leave_much_open_give_way() {
    let open = || attribute("b", Mode::OptionalComputed);
    let schema =
        schema(vec![nested("s", Mode::Optional, Nesting::Set, vec![attribute("a", Mode::Optional), open()])]);
    let part = |a: &str, b: Value| map([("a", text(a)), ("b", b)]);
    let s = |it: Vec<Value>| object([("s", Value::set(it))]);
    let prior = s(vec![part("x", text("1")), part("x", text("2"))]);
    // What says nothing about `b` fits both; what says 1 fits only one.
    let config = s(vec![part("x", NULL), part("x", text("1"))]);
    check(&schema, Some(&prior), &config, &prior, &[]);
}
