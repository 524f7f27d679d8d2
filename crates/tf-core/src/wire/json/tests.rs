//! Tests of the JSON codec.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::wire::random::{self, Knowledge};

fn parse_json(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

fn object(members: &[(&str, Type)]) -> Type {
    Type::Object(members.iter().map(|(name, ty)| ((*name).to_owned(), ty.clone())).collect())
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(name, it)| (name.to_owned(), it)).collect())
}

/// Both directions.
#[track_caller]
fn check(text: &str, ty: &Type, value: &Value) {
    assert_eq!(encode(value, ty).unwrap().to_string(), text);
    check_decode(text, ty, value);
}

#[track_caller]
fn check_decode(text: &str, ty: &Type, value: &Value) {
    assert_eq!(decode(&parse_json(text), ty).as_ref(), Ok(value), "{text}");
    assert_eq!(decode_state(&parse_json(text), ty).as_ref(), Ok(value), "{text}");
}

#[track_caller]
fn check_refused(text: &str, ty: &Type, path: &str) {
    let error = decode(&parse_json(text), ty).unwrap_err();
    assert_eq!(error.path.to_string(), path, "{text}: {error}");
    assert!(!error.reason.contains("hunter2"), "{error}");
}

#[test]
fn values_are_natural_json() {
    let number = |text: &str| Value::Number(text.parse().unwrap());
    check("null", &Type::Bool, &Value::Null);
    check("true", &Type::Bool, &Value::Bool(true));
    check(r#""a""#, &Type::String, &Value::string("a"));
    check("0.1", &Type::Number, &number("0.1"));
    check(
        "12345678901234567890.000000000000000000000001",
        &Type::Number,
        &number("12345678901234567890.000000000000000000000001"),
    );
    check("[1,2]", &Type::List(Box::new(Type::Number)), &Value::List(vec![number("1"), number("2")]));
    check(
        "[1,true]",
        &Type::Tuple(vec![Type::Number, Type::Bool]),
        &Value::List(vec![number("1"), Value::Bool(true)]),
    );
    check(r#"{"k":1}"#, &Type::Map(Box::new(Type::Number)), &members([("k", number("1"))]));
    check(r#"{"a":null}"#, &object(&[("a", Type::Bool)]), &members([("a", Value::Null)]));
    let dynamic = Value::Dynamic(Box::new((Type::Number, number("1"))));
    check(r#"{"type":"number","value":1}"#, &Type::Dynamic, &dynamic);
}

#[test]
fn scalars_may_be_written_as_one_another() {
    let number = |text: &str| Value::Number(text.parse().unwrap());
    check_decode(r#""5""#, &Type::Number, &number("5"));
    check_decode("5", &Type::String, &Value::string("5"));
    check_decode("1e2", &Type::String, &Value::string("100"));
    check_decode("1E2", &Type::Number, &number("100"));
    check_decode("true", &Type::String, &Value::string("true"));
    check_decode(r#""true""#, &Type::Bool, &Value::Bool(true));
    check_decode(r#""0""#, &Type::Bool, &Value::Bool(false));
    for (text, ty) in [
        (r#""hunter2""#, Type::Bool),
        (r#""hunter2""#, Type::Number),
        ("1", Type::Bool),
        ("true", Type::Number),
        ("1e999999999", Type::Number),
        ("1e999999999", Type::String),
        ("[]", Type::String),
        ("{}", Type::List(Box::new(Type::Bool))),
        ("[]", Type::Map(Box::new(Type::Bool))),
        ("[true]", Type::Tuple(vec![])),
        ("1", Type::Dynamic),
        (r#"{"value":1}"#, Type::Dynamic),
        (r#"{"value":1,"type":"number","more":1}"#, Type::Dynamic),
        (r#"{"value":1,"type":"float"}"#, Type::Dynamic),
    ] {
        check_refused(text, &ty, "");
    }
}

#[test]
fn strings_are_normalised_and_sets_coalesce() {
    check_decode("\"e\u{301}\"", &Type::String, &Value::String("\u{e9}".into()));
    let set = Value::Set(vec![Value::string("a"), Value::string("b")]);
    check_decode(r#"["b","a","b"]"#, &Type::Set(Box::new(Type::String)), &set);
}

#[test]
fn absent_members_are_null_and_strangers_depend_on_the_reader() {
    let inner = object(&[("b", Type::Bool)]);
    let ty = object(&[("a", inner.clone()), ("list", Type::List(Box::new(inner))), ("c", Type::String)]);
    let stored = json!({ "a": { "b": true, "old": 1 }, "list": [{ "old": 2 }], "old": { "x": 3 } });
    let b = |value| members([("b", value)]);
    let wanted = members([
        ("a", b(Value::Bool(true))),
        ("c", Value::Null),
        ("list", Value::List(vec![b(Value::Null)])),
    ]);
    assert_eq!(decode_state(&stored, &ty), Ok(wanted));
    assert_eq!(decode(&stored, &ty).unwrap_err().reason, "the object has a member that its type has not");
    check_decode("{}", &object(&[("a", Type::Bool)]), &members([("a", Value::Null)]));
}

#[test]
fn errors_say_where() {
    let ty = object(&[("a", Type::List(Box::new(Type::Map(Box::new(Type::Bool)))))]);
    check_refused(r#"{"a":[{"k":"hunter2"}]}"#, &ty, "a[0][\"k\"]");
    let set = object(&[("a", Type::Set(Box::new(object(&[("b", Type::Bool)]))))]);
    check_refused(r#"{"a":[{"b":"hunter2"}]}"#, &set, "a");
}

#[test]
fn unknown_and_foreign_values_are_not_encoded() {
    assert!(encode(&Value::unknown(), &Type::String).is_err());
    assert!(encode(&Value::string("a"), &Type::Dynamic).is_err());
    assert!(encode(&Value::string("a"), &Type::Number).is_err());
    assert!(encode(&members([("x", Value::Null)]), &object(&[])).is_err());
    assert!(encode(&Value::List(vec![]), &Type::Tuple(vec![Type::Bool])).is_err());
}

#[test]
fn a_small_text_cannot_become_a_huge_value() {
    let wide = (0..10).map(|it| (format!("m{it}"), Type::Bool)).collect();
    let ty = Type::List(Box::new(Type::Object(wide)));
    let json = Json::Array(vec![json!({}); 10]);
    let with = |values| {
        Decoder { strangers: Strangers::Refuse, budget: Budget { depth: 3, values } }.value(&json, &ty)
    };
    assert!(with(111).is_ok());
    assert!(with(110).unwrap_err().reason.contains("more than 1000000 values"));
}

proptest! {
    #[test]
    fn every_known_value_survives((ty, value) in random::typed(Knowledge::Whole)) {
        let text = encode(&value, &ty).unwrap().to_string();
        prop_assert_eq!(decode(&parse_json(&text), &ty), Ok(value.clone()));
        prop_assert_eq!(decode_state(&parse_json(&text), &ty), Ok(value));
    }
}
