//! Tests of checks.

use super::*;
use crate::{AttributeType, Behavior, Block, NestedBlock, Nesting, Severity, Type};

fn text(it: &str) -> Value {
    Value::string(it)
}

fn number(it: &str) -> Value {
    Value::Number(it.parse().unwrap())
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(object(members))
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect()
}

fn attribute(name: &str) -> Attribute {
    let behavior = Behavior { checks: vec![one_of(&["on", "off"])], ..Behavior::default() };
    let ty = AttributeType::Plain(Type::String);
    Attribute {
        name: name.to_owned(),
        doc: name.to_owned(),
        ty,
        sensitive: false,
        write_only: false,
        behavior,
    }
}

fn plain(name: &str) -> Attribute {
    Attribute { behavior: Behavior::default(), ..attribute(name) }
}

fn schema(attributes: Vec<Attribute>) -> Schema {
    Schema { version: 0, block: Block { attributes, ..Block::default() } }
}

fn nested(nesting: Nesting, attributes: Vec<Attribute>) -> Attribute {
    let ty = AttributeType::Nested { nesting, attributes };
    Attribute { ty, behavior: Behavior::default(), ..attribute("nested") }
}

/// The paths that are reported.
#[track_caller]
fn check_paths(schema: &Schema, config: &Object, paths: &[&str]) {
    let found: Vec<_> = run(schema, config).0.iter().map(|it| it.path.clone().unwrap().to_string()).collect();
    assert_eq!(found, paths);
}

/// The reason, empty if the value is accepted.
#[track_caller]
fn check_value(check: &Check, value: &Value, reason: &str) {
    assert_eq!((check.test)(value).err().unwrap_or_default(), reason, "{value:?}");
}

#[test]
fn a_refused_value_is_reported_with_reason_and_place() {
    let diagnostics = run(&schema(vec![attribute("a")]), &object([("a", text("ON"))]));
    let wanted = Diagnostic::error(
        "The value of `a` cannot be used",
        "The value of `a` was refused: it is not one of `on`, `off`. Write it exactly so: `on`. Nothing was changed.",
    );
    assert_eq!(diagnostics, wanted.at(Path::attribute("a")).into());
}

#[test]
fn what_is_null_or_not_wholly_known_is_not_checked() {
    let mut whole = attribute("a");
    whole.behavior.checks = vec![elements(5, 9)];
    let schema = schema(vec![whole]);
    for value in [Value::Null, Value::unknown(), Value::List(vec![Value::unknown()])] {
        check_paths(&schema, &object([("a", value)]), &[]);
    }
    check_paths(&schema, &Object::new(), &[]);
    check_paths(&schema, &object([("a", Value::List(vec![]))]), &["a"]);
}

#[test]
fn values_inside_objects_are_checked_too() {
    let bad = || map([("a", text("bad"))]);
    let good = || map([("a", text("on"))]);
    for (nesting, value, path) in [
        (Nesting::Single, bad(), "nested.a"),
        (Nesting::List, Value::List(vec![good(), bad()]), "nested[1].a"),
        (Nesting::Set, Value::set(vec![good(), bad()]), "nested.a"),
        (Nesting::Map, map([("k", bad()), ("l", good())]), "nested[\"k\"].a"),
    ] {
        check_paths(
            &schema(vec![nested(nesting, vec![attribute("a")])]),
            &object([("nested", value.clone())]),
            &[path],
        );
        let block = Block { attributes: vec![attribute("a")], ..Block::default() };
        let blocks = vec![NestedBlock { name: "nested".into(), block, nesting, items_min: 0, items_max: 0 }];
        let in_block = Schema { version: 0, block: Block { blocks, ..Block::default() } };
        check_paths(&in_block, &object([("nested", value)]), &[path]);
    }
}

#[test]
fn a_refused_secret_is_not_quoted() {
    let leaky = Check::new("long enough", |it: &Value| Err(format!("{} is too short", it.as_str().unwrap())));
    for (sensitive, write_only) in [(true, false), (false, true)] {
        let behavior = Behavior { checks: vec![leaky.clone()], ..Behavior::default() };
        let schema = schema(vec![Attribute { sensitive, write_only, behavior, ..attribute("a") }]);
        let detail = run(&schema, &object([("a", text("hunter2"))])).0[0].detail.clone();
        assert_eq!(detail, "The value of `a` was refused: it is not long enough. Nothing was changed.");
    }
}

