//! The records of one resource that exist.

use std::collections::BTreeMap;
use std::fmt;

use servicenow_core::Record;

/// Which record of a resource is meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its slot in the layout.
    pub slot: &'static str,
    /// Its key, where the slot has many.
    pub key: Option<String>,
}

impl Place {
    /// One of many.
    pub fn keyed(slot: &'static str, key: impl Into<String>) -> Place {
        Place { slot, key: Some(key.into()) }
    }
}

impl From<&'static str> for Place {
    fn from(slot: &'static str) -> Place {
        Place { slot, key: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.key {
            Some(key) => write!(f, "{}[{key}]", self.slot),
            None => f.write_str(self.slot),
        }
    }
}

/// The records of one resource that exist. Each holds its `sys_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found(BTreeMap<Place, Record>);

impl Found {
    /// Nothing yet.
    pub fn new() -> Found {
        Found::default()
    }

    /// The record of a slot that has one.
    pub fn one(&self, slot: &'static str) -> Option<&Record> {
        self.0.get(&slot.into())
    }

    /// The record at a place.
    pub fn get(&self, place: &Place) -> Option<&Record> {
        self.0.get(place)
    }

    /// The records of a slot that has many, by key.
    pub fn many(&self, slot: &'static str) -> impl Iterator<Item = (&str, &Record)> {
        let keyed = move |(place, record)| -> Option<(&str, &Record)> {
            let place: &Place = place;
            (place.slot == slot).then_some(())?;
            Some((place.key.as_deref()?, record))
        };
        self.0.iter().filter_map(keyed)
    }

    /// Puts a record at a place.
    pub fn insert(&mut self, place: impl Into<Place>, record: Record) {
        self.0.insert(place.into(), record);
    }

    /// Takes away what is at a place.
    pub fn remove(&mut self, place: &Place) {
        self.0.remove(place);
    }

    /// Everything.
    pub fn iter(&self) -> impl Iterator<Item = (&Place, &Record)> {
        self.0.iter()
    }

    /// Takes over everything that another one has.
    pub fn extend(&mut self, other: Found) {
        self.0.extend(other.0);
    }
}
