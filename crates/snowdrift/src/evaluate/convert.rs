//! Conversion between types, and the type that several values have in common.

use std::collections::BTreeMap;

use tf_core::{Number, Type, Value};

use super::typed::Typed;
use super::wrong::{Outcome, Wrong};

/// Converts as Terraform does where a type is demanded: `1` for a string becomes `"1"`, a tuple for a list becomes one.
///
/// # Errors
/// There is no such conversion, or this value does not allow it.
pub fn convert(it: Typed, wanted: &Type) -> Outcome<Typed> {
    if it.ty == *wanted || *wanted == Type::Dynamic {
        return Ok(it);
    }
    let hidden = it.is_hidden();
    let sensitive = it.is_sensitive();
    if it.is_null() {
        return Ok(Typed::new(wanted.clone(), Value::Null).marked(sensitive));
    }
    if it.is_unknown() {
        return Ok(Typed::unknown_of(settled(&it.ty, wanted)).marked(sensitive));
    }
    let converted = match wanted {
        Type::String => text(&it),
        Type::Number => number(&it),
        Type::Bool => truth(&it),
        Type::List(element) | Type::Set(element) => sequence(&it, element, wanted),
        Type::Map(element) => map(&it, element),
        Type::Tuple(types) => tuple(&it, types),
        Type::Object(types) => object(&it, types),
        Type::Dynamic => Ok(it),
    };
    converted.map(|it| it.marked(hidden))
}

/// The type of an unknown value after a conversion; parts that are `any` stay open.
fn settled(from: &Type, wanted: &Type) -> Type {
    if has_any(wanted) { if from == wanted { from.clone() } else { Type::Dynamic } } else { wanted.clone() }
}

fn has_any(ty: &Type) -> bool {
    match ty {
        Type::Dynamic => true,
        Type::Bool | Type::Number | Type::String => false,
        Type::List(element) | Type::Set(element) | Type::Map(element) => has_any(element),
        Type::Tuple(types) => types.iter().any(has_any),
        Type::Object(types) => types.values().any(has_any),
    }
}

fn refused<T>(it: &Typed, wanted: &str) -> Outcome<T> {
    Err(Wrong::new(format!("{wanted} is needed, but this is a {}", it.kind())))
}

fn text(it: &Typed) -> Outcome<Typed> {
    match &it.value {
        Value::String(_) => Ok(Typed::new(Type::String, it.value.clone())),
        Value::Number(number) => Ok(Typed::string(number.to_string())),
        Value::Bool(truth) => Ok(Typed::string(truth.to_string())),
        _ => refused(it, "a string"),
    }
}

fn number(it: &Typed) -> Outcome<Typed> {
    match &it.value {
        Value::Number(number) => Ok(Typed::number(number.clone())),
        Value::String(text) => match text.parse::<Number>() {
            Ok(number) => Ok(Typed::number(number)),
            Err(_) => Err(Wrong::new("a number is needed, but this text is none".to_owned())),
        },
        _ => refused(it, "a number"),
    }
}

fn truth(it: &Typed) -> Outcome<Typed> {
    match &it.value {
        Value::Bool(truth) => Ok(Typed::bool(*truth)),
        Value::String(text) if text == "true" || text == "1" => Ok(Typed::bool(true)),
        Value::String(text) if text == "false" || text == "0" => Ok(Typed::bool(false)),
        Value::String(_) => {
            Err(Wrong::new("a bool is needed, but this text is neither true nor false".to_owned()))
        }
        _ => refused(it, "a bool"),
    }
}

/// The elements in one type: the one that is wanted, or the one that they have in common.
fn uniform(elements: Vec<Typed>, wanted: &Type) -> Outcome<(Type, Vec<Typed>)> {
    let element = if has_any(wanted) {
        let types: Vec<Type> = elements.iter().map(|it| it.ty.clone()).collect();
        unify(&types).ok_or_else(|| Wrong::new("the elements have no type in common".to_owned()))?
    } else {
        wanted.clone()
    };
    let converted: Vec<Typed> =
        elements.into_iter().map(|it| convert(it, &element)).collect::<Outcome<_>>()?;
    Ok((element, converted))
}

