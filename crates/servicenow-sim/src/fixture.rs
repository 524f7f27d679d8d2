//! What an instance holds when it is new.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Map, Value};

use crate::dictionary::{Column, Table};
use crate::instance::Instance;
use crate::records::values::Meaning;
use crate::records::{Wanted, WriteError, Writer};
use crate::store::{Row, StoreError};

/// What every instance has: the global scope, the roles and the administrator.
const BASE: &str = include_str!("fixtures/base.json");
/// A small company with a few integrations.
const DEMO: &str = include_str!("fixtures/demo.json");

/// Who creates what an instance begins with.
const SYSTEM_USER: &str = "system";
/// Scopes come first: ids of aliases are made of them.
const FIRST_TABLE: &str = "sys_scope";

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
pub fn fill(instance: &Instance, fixture: &Fixture) -> Result<(), FixtureError> {
    fill_from(instance, BASE)?;
    match fixture {
        Fixture::Empty => Ok(()),
        Fixture::Demo => fill_from(instance, DEMO),
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
    let first = rows.remove_entry(FIRST_TABLE);
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
    let writer = Writer { user_name: SYSTEM_USER, meaning: Meaning::Display, bound_by_rules: false };
    match instance.create(writer, table, wanted) {
        Ok(_) => Ok(()),
        Err(WriteError::Refused(reason)) => Err(FixtureError::Row { table: table.name.clone(), reason }),
        Err(WriteError::Store(error)) => Err(error.into()),
    }
}

/// Writes down the tables themselves, so that they can be queried like everything else.
pub fn describe(instance: &Instance) -> Result<(), StoreError> {
    for table in ["sys_db_object", "sys_dictionary", "sys_choice"] {
        instance.store.clear(table)?;
    }
    for table in instance.dictionary.tables() {
        insert(instance, "sys_db_object", &table.name, &table_facts(table))?;
        let collection = row([("name", table.name.as_str()), ("internal_type", "collection")]);
        insert(instance, "sys_dictionary", &table.name, &collection)?;
        for column in table.columns.iter().filter(|it| table.own.contains(&it.name)) {
            let key = format!("{}.{}", table.name, column.name);
            insert(instance, "sys_dictionary", &key, &column_facts(table, column))?;
            for (sequence, (value, label)) in column.choices.iter().enumerate() {
                let sequence = sequence.to_string();
                let facts = row([
                    ("name", table.name.as_str()),
                    ("element", &column.name),
                    ("value", value),
                    ("label", label),
                    ("sequence", &sequence),
                ]);
                insert(instance, "sys_choice", &format!("{key}.{value}"), &facts)?;
            }
        }
    }
    Ok(())
}

fn insert(instance: &Instance, table: &str, key: &str, facts: &Row) -> Result<(), StoreError> {
    let Some(described) = instance.dictionary.table(table) else {
        return Ok(());
    };
    let mut row: Row = described.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
    row.insert("sys_id".to_owned(), derived_id(table, key));
    row.extend(facts.clone());
    instance.store.insert(table, &row)
}

fn table_facts(table: &Table) -> Row {
    let extendable = table.family.len() > 1 || table.extends.is_none();
    let parent = table.extends.as_ref().map(|it| derived_id("sys_db_object", it));
    row([
        ("name", table.name.as_str()),
        ("label", &table.label),
        ("is_extendable", flag(extendable)),
        ("super_class", &parent.unwrap_or_default()),
    ])
}

fn column_facts(table: &Table, column: &Column) -> Row {
    let max_length = column.max_length.map(|it| it.to_string()).unwrap_or_default();
    row([
        ("name", &table.name),
        ("element", &column.name),
        ("column_label", &column.label),
        ("internal_type", column.kind.internal_type()),
        ("mandatory", flag(column.mandatory)),
        ("read_only", flag(column.read_only)),
        ("unique", flag(column.unique)),
        ("display", flag(column.display)),
        ("default_value", &column.default),
        ("reference", column.reference.as_deref().unwrap_or_default()),
        ("max_length", &max_length),
        ("choice", if column.choices.is_empty() { "0" } else { "1" }),
    ])
}

fn row<const COUNT: usize>(facts: [(&str, &str); COUNT]) -> Row {
    facts.into_iter().map(|(column, value)| (column.to_owned(), value.to_owned())).collect()
}

fn flag(it: bool) -> &'static str {
    if it { "true" } else { "false" }
}

/// Always the same id for the same key (FNV-1a with 128 bits), so that descriptions keep theirs over restarts.
fn derived_id(table: &str, key: &str) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let text = format!("{table}/{key}");
    let hash = text.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}
