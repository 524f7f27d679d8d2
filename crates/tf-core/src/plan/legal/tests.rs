//! Tests of the rules for plans and results.

use super::*;
use crate::plan::{Ask, Plan};
use crate::{
    Attribute, AttributeType, Behavior, Block, Mode, NestedBlock, Nesting, Object, Refinements, Schema, Step,
    Type, Value,
};

const NULL: Value = Value::Null;

fn text(it: &str) -> Value {
    Value::string(it)
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
}

fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::List(items.into())
}

fn attribute(mode: Mode) -> Attribute {
    Attribute {
        name: "a".to_owned(),
        doc: String::new(),
        ty: AttributeType::Plain(Type::String),
        sensitive: false,
        write_only: false,
        behavior: Behavior { mode, ..Behavior::default() },
    }
}

fn nested(nesting: Nesting) -> Attribute {
    let ty = AttributeType::Nested { nesting, attributes: vec![attribute(Mode::Optional)] };
    Attribute { ty, ..attribute(Mode::Optional) }
}

fn schema(attribute: Attribute) -> Schema {
    Schema { version: 0, block: Block { attributes: vec![attribute], ..Block::default() } }
}

fn block(nesting: Nesting) -> Schema {
    let block = Block { attributes: vec![attribute(Mode::Optional)], ..Block::default() };
    let nested = NestedBlock { name: "a".to_owned(), block, nesting, items_min: 0, items_max: 0 };
    Schema { version: 0, block: Block { blocks: vec![nested], ..Block::default() } }
}

fn object(value: Value) -> Object {
    [("a".to_owned(), value)].into()
}

