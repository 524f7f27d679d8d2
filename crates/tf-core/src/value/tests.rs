//! Tests of values.

use super::*;

fn text(it: &str) -> Value {
    Value::string(it)
}

#[test]
fn strings_are_in_normal_form_c() {
    assert_eq!(text("e\u{301}"), Value::String("\u{e9}".to_owned()));
    assert_eq!(text("plain").as_str(), Some("plain"));
}

#[test]
fn sets_are_sorted_and_lose_only_duplicates_that_are_certain() {
    assert_eq!(Value::set(vec![text("b"), text("a"), text("b")]), Value::Set(vec![text("a"), text("b")]));
    let maybe = || Value::List(vec![Value::unknown()]);
    assert_eq!(Value::set(vec![maybe(), maybe()]).as_elements().map(<[Value]>::len), Some(2));
}

#[test]
fn dynamic_values_are_what_is_inside() {
    let dynamic = |value: Value| Value::Dynamic(Box::new((Type::String, value)));
    for (value, null, unknown, whole, kind) in [
        (Value::Null, true, false, true, "null"),
        (Value::unknown(), false, true, false, "unknown"),
        (text("a"), false, false, true, "string"),
        (Value::List(vec![Value::unknown()]), false, false, false, "list"),
        (Value::Map([("k".to_owned(), Value::unknown())].into()), false, false, false, "object"),
        (Value::set(vec![text("a")]), false, false, true, "set"),
    ] {
        for value in [value.clone(), dynamic(value)] {
            let found = (value.is_null(), value.is_unknown(), value.is_wholly_known(), value.kind());
            assert_eq!(found, (null, unknown, whole, kind), "{value:?}");
        }
    }
}
