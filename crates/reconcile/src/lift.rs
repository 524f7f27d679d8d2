//! From found records to attributes.

use tf_core::{Object, Value};

use crate::cell::{flag, list, number};
use crate::layout::{Holds, Layout};
use crate::lower::value;
use crate::steps::Found;

/// The attributes that the found records amount to. `state` is what was known before: it keeps its form where the
/// instance means the same (null or empty text), and it is kept where the instance does not tell (secrets and their
/// versions, columns hidden from this user, attributes that have no column).
pub fn lift(layout: &Layout, found: &Found, state: &Object) -> Object {
    let mut object = state.clone();
    for record in layout.records {
        let Some(row) = found.get(record.slot) else {
            if let Some(path) = record.when {
                put(&mut object, path, Value::Null);
            }
            continue;
        };
        for column in record.columns {
            if let Holds::Secret(path, _) = &column.holds {
                put(&mut object, path, Value::Null);
            } else if let Some(cell) = row.get(column.name)
                && let Some((path, lifted)) = attribute(&column.holds, cell, state)
            {
                put(&mut object, path, lifted);
            }
        }
    }
    object
}

/// Columns that should have been in the answer and were not: this user may not read them.
pub fn hidden(layout: &Layout, found: &Found) -> Vec<(&'static str, &'static str)> {
    let hidden_of = |record: &'static crate::RecordLayout| {
        let row = found.get(record.slot);
        let absent = move |column: &&'static str| row.is_some_and(|it| it.get(column).is_none());
        record.readable().into_iter().filter(absent).map(|column| (record.table, column)).collect::<Vec<_>>()
    };
    layout.records.iter().flat_map(hidden_of).collect()
}

fn attribute(holds: &Holds, cell: &str, state: &Object) -> Option<(&'static str, Value)> {
    Some(match holds {
        Holds::SysId(path) => (path, Value::string(cell)),
        Holds::Text(path) | Holds::Reference(path, _) | Holds::Calculated(path) => {
            (path, text(cell, value(state, path)))
        }
        Holds::Number(path) => (path, number(cell).map_or(Value::Null, Value::Number)),
        Holds::Flag(path) | Holds::Switch(path) => (path, Value::Bool(flag(cell))),
        Holds::Choice(path, words) => {
            let ours = words.iter().find(|(_, theirs)| *theirs == cell).map_or(cell, |(ours, _)| ours);
            (path, text(ours, value(state, path)))
        }
        Holds::References(path, _) => {
            let items: Vec<Value> = list(cell).into_iter().map(Value::string).collect();
            let was_empty = value(state, path).as_elements().is_some_and(<[Value]>::is_empty);
            (path, if items.is_empty() && !was_empty { Value::Null } else { Value::set(items) })
        }
        Holds::Secret(..) | Holds::Slot(_) | Holds::Fixed(_) => return None,
    })
}

/// An empty column is null, unless the user wrote an empty text.
fn text(cell: &str, before: &Value) -> Value {
    if cell.is_empty() && before.as_str() != Some("") { Value::Null } else { Value::string(cell) }
}

fn put(object: &mut Object, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            object.insert(path.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = object.entry(head.to_owned()).or_insert(Value::Null);
            if !matches!(inner, Value::Map(_)) {
                *inner = Value::Map(Object::new());
            }
            if let Value::Map(members) = inner {
                put(members, rest, value);
            }
        }
    }
}
