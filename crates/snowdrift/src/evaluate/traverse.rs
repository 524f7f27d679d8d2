//! `a.b[0].c`, `a[*].b` and `a.*.b`.

use std::rc::Rc;

use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use tf_core::{Type, Value};

use super::convert::convert;
use super::evaluate as value_of;
use super::inside::Inside;
use super::scope::{Part, Scope};
use super::typed::Typed;
use super::wrong::{Outcome, Wrong};

/// A name that stands alone.
pub fn variable(name: &str, scope: &Scope<'_>) -> Outcome<Typed> {
    if let Some(value) = scope.local(name) {
        return Ok(Rc::unwrap_or_clone(value));
    }
    match scope.global(name, &[])? {
        Some((value, _)) => Ok(Rc::unwrap_or_clone(value)),
        None => Err(Wrong::new(format!("the name `{name}` is not known"))),
    }
}

/// A value and the steps into it.
pub fn evaluate(it: &Traversal, scope: &Scope<'_>) -> Outcome<Typed> {
    let operators: Vec<&TraversalOperator> = it.operators.iter().map(|it| it.value()).collect();
    let (start, taken) = start(&it.expr, &operators, scope)?;
    within(start, operators.get(taken..).unwrap_or_default(), scope)
}

/// The steps into a value that others look into as well: only what they reach is copied.
fn within(start: Rc<Typed>, operators: &[&TraversalOperator], scope: &Scope<'_>) -> Outcome<Typed> {
    let mut inside = Inside::of(&start);
    let mut taken = 0;
    for operator in operators {
        let next = match operator {
            TraversalOperator::GetAttr(name) => inside.member(name.as_str()),
            TraversalOperator::Index(key) => inside.at(&value_of(key, scope)?),
            _ => None,
        };
        let Some(next) = next else { break };
        inside = next;
        taken += 1;
    }
    let reached = if taken > 0 { inside.value() } else { Rc::unwrap_or_clone(start) };
    steps(reached, operators.get(taken..).unwrap_or_default(), scope)
}

/// What the first words stand for, and how many operators that took.
fn start(
    expression: &Expression,
    operators: &[&TraversalOperator],
    scope: &Scope<'_>,
) -> Outcome<(Rc<Typed>, usize)> {
    let Expression::Variable(name) = expression else {
        return Ok((Rc::new(value_of(expression, scope)?), 0));
    };
    if let Some(value) = scope.local(name.as_str()) {
        return Ok((value, 0));
    }
    if let Some(part) = part(name.as_str(), operators, scope)? {
        return Ok((part, PART_OPERATORS));
    }
    let words = operators.iter().map_while(|it| match it {
        TraversalOperator::GetAttr(name) => Some(name.as_str()),
        _ => None,
    });
    let words: Vec<&str> = words.collect();
    scope
        .global(name.as_str(), &words)?
        .ok_or_else(|| Wrong::new(format!("the name `{}` is not known", name.as_str())))
}

/// Operators behind the root in `root.name[key].part`.
const PART_OPERATORS: usize = 3;

/// What `root.name[key].part` stands for, where that is had without the other instances.
fn part(root: &str, operators: &[&TraversalOperator], scope: &Scope<'_>) -> Outcome<Option<Rc<Typed>>> {
    let [
        TraversalOperator::GetAttr(name),
        TraversalOperator::Index(key),
        TraversalOperator::GetAttr(part),
        ..,
    ] = operators
    else {
        return Ok(None);
    };
    let key = value_of(key, scope)?;
    if key.is_unknown() || key.is_sensitive() {
        return Ok(None);
    }
    scope.part(&Part { root, name: name.as_str(), key: &key, part: part.as_str() })
}

