//! From attributes to cells.

use std::collections::BTreeMap;

use tf_core::{Object, Secret, Value};

use crate::cell::Cell;
use crate::layout::{Column, Holds, Layout, RecordLayout};

/// A record that should exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its name within the resource.
    pub slot: &'static str,
    /// Its table.
    pub table: &'static str,
    /// What its columns should hold. A column that is not here is left alone.
    pub cells: BTreeMap<&'static str, Cell>,
}

/// The records that `wanted` asks for. Write-only values come from `config`, the only place that has them.
pub fn lower(wanted: &Object, config: &Object, layout: &Layout) -> Vec<Wanted> {
    let exists = |record: &RecordLayout| record.when.is_none_or(|path| !value(wanted, path).is_null());
    let cell = |column: &Column| -> Option<Cell> {
        match &column.holds {
            Holds::Slot(slot) => match layout.record(slot) {
                Some(record) if exists(record) => Some(Cell::Slot(slot)),
                // A reference to a record that is not wanted is an empty reference.
                _ => Some(Cell::Text(String::new())),
            },
            other => plain(other, wanted, config),
        }
    };
    let wanted_record = |record: &'static RecordLayout| Wanted {
        slot: record.slot,
        table: record.table,
        cells: record.columns.iter().filter_map(|it| Some((it.name, cell(it)?))).collect(),
    };
    layout.records.iter().filter(|it| exists(it)).map(wanted_record).collect()
}

/// The cell of a column that needs no other record. An unknown value gives none: the instance decides it.
fn plain(holds: &Holds, wanted: &Object, config: &Object) -> Option<Cell> {
    let known = |path: &str| Some(value(wanted, path)).filter(|it| !it.is_unknown());
    match holds {
        Holds::Text(path) | Holds::Reference(path, _) => known(path).map(|it| Cell::Text(text(it))),
        Holds::Number(path) => known(path).map(|it| Cell::Number(text(it))),
        Holds::Flag(path) => known(path).map(|it| Cell::Flag(it.as_bool().unwrap_or_default())),
        Holds::Choice(path, words) => known(path).map(|it| Cell::Text(theirs(words, &text(it)))),
        Holds::References(path, _) => {
            known(path).map(|it| Cell::List(it.as_elements().unwrap_or_default().iter().map(text).collect()))
        }
        Holds::Secret(path, _) => value(config, path).as_str().map(|it| Cell::Secret(Secret::new(it))),
        Holds::Switch(path) => Some(Cell::Switch(value(wanted, path).as_bool())),
        Holds::Fixed(word) => Some(Cell::Text((*word).to_owned())),
        Holds::SysId(_) | Holds::Calculated(_) | Holds::Slot(_) => None,
    }
}

fn theirs(words: &[(&str, &str)], ours: &str) -> String {
    words.iter().find(|(it, _)| *it == ours).map_or(ours, |(_, theirs)| theirs).to_owned()
}

/// The value at a dotted path; null when there is none.
pub fn value<'a>(object: &'a Object, path: &str) -> &'a Value {
    match path.split_once('.') {
        None => object.get(path).unwrap_or(&Value::Null),
        Some((head, rest)) => match object.get(head) {
            Some(Value::Map(inner)) => value(inner, rest),
            Some(it @ Value::Unknown(_)) => it,
            _ => &Value::Null,
        },
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(it) => it.clone(),
        Value::Bool(it) => it.to_string(),
        Value::Number(it) => it.to_string(),
        _ => String::new(),
    }
}
