//! An instance without its web services: tables, rows, settings and a clock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Clock;
use crate::dictionary::{Dictionary, DictionaryError};
use crate::people::later::Plans;
use crate::settings::Settings;
use crate::settings::properties::PROPERTIES;
use crate::store::{Row, Store, StoreError};

/// Names and values of system properties.
pub type Properties = BTreeMap<String, String>;

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

    /// The same instance over other rows, for a request that changes nothing.
    pub fn with(&self, store: Store) -> Instance {
        Instance {
            dictionary: self.dictionary.clone(),
            store,
            settings: self.settings.clone(),
            clock: self.clock.clone(),
            base_url: self.base_url.clone(),
            plans: Plans::default(),
        }
    }

    /// The value of a system property, `""` when there is none.
    pub fn property(&self, name: &str) -> Result<String, StoreError> {
        Ok(self.properties()?.get(name).cloned().unwrap_or_default())
    }

    /// The values of all system properties.
    pub fn properties(&self) -> Result<Arc<Properties>, StoreError> {
        self.store.kept("properties", || {
            let rows = self.store.matching(&self.dictionary, "sys_properties", &[])?;
            let value = |row: &Row| (text(row, "name").to_owned(), text(row, "value").to_owned());
            Ok(rows.iter().map(|(_, row)| value(row)).collect())
        })
    }

    /// The value of a setting, unless a property of the instance says something else.
    pub fn ruled(&self, setting: &str) -> Result<String, StoreError> {
        let set = self.properties()?;
        let said = PROPERTIES.iter().find(|it| it.setting == setting);
        let said = said.and_then(|it| it.says(set.get(it.name)?));
        Ok(said.unwrap_or_else(|| self.settings.text(setting).to_owned()))
    }

    /// The same for a setting that is `true` or `false`.
    pub fn ruled_flag(&self, setting: &str) -> Result<bool, StoreError> {
        Ok(self.ruled(setting)? == "true")
    }

    /// The same for a setting that is a whole number.
    pub fn ruled_number(&self, setting: &str) -> Result<u64, StoreError> {
        Ok(self.ruled(setting)?.parse().unwrap_or_default())
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