/// One row of the table: prior, configured and planned value of the only attribute, and the rule that is broken.
#[track_caller]
fn check(schema: &Schema, prior: Option<Value>, config: Value, planned: Value, broken: &[(&str, Rule)]) {
    let (prior, config) = (prior.map(object), object(config));
    let ask = Ask { prior: prior.as_ref(), config: &config, proposed: &config };
    let plan = Plan { planned: object(planned), requires_replace: vec![] };
    let violations = verify_plan(schema, ask, &plan);
    let found: Vec<_> = violations.iter().map(|it| (it.path.to_string(), it.rule)).collect();
    let wanted: Vec<_> = broken.iter().map(|(path, rule)| ((*path).to_owned(), *rule)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn what_only_the_user_decides() {
    let schema = schema(attribute(Mode::Optional));
    let prior = || Some(text("old"));
    check(&schema, None, text("x"), text("x"), &[]);
    check(&schema, None, NULL, NULL, &[]);
    check(&schema, prior(), text("x"), text("old"), &[]);
    check(&schema, prior(), Value::unknown(), text("old"), &[]);
    check(&schema, None, Value::unknown(), Value::unknown(), &[]);
    check(&schema, None, text("x"), text("y"), &[("a", Rule::ConfigIsKept)]);
    check(&schema, None, text("x"), NULL, &[("a", Rule::ConfigIsKept)]);
    check(&schema, None, text("x"), Value::unknown(), &[("a", Rule::ConfigIsKept)]);
    check(&schema, prior(), Value::unknown(), text("y"), &[("a", Rule::ConfigIsKept)]);
    check(&schema, prior(), NULL, text("old"), &[("a", Rule::OnlyUserDecides)]);
    check(&schema, None, NULL, Value::unknown(), &[("a", Rule::OnlyUserDecides)]);
}

#[test]
fn what_the_provider_decides() {
    for planned in [NULL, text("x"), Value::unknown()] {
        check(&schema(attribute(Mode::Computed)), None, NULL, planned.clone(), &[]);
        check(&schema(attribute(Mode::OptionalComputed)), None, NULL, planned.clone(), &[]);
        let mut with_default = attribute(Mode::Optional);
        with_default.behavior.default = Some(text("x"));
        check(&schema(with_default), None, NULL, planned, &[]);
    }
    let both = schema(attribute(Mode::OptionalComputed));
    check(&both, None, text("x"), text("y"), &[("a", Rule::ConfigIsKept)]);
}

#[test]
fn refinements_do_not_matter_in_a_plan() {
    let refined = Value::refined(Refinements { null: Some(false), ..Refinements::default() });
    check(&schema(attribute(Mode::Required)), None, refined, Value::unknown(), &[]);
}

#[test]
fn write_only_values_are_not_planned() {
    let schema = schema(Attribute { write_only: true, ..attribute(Mode::Optional) });
    check(&schema, None, text("x"), NULL, &[]);
    check(&schema, None, text("x"), text("x"), &[("a", Rule::WriteOnlyIsNull)]);
}

#[test]
fn objects_made_of_attributes() {
    let a = |it: Value| map([("a", it)]);
    let single = schema(nested(Nesting::Single));
    check(&single, None, a(text("x")), a(text("x")), &[]);
    check(&single, None, a(text("x")), a(text("y")), &[("a.a", Rule::ConfigIsKept)]);
    check(&single, None, a(text("x")), Value::unknown(), &[("a", Rule::ConfiguredIsNotUnknown)]);
    check(&single, None, a(text("x")), NULL, &[("a", Rule::ExistsAsConfigured)]);
    check(&single, None, NULL, a(NULL), &[("a", Rule::OnlyUserDecides)]);
    let list_of = schema(nested(Nesting::List));
    check(&list_of, None, list([a(NULL)]), list([]), &[("a", Rule::SameCount)]);
    check(&list_of, None, list([a(NULL)]), list([a(text("x"))]), &[("a[0].a", Rule::OnlyUserDecides)]);
    check(&list_of, Some(list([a(text("p"))])), list([a(text("x"))]), list([a(text("p"))]), &[]);
    let map_of = schema(nested(Nesting::Map));
    check(&map_of, None, map([("k", a(NULL))]), map([("l", a(NULL))]), &[("a", Rule::SameKeys)]);
    let set_of = schema(nested(Nesting::Set));
    check(&set_of, None, Value::set(vec![a(NULL)]), Value::set(vec![a(text("any"))]), &[]);
    check(&set_of, None, Value::set(vec![a(NULL)]), Value::set(vec![]), &[("a", Rule::SameCount)]);
}

#[test]
fn blocks() {
    let a = |it: Value| map([("a", it)]);
    check(&block(Nesting::Single), None, NULL, NULL, &[]);
    check(&block(Nesting::Single), None, NULL, a(NULL), &[("a", Rule::ExistsAsConfigured)]);
    check(&block(Nesting::List), None, list([]), NULL, &[("a", Rule::NoBlocksIsEmpty)]);
    check(&block(Nesting::List), None, list([a(NULL)]), list([]), &[("a", Rule::SameCount)]);
    check(&block(Nesting::List), None, Value::unknown(), list([]), &[("a", Rule::ConfigIsKept)]);
    let unknown = list([Value::unknown()]);
    check(&block(Nesting::List), None, list([a(NULL)]), unknown, &[("a[0]", Rule::ConfiguredIsNotUnknown)]);
    check(&block(Nesting::Map), None, map([("k", a(NULL))]), map([]), &[("a", Rule::SameKeys)]);
}

/// A block of each nesting around one value, for an attribute of the block that is `a`.
fn around(nesting: Nesting, value: Value) -> (Value, &'static str) {
    let block = map([("a", value)]);
    match nesting {
        Nesting::Single | Nesting::Group => (block, "a.a"),
        Nesting::List => (list([block]), "a[0].a"),
        Nesting::Map => (map([("k", block)]), "a[\"k\"].a"),
        Nesting::Set => (Value::set(vec![block]), ""),
    }
}

#[test]
fn attributes_of_blocks_keep_the_rules_of_attributes() {
    for nesting in [Nesting::Single, Nesting::Group, Nesting::List, Nesting::Map] {
        let with = |mode| {
            let mut schema = block(nesting);
            schema.block.blocks[0].block.attributes = vec![attribute(mode)];
            schema
        };
        let check = |mode, prior: Option<Value>, config, planned, broken: Option<Rule>| {
            let value = |it| around(nesting, it).0;
            let path = around(nesting, NULL).1;
            let broken: Vec<_> = broken.map(|it| (path, it)).into_iter().collect();
            check(&with(mode), prior.map(value), value(config), value(planned), &broken);
        };
        for planned in [NULL, text("x"), Value::unknown()] {
            check(Mode::Computed, None, NULL, planned.clone(), None);
            check(Mode::Computed, Some(text("p")), NULL, planned.clone(), None);
            check(Mode::OptionalComputed, Some(text("p")), NULL, planned, None);
        }
        let kept = Some(Rule::ConfigIsKept);
        check(Mode::OptionalComputed, None, text("x"), text("x"), None);
        check(Mode::OptionalComputed, None, text("x"), text("y"), kept);
        check(Mode::OptionalComputed, None, text("x"), Value::unknown(), kept);
        check(Mode::OptionalComputed, Some(text("p")), text("x"), text("p"), None);
        check(Mode::OptionalComputed, Some(text("p")), text("x"), NULL, kept);
        check(Mode::OptionalComputed, Some(text("p")), Value::unknown(), Value::unknown(), None);
        check(Mode::OptionalComputed, Some(text("p")), Value::unknown(), text("y"), kept);
        check(Mode::Optional, None, NULL, text("x"), Some(Rule::OnlyUserDecides));
        check(Mode::Optional, Some(text("p")), NULL, text("p"), Some(Rule::OnlyUserDecides));
        check(Mode::Optional, Some(text("p")), text("x"), text("y"), kept);
    }
}

#[test]
fn what_was_planned_inside_blocks_comes_out() {
    for nesting in [Nesting::Single, Nesting::Group, Nesting::List, Nesting::Map] {
        let value = |it| object(around(nesting, it).0);
        let check = |planned, applied, broken: Option<Rule>| {
            let violations = verify_apply(&block(nesting), &value(planned), &value(applied));
            let found: Vec<_> = violations.iter().map(|it| it.rule).collect();
            assert_eq!(found, broken.into_iter().collect::<Vec<_>>(), "{nesting:?}");
        };
        check(Value::unknown(), text("x"), None);
        check(Value::unknown(), NULL, None);
        check(text("x"), text("x"), None);
        check(text("x"), text("y"), Some(Rule::PlanIsKept));
        check(text("x"), NULL, Some(Rule::PlanIsKept));
        check(Value::unknown(), Value::unknown(), Some(Rule::WhollyKnown));
    }
    let set = |items: Vec<Value>| object(Value::set(items.into_iter().map(|it| map([("a", it)])).collect()));
    let check = |planned, applied, broken: &[Rule]| {
        let violations = verify_apply(&block(Nesting::Set), &set(planned), &set(applied));
        assert_eq!(violations.iter().map(|it| it.rule).collect::<Vec<_>>(), broken);
    };
    check(vec![Value::unknown(), text("x")], vec![text("y"), text("x")], &[]);
    check(vec![Value::unknown(), text("x")], vec![text("y")], &[Rule::SetElementsCorrelate]);
    check(vec![text("x")], vec![text("x"), text("y")], &[Rule::SetElementsCorrelate]);
}

#[test]
fn paths_that_require_replacement_exist() {
    let schema = schema(attribute(Mode::Optional));
    let config = object(list([text("x")]));
    let ask = Ask { prior: None, config: &config, proposed: &config };
    let verify = |path: Path| {
        verify_plan(&schema, ask, &Plan { planned: config.clone(), requires_replace: vec![path] }).len()
    };
    assert_eq!(verify(Path::attribute("a")), 0);
    assert_eq!(verify(Path::attribute("a").then(Step::Index(0))), 0);
    assert_eq!(verify(Path::attribute("a").then(Step::Index(1))), 1);
    assert_eq!(verify(Path::attribute("b")), 1);
    assert_eq!(verify(Path::root()), 1);
}

#[track_caller]
fn check_applied(attribute: Attribute, planned: Value, applied: Value, broken: &[(&str, Rule)]) {
    let violations = verify_apply(&schema(attribute), &object(planned), &object(applied));
    let found: Vec<_> = violations.iter().map(|it| (it.path.to_string(), it.rule)).collect();
    let wanted: Vec<_> = broken.iter().map(|(path, rule)| ((*path).to_owned(), *rule)).collect();
    assert_eq!(found, wanted);
}

#[test]
fn what_was_planned_comes_out() {
    let check = |planned, applied, broken: &[(&str, Rule)]| {
        check_applied(attribute(Mode::OptionalComputed), planned, applied, broken);
    };
    check(text("x"), text("x"), &[]);
    check(Value::unknown(), text("x"), &[]);
    check(Value::unknown(), NULL, &[]);
    check(text("x"), text("y"), &[("a", Rule::PlanIsKept)]);
    check(NULL, text(""), &[("a", Rule::PlanIsKept)]);
    check(text(""), NULL, &[("a", Rule::PlanIsKept)]);
    check(text("x"), Value::unknown(), &[("a", Rule::WhollyKnown)]);
    check(list([text("x")]), list([]), &[("a", Rule::PlanIsKept)]);
    check(list([Value::unknown()]), list([text("x")]), &[]);
    check(list([text("x")]), list([Value::unknown()]), &[("a[0]", Rule::WhollyKnown)]);
    check(map([("k", text("x"))]), map([("k", text("y"))]), &[("a.k", Rule::PlanIsKept)]);
    check(map([("k", text("x"))]), map([]), &[("a", Rule::PlanIsKept)]);
}

#[test]
fn elements_of_sets_correlate() {
    let set = |items: &[Value]| Value::set(items.to_vec());
    let check = |planned, applied, broken: &[(&str, Rule)]| {
        check_applied(attribute(Mode::OptionalComputed), planned, applied, broken);
    };
    check(set(&[text("x"), Value::unknown()]), set(&[text("x"), text("y")]), &[]);
    check(set(&[Value::unknown(), Value::unknown()]), set(&[text("x")]), &[]);
    check(set(&[text("x")]), set(&[text("x"), text("y")]), &[("a", Rule::SetElementsCorrelate)]);
    check(set(&[text("x"), Value::unknown()]), set(&[text("y")]), &[("a", Rule::SetElementsCorrelate)]);
    check(set(&[text("x")]), set(&[Value::unknown()]), &[("a", Rule::WhollyKnown)]);
}

#[test]
fn refinements_are_promises() {
    let number = |it: &str| Value::Number(it.parse().unwrap());
    let bound = |it: &str, inclusive| Some((it.parse().unwrap(), inclusive));
    let none = Refinements::default;
    let broken = [("a", Rule::RefinementsHold)];
    for (refinements, good, bad) in [
        (Refinements { null: Some(false), ..none() }, text("x"), NULL),
        (Refinements { null: Some(true), ..none() }, NULL, text("x")),
        (Refinements { prefix: Some("ab".into()), ..none() }, text("abc"), text("ba")),
        (Refinements { lower: bound("1", true), ..none() }, number("1"), number("0.9")),
        (Refinements { lower: bound("1", false), ..none() }, number("1.1"), number("1")),
        (Refinements { upper: bound("1", true), ..none() }, number("1"), number("1.1")),
        (Refinements { upper: bound("1", false), ..none() }, number("0.9"), number("1")),
        (Refinements { length_min: Some(1), ..none() }, list([NULL]), list([])),
        (Refinements { length_max: Some(0), ..none() }, map([]), map([("k", NULL)])),
    ] {
        check_applied(attribute(Mode::Computed), Value::refined(refinements.clone()), good, &[]);
        check_applied(attribute(Mode::Computed), Value::refined(refinements), bad, &broken);
    }
}

#[test]
fn write_only_values_do_not_come_out_at_any_level() {
    let secret = || Attribute { write_only: true, ..attribute(Mode::Optional) };
    check_applied(secret(), NULL, text("x"), &[("a", Rule::WriteOnlyIsNull), ("a", Rule::PlanIsKept)]);
    for (nesting, value, path) in [
        (Nesting::Single, map([("a", text("x"))]), "a.a"),
        (Nesting::List, list([map([("a", text("x"))])]), "a[0].a"),
        (Nesting::Map, map([("k", map([("a", text("x"))]))]), "a[\"k\"].a"),
    ] {
        let ty = AttributeType::Nested { nesting, attributes: vec![secret()] };
        let attribute = Attribute { ty, ..attribute(Mode::Optional) };
        check_applied(attribute, Value::unknown(), value, &[(path, Rule::WriteOnlyIsNull)]);
    }
}
