//! Functions over lists, maps and objects.

use std::collections::BTreeMap;

use tf_core::{Type, Value};

use super::arguments::Arguments;
use super::texts::list_of_strings;
use super::{Function, Takes};
use crate::evaluate::convert::{convert, unify};
use crate::evaluate::operators::equal;
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// How many elements `range` may give, as in Terraform.
const RANGE_MAX: usize = 1024;

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    Some(match name {
        "length" => (Takes::Anything, length as Function),
        "keys" => (Takes::Known, keys),
        "values" => (Takes::Known, values),
        "lookup" => (Takes::Null, lookup),
        "element" => (Takes::Known, element),
        "index" => (Takes::Known, index),
        "contains" => (Takes::Null, contains),
        "concat" => (Takes::Known, concat),
        "merge" => (Takes::Null, merge),
        "flatten" => (Takes::Known, flatten),
        "distinct" => (Takes::Known, distinct),
        "compact" => (Takes::Known, compact),
        "coalesce" => (Takes::Null, coalesce),
        "coalescelist" => (Takes::Known, coalesce_list),
        "reverse" => (Takes::Known, reverse),
        "sort" => (Takes::Known, sort),
        "slice" => (Takes::Known, slice),
        "range" => (Takes::Known, range),
        "zipmap" => (Takes::Known, zipmap),
        "one" => (Takes::Null, one),
        "alltrue" => (Takes::Known, |it| quantified(it, true)),
        "anytrue" => (Takes::Known, |it| quantified(it, false)),
        "chunklist" => (Takes::Known, chunklist),
        _ => return None,
    })
}

type Result = Outcome<Option<Typed>>;

/// Elements in the type of the sequence that they come from.
fn like(source: &Typed, elements: Vec<Typed>) -> Outcome<Typed> {
    let tuple = Typed::tuple(elements);
    match &source.ty {
        Type::List(element) | Type::Set(element) => convert(tuple, &Type::List(element.clone())),
        _ => Ok(tuple),
    }
}

fn length(it: &Arguments) -> Result {
    it.exactly(1)?;
    let value = it.at(0)?;
    if value.is_null() {
        return Err(Wrong::new("the argument is null"));
    }
    let count = match &value.value {
        // Elements that are unknown may turn out to be the same one.
        Value::Set(_) if value.has_unknown() => None,
        Value::List(items) | Value::Set(items) => Some(items.len()),
        Value::Map(members) => Some(members.len()),
        Value::String(text) if text.is_ascii() && !text.contains('\r') => Some(text.len()),
        Value::String(_) => return Ok(None),
        Value::Unknown(_) => None,
        _ => return Err(Wrong::new("the argument has no length")),
    };
    Ok(Some(count.map_or_else(|| Typed::unknown_of(Type::Number), Typed::count)))
}

fn members(it: &Arguments, place: usize) -> Outcome<BTreeMap<String, Typed>> {
    let value = it.at(place)?;
    value.members().ok_or_else(|| Wrong::new(format!("a map is needed, not a {}", value.kind())))
}

fn keys(it: &Arguments) -> Result {
    it.exactly(1)?;
    let names: Vec<String> = members(it, 0)?.into_keys().collect();
    Ok(Some(match it.at(0)?.ty {
        Type::Map(_) => list_of_strings(names),
        _ => Typed::tuple(names.into_iter().map(Typed::string).collect()),
    }))
}

fn values(it: &Arguments) -> Result {
    it.exactly(1)?;
    let tuple = Typed::tuple(members(it, 0)?.into_values().collect());
    Ok(Some(match &it.at(0)?.ty {
        Type::Map(element) => convert(tuple, &Type::List(element.clone()))?,
        _ => tuple,
    }))
}

fn lookup(it: &Arguments) -> Result {
    it.between(2, 3)?;
    let found = members(it, 0)?.remove(&it.text(1)?);
    match (found, it.items.get(2)) {
        (Some(found), _) => Ok(Some(found)),
        (None, Some(default)) => match &it.at(0)?.ty {
            Type::Map(element) => convert(default.clone(), element).map(Some),
            _ => Ok(Some(default.clone())),
        },
        (None, None) => Err(Wrong::new("the map has no such key, and there is no default")),
    }
}

