//! An instance without its web services: tables, rows, settings and a clock.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::dictionary::{Dictionary, DictionaryError};
use crate::people::later::Plans;
use crate::settings::Settings;
use crate::store::{Row, Store, StoreError};

/// What rules, records and answers work on.
#[derive(Debug)]
pub struct Instance {
    /// The tables.
    pub dictionary: Arc<Dictionary>,
    /// The rows.
    pub store: Store,
    /// The named settings.
    pub settings: Settings,
    /// The time.
    pub clock: Clock,
    /// The instance's own URL, without a slash at its end: where links point.
    pub base_url: String,
    /// What happens some time after a write.
    pub plans: Plans,
}

/// An instance that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// The tables contradict themselves.
    #[error("the tables of the simulated instance cannot be used")]
    Dictionary(#[from] DictionaryError),
    /// The database is wrong.
    #[error("the rows of the simulated instance cannot be opened")]
    Store(#[from] StoreError),
}

impl Instance {
    /// Opens the rows in a file, or in memory, with the platform's tables and those of applications and files.
    pub fn open(
        data: Option<&Path>,
        applications: &[String],
        tables: &[PathBuf],
        clock: Clock,
        base_url: &str,
    ) -> Result<Instance, InstanceError> {
        let dictionary = Dictionary::open(applications, tables)?;
        let store = Store::open(data, dictionary.clone())?;
        let base_url = base_url.trim_end_matches('/').to_owned();
        Ok(Instance {
            dictionary,
            store,
            settings: Settings::default(),
            clock,
            base_url,
            plans: Plans::default(),
        })
    }

    /// The value of a system property, `""` when there is none.
    pub fn property(&self, name: &str) -> Result<String, StoreError> {
        let found = self.store.matching(&self.dictionary, "sys_properties", &[("name", name)])?;
        Ok(found.first().map(|(_, row)| text(row, "value").to_owned()).unwrap_or_default())
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
