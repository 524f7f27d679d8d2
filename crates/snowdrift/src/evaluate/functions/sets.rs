//! Functions over sets.

use std::collections::BTreeSet;

use tf_core::{Type, Value};

use super::arguments::Arguments;
use super::{Function, Takes};
use crate::evaluate::convert::{convert, unify};
use crate::evaluate::typed::Typed;
use crate::evaluate::wrong::{Outcome, Wrong};

/// The function of that name, if it is one of these.
pub fn find(name: &str) -> Option<(Takes, Function)> {
    let function: Function = match name {
        "setunion" => |it| combined(it, |one, other| one.union(other).cloned().collect()),
        "setintersection" => |it| combined(it, |one, other| one.intersection(other).cloned().collect()),
        "setsubtract" => |it| {
            it.exactly(2)?;
            combined(it, |one, other| one.difference(other).cloned().collect())
        },
        "setproduct" => product,
        _ => return None,
    };
    Some((Takes::Known, function))
}

type Elements = BTreeSet<Value>;

fn combined(it: &Arguments, combine: impl Fn(&Elements, &Elements) -> Elements) -> Outcome<Option<Typed>> {
    let any = Type::Set(Box::new(Type::Dynamic));
    let sets = it.items.iter().map(|it| convert(it.clone(), &any)).collect::<Outcome<Vec<_>>>()?;
    let types: Vec<Type> = sets.iter().map(|it| it.ty.clone()).collect();
    let ty = unify(&types).ok_or_else(|| Wrong::new("the sets have no type in common"))?;
    let mut result: Option<Elements> = None;
    for set in sets {
        let values: Elements = match convert(set, &ty)?.value {
            Value::Set(values) => values.into_iter().collect(),
            _ => return Ok(None),
        };
        result = Some(match result {
            Some(before) => combine(&before, &values),
            None => values,
        });
    }
    let values = result.ok_or_else(|| Wrong::new("it has no argument"))?;
    Ok(Some(Typed::new(ty, Value::set(values.into_iter().collect()))))
}

/// Every combination, in order; only of lists and tuples, because the order of a set of tuples is Terraform's own.
fn product(it: &Arguments) -> Outcome<Option<Typed>> {
    it.between(2, usize::MAX)?;
    let mut rows: Vec<Vec<Typed>> = vec![Vec::new()];
    for (place, item) in it.items.iter().enumerate() {
        if matches!(item.value, Value::Set(_)) {
            return Ok(None);
        }
        let elements = it.elements(place)?;
        rows = rows
            .iter()
            .flat_map(|row| elements.iter().map(|it| [row.as_slice(), std::slice::from_ref(it)].concat()))
            .collect();
    }
    let tuple = Typed::tuple(rows.into_iter().map(Typed::tuple).collect());
    convert(tuple, &Type::List(Box::new(Type::Dynamic))).map(Some)
}
