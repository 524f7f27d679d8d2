//! What the names in attributes stand for.

use std::collections::BTreeMap;

use servicenow_core::SysId;
use tf_core::{Object, Value};

use crate::layout::{Choices, Column, Exists, Holds, Layout, Lookup, RecordLayout};
use crate::lower::value;

/// Ids of records by the table and the name that somebody wrote, and values of choices by their list and the word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(BTreeMap<(&'static str, String), String>);

/// A name in an attribute.
#[derive(Clone, Debug)]
pub struct Named {
    /// The attribute at the top of the resource.
    pub attribute: &'static str,
    /// Where it is looked up.
    pub lookup: &'static Lookup,
    /// What was written: an id or a name.
    pub spelling: String,
}

/// A word in an attribute that the instance keeps a list of.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// The attribute at the top of the resource.
    pub attribute: &'static str,
    /// The list.
    pub choices: &'static Choices,
    /// What was written: a value or a label.
    pub spelling: String,
}

impl Names {
    /// Remembers what a name stands for.
    pub fn insert(&mut self, table: &'static str, spelling: &str, id: &str) {
        self.0.insert((table, spelling.to_owned()), id.to_owned());
    }

    /// The id that was meant. An id stands for itself.
    pub fn id_of(&self, table: &'static str, spelling: &str) -> Option<String> {
        match spelling.parse::<SysId>() {
            Ok(id) => Some(id.to_string()),
            Err(_) => self.0.get(&(table, spelling.to_owned())).cloned(),
        }
    }

    /// The spelling among these that stands for the id or value, or else that itself.
    pub fn spelled(&self, table: &'static str, id: &str, spellings: &[&str]) -> String {
        let meant =
            |it: &&&str| **it == id || self.id_of(table, it).is_some_and(|it| it.eq_ignore_ascii_case(id));
        spellings.iter().find(meant).map_or(id, |it| *it).to_owned()
    }
}

/// Everything in an object that may be the name of a record elsewhere; null, empty and unknown values are none.
pub fn named(layout: &Layout, object: &Object) -> Vec<Named> {
    layout.records.iter().flat_map(|record| in_record(record, object)).collect()
}

/// Every word in an object that the instance keeps a list of; null, empty and unknown values are none.
pub fn labelled(layout: &Layout, object: &Object) -> Vec<Labelled> {
    let is_single = |it: &&'static RecordLayout| !matches!(it.exists, Exists::ForEach(_));
    let word = |column: &'static Column| {
        let Holds::Labelled(attribute, choices) = column.holds else { return None };
        let spelling = texts(value(object, attribute)).first().map(|it| (*it).to_owned())?;
        Some(Labelled { attribute, choices, spelling })
    };
    layout.records.iter().filter(is_single).flat_map(|it| it.columns).filter_map(word).collect()
}

fn in_record(record: &'static RecordLayout, object: &Object) -> Vec<Named> {
    let Exists::ForEach(attribute) = record.exists else {
        let column = |column: &'static Column| in_column(column, None, object);
        return record.columns.iter().flat_map(column).collect();
    };
    match value(object, attribute) {
        Value::Map(entries) => {
            let members = entries.values().filter_map(Value::as_object);
            let column =
                |entry| record.columns.iter().flat_map(move |it| in_column(it, Some(attribute), entry));
            members.flat_map(column).collect()
        }
        set => {
            let lookup = record.key().and_then(|it| it.holds.lookup());
            let name = |lookup| {
                texts(set).into_iter().map(move |it| Named { attribute, lookup, spelling: it.to_owned() })
            };
            lookup.into_iter().flat_map(name).collect()
        }
    }
}

fn in_column(column: &'static Column, attribute: Option<&'static str>, object: &Object) -> Vec<Named> {
    let (Holds::Lookup(path, lookup) | Holds::Lookups(path, lookup)) = column.holds else {
        return Vec::new();
    };
    let attribute = attribute.unwrap_or(path);
    let named = |it: &str| Named { attribute, lookup, spelling: it.to_owned() };
    texts(value(object, path)).into_iter().map(named).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text.as_str()],
        other => other.as_elements().unwrap_or_default().iter().filter_map(Value::as_str).collect(),
    }
    .into_iter()
    .filter(|it| !it.is_empty())
    .collect()
}