fn sequence(it: &Typed, element: &Type, wanted: &Type) -> Outcome<Typed> {
    let Some(elements) = it.elements() else { return refused(it, "a list or set") };
    let (element, elements) = uniform(elements, element)?;
    let sensitive = elements.iter().any(Typed::is_sensitive);
    let tuple = Typed::tuple(elements);
    let Value::List(values) = tuple.value else { return refused(it, "a list or set") };
    Ok(match wanted {
        // The order of a set says something of its elements.
        Type::Set(_) => Typed::new(Type::Set(Box::new(element)), Value::set(values)).marked(sensitive),
        _ => Typed { ty: Type::List(Box::new(element)), value: Value::List(values), marks: tuple.marks },
    })
}

fn map(it: &Typed, element: &Type) -> Outcome<Typed> {
    let Some(members) = it.members() else { return refused(it, "a map") };
    let (names, elements): (Vec<String>, Vec<Typed>) = members.into_iter().unzip();
    let (element, elements) = uniform(elements, element)?;
    let object = Typed::object(names.into_iter().zip(elements).collect());
    Ok(Typed { ty: Type::Map(Box::new(element)), ..object })
}

fn tuple(it: &Typed, types: &[Type]) -> Outcome<Typed> {
    let elements = it.elements().filter(|elements| elements.len() == types.len());
    let Some(elements) = elements else {
        return refused(it, &format!("a tuple of {}", types.len()));
    };
    let converted = elements.into_iter().zip(types).map(|(it, ty)| convert(it, ty));
    converted.collect::<Outcome<Vec<_>>>().map(Typed::tuple)
}

fn object(it: &Typed, types: &BTreeMap<String, Type>) -> Outcome<Typed> {
    let Some(mut members) = it.members() else { return refused(it, "an object") };
    let converted = types.iter().map(|(name, ty)| match members.remove(name) {
        Some(member) => Ok((name.clone(), convert(member, ty)?)),
        None => Err(Wrong::new(format!("the attribute `{name}` is missing"))),
    });
    converted.collect::<Outcome<BTreeMap<_, _>>>().map(Typed::object)
}

/// The type to which all of them can be converted, if there is one. `Dynamic` when nothing is known of any.
pub fn unify(types: &[Type]) -> Option<Type> {
    let mut known = types.iter().filter(|it| **it != Type::Dynamic);
    let Some(first) = known.next() else { return Some(Type::Dynamic) };
    known.try_fold(first.clone(), |common, ty| pair(&common, ty))
}

fn pair(one: &Type, other: &Type) -> Option<Type> {
    use Type::{Bool, Dynamic, List, Map, Number, Object, Set, String, Tuple};
    Some(match (one, other) {
        _ if one == other => one.clone(),
        (Dynamic, it) | (it, Dynamic) => it.clone(),
        (String, Number | Bool) | (Number | Bool, String) => String,
        (List(one), List(other)) => List(Box::new(pair(one, other)?)),
        (Set(one), Set(other)) => Set(Box::new(pair(one, other)?)),
        (Map(one), Map(other)) => Map(Box::new(pair(one, other)?)),
        (List(element), Tuple(types)) | (Tuple(types), List(element)) => {
            List(Box::new(pair(element, &unify(types)?)?))
        }
        (Set(one), List(other)) | (List(other), Set(one)) => Set(Box::new(pair(one, other)?)),
        (Set(element), Tuple(types)) | (Tuple(types), Set(element)) => {
            Set(Box::new(pair(element, &unify(types)?)?))
        }
        (Map(element), Object(types)) | (Object(types), Map(element)) => {
            let types: Vec<Type> = types.values().cloned().collect();
            Map(Box::new(pair(element, &unify(&types)?)?))
        }
        (Tuple(ones), Tuple(others)) => tuples(ones, others)?,
        (Object(ones), Object(others)) => objects(ones, others)?,
        _ => return None,
    })
}

fn tuples(ones: &[Type], others: &[Type]) -> Option<Type> {
    if ones.len() == others.len() {
        return ones
            .iter()
            .zip(others)
            .map(|(one, other)| pair(one, other))
            .collect::<Option<_>>()
            .map(Type::Tuple);
    }
    let all: Vec<Type> = ones.iter().chain(others).cloned().collect();
    unify(&all).map(|it| Type::List(Box::new(it)))
}

fn objects(ones: &BTreeMap<String, Type>, others: &BTreeMap<String, Type>) -> Option<Type> {
    if ones.keys().eq(others.keys()) {
        let both = ones.iter().zip(others.values());
        let unified = both.map(|((name, one), other)| Some((name.clone(), pair(one, other)?)));
        return unified.collect::<Option<_>>().map(Type::Object);
    }
    let all: Vec<Type> = ones.values().chain(others.values()).cloned().collect();
    unify(&all).map(|it| Type::Map(Box::new(it)))
}
