//! JSON that travels as a text: two texts are the same when they mean the same, whatever the order of their keys, their white
//! space and the spelling of their numbers.

use serde_json::Value;

use crate::Number;

/// Whether two texts hold the same JSON. A text that is not JSON is the same as itself alone.
pub fn same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (serde_json::from_str(one), serde_json::from_str(other)) {
        (Ok(one), Ok(other)) => same_value(&one, &other),
        _ => false,
    }
}

/// Whether two JSON values mean the same: `2` is `2.0`, and the order of members is none.
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let exact = |it: &serde_json::Number| it.to_string().parse::<Number>().ok();
            one == other || exact(one).is_some_and(|it| Some(it) == exact(other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_value(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let is_there = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| same_value(value, other))
            };
            one.len() == other.len() && one.iter().all(is_there)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(one: &str, other: &str, expected: bool) {
        assert_eq!(same(one, other), expected, "{one} {other}");
        assert_eq!(same(other, one), expected, "{other} {one}");
    }

    #[test]
    fn json_is_compared_by_what_it_means() {
        for (one, other, expected) in [
            (r#"{"a":1,"b":[1,2]}"#, "{ \"b\" : [1, 2],\n \"a\" : 1 }", true),
            ("2", "2.0", true),
            ("2e1", "20", true),
            ("12345678901234567890", "12345678901234567891", false),
            (r#""2""#, "2", false),
            ("[1,2]", "[2,1]", false),
            (r#"{"a":null}"#, "{}", false),
            ("true", "false", false),
            ("no json", "no json", true),
            ("no json", "no  json", false),
        ] {
            check(one, other, expected);
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z\"\\\\é ]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 16, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-c]{1,2}", inner, 0..4)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn another_layout_of_the_same_is_the_same(value in values()) {
            let (plain, wide) = (value.to_string(), serde_json::to_string_pretty(&value).unwrap());
            prop_assert!(same(&plain, &wide));
        }

        #[test]
        fn what_is_the_same_is_equal_where_there_are_no_fractions(one in values(), other in values()) {
            prop_assert_eq!(same_value(&one, &other), one == other);
        }
    }
}