#[test]
fn what_is_deprecated_is_warned_about_when_it_is_used() {
    let mut old = attribute("a");
    old.behavior.deprecated = Some("Use `b` instead.".to_owned());
    let schema = schema(vec![old]);
    assert!(run(&schema, &object([("a", Value::Null)])).is_empty());
    for value in [text("on"), Value::unknown()] {
        let diagnostics = run(&schema, &object([("a", value)]));
        let warning = &diagnostics.0[0];
        assert_eq!(
            (warning.severity, warning.summary.as_str()),
            (Severity::Warning, "The attribute `a` is deprecated")
        );
        assert_eq!(warning.detail, "The attribute `a` still works for now: Use `b` instead.");
    }
    let block = |name: &str| Block { deprecated: Some(name.to_owned()), ..Block::default() };
    let nested = NestedBlock {
        name: "old".into(),
        block: block("x"),
        nesting: Nesting::List,
        items_min: 0,
        items_max: 0,
    };
    let schema = Schema { version: 0, block: Block { blocks: vec![nested], ..block("gone soon") } };
    let summaries = |value: Value| -> Vec<String> {
        run(&schema, &object([("old", value)])).0.into_iter().map(|it| it.summary).collect()
    };
    assert_eq!(summaries(Value::List(vec![])), ["This block is deprecated"]);
    let used = summaries(Value::List(vec![map([])]));
    assert_eq!(used, ["This block is deprecated", "The block `old` is deprecated"]);
}

#[test]
fn write_only_values_are_found_at_every_level() {
    let secret = || Attribute { write_only: true, ..attribute("a") };
    let schema = schema(vec![secret(), nested(Nesting::List, vec![secret(), attribute("b")])]);
    let config = object([
        ("a", text("s")),
        (
            "nested",
            Value::List(vec![map([("a", Value::Null)]), map([("a", Value::unknown()), ("b", text("x"))])]),
        ),
    ]);
    let paths: Vec<_> = write_only(&schema, &config).iter().map(Path::to_string).collect();
    assert_eq!(paths, ["a", "nested[1].a"]);
}

#[test]
fn one_of_a_few_texts() {
    let check = one_of(&["on", "off"]);
    assert_eq!(check.demand, "one of `on`, `off`");
    check_value(&check, &text("off"), "");
    check_value(&check, &text("of"), "it is not one of `on`, `off`");
    check_value(&check, &text(" Off"), "it is not one of `on`, `off`. Write it exactly so: `off`");
}

#[test]
fn lengths_of_texts_and_collections() {
    let check = length(2, 3);
    check_value(&check, &text("é€"), "");
    check_value(&check, &text("a"), "its length is 1, but it must be 2 to 3 characters long");
    check_value(&check, &text("abcd"), "its length is 4, but it must be 2 to 3 characters long");
    check_value(&length(0, 1), &text("ab"), "its length is 2, but it must be at most 1 character long");
    check_value(&length(3, 3), &text("ab"), "its length is 2, but it must be exactly 3 characters long");
    let check = elements(1, 2);
    check_value(&check, &Value::set(vec![text("a")]), "");
    check_value(&check, &Value::List(vec![]), "its length is 0, but it must be 1 to 2 elements long");
    let three = map([("k", Value::Null), ("l", Value::Null), ("m", Value::Null)]);
    check_value(&check, &three, "its length is 3, but it must be 1 to 2 elements long");
}

#[test]
fn ranges_of_numbers() {
    let check = range(-1, 5);
    for (value, reason) in
        [("-1", ""), ("5", ""), ("5.1", "it is not between -1 and 5"), ("-2", "it is not between -1 and 5")]
    {
        check_value(&check, &number(value), reason);
    }
}

