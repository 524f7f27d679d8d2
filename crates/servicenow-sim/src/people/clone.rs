//! A clone: the rows of another instance, or of an earlier moment of this one, take the place of this one's.

use std::path::PathBuf;

use serde::Deserialize;

use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::store::{Row, Store, StoreError};

/// What stays as it is in every clone: the name of the instance is its own.
const OWN_PROPERTIES: &[&str] = &["instance_name"];

/// Where a clone comes from and what it leaves alone.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloneProfile {
    /// The rows of the other instance.
    pub source: CloneSource,
    /// Tables whose rows stay as they are here, with the tables that extend them.
    #[serde(default)]
    pub preserve: Vec<String>,
    /// Tables whose rows do not come along: they are empty afterwards.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// Whether the clean-up switches Unifi off: all its connections and integrations are inactive afterwards.
    #[serde(default)]
    pub cleanup: bool,
}

/// Where the rows of a clone come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloneSource {
    /// A snapshot of this instance.
    Snapshot(String),
    /// The data file of another one.
    File(PathBuf),
}

impl Instance {
    /// Puts the rows of a source in the place of this instance's.
    pub fn clone_from(&self, source: &Store, profile: &CloneProfile) -> Result<(), StoreError> {
        self.store.work(|| {
            let own = self.own_properties()?;
            self.store.adopt_secrets(source)?;
            for table in self.dictionary.tables() {
                if !in_one_of(table, &profile.preserve) && !self.store.is_derived(&table.name) {
                    let left_out = in_one_of(table, &profile.exclude);
                    let rows = if left_out { Vec::new() } else { source.exactly(table, &[])? };
                    self.store.replace(table, &rows)?;
                }
            }
            self.restore_properties(&own)?;
            if profile.cleanup { self.switch_unifi_off() } else { Ok(()) }
        })
    }

    fn own_properties(&self) -> Result<Vec<(String, String)>, StoreError> {
        OWN_PROPERTIES.iter().map(|it| Ok(((*it).to_owned(), self.property(it)?))).collect()
    }

    fn restore_properties(&self, own: &[(String, String)]) -> Result<(), StoreError> {
        for (name, value) in own {
            let named = [("name", name.as_str())];
            for (table, row) in self.store.matching(&self.dictionary, "sys_properties", &named)? {
                let kept = Row::from([("value".to_owned(), value.clone())]);
                self.store.update(&table.name, text(&row, "sys_id"), &kept)?;
            }
        }
        Ok(())
    }

    fn switch_unifi_off(&self) -> Result<(), StoreError> {
        let off = |column: &str, value: &str| (column.to_owned(), value.to_owned());
        for (name, changes) in [
            ("x_snd_eb_connection", Row::from([off("active", "false")])),
            ("x_snd_eb_integration", Row::from([off("active", "false"), off("state", "off")])),
        ] {
            for (table, row) in self.store.matching(&self.dictionary, name, &[("active", "true")])? {
                self.store.update(&table.name, text(&row, "sys_id"), &changes)?;
            }
        }
        Ok(())
    }
}

fn in_one_of(table: &Table, names: &[String]) -> bool {
    names.iter().any(|it| table.is_a(it))
}
