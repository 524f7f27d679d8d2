//! Plain values in files: what they are worth, and how they are written.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::Block;
use hcl_edit::template::Element;
use serde_json::{Map, Value as Json};
use tf_core::Value;

use crate::evaluate::evaluate;
use crate::evaluate::functions::encodings::from_json;
use crate::evaluate::scope::{Doubts, Names, Scope};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::Outcome;
use crate::export::expression::{self, quoted};

/// Where no name means anything.
struct Nowhere;

impl Names for Nowhere {
    fn resolve(&self, _root: &str, _path: &[&str]) -> Outcome<Option<(Rc<Typed>, usize)>> {
        Ok(None)
    }
}

/// The value of an expression, if it is plain: it names nothing and calls nothing.
pub fn value(expression: &Expression) -> Option<Json> {
    if !is_plain(expression) {
        return None;
    }
    let doubts = Doubts::default();
    let typed = evaluate(expression, &Scope::new(&Nowhere, &doubts, Path::new(""))).ok()?;
    json(&typed.value)
}

/// Whether an expression is a value that is written out. `chomp` belongs to how several lines are written.
fn is_plain(expression: &Expression) -> bool {
    match expression {
        Expression::Null(_) | Expression::Bool(_) | Expression::Number(_) | Expression::String(_) => true,
        Expression::Array(items) => items.iter().all(is_plain),
        Expression::Object(object) => {
            object.iter().all(|(key, value)| name(key).is_some() && is_plain(value.expr()))
        }
        Expression::HeredocTemplate(it) => it.template.iter().all(Element::is_literal),
        Expression::StringTemplate(it) => it.iter().all(Element::is_literal),
        Expression::Parenthesis(it) => is_plain(it.inner()),
        Expression::UnaryOp(it) => matches!(it.expr, Expression::Number(_)),
        Expression::FuncCall(it) => {
            !it.name.is_namespaced()
                && it.name.name.as_str() == "chomp"
                && it.args.iter().all(|it| matches!(it, Expression::HeredocTemplate(_)) && is_plain(it))
        }
        _ => false,
    }
}

/// The name that a key of an object stands for, if it is plain.
pub fn name(key: &ObjectKey) -> Option<String> {
    match key {
        ObjectKey::Ident(name) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(Expression::Variable(name)) => Some(name.as_str().to_owned()),
        ObjectKey::Expression(Expression::String(text)) => Some(text.value().clone()),
        ObjectKey::Expression(_) => None,
    }
}

/// Where an expression gets its value from, as the end of a sentence that begins with the attribute.
pub fn source(expression: &Expression) -> String {
    match expression {
        Expression::Traversal(it) => {
            let Expression::Variable(root) = &it.expr else {
                return "is computed by an expression: change it by hand.".to_owned();
            };
            let next = it.operators.iter().map_while(|it| match it.value() {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                _ => None,
            });
            let words: Vec<&str> = std::iter::once(root.as_str()).chain(next).take(3).collect();
            match root.as_str() {
                "var" => {
                    format!("comes from `{}`: change the value that the variable is given.", two(&words))
                }
                "local" => format!("comes from `{}`: change it in its `locals` block.", two(&words)),
                _ => format!("comes from `{}`: change it by hand.", words.join(".")),
            }
        }
        Expression::FuncCall(it) => {
            format!("is computed by the function `{}`: change it by hand.", it.name.name.as_str())
        }
        _ => "is computed by an expression: change it by hand.".to_owned(),
    }
}

fn two(words: &[&str]) -> String {
    words.iter().take(2).copied().collect::<Vec<_>>().join(".")
}

/// A value as it is written in a file, its further lines indented for that level.
pub fn written(value: &Json, level: usize) -> Option<String> {
    Some(expression::text(&shaped(value)?, level))
}

/// A key as it is written in a file.
pub fn key(name: &str) -> String {
    if is_word(name) { name.to_owned() } else { quoted(name) }
}

fn is_word(name: &str) -> bool {
    let begins = name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    begins
        && name.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '_' | '-'))
        && !matches!(name, "null" | "true" | "false" | "for")
}

fn shaped(value: &Json) -> Option<expression::Expression> {
    Some(match value {
        Json::Array(items) => {
            expression::Expression::List(items.iter().map(shaped).collect::<Option<Vec<_>>>()?)
        }
        Json::Object(members) => {
            // A member that is not set is left out, as a person would.
            let set = members.iter().filter(|(_, it)| !it.is_null());
            let members: Vec<(String, expression::Expression)> =
                set.map(|(name, it)| Some((name.clone(), shaped(it)?))).collect::<Option<_>>()?;
            match members.iter().all(|(name, _)| is_word(name)) {
                true => expression::Expression::Object(members),
                false => expression::Expression::Map(members),
            }
        }
        scalar => expression::Expression::Value(from_json(scalar.clone())?),
    })
}

/// Whether two values mean the same to Terraform, which converts numbers, truths and texts into each other, leaves out
/// members that are not set, and knows sets without an order.
pub fn alike(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Array(one), Json::Array(other)) => {
            let ordered = |items: &[Json]| {
                let mut texts: Vec<String> = items.iter().map(plain).collect();
                texts.sort();
                texts
            };
            one.len() == other.len()
                && (one.iter().zip(other).all(|(one, other)| alike(one, other))
                    || ordered(one) == ordered(other))
        }
        (Json::Object(one), Json::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            let of =
                |object: &Map<String, Json>, name: &String| object.get(name).cloned().unwrap_or(Json::Null);
            names.into_iter().all(|name| alike(&of(one, name), &of(other, name)))
        }
        (Json::Number(_), Json::Number(_)) => number(one) == number(other),
        (Json::Null, _) | (_, Json::Null) => one == other,
        _ => plain(one) == plain(other),
    }
}

fn number(value: &Json) -> Option<tf_core::Number> {
    value.to_string().parse().ok()
}

fn plain(value: &Json) -> String {
    match value {
        // Terraform compares texts in NFC.
        Json::String(text) => Value::string(text.clone()).as_str().unwrap_or_default().to_owned(),
        Json::Number(_) => number(value).map(|it| it.to_string()).unwrap_or_default(),
        other => other.to_string(),
    }
}

fn json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => return None,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Number(number) => Json::Number(serde_json::from_str(&number.to_string()).ok()?),
        Value::String(text) => Json::String(text.clone()),
        Value::List(items) | Value::Set(items) => Json::Array(items.iter().map(json).collect::<Option<_>>()?),
        Value::Map(members) => {
            let members = members.iter().map(|(name, it)| Some((name.clone(), json(it)?)));
            Json::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        Value::Dynamic(inner) => json(&inner.1)?,
    })
}

/// Whether two versions of a block say the same besides the attributes that were touched.
pub fn same_besides(one: &Block, other: &Block, touched: &BTreeSet<&str>) -> bool {
    let rest = |block: &Block| {
        let attributes = block.body.attributes().filter(|it| !touched.contains(it.key.as_str()));
        let blocks =
            block.body.blocks().map(|it| format!("{} {}", it.ident.as_str(), it.body.to_string().trim()));
        attributes
            .map(|it| format!("{}={}", it.key.as_str(), it.value.to_string().trim()))
            .chain(blocks)
            .collect::<Vec<_>>()
    };
    rest(one) == rest(other) && one.labels == other.labels
}
