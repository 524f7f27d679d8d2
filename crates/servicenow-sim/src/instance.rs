//! An instance without its web services: tables, rows, settings and a clock.

use std::path::Path;

use crate::clock::Clock;
use crate::dictionary::{Dictionary, DictionaryError};
use crate::settings::Settings;
use crate::store::{Row, Store, StoreError};

/// What rules, records and answers work on.
#[derive(Debug)]
pub struct Instance {
    /// The tables.
    pub dictionary: Dictionary,
    /// The rows.
    pub store: Store,
    /// The named settings.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// The instance's own URL, without a slash at its end: where links point.
    pub base_url: String,
}

/// An instance that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The compiled-in tables are wrong.
    #[error("the dictionary of the simulated instance is broken; this is a fault of the simulator")]
    Dictionary(#[from] DictionaryError),
    /// The database is wrong.
    #[error("the rows of the simulated instance cannot be opened")]
    Store(#[from] StoreError),
}

impl Instance {
    /// Opens the rows in a file, or in memory.
    pub fn open(data: Option<&Path>, clock: Clock, base_url: &str) -> Result<Instance, InstanceError> {
        let dictionary = Dictionary::native()?;
        let store = Store::open(data, &dictionary)?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Instance { dictionary, store, settings: Settings::default(), clock, base_url })
    }

    /// What people see of a referred row: its display column, or nothing when there is no such row.
    pub fn display(&self, table: &str, sys_id: &str) -> Result<Option<String>, StoreError> {
        let found = self.store.find(&self.dictionary, table, sys_id)?;
        Ok(found.and_then(|(class, row)| Some(text(&row, &class.display_column()?.name).to_owned())))
    }
}

/// A stored value, `""` when there is none.
pub fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    row.get(column).map(String::as_str).unwrap_or_default()
}

/// A stored value as yes or no.
pub fn flag(row: &Row, column: &str) -> bool {
    text(row, column) == "true"
}
