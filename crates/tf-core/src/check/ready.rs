//! The ready-made checks of values of any kind.

use std::sync::Arc;

use std::ops::RangeInclusive;

use crate::{Check, Number, Value};

/// One of a few texts.
pub fn one_of(allowed: &[&str]) -> Check {
    let list = allowed.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
    let allowed: Vec<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
    let demand = format!("one of {list}");
    let known = allowed.clone();
    let check = Check::new(demand.clone(), move |value| {
        let Some(text) = value.as_str() else { return Ok(()) };
        if allowed.iter().any(|it| it == text) {
            return Ok(());
        }
        let same_letters = allowed.iter().find(|it| it.eq_ignore_ascii_case(text.trim()));
        let way_out = same_letters.map_or_else(String::new, |it| format!(". Write it exactly so: `{it}`"));
        Err(format!("it is not {demand}{way_out}"))
    });
    check.in_json_schema("enum", known)
}

/// A text with so many characters.
pub fn length(least: usize, most: usize) -> Check {
    let demand = format!("{} long", amount(least, most, "character"));
    let check = Check::new(demand.clone(), move |value| match value {
        Value::String(text) => within(text.chars().count(), least..=most, &demand),
        _ => Ok(()),
    });
    bounded(check, [("minLength", least), ("maxLength", most)])
}

/// A list, set or map with so many elements.
pub fn elements(least: usize, most: usize) -> Check {
    let demand = format!("{} long", amount(least, most, "element"));
    let check = Check::new(demand.clone(), move |value| match value {
        Value::List(items) | Value::Set(items) => within(items.len(), least..=most, &demand),
        Value::Map(members) => within(members.len(), least..=most, &demand),
        _ => Ok(()),
    });
    let bounds = [("minItems", least), ("maxItems", most), ("minProperties", least), ("maxProperties", most)];
    bounded(check, bounds)
}

/// With the bounds that say something: nothing is shorter than 0.
fn bounded<const N: usize>(check: Check, bounds: [(&str, usize); N]) -> Check {
    let telling = |(keyword, bound): &(&str, usize)| keyword.starts_with("max") || *bound > 0;
    bounds.into_iter().filter(telling).fold(check, |it, (keyword, bound)| it.in_json_schema(keyword, bound))
}

fn amount(least: usize, most: usize, unit: &str) -> String {
    let plural = if most == 1 { "" } else { "s" };
    match least {
        0 => format!("at most {most} {unit}{plural}"),
        _ if least == most => format!("exactly {most} {unit}{plural}"),
        _ => format!("{least} to {most} {unit}{plural}"),
    }
}

fn within(length: usize, bounds: RangeInclusive<usize>, demand: &str) -> Result<(), String> {
    if bounds.contains(&length) {
        Ok(())
    } else {
        Err(format!("its length is {length}, but it must be {demand}"))
    }
}

/// A number between two bounds, both included.
pub fn range(least: i64, most: i64) -> Check {
    numbers(format!("between {least} and {most}"), Number::from(least)..=Number::from(most))
        .in_json_schema("minimum", least)
        .in_json_schema("maximum", most)
}

/// A number that is not less than a bound.
pub fn at_least(least: i64) -> Check {
    numbers(format!("at least {least}"), Number::from(least)..).in_json_schema("minimum", least)
}

/// A number that is not greater than a bound.
pub fn at_most(most: i64) -> Check {
    numbers(format!("at most {most}"), ..=Number::from(most)).in_json_schema("maximum", most)
}

fn numbers(demand: String, bounds: impl std::ops::RangeBounds<Number> + Send + Sync + 'static) -> Check {
    Check::new(demand.clone(), move |value| match value {
        Value::Number(number) if !bounds.contains(number) => Err(format!("it is not {demand}")),
        _ => Ok(()),
    })
}

/// A list, set or map each of whose elements passes a check.
pub fn each(check: Check) -> Check {
    let Check { demand, test, keywords, fault } = check;
    let all = Check::new(format!("made of elements that are {demand}"), move |value| {
        let refused = |reason| format!("of one element: {reason}");
        match value {
            Value::List(items) | Value::Set(items) => {
                items.iter().filter(|it| !it.is_null()).try_for_each(|it| test(it)).map_err(refused)
            }
            Value::Map(members) => {
                members.values().filter(|it| !it.is_null()).try_for_each(|it| test(it)).map_err(refused)
            }
            _ => Ok(()),
        }
    });
    let all = Check { fault, ..all };
    let keywords = Arc::unwrap_or_clone(keywords);
    all.in_json_schema("items", keywords.clone()).in_json_schema("additionalProperties", keywords)
}

/// A map each of whose keys passes a check of texts.
pub fn keys(check: Check) -> Check {
    let Check { demand, test, keywords, fault } = check;
    let all = Check::new(format!("made of keys that are {demand}"), move |value| match value {
        Value::Map(members) => members
            .keys()
            .try_for_each(|it| test(&Value::string(it.as_str())))
            .map_err(|reason| format!("of one key: {reason}")),
        _ => Ok(()),
    });
    Check { fault, ..all }.in_json_schema("propertyNames", Arc::unwrap_or_clone(keywords))
}
