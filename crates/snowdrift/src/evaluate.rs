//! Computes expressions of Terraform's language: the value that Terraform would come to, or unknown, never another.

pub mod convert;
pub mod functions;
pub mod inside;
pub mod iterate;
pub mod marks;
pub mod operators;
pub mod scope;
pub mod template;
pub mod traverse;
pub mod typed;
pub mod wrong;

use std::collections::BTreeMap;

use hcl_edit::expr::{Conditional, Expression, FuncCall, Object, ObjectKey};
use tf_core::{Type, Value};

use scope::Scope;
use typed::Typed;
use wrong::{Outcome, Wrong};

/// The value of an expression.
///
/// What cannot be decided here (a data source, what an instance computes, a function that is not modelled) is unknown,
/// and the scope is told why.
///
/// # Errors
/// Terraform would refuse the expression too.
pub fn evaluate(expression: &Expression, scope: &Scope<'_>) -> Outcome<Typed> {
    match expression {
        Expression::Null(_) => Ok(Typed::null()),
        Expression::Bool(truth) => Ok(Typed::bool(*truth.value())),
        Expression::Number(number) => literal_number(number),
        Expression::String(text) => Ok(Typed::string(text.value().clone())),
        Expression::Array(items) => {
            items.iter().map(|it| evaluate(it, scope)).collect::<Outcome<Vec<_>>>().map(Typed::tuple)
        }
        Expression::Object(object) => constructed(object, scope),
        Expression::StringTemplate(it) => template::evaluate(it, scope),
        Expression::HeredocTemplate(it) => template::heredoc(it, scope),
        Expression::Parenthesis(it) => evaluate(it.inner(), scope),
        Expression::Variable(name) => traverse::variable(name.as_str(), scope),
        Expression::Conditional(it) => conditional(it, scope),
        Expression::FuncCall(it) => call(it, scope),
        Expression::Traversal(it) => traverse::evaluate(it, scope),
        Expression::UnaryOp(it) => operators::unary(it, scope),
        Expression::BinaryOp(it) => operators::binary(it, scope),
        Expression::ForExpr(it) => iterate::evaluate(it, scope),
    }
}

/// A number as it is written, with every digit.
fn literal_number(number: &hcl_edit::Formatted<hcl_edit::Number>) -> Outcome<Typed> {
    let written = number.as_repr().map_or_else(|| number.value().to_string(), |it| it.to_string());
    let parsed = written.parse().map_err(|it| Wrong::new(format!("this number cannot be read: {it}")))?;
    Ok(Typed::number(parsed))
}

/// `{ a = 1, (b) = 2 }`.
fn constructed(object: &Object, scope: &Scope<'_>) -> Outcome<Typed> {
    let mut members = BTreeMap::new();
    let mut open = false;
    let mut sensitive = false;
    for (key, value) in object.iter() {
        let value = evaluate(value.expr(), scope)?;
        let key = object_key(key, scope)?;
        sensitive |= key.is_sensitive();
        match &key.value {
            Value::String(name) => {
                members.insert(name.clone(), value);
            }
            Value::Null => return Err(Wrong::new("a key of an object is null")),
            _ => open = true,
        }
    }
    if open {
        return Ok(Typed::unknown().marked(sensitive));
    }
    Ok(Typed::object(members).marked(sensitive))
}

/// A bare word is the key itself; in parentheses it is a variable.
fn object_key(key: &ObjectKey, scope: &Scope<'_>) -> Outcome<Typed> {
    match key {
        ObjectKey::Ident(name) => Ok(Typed::string(name.as_str())),
        ObjectKey::Expression(Expression::Variable(name)) => Ok(Typed::string(name.as_str())),
        ObjectKey::Expression(expression) => convert::convert(evaluate(expression, scope)?, &Type::String),
    }
}

/// Both branches count for the type of the result, as in Terraform; only one is asked for its value.
fn conditional(it: &Conditional, scope: &Scope<'_>) -> Outcome<Typed> {
    let condition = convert::convert(evaluate(&it.cond_expr, scope)?, &Type::Bool)?;
    let (one, other) = (evaluate(&it.true_expr, scope), evaluate(&it.false_expr, scope));
    if condition.is_null() {
        return Err(Wrong::new("the condition is null"));
    }
    let Some(truth) = condition.value.as_bool() else {
        let ty = convert::unify(&[one?.ty, other?.ty]).unwrap_or(Type::Dynamic);
        return Ok(Typed::unknown_of(ty).marked(condition.is_sensitive()));
    };
    let (chosen, rest) = if truth { (one?, other) } else { (other?, one) };
    // What is wrong in the other branch does not matter where its type does not.
    let Ok(rest) = rest else { return Ok(chosen.marked(condition.is_sensitive())) };
    let chosen = match convert::unify(&[chosen.ty.clone(), rest.ty.clone()]) {
        Some(ty) => convert::convert(chosen, &ty)?,
        None => return Err(Wrong::new("the two results of a condition have no type in common")),
    };
    Ok(chosen.marked(condition.is_sensitive()))
}

fn call(it: &FuncCall, scope: &Scope<'_>) -> Outcome<Typed> {
    let name = if it.name.is_namespaced() {
        let spaces = it.name.namespace.iter().map(|it| it.as_str().to_owned());
        spaces.chain([it.name.name.as_str().to_owned()]).collect::<Vec<_>>().join("::")
    } else {
        it.name.name.as_str().to_owned()
    };
    if let Some(outcome) = functions::lazy::call(&name, it.args.iter(), scope) {
        return outcome;
    }
    let mut arguments = it.args.iter().map(|it| evaluate(it, scope)).collect::<Outcome<Vec<_>>>()?;
    if it.args.expand_final() {
        let last = arguments.pop().ok_or_else(|| Wrong::new(format!("`{name}` has nothing to expand")))?;
        if last.is_unknown() {
            return Ok(Typed::unknown());
        }
        let sensitive = last.is_hidden();
        let elements = last
            .elements()
            .ok_or_else(|| Wrong::new(format!("`...` needs a list, tuple or set, not a {}", last.kind())))?;
        arguments.extend(elements.into_iter().map(|it| it.marked(sensitive)));
    }
    functions::call(&name, arguments, scope)
}

#[cfg(test)]
mod tests;
