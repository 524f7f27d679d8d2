//! Arithmetic, comparison and logic.

use std::str::FromStr;

use bigdecimal::{BigDecimal, Signed, Zero};
use hcl_edit::expr::{BinaryOp, BinaryOperator, UnaryOp, UnaryOperator};
use tf_core::{Number, Type, Value};

use super::convert::convert;
use super::evaluate as value_of;
use super::scope::Scope;
use super::typed::Typed;
use super::wrong::{Outcome, Wrong};

/// How many digits a result may have before Terraform's binary fractions could round it otherwise.
const DIGITS_MAX: u64 = 60;

/// `-x` and `!x`.
///
/// # Errors
/// The operand has another type.
pub fn unary(it: &UnaryOp, scope: &Scope<'_>) -> Outcome<Typed> {
    let operand = value_of(&it.expr, scope)?;
    let wanted = match it.operator.value() {
        UnaryOperator::Neg => Type::Number,
        UnaryOperator::Not => Type::Bool,
    };
    let operand = present(convert(operand, &wanted)?)?;
    let result = match &operand.value {
        Value::Bool(truth) => Typed::bool(!truth),
        Value::Number(number) => arithmetic(|| Some(-decimal(number)?), scope),
        _ => Typed::unknown_of(wanted),
    };
    Ok(result.marked(operand.is_sensitive()))
}

/// `x + y` and its kin.
///
/// # Errors
/// An operand has another type or is null.
pub fn binary(it: &BinaryOp, scope: &Scope<'_>) -> Outcome<Typed> {
    use BinaryOperator::{And, Div, Eq, Greater, GreaterEq, Less, LessEq, Minus, Mod, Mul, NotEq, Or, Plus};
    let operator = *it.operator.value();
    let left = value_of(&it.lhs_expr, scope)?;
    let right = value_of(&it.rhs_expr, scope);
    let right = match operator {
        // Newer releases do not look at the right side when the left one decides.
        And | Or => right.unwrap_or_else(|_| scope.undecided("one side of a condition is wrong")),
        _ => right?,
    };
    let sensitive = left.is_sensitive() || right.is_sensitive();
    let result = match operator {
        Eq => equal(&left, &right),
        NotEq => negated(equal(&left, &right)),
        And | Or => logic(operator == And, left, right)?,
        Plus | Minus | Mul | Div | Mod => computed(operator, left, right, scope)?,
        Less | LessEq | Greater | GreaterEq => compared(operator, left, right)?,
    };
    Ok(result.marked(sensitive))
}

fn present(it: Typed) -> Outcome<Typed> {
    if it.is_null() { Err(Wrong::new("an operand is null")) } else { Ok(it) }
}

/// Equal in type and value. A null is equal to any other null.
pub fn equal(one: &Typed, other: &Typed) -> Typed {
    if one.has_unknown() || other.has_unknown() {
        return Typed::unknown_of(Type::Bool);
    }
    if one.is_null() || other.is_null() {
        return Typed::bool(one.is_null() && other.is_null());
    }
    Typed::bool(one.ty == other.ty && one.value == other.value)
}

fn negated(it: Typed) -> Typed {
    match it.value.as_bool() {
        Some(truth) => Typed::bool(!truth),
        None => it,
    }
}

/// `&&` and `||`. An unknown side leaves the result unknown, because releases differ in it.
fn logic(and: bool, left: Typed, right: Typed) -> Outcome<Typed> {
    let left = present(convert(left, &Type::Bool)?)?;
    let right = present(convert(right, &Type::Bool)?)?;
    Ok(match (left.value.as_bool(), right.value.as_bool()) {
        (Some(left), Some(right)) => Typed::bool(if and { left && right } else { left || right }),
        _ => Typed::unknown_of(Type::Bool),
    })
}

fn numbers(left: Typed, right: Typed) -> Outcome<Option<(Number, Number)>> {
    let left = present(convert(left, &Type::Number)?)?;
    let right = present(convert(right, &Type::Number)?)?;
    Ok(match (left.value, right.value) {
        (Value::Number(left), Value::Number(right)) => Some((left, right)),
        _ => None,
    })
}

fn compared(operator: BinaryOperator, left: Typed, right: Typed) -> Outcome<Typed> {
    let Some((left, right)) = numbers(left, right)? else { return Ok(Typed::unknown_of(Type::Bool)) };
    Ok(Typed::bool(match operator {
        BinaryOperator::Less => left < right,
        BinaryOperator::LessEq => left <= right,
        BinaryOperator::Greater => left > right,
        _ => left >= right,
    }))
}

fn computed(operator: BinaryOperator, left: Typed, right: Typed, scope: &Scope<'_>) -> Outcome<Typed> {
    let Some((left, right)) = numbers(left, right)? else { return Ok(Typed::unknown_of(Type::Number)) };
    let divides = matches!(operator, BinaryOperator::Div | BinaryOperator::Mod);
    if divides && right == Number::from(0_i64) {
        // Terraform computes with an infinity then.
        scope.undecided("a division by zero");
        return Ok(Typed::unknown_of(Type::Number));
    }
    let result = || {
        // Terraform computes with binary fractions: `1.1 * 1.1` is not quite 1.21 there.
        let exact = left.as_exact_f64().is_some() && right.as_exact_f64().is_some();
        let (left, right) = (decimal(&left).filter(|_| exact)?, decimal(&right)?);
        match operator {
            BinaryOperator::Plus => Some(left + right),
            BinaryOperator::Minus => Some(left - right),
            BinaryOperator::Mul => Some(left * right),
            BinaryOperator::Div => quotient(&left, &right),
            _ => remainder(&left, &right),
        }
    };
    Ok(arithmetic(result, scope))
}

/// The digits of a number.
pub fn decimal(number: &Number) -> Option<BigDecimal> {
    BigDecimal::from_str(&number.to_string()).ok()
}

/// The quotient, if it has an end.
fn quotient(left: &BigDecimal, right: &BigDecimal) -> Option<BigDecimal> {
    let quotient = (left / right).normalized();
    if &quotient * right == *left { Some(quotient) } else { None }
}

/// With the sign of the dividend, as Terraform has it.
fn remainder(left: &BigDecimal, right: &BigDecimal) -> Option<BigDecimal> {
    let rest = left.abs() % right.abs();
    Some(if left.is_negative() && !rest.is_zero() { -rest } else { rest })
}

/// A result, unless it has more digits than are certain to agree.
pub fn arithmetic(result: impl FnOnce() -> Option<BigDecimal>, scope: &Scope<'_>) -> Typed {
    let certain = result().map(|it| it.normalized()).filter(|it| it.digits() <= DIGITS_MAX);
    let number = certain.and_then(|it| it.to_plain_string().parse::<Number>().ok());
    match number {
        Some(number) => Typed::number(number),
        None => {
            scope.undecided("a result with more digits than are certain");
            Typed::unknown_of(Type::Number)
        }
    }
}