#[test]
fn urls_are_absolute_and_over_http() {
    let check = url();
    for good in [
        "https://example.com",
        "HTTP://example.com:8080/path?query=a@b#fragment",
        "http://localhost",
        "https://my_host.example.com./",
        "https://[::1]:8443/",
        "http://127.0.0.1:9?x",
        "https://bücher.example",
    ] {
        check_value(&check, &text(good), "");
    }
    for (bad, reason) in [
        ("", "not an absolute URL"),
        ("example.com", "not an absolute URL"),
        ("//example.com", "not an absolute URL"),
        ("ftp://example.com", "neither `https` nor `http`"),
        ("https://", "no valid host"),
        ("https:///path", "no valid host"),
        ("https://:80", "no valid host"),
        ("https://a..b", "no valid host"),
        ("https://[::1", "no valid host"),
        ("https://[nonsense]", "no valid host"),
        ("https://a:b:1", "no valid host"),
        ("https://a:", "port is not a number"),
        ("https://a:65536", "port is not a number"),
        ("https://a:port", "port is not a number"),
        ("https://exam ple.com", "contains a blank"),
        ("https://example.com\n", "contains a blank"),
        ("https://example.com\\@evil", "contains a blank, a control character or a backslash"),
        ("https://user:hunter2@example.com", "holds a user name or a password"),
        ("https://user@example.com", "holds a user name or a password"),
    ] {
        let found = (check.test)(&text(bad)).unwrap_err();
        assert!(found.contains(reason), "{bad}: {found}");
        assert!(!found.contains("hunter2"), "{found}");
    }
}

#[test]
fn numbers_with_one_bound() {
    check_value(&at_least(2), &number("2"), "");
    check_value(&at_least(2), &number("1.9"), "it is not at least 2");
    check_value(&at_most(-2), &number("-2"), "");
    check_value(&at_most(-2), &number("-1"), "it is not at most -2");
}

#[test]
fn patterns_are_found_in_texts() {
    let check = pattern("^[a-z]+$", "made of lower-case letters");
    assert_eq!((check.demand.as_str(), check.fault.clone()), ("made of lower-case letters", None));
    check_value(&check, &text("abc"), "");
    check_value(&check, &text("a1"), "it is not made of lower-case letters");
    check_value(&pattern("b", "something with a b"), &text("abc"), "");
    let broken = pattern("(", "closed");
    check_value(&broken, &text("anything"), "");
    assert!(broken.fault.is_some());
}

#[test]
fn a_pattern_takes_no_time_that_grows_faster_than_the_text() {
    // With backtracking this would take until the end of the world.
    let check = pattern("^(a+)+$", "made of a");
    check_value(&check, &text(&format!("{}b", "a".repeat(10_000))), "it is not made of a");
}

#[test]
fn json_is_checked_without_quoting_it() {
    check_value(&json(), &text(r#"{"a": [1]}"#), "");
    let reason = "it is not JSON from line 1, column 6 on. Write it with `jsonencode`, which cannot go wrong";
    check_value(&json(), &text(r#"{"a":"#), &reason.replace("column 6", "column 5"));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!((json().test)(&text(&deep)).is_err());
}

#[test]
fn elements_and_keys_are_checked_one_by_one() {
    let check = each(one_of(&["on", "off"]));
    assert_eq!(check.demand, "made of elements that are one of `on`, `off`");
    check_value(&check, &Value::List(vec![text("on"), Value::Null]), "");
    let reason = "of one element: it is not one of `on`, `off`";
    check_value(&check, &Value::List(vec![text("on"), text("x")]), reason);
    check_value(&check, &Value::set(vec![text("x")]), reason);
    check_value(&check, &map([("k", text("x"))]), reason);
    let check = keys(length(1, 2));
    check_value(&check, &map([("ab", text("x"))]), "");
    let reason = "of one key: its length is 3, but it must be 1 to 2 characters long";
    check_value(&check, &map([("abc", text("x"))]), reason);
}

#[test]
fn rules_across_attributes_run_at_every_level() {
    let rules = || crate::Whole::new().conflicts(&["a", "b"]).relations;
    let inner = || vec![plain("a"), plain("b")];
    let mut part = nested(Nesting::List, inner());
    part.behavior.relations = rules();
    let block = Block { attributes: inner(), relations: rules(), ..Block::default() };
    let blocks =
        vec![NestedBlock { name: "blocks".into(), block, nesting: Nesting::Map, items_min: 0, items_max: 0 }];
    let attributes = inner().into_iter().chain([part]).collect();
    let schema =
        Schema { version: 0, block: Block { attributes, blocks, relations: rules(), ..Block::default() } };
    let both = || map([("a", text("x")), ("b", text("x"))]);
    let config = object([
        ("a", text("x")),
        ("b", text("x")),
        ("nested", Value::List(vec![map([("a", text("x"))]), both()])),
        ("blocks", map([("k", both())])),
    ]);
    check_paths(&schema, &config, &["b", "nested[1].b", "blocks[\"k\"].b"]);
}
