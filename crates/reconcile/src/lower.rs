//! From attributes to cells.

use std::collections::BTreeMap;

use tf_core::{Object, Secret, Value};

use crate::cell::Cell;
use crate::found::Place;
use crate::layout::{Exists, Holds, Layout, RecordLayout};
use crate::names::Names;

/// A record that should exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Which one it is within the resource.
    pub place: Place,
    /// Its table.
    pub table: &'static str,
    /// What its columns should hold. A column that is not here is left alone.
    pub cells: BTreeMap<&'static str, Cell>,
}

/// The records that `wanted` asks for. Write-only values come from `config`, the only place that has them.
pub fn lower(wanted: &Object, config: &Object, layout: &'static Layout, names: &Names) -> Vec<Wanted> {
    let lowering = Lowering { wanted, config, layout, names };
    layout.records.iter().flat_map(|it| lowering.records(it)).collect()
}

/// One entry of many: its key as the rows are told apart by, and its members.
struct Entry<'a> {
    key: String,
    members: &'a Object,
}

struct Lowering<'a> {
    wanted: &'a Object,
    config: &'a Object,
    layout: &'static Layout,
    names: &'a Names,
}

impl Lowering<'_> {
    fn exists(&self, record: &RecordLayout) -> bool {
        match record.exists {
            Exists::Always | Exists::ForEach(_) => true,
            Exists::While(path) => !value(self.wanted, path).is_null(),
        }
    }

    fn records(&self, record: &'static RecordLayout) -> Vec<Wanted> {
        let Exists::ForEach(attribute) = record.exists else {
            return if self.exists(record) { vec![self.record(record, None)] } else { Vec::new() };
        };
        let none = Object::new();
        let entries: Vec<Entry<'_>> = match value(self.wanted, attribute) {
            Value::Map(entries) => {
                let entry = |(key, it)| Entry {
                    key: String::clone(key),
                    members: Value::as_object(it).unwrap_or(&none),
                };
                entries.iter().map(entry).collect()
            }
            set => {
                let table = record.key().and_then(|it| it.holds.lookup()).map_or("", |it| it.table);
                let spellings = set.as_elements().unwrap_or_default().iter().filter_map(Value::as_str);
                let ids = spellings.filter_map(|it| self.names.id_of(table, it));
                ids.map(|key| Entry { key, members: &none }).collect()
            }
        };
        entries.into_iter().map(|it| self.record(record, Some(&it))).collect()
    }

    fn record(&self, record: &'static RecordLayout, entry: Option<&Entry<'_>>) -> Wanted {
        let cells = record.columns.iter().filter_map(|it| Some((it.name, self.cell(&it.holds, entry)?)));
        let place = Place { slot: record.slot, key: entry.map(|it| it.key.clone()) };
        Wanted { place, table: record.table, cells: cells.collect() }
    }

    fn cell(&self, holds: &Holds, entry: Option<&Entry<'_>>) -> Option<Cell> {
        match holds {
            Holds::Slot(slot) => match self.layout.record(slot) {
                Some(record) if self.exists(record) => Some(Cell::Slot(slot)),
                // A reference to a record that is not wanted is an empty reference.
                _ => Some(Cell::Text(String::new())),
            },
            Holds::Key | Holds::KeyLookup(_) => entry.map(|it| Cell::Text(it.key.clone())),
            other => self.plain(other, entry.map_or(self.wanted, |it| it.members)),
        }
    }

    /// The cell of a column that needs no other record. An unknown value gives none: the instance decides it.
    fn plain(&self, holds: &Holds, wanted: &Object) -> Option<Cell> {
        let known = |path: &str| Some(value(wanted, path)).filter(|it| !it.is_unknown());
        let items =
            |it: &Value| -> Vec<String> { it.as_elements().unwrap_or_default().iter().map(text).collect() };
        match holds {
            Holds::Text(path) | Holds::Reference(path, _) => known(path).map(|it| Cell::Text(text(it))),
            Holds::Lines(path) => known(path).map(|it| Cell::Lines(text(it))),
            Holds::Number(path) => known(path).map(|it| Cell::Number(text(it))),
            Holds::Flag(path) => known(path).map(|it| Cell::Flag(it.as_bool().unwrap_or_default())),
            Holds::Choice(path, words) => known(path).map(|it| Cell::Text(theirs(words, &text(it)))),
            Holds::Labelled(path, choices) => self.word(choices.name, &text(known(path)?)).map(Cell::Text),
            Holds::References(path, _) => known(path).map(|it| Cell::List(items(it))),
            Holds::Lookup(path, lookup) => self.word(lookup.table, &text(known(path)?)).map(Cell::Text),
            Holds::Lookups(path, lookup) => {
                let ids: Option<Vec<String>> =
                    items(known(path)?).iter().map(|it| self.word(lookup.table, it)).collect();
                ids.map(Cell::List)
            }
            Holds::Secret(path, _) => {
                value(self.config, path).as_str().map(|it| Cell::Secret(Secret::new(it)))
            }
            Holds::Switch(path) => Some(Cell::Switch(value(wanted, path).as_bool())),
            Holds::Fixed(word) => Some(Cell::Text((*word).to_owned())),
            Holds::SysId(_)
            | Holds::Calculated(_)
            | Holds::Observed(_)
            | Holds::Read
            | Holds::Slot(_)
            | Holds::Key
            | Holds::KeyLookup(_)
            | Holds::Only(_) => None,
        }
    }

    /// What a name stands for; empty for nothing. A name that nobody looked up gives no cell, so that it is never stored
    /// in the place of an id.
    fn word(&self, list: &'static str, spelling: &str) -> Option<String> {
        if spelling.is_empty() { Some(String::new()) } else { self.names.id_of(list, spelling) }
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
