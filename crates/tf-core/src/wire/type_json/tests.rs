//! Tests of type JSON.

use proptest::prelude::*;

use super::*;
use crate::wire::random;

fn check(text: &str, ty: &Type) {
    assert_eq!(String::from_utf8(encode(ty)).unwrap(), text);
    assert_eq!(decode(text.as_bytes()).as_ref(), Ok(ty), "{text}");
}

#[test]
fn types_are_compact_json() {
    let string = || Box::new(Type::String);
    check(r#""string""#, &Type::String);
    check(r#""number""#, &Type::Number);
    check(r#""bool""#, &Type::Bool);
    check(r#""dynamic""#, &Type::Dynamic);
    check(r#"["list","string"]"#, &Type::List(string()));
    check(r#"["set",["map","string"]]"#, &Type::Set(Box::new(Type::Map(string()))));
    check(r#"["tuple",["bool","number"]]"#, &Type::Tuple(vec![Type::Bool, Type::Number]));
    check(r#"["tuple",[]]"#, &Type::Tuple(vec![]));
    check(r#"["object",{}]"#, &Type::Object(BTreeMap::new()));
    let members = [("b".to_owned(), Type::Bool), ("a\"".to_owned(), Type::String)];
    check(r#"["object",{"a\"":"string","b":"bool"}]"#, &Type::Object(BTreeMap::from(members)));
}

#[test]
fn names_of_optional_members_are_ignored() {
    let ty = decode(br#"["object",{"a":"bool"},["a"]]"#).unwrap();
    assert_eq!(ty, Type::Object(BTreeMap::from([("a".to_owned(), Type::Bool)])));
}

#[test]
fn everything_else_is_refused_without_quoting_it() {
    for text in [
        "",
        "string",
        "null",
        "1",
        r#""float""#,
        r#"["list"]"#,
        r#"["list","float"]"#,
        r#"["list","string",[]]"#,
        r#"["object",["a"]]"#,
        r#"["object",{"a":1}]"#,
        r#"["tuple",{}]"#,
        r#"["string","string"]"#,
        r#"{"list":"string"}"#,
        r#""string" "string""#,
    ] {
        let error = decode(text.as_bytes()).unwrap_err();
        assert!(!error.reason.contains("float"), "{error}");
    }
}

#[test]
fn deep_types_are_refused() {
    let nested = |levels: usize| format!("{}\"bool\"{}", "[\"list\",".repeat(levels), "]".repeat(levels));
    assert!(decode(nested(DEPTH_MAX - 1).as_bytes()).is_ok());
    for levels in [DEPTH_MAX, 100_000] {
        assert!(decode(nested(levels).as_bytes()).is_err());
    }
}

proptest! {
    #[test]
    fn every_type_survives(ty in random::ty()) {
        prop_assert_eq!(decode(&encode(&ty)), Ok(ty));
    }
}
