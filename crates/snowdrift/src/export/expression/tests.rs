//! Values as HCL, read back by the evaluation.

use std::path::Path;
use std::rc::Rc;

use hcl_edit::parser::parse_expr;
use proptest::prelude::*;

use super::*;
use crate::evaluate::evaluate;
use crate::evaluate::scope::{Doubts, Names, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::Outcome;

struct Nobody;

impl Names for Nobody {
    fn resolve(&self, _root: &str, _path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        Ok(None)
    }
}

fn read_back(written: &str) -> Value {
    let parsed = parse_expr(written).unwrap_or_else(|error| panic!("{written}\n{error}"));
    let doubts = Doubts::default();
    evaluate(&parsed, &Scope::new(&Nobody, &doubts, Path::new("."))).unwrap().value
}

#[track_caller]
fn check(value: &str, expected: &str) {
    let written = text(&Expression::Value(Value::string(value)), 1);
    assert_eq!(written, expected);
    assert_eq!(read_back(&written), Value::string(value), "{written}");
}

#[test]
fn texts_are_escaped() {
    check("plain", r#""plain""#);
    check("say \"hi\" \\ there", r#""say \"hi\" \\ there""#);
    check("${jndi} and %{if}", r#""$${jndi} and %%{if}""#);
    check("$ {a} 100% {b} $", r#""$ {a} 100% {b} $""#);
    check("$${a} %%%{b}", r#""\u0024\u0024{a} \u0025\u0025\u0025{b}""#);
    check("one\r\ntwo\r\n", r#""one\r\ntwo\r\n""#);
    check("\u{1}\u{7f}\u{202e}", r#""\u0001\u007f\u202e""#);
    check("注文 ✓", "\"注文 ✓\"");
    check("one line\n", r#""one line\n""#);
}

#[test]
fn several_lines_stay_several_lines() {
    check("a\nb\n", "<<EOT\na\nb\nEOT");
    check("a\nb", "chomp(<<EOT\na\nb\nEOT\n  )");
    check("  a\n\n\tb \"q\" \\n\n", "<<EOT\n  a\n\n\tb \"q\" \\n\nEOT");
    check("var x = `${y}`;\nEOT\n", "<<END_OF_TEXT\nvar x = `$${y}`;\nEOT\nEND_OF_TEXT");
    check("a\n$${b}", r#""a\n\u0024\u0024{b}""#);
    check("a\nb\n\n", r#""a\nb\n\n""#);
}

#[test]
fn a_body_is_laid_out_as_terraform_does() {
    let attribute = |name: &str, it: Expression| Line::Attribute(name.to_owned(), it);
    let string = |it: &str| Expression::Value(Value::string(it));
    let lines = [
        attribute("name", string("Orders")),
        attribute(
            "connection_alias_id",
            Expression::Reference("servicenow_connection_alias.orders.id".to_owned()),
        ),
        attribute(
            "operations",
            Expression::Map(vec![(
                "get \"it\"".to_owned(),
                Expression::Object(vec![
                    ("path".to_owned(), string("/")),
                    ("method".to_owned(), string("GET")),
                ]),
            )]),
        ),
        Line::Gap,
        Line::Remark("Kept by the instance.".to_owned()),
        attribute("roles", Expression::List(vec![string("a"), string("b")])),
        attribute("none", Expression::Map(Vec::new())),
    ];
    let expected = r#"  name                = "Orders"
  connection_alias_id = servicenow_connection_alias.orders.id
  operations = {
    "get \"it\"" = {
      path   = "/"
      method = "GET"
    }
  }

  # Kept by the instance.
  roles = ["a", "b"]
  none  = {}
"#;
    assert_eq!(body(&lines, 1), expected);
}

#[test]
fn a_long_list_has_one_element_to_a_line() {
    let long = "0123456789abcdef0123456789abcdef";
    let items = vec![Expression::Value(Value::string(long)); 3];
    let line = format!("    \"{long}\",\n");
    assert_eq!(text(&Expression::List(items), 1), format!("[\n{}  ]", line.repeat(3)));
}

proptest! {
    #[test]
    fn every_text_is_read_back_as_it_was(value in "([ -~]|[$%{}\"\\\\\n\t]|\\PC){0,40}") {
        // Terraform's strings are in normal form C.
        let Value::String(value) = Value::string(value) else { unreachable!() };
        let written = text(&Expression::Value(Value::string(value.clone())), 0);
        prop_assert_eq!(read_back(&written), Value::string(value.clone()), "{}", written);
        prop_assert_eq!(read_back(&quoted(&value)), Value::string(value));
    }
}