fn element(it: &Arguments) -> Result {
    it.exactly(2)?;
    let (elements, place) = (it.elements(0)?, it.whole(1)?);
    if matches!(it.at(0)?.value, Value::Set(_)) || place < 0 {
        // Releases differ in negative places.
        return Ok(None);
    }
    let count = elements.len();
    if count == 0 {
        return Err(Wrong::new("the list is empty"));
    }
    let place = usize::try_from(place).unwrap_or(0) % count;
    Ok(elements.into_iter().nth(place))
}

fn index(it: &Arguments) -> Result {
    it.exactly(2)?;
    let wanted = it.at(1)?;
    let place = it.elements(0)?.iter().position(|element| equal(element, wanted).value == Value::Bool(true));
    place.map(|it| Some(Typed::count(it))).ok_or_else(|| Wrong::new("the list has no such element"))
}

fn contains(it: &Arguments) -> Result {
    it.exactly(2)?;
    let wanted = it.at(1)?;
    let found = it.elements(0)?.iter().any(|element| equal(element, wanted).value == Value::Bool(true));
    // A set or list first converts what is looked for to its own type.
    let converted = match &it.at(0)?.ty {
        Type::List(element) | Type::Set(element) => wanted.ty == **element,
        _ => true,
    };
    Ok((found || converted).then(|| Typed::bool(found)))
}

fn concat(it: &Arguments) -> Result {
    let mut all = Vec::new();
    for place in 0..it.items.len() {
        if matches!(it.at(place)?.value, Value::Set(_)) {
            return Ok(None);
        }
        all.extend(it.elements(place)?);
    }
    let types: Vec<Type> = it.items.iter().map(|it| it.ty.clone()).collect();
    let tuple = Typed::tuple(all);
    if types.iter().all(|it| matches!(it, Type::List(_))) {
        return match unify(&types) {
            Some(ty) => convert(tuple, &ty).map(Some),
            None => Ok(None),
        };
    }
    Ok(Some(tuple))
}

fn merge(it: &Arguments) -> Result {
    let given: Vec<&Typed> = it.items.iter().filter(|it| !it.is_null()).collect();
    let mut all = BTreeMap::new();
    for value in &given {
        all.extend(
            value.members().ok_or_else(|| Wrong::new(format!("a map is needed, not a {}", value.kind())))?,
        );
    }
    let first = given.first().map(|it| it.ty.clone());
    let whole = Typed::object(all);
    match first {
        Some(Type::Map(element)) if given.iter().all(|it| it.ty == Type::Map(element.clone())) => {
            convert(whole, &Type::Map(element)).map(Some)
        }
        _ => Ok(Some(whole)),
    }
}

fn flatten(it: &Arguments) -> Result {
    it.exactly(1)?;
    let mut flat = Vec::new();
    flatten_into(it.elements(0)?, &mut flat);
    Ok(Some(Typed::tuple(flat)))
}

fn flatten_into(elements: Vec<Typed>, flat: &mut Vec<Typed>) {
    for element in elements {
        match element.elements() {
            Some(inner) => flatten_into(inner, flat),
            None => flat.push(element),
        }
    }
}

fn distinct(it: &Arguments) -> Result {
    it.exactly(1)?;
    let list = convert(it.at(0)?.clone(), &Type::List(Box::new(Type::Dynamic)))?;
    let mut kept: Vec<Typed> = Vec::new();
    for element in list.elements().unwrap_or_default() {
        if !kept.iter().any(|other| other.value == element.value) {
            kept.push(element);
        }
    }
    like(&list, kept).map(Some)
}

fn compact(it: &Arguments) -> Result {
    it.exactly(1)?;
    let kept = it.texts(0)?.into_iter().flatten().filter(|it| !it.is_empty()).collect();
    Ok(Some(list_of_strings(kept)))
}

fn coalesce(it: &Arguments) -> Result {
    let types: Vec<Type> = it.items.iter().map(|it| it.ty.clone()).collect();
    let Some(ty) = unify(&types) else { return Err(Wrong::new("the arguments have no type in common")) };
    for item in &it.items {
        let converted = convert(item.clone(), &ty)?;
        if !converted.is_null() && converted.value.as_str() != Some("") {
            return Ok(Some(converted));
        }
    }
    Err(Wrong::new("every argument is null or empty"))
}

fn coalesce_list(it: &Arguments) -> Result {
    for (place, item) in it.items.iter().enumerate() {
        if !it.elements(place)?.is_empty() {
            return Ok(Some(item.clone()));
        }
    }
    Err(Wrong::new("every list is empty"))
}