fn steps(mut value: Typed, operators: &[&TraversalOperator], scope: &Scope<'_>) -> Outcome<Typed> {
    for (place, operator) in operators.iter().enumerate() {
        let rest = operators.get(place + 1..).unwrap_or_default();
        value = match operator {
            TraversalOperator::GetAttr(name) => attribute(&value, name.as_str())?,
            TraversalOperator::Index(key) => index(&value, value_of(key, scope)?)?,
            TraversalOperator::LegacyIndex(key) => index(&value, Typed::number((*key.value()).into()))?,
            TraversalOperator::FullSplat(_) => return splat(&value, rest, scope),
            TraversalOperator::AttrSplat(_) => {
                // Such a splat reaches over the names that follow; an index applies to its result.
                let names = rest.iter().take_while(|it| matches!(it, TraversalOperator::GetAttr(_))).count();
                let (inner, outer) = rest.split_at(names);
                return steps(splat(&value, inner, scope)?, outer, scope);
            }
        };
    }
    Ok(value)
}

/// The member of that name.
fn attribute(value: &Typed, name: &str) -> Outcome<Typed> {
    if value.is_null() {
        return Err(Wrong::new(format!("`{name}` is asked of a value that is null")));
    }
    if value.is_unknown() {
        let marks = value.marks.part(name);
        return Ok(Typed { marks, ..Typed::unknown_of(inner(&value.ty, Some(name))) });
    }
    match (value.member(name), value.elements()) {
        (Some(member), _) => Ok(member),
        (None, Some(elements)) => {
            // `list.0`, from older days.
            let place = name.parse::<usize>().ok();
            let element = place.and_then(|it| elements.into_iter().nth(it));
            element.ok_or_else(|| Wrong::new(format!("a {} has no attribute `{name}`", value.kind())))
        }
        _ => Err(Wrong::new(format!("there is no attribute `{name}` here"))),
    }
}

/// The element at that place or of that key.
pub fn index(value: &Typed, key: Typed) -> Outcome<Typed> {
    let sensitive = value.is_hidden() || key.is_sensitive();
    if value.is_null() || key.is_null() {
        return Err(Wrong::new("an index of or into a value that is null"));
    }
    if value.is_unknown() || key.is_unknown() {
        let name = key.value.as_str();
        return Ok(Typed::unknown_of(inner(&value.ty, name)).marked(sensitive));
    }
    if matches!(value.value, Value::Set(_)) {
        return Err(Wrong::new("the elements of a set have no index"));
    }
    let found = match value.elements() {
        Some(elements) => place(&key)?.and_then(|it| elements.into_iter().nth(it)),
        None => convert(key, &Type::String)?.value.as_str().and_then(|name| value.member(name)),
    };
    found.map(|it| it.marked(sensitive)).ok_or_else(|| Wrong::new("there is nothing at that index"))
}

fn place(key: &Typed) -> Outcome<Option<usize>> {
    let number = convert(key.clone(), &Type::Number)?;
    Ok(match &number.value {
        Value::Number(number) => number.to_u64().and_then(|it| usize::try_from(it).ok()),
        _ => None,
    })
}

/// The type of a member or element of an unknown value.
fn inner(ty: &Type, name: Option<&str>) -> Type {
    match ty {
        Type::List(element) | Type::Map(element) => (**element).clone(),
        Type::Object(types) => name.and_then(|it| types.get(it)).cloned().unwrap_or(Type::Dynamic),
        _ => Type::Dynamic,
    }
}

/// The steps applied to every element. A single value counts as a list of one, null as an empty one.
fn splat(value: &Typed, operators: &[&TraversalOperator], scope: &Scope<'_>) -> Outcome<Typed> {
    let sensitive = value.is_hidden();
    let sequence = matches!(value.ty, Type::List(_) | Type::Set(_) | Type::Tuple(_));
    if value.is_unknown() {
        return Ok(Typed::unknown().marked(sensitive));
    }
    if value.is_null() {
        if sequence {
            return Err(Wrong::new("a splat over a list that is null"));
        }
        return Ok(Typed::tuple(Vec::new()));
    }
    let uniform = matches!(value.ty, Type::List(_) | Type::Set(_));
    let elements = value.elements().unwrap_or_else(|| vec![value.clone()]);
    let reached: Vec<Typed> =
        elements.into_iter().map(|it| steps(it, operators, scope)).collect::<Outcome<_>>()?;
    let ty = reached.first().map(|it| it.ty.clone());
    let tuple = Typed::tuple(reached).marked(sensitive);
    match ty {
        Some(ty) if uniform => convert(tuple, &Type::List(Box::new(ty))),
        _ => Ok(tuple),
    }
}
