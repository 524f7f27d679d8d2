//! Which spellings of a value mean the same: the ready-made forms.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::{Codec, Form, Value};

/// A form of one's own: what it is of a value of the type, and what therefore does not matter, in words that fit behind
/// "Compared".
pub fn of<T: Codec>(words: &str, form: impl Fn(T) -> T + Send + Sync + 'static) -> Form {
    let of = move |value: &Value| T::decode(value).map_or_else(|_| value.clone(), |it| form(it).encode());
    Form { words: words.to_owned(), of: Arc::new(of) }
}

/// Texts: upper and lower case mean the same.
pub fn letter_case() -> Form {
    texts("without regard to upper and lower case", |text| text.to_lowercase())
}

/// Texts: blanks at the beginning and at the end mean nothing.
pub fn outer_blanks() -> Form {
    texts("without blanks at the beginning and at the end", |text| text.trim().to_owned())
}

/// Texts that hold JSON: blanks between values and the order of members mean nothing. A text that is no JSON means
/// itself.
pub fn json() -> Form {
    texts("as JSON: formatting and the order of members do not matter", |text| {
        serde_json::from_str::<Json>(text).map_or_else(|_| text.to_owned(), |it| sorted(&it).to_string())
    })
}

fn texts(words: &str, form: impl Fn(&str) -> String + Send + Sync + 'static) -> Form {
    let of = move |value: &Value| value.as_str().map_or_else(|| value.clone(), |it| Value::string(form(it)));
    Form { words: words.to_owned(), of: Arc::new(of) }
}

/// With the members of every object in order, which they are by themselves unless a crate of the build asks for the
/// order of the text.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Array(items) => items.iter().map(sorted).collect(),
        Json::Object(members) => {
            let mut members: Vec<_> = members.iter().map(|(name, it)| (name.clone(), sorted(it))).collect();
            members.sort_by(|one, other| one.0.cmp(&other.0));
            Json::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: &Form, one: &str, other: &str, same: bool) {
        let formed = |text: &str| (form.of)(&Value::string(text));
        assert_eq!(formed(one) == formed(other), same, "{one:?} {other:?}");
    }

    #[test]
    fn letters_may_be_upper_or_lower_case() {
        check(&letter_case(), "Ab", "aB", true);
        check(&letter_case(), "Ab", "Ac", false);
    }

    #[test]
    fn blanks_around_a_text_mean_nothing() {
        check(&outer_blanks(), " a b\n", "a b", true);
        check(&outer_blanks(), "a b", "ab", false);
    }

    #[test]
    fn json_is_compared_by_what_it_says() {
        check(&json(), r#"{"a":1,"b":[{"d":2,"c":3}]}"#, r#"{ "b": [ {"c":3, "d":2} ], "a": 1 }"#, true);
        check(&json(), r#"[1,2]"#, r#"[2,1]"#, false);
        check(&json(), r#"{"a":1}"#, r#"{"a":2}"#, false);
        check(&json(), "no json", "no json", true);
        check(&json(), "no json", "no  json", false);
    }

    #[test]
    fn a_form_of_ones_own_sees_the_type() {
        let parity = of::<i64>("by parity", |it| it.rem_euclid(2));
        let number = |it: i64| Value::Number(it.into());
        assert_eq!((parity.of)(&number(3)), (parity.of)(&number(-5)));
        assert_ne!((parity.of)(&number(3)), (parity.of)(&number(4)));
        assert_eq!((parity.of)(&Value::string("3")), Value::string("3"));
    }
}