fn reverse(it: &Arguments) -> Result {
    it.exactly(1)?;
    let list = it.at(0)?;
    if matches!(list.value, Value::Set(_)) {
        return Ok(None);
    }
    let mut elements = it.elements(0)?;
    elements.reverse();
    like(list, elements).map(Some)
}

fn sort(it: &Arguments) -> Result {
    it.exactly(1)?;
    let mut texts = it.present_texts(0)?;
    texts.sort();
    Ok(Some(list_of_strings(texts)))
}

fn slice(it: &Arguments) -> Result {
    it.exactly(3)?;
    let (elements, start, end) = (it.elements(0)?, it.whole(1)?, it.whole(2)?);
    let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let taken = bounds.and_then(|(start, end)| elements.get(start..end).map(<[Typed]>::to_vec));
    let taken = taken.ok_or_else(|| Wrong::new("the bounds lie outside of the list"))?;
    if matches!(it.at(0)?.value, Value::Set(_)) {
        return Ok(None);
    }
    like(it.at(0)?, taken).map(Some)
}

fn range(it: &Arguments) -> Result {
    it.between(1, 3)?;
    let bounds = (0..it.items.len()).map(|place| it.number(place)?.to_i64().ok_or_else(|| Wrong::new("")));
    let Ok(bounds) = bounds.collect::<Outcome<Vec<i64>>>() else { return Ok(None) };
    let (start, end, step) = match bounds.as_slice() {
        [end] => (0, *end, if *end < 0 { -1 } else { 1 }),
        [start, end] => (*start, *end, if end < start { -1 } else { 1 }),
        [start, end, step] => (*start, *end, *step),
        _ => return Ok(None),
    };
    if step == 0 || (end < start) != (step < 0) && start != end {
        return Err(Wrong::new("the step leads away from the end"));
    }
    let mut items = Vec::new();
    let mut at = start;
    while if step > 0 { at < end } else { at > end } {
        if items.len() >= RANGE_MAX {
            return Err(Wrong::new(format!("more than {RANGE_MAX} numbers")));
        }
        items.push(Value::Number(at.into()));
        at = at.saturating_add(step);
    }
    Ok(Some(Typed::new(Type::List(Box::new(Type::Number)), Value::List(items))))
}

fn zipmap(it: &Arguments) -> Result {
    it.exactly(2)?;
    let (names, elements) = (it.present_texts(0)?, it.elements(1)?);
    if matches!(it.at(1)?.value, Value::Set(_)) {
        return Err(Wrong::new("the values have no order"));
    }
    if names.len() != elements.len() {
        return Err(Wrong::new("the two lists differ in length"));
    }
    let whole = Typed::object(names.into_iter().zip(elements).collect());
    match &it.at(1)?.ty {
        Type::List(element) => convert(whole, &Type::Map(element.clone())).map(Some),
        _ => Ok(Some(whole)),
    }
}

fn one(it: &Arguments) -> Result {
    it.exactly(1)?;
    let mut elements = it.elements(0)?;
    match elements.len() {
        0 => Ok(Some(Typed::null())),
        1 => Ok(elements.pop()),
        count => Err(Wrong::new(format!("the list has {count} elements"))),
    }
}

fn quantified(it: &Arguments, all: bool) -> Result {
    it.exactly(1)?;
    let mut result = all;
    for element in it.elements(0)? {
        // Null counts as false.
        let truth = convert(element, &Type::Bool)?.value.as_bool().unwrap_or(false);
        result = if all { result && truth } else { result || truth };
    }
    Ok(Some(Typed::bool(result)))
}

fn chunklist(it: &Arguments) -> Result {
    it.exactly(2)?;
    let list = convert(it.at(0)?.clone(), &Type::List(Box::new(Type::Dynamic)))?;
    let size = usize::try_from(it.whole(1)?).map_err(|_| Wrong::new("a negative size"))?;
    let (Type::List(element), Some(elements)) = (&list.ty, list.elements()) else { return Ok(None) };
    if size == 0 {
        return Ok(None);
    }
    let chunks =
        elements.chunks(size).map(|it| it.iter().map(|it| it.value.clone()).collect()).map(Value::List);
    let ty = Type::List(Box::new(Type::List(element.clone())));
    Ok(Some(Typed::new(ty, Value::List(chunks.collect()))))
}
