//! What an instance holds when it is new.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::dictionary::{Application, Table};
use crate::instance::Instance;
use crate::records::values::Meaning;
use crate::records::{Wanted, WriteError, Writer};
use crate::store::StoreError;

/// A small company with a few integrations.
const DEMO: &str = include_str!("fixtures/demo.json");

/// Who creates what an instance begins with.
const SYSTEM_USER: &str = "system";
/// What others are described by comes first: ids of aliases are made of scopes, names of connections of integrations.
const FIRST_TABLES: &[&str] = &["sys_scope", "x_snd_eb_process", "x_snd_eb_integration"];

/// What a new instance holds beside the administrator, the roles and the global scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fixture {
    /// A small company with a few integrations.
    #[default]
    Demo,
    /// Nothing.
    Empty,
    /// The rows of a JSON file: an object with an array of rows for each table.
    Path(PathBuf),
}

impl From<&str> for Fixture {
    fn from(text: &str) -> Fixture {
        match text {
            "demo" => Fixture::Demo,
            "empty" => Fixture::Empty,
            path => Fixture::Path(PathBuf::from(path)),
        }
    }
}

/// A fixture that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FixtureError {
    /// The file cannot be read.
    #[error("the fixture `{path}` cannot be read; name `demo`, `empty` or a JSON file")]
    File {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// No JSON, or no object with an array of rows for each table.
    #[error("the fixture is not an object with an array of rows for each table")]
    Malformed(#[from] serde_json::Error),
    /// A table that is not modelled.
    #[error("the fixture has rows for the table `{0}`, which this instance does not have")]
    Table(String),
    /// A column that the table does not have.
    #[error("the fixture has a row of `{table}` with the column `{column}`, which this table does not have")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A row that cannot be created.
    #[error("the fixture has a row of `{table}` that cannot be created: {reason}")]
    Row {
        /// The table.
        table: String,
        /// The platform's words.
        reason: String,
    },
    /// The database failed.
    #[error("the rows of the fixture cannot be stored")]
    Store(#[from] StoreError),
}

type Rows = BTreeMap<String, Vec<Map<String, Value>>>;

/// Fills a new instance.
pub fn fill(
    instance: &Instance,
    applications: &[&Application],
    fixture: &Fixture,
) -> Result<(), FixtureError> {
    match fixture {
        Fixture::Empty => Ok(()),
        Fixture::Demo => {
            fill_from(instance, DEMO)?;
            applications.iter().try_for_each(|it| fill_from(instance, it.demo))
        }
        Fixture::Path(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|source| FixtureError::File { path: path.display().to_string(), source })?;
            fill_from(instance, &text)
        }
    }
}

/// Adds the rows of a document: an object with an array of rows for each table.
pub fn fill_from(instance: &Instance, text: &str) -> Result<(), FixtureError> {
    let mut rows: Rows = serde_json::from_str(text)?;
    let first: Vec<(String, Vec<Map<String, Value>>)> =
        FIRST_TABLES.iter().filter_map(|it| rows.remove_entry(*it)).collect();
    for (name, rows) in first.into_iter().chain(rows) {
        let table = instance.dictionary.table(&name).ok_or_else(|| FixtureError::Table(name.clone()))?;
        for row in rows {
            let wanted = wanted(table, row)?;
            add(instance, table, &wanted)?;
        }
    }
    Ok(())
}

fn wanted(table: &Table, row: Map<String, Value>) -> Result<Wanted, FixtureError> {
    let mut wanted = Wanted::new();
    for (column, value) in row {
        if table.column(&column).is_none() {
            return Err(FixtureError::Column { table: table.name.clone(), column });
        }
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        wanted.insert(column, text);
    }
    Ok(wanted)
}

fn add(instance: &Instance, table: &Table, wanted: &Wanted) -> Result<(), FixtureError> {
    let writer = Writer {
        user_name: SYSTEM_USER,
        meaning: Meaning::Display,
        bound_by_rules: false,
        gives_system_columns: false,
        offset_s: 0,
    };
    match instance.create(writer, table, wanted) {
        Ok(_) => Ok(()),
        Err(WriteError::Refused(reason)) => Err(FixtureError::Row { table: table.name.clone(), reason }),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}
