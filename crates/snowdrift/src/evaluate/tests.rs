//! What is unknown, what is secret and what is wrong; values themselves are compared with real Terraform.

use std::path::Path;
use std::rc::Rc;

use hcl_edit::parser::parse_expr;
use tf_core::{Type, Value};

use super::scope::{Doubts, Names, Scope};
use super::typed::Typed;
use super::wrong::Outcome;
use super::*;

/// `unknown`, `secret`, and an object `mixed` of a secret and a plain member.
struct Known;

impl Names for Known {
    fn resolve(&self, root: &str, _path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        let secret = Typed::string("s3cret").marked(true);
        let found = match root {
            "unknown" => Some((Typed::unknown_of(Type::String), 0)),
            "secret" => Some((secret, 0)),
            "mixed" => {
                let members = [("secret".to_owned(), secret), ("plain".to_owned(), Typed::string("p"))];
                Some((Typed::object(members.into()), 0))
            }
            _ => None,
        };
        Ok(found.map(|(value, taken)| (Rc::new(value), taken)))
    }
}

fn value(expression: &str) -> (Outcome<Typed>, Vec<String>) {
    let doubts = Doubts::default();
    let parsed = parse_expr(expression).unwrap();
    let value = evaluate(&parsed, &Scope::new(&Known, &doubts, Path::new(".")));
    (value, doubts.take())
}

#[track_caller]
fn check_unknown(expressions: &[&str]) {
    for expression in expressions {
        let (value, _) = value(expression);
        assert!(value.unwrap().has_unknown(), "{expression}");
    }
}

#[track_caller]
fn check_known(expressions: &[(&str, Value)]) {
    for (expression, wanted) in expressions {
        assert_eq!(value(expression).0.unwrap().value, *wanted, "{expression}");
    }
}

#[test]
fn what_is_unknown_goes_through_everything_that_depends_on_it() {
    check_unknown(&[
        "unknown",
        "\"a ${unknown}\"",
        "upper(unknown)",
        "unknown == \"a\"",
        "unknown ? 1 : 2",
        "[for it in [unknown] : it]",
        "[for it in unknown : it]",
        "{ (unknown) = 1 }",
        "{ a = unknown }.a",
        "try(unknown, 1)",
        "can(unknown)",
        "unknown[*]",
        "\"%{ if unknown == \"a\" }x%{ endif }\"",
        "concat([unknown]...)",
        "toset([unknown, \"a\"])",
    ]);
}

#[test]
fn what_does_not_depend_on_it_is_known() {
    check_known(&[
        ("{ a = unknown, b = 1 }.b", Value::Number(1_i64.into())),
        ("length([unknown, unknown])", Value::Number(2_i64.into())),
        ("true ? \"a\" : unknown", Value::string("a")),
        ("[unknown, \"b\"][1]", Value::string("b")),
    ]);
}

#[test]
fn a_secret_marks_what_it_goes_into_and_nothing_else() {
    let table = [
        ("secret", true),
        ("\"a ${secret}\"", true),
        ("upper(secret)", true),
        ("secret == \"a\"", true),
        ("length(secret)", true),
        ("mixed.secret", true),
        ("mixed.plain", false),
        ("mixed", true),
        ("[secret, \"a\"][0]", true),
        ("[secret, \"a\"][1]", false),
        ("{ for name, it in mixed : name => it }.plain", false),
        ("{ for name, it in mixed : name => it }.secret", true),
        ("{ for name, it in mixed : it => name }", true),
        ("[for it in [secret] : it][0]", true),
        ("true ? mixed.plain : secret", false),
        ("secret == \"a\" ? 1 : 2", true),
        ("nonsensitive(secret)", false),
        ("tolist([secret, \"a\"])[1]", false),
        ("toset([secret, \"a\"])", true),
        ("\"%{ if secret == \"a\" }x%{ endif }y\"", true),
    ];
    for (expression, sensitive) in table {
        assert_eq!(value(expression).0.unwrap().is_sensitive(), sensitive, "{expression}");
    }
}

#[test]
fn a_function_that_is_not_modelled_says_so() {
    let (value, doubts) = value("\"${timestamp()}\"");
    assert!(value.unwrap().has_unknown());
    assert_eq!(doubts, ["the function `timestamp` is evaluated by Terraform only"]);
}

#[test]
fn what_is_wrong_never_quotes_a_value() {
    for expression in
        ["1 + secret", "tonumber(secret)", "jsondecode(secret)", "[for it in secret : it]", "secret.x"]
    {
        let wrong = value(expression).0.unwrap_err().to_string();
        assert!(!wrong.contains("s3cret"), "{expression}: {wrong}");
    }
}
