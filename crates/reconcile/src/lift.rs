//! From found records to attributes.

use servicenow_core::Record;
use tf_core::{Object, Value};

use crate::cell::{flag, lines, list, number};
use crate::found::Found;
use crate::layout::{Column, Exists, Holds, Layout, RecordLayout};
use crate::lower::value;
use crate::names::Names;

/// The attributes that the found records amount to. `state` is what was known before: it keeps its form where the
/// instance means the same (null or empty text, a name instead of an id), and it is kept where the instance does not tell
/// (secrets and their versions, columns hidden from this user, attributes that have no column).
pub fn lift(layout: &Layout, found: &Found, state: &Object, names: &Names) -> Object {
    let mut object = state.clone();
    for record in layout.records {
        match (record.exists, found.one(record.slot)) {
            (Exists::ForEach(attribute), _) => {
                let entries = Entries { record, found, before: value(state, attribute), names };
                put(&mut object, attribute, entries.lift());
            }
            (Exists::While(path), None) => put(&mut object, path, Value::Null),
            (Exists::Always, None) => {}
            (_, Some(row)) => fill(&mut object, record, row, state, names),
        }
    }
    object
}

fn fill(object: &mut Object, record: &RecordLayout, row: &Record, state: &Object, names: &Names) {
    for column in record.columns {
        if let Holds::Secret(path, _) = &column.holds {
            put(object, path, Value::Null);
        } else if let Some(cell) = row.get(column.name)
            && let Some((path, lifted)) = attribute(&column.holds, cell, state, names)
        {
            put(object, path, lifted);
        }
    }
}

/// Many records as one attribute.
struct Entries<'a> {
    record: &'static RecordLayout,
    found: &'a Found,
    before: &'a Value,
    names: &'a Names,
}

impl Entries<'_> {
    fn lift(&self) -> Value {
        let is_set = self.record.key().is_some_and(|it| matches!(it.holds, Holds::KeyLookup(_)));
        if is_set { self.set() } else { self.map() }
    }

    fn map(&self) -> Value {
        let none = Object::new();
        let before = self.before.as_object();
        let entry = |(key, row): (&str, &Record)| {
            let state = before.and_then(|it| it.get(key)).and_then(Value::as_object).unwrap_or(&none);
            let mut members = state.clone();
            for path in self.record.columns.iter().flat_map(|it: &Column| it.holds.attributes()) {
                members.entry(path.to_owned()).or_insert(Value::Null);
            }
            fill(&mut members, self.record, row, state, self.names);
            (key.to_owned(), Value::Map(members))
        };
        let entries: Object = self.found.many(self.record.slot).map(entry).collect();
        if entries.is_empty() && before.is_none_or(|it| !it.is_empty()) {
            Value::Null
        } else {
            Value::Map(entries)
        }
    }

    fn set(&self) -> Value {
        let table = self.record.key().and_then(|it| it.holds.lookup()).map_or("", |it| it.table);
        let spellings: Vec<&str> =
            self.before.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).collect();
        let entry = |(key, _): (&str, &Record)| Value::string(self.names.spelled(table, key, &spellings));
        let items: Vec<Value> = self.found.many(self.record.slot).map(entry).collect();
        set(items, self.before)
    }
}

/// Columns that should have been in the answer and were not: this user may not read them, or there are none of that name.
pub fn hidden(layout: &Layout, found: &Found) -> Vec<(&'static str, &'static str)> {
    let absent = |record: &'static RecordLayout| {
        let rows: Vec<&Record> =
            found.iter().filter(|(place, _)| place.slot == record.slot).map(|(_, row)| row).collect();
        let is_absent = move |column: &&'static str| rows.iter().any(|it| it.get(column).is_none());
        record
            .readable()
            .into_iter()
            .filter(is_absent)
            .map(|column| (record.table, column))
            .collect::<Vec<_>>()
    };
    layout.records.iter().flat_map(absent).collect()
}

fn attribute(holds: &Holds, cell: &str, state: &Object, names: &Names) -> Option<(&'static str, Value)> {
    Some(match holds {
        Holds::SysId(path) => (path, Value::string(cell)),
        Holds::Text(path) | Holds::Reference(path, _) | Holds::Calculated(path) => {
            (path, text(cell, value(state, path)))
        }
        Holds::Lines(path) => {
            let before = value(state, path);
            let is_same = before.as_str().is_some_and(|it| lines(it) == lines(cell));
            (path, if is_same { before.clone() } else { text(cell, before) })
        }
        Holds::Number(path) => (path, number(cell).map_or(Value::Null, Value::Number)),
        Holds::Flag(path) | Holds::Observed(path) | Holds::Switch(path) => (path, Value::Bool(flag(cell))),
        Holds::Choice(path, words) => {
            let ours = words.iter().find(|(_, theirs)| *theirs == cell).map_or(cell, |(ours, _)| ours);
            (path, text(ours, value(state, path)))
        }
        Holds::References(path, _) => {
            (path, set(list(cell).into_iter().map(Value::string).collect(), value(state, path)))
        }
        Holds::Lookup(path, lookup) => {
            let before = value(state, path);
            let spelled = names.spelled(lookup.table, cell, &Vec::from_iter(before.as_str()));
            (path, text(&spelled, before))
        }
        Holds::Labelled(path, choices) => {
            let before = value(state, path);
            let spelled = names.spelled(choices.name, cell, &Vec::from_iter(before.as_str()));
            (path, text(&spelled, before))
        }
        Holds::Lookups(path, lookup) => {
            let before = value(state, path);
            let spellings: Vec<&str> =
                before.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).collect();
            let item = |it| Value::string(names.spelled(lookup.table, it, &spellings));
            (path, set(list(cell).into_iter().map(item).collect(), before))
        }
        Holds::Secret(..)
        | Holds::Slot(_)
        | Holds::Fixed(_)
        | Holds::Read
        | Holds::Key
        | Holds::KeyLookup(_)
        | Holds::Only(_) => return None,
    })
}

/// An empty column is null, unless the user wrote an empty text.
fn text(cell: &str, before: &Value) -> Value {
    if cell.is_empty() && before.as_str() != Some("") { Value::Null } else { Value::string(cell) }
}

/// No items are null, unless the user wrote an empty set.
fn set(items: Vec<Value>, before: &Value) -> Value {
    let was_empty = before.as_elements().is_some_and(<[Value]>::is_empty);
    if items.is_empty() && !was_empty { Value::Null } else { Value::set(items) }
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
