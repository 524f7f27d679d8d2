//! Functions over numbers.

use bigdecimal::{RoundingMode, Signed};
use tf_core::{Number, Type, Value};

use super::arguments::{Arguments, number};
use super::{Function, Takes};
use crate::evaluate::operators::decimal;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    let function: Function = match name {
        "min" => |it| extreme(it, |one, other| one < other),
        "max" => |it| extreme(it, |one, other| one > other),
        "abs" => |it| changed(it, |it| Some(it.abs())),
        "floor" => |it| changed(it, |it| Some(it.with_scale_round(0, RoundingMode::Floor))),
        "ceil" => |it| changed(it, |it| Some(it.with_scale_round(0, RoundingMode::Ceiling))),
        "signum" => |it| changed(it, |it| Some(it.signum())),
        "sum" => sum,
        "parseint" => parse_int,
        _ => return None,
    };
    Some((Takes::Known, function))
}

fn extreme(it: &Arguments, better: impl Fn(&Number, &Number) -> bool) -> Outcome<Option<Typed>> {
    let numbers = it.items.iter().map(number).collect::<Outcome<Vec<_>>>()?;
    let best = numbers.into_iter().reduce(|best, it| if better(&it, &best) { it } else { best });
    best.map(|it| Some(Typed::number(it))).ok_or_else(|| Wrong::new("it has no argument"))
}

fn typed(it: &bigdecimal::BigDecimal) -> Option<Typed> {
    it.to_plain_string().parse().ok().map(Typed::number)
}

fn changed(
    it: &Arguments,
    change: impl Fn(bigdecimal::BigDecimal) -> Option<bigdecimal::BigDecimal>,
) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    Ok(decimal(&it.number(0)?).and_then(change).as_ref().and_then(typed))
}

/// Of whole numbers; fractions are summed up in binary by Terraform.
fn sum(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(1)?;
    let elements = it.elements(0)?;
    if elements.is_empty() {
        return Err(Wrong::new("the list is empty"));
    }
    let numbers = elements.iter().map(number).collect::<Outcome<Vec<_>>>()?;
    let total = numbers.iter().try_fold(0_i64, |total, it| total.checked_add(it.to_i64()?));
    Ok(total.map(|it| Typed::number(it.into())))
}

fn parse_int(it: &Arguments) -> Outcome<Option<Typed>> {
    it.exactly(2)?;
    if it.at(0)?.ty != Type::String {
        return Ok(None);
    }
    let base = u32::try_from(it.whole(1)?).ok().filter(|it| (2..=36).contains(it));
    let Some(base) = base else { return Ok(None) };
    let parsed = i64::from_str_radix(&it.text(0)?, base)
        .map_err(|_| Wrong::new("the text is not a number of that base"))?;
    Ok(Some(Typed::new(Type::Number, Value::Number(parsed.into()))))
}
