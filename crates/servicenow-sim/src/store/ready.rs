//! Tables of the database come into being when they are first touched, with the rows that they come with.
//!
//! An instance has many tables and most stories touch few of them, so that opening one costs next to nothing.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use super::{Row, Store, StoreError, quoted};
use crate::dictionary::{Dictionary, Seed, Table, derived_id};

/// Who created the rows that an instance comes with, and when.
const SEEDED_BY: &str = "system";
const SEEDED_ON: &str = "2021-03-01 08:00:00";
/// Before a document's name: its rows were added to this table.
const SEEDED: &str = "seeded";
/// What begins a value that stands for the id of another row that comes with the instance.
const ROW_MARK: char = '@';

/// What is known of the tables of a database.
#[derive(Debug, Default)]
pub struct Tables {
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// The tables that the database has.
    present: BTreeSet<String>,
    /// The tables that it has with all columns, indexes and rows that they come with.
    ready: BTreeSet<String>,
}

impl Tables {
    /// These are there, and nothing more is known.
    pub(super) fn found(&self, names: BTreeSet<String>) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = Known { present: names, ready: BTreeSet::new() };
    }

    fn are_ready(&self, name: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).ready.contains(name)
    }

    pub(super) fn are_present(&self, name: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).present.contains(name)
    }

    fn note(&self, name: &str) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.ready.insert(name.to_owned());
        known.present.insert(name.to_owned());
    }
}

impl Store {
    /// Brings a table into the database, if it is not there yet.
    pub(super) fn ensure(&self, name: &str) -> Result<(), StoreError> {
        if self.tables.are_ready(name) || self.described.borrow().contains(name) {
            return Ok(());
        }
        let dictionary = self.dictionary.clone();
        let Some(table) = dictionary.table(name) else {
            return Ok(());
        };
        if super::describe::describes(name) {
            self.whole(|| self.describe(table))?;
            self.described.borrow_mut().insert(name.to_owned());
        } else {
            self.whole(|| self.create(table))?;
            self.tables.note(name);
        }
        Ok(())
    }

    /// Whether a table can have rows: one that nobody touched and that comes without rows has none.
    pub(super) fn has_rows(&self, name: &str) -> Result<bool, StoreError> {
        let present = self.tables.are_present(name)
            || super::describe::describes(name)
            || super::describe::lists_choices(name)
            || self.is_view(name)
            || !self.dictionary.seeds(name).is_empty();
        if present {
            self.ensure(name)?;
        }
        Ok(present)
    }

    fn is_view(&self, name: &str) -> bool {
        self.dictionary.table(name).is_some_and(|it| !it.view.is_empty())
    }

    /// Whether the rows of a table are nobody's: those of descriptions and views come from elsewhere.
    pub fn is_derived(&self, table: &str) -> bool {
        super::describe::describes(table) || self.is_view(table)
    }

    /// The tables of a family that can have rows; the table itself when none can.
    pub(super) fn sources<'a>(
        &self,
        dictionary: &'a Dictionary,
        table: &str,
    ) -> Result<Vec<&'a Table>, StoreError> {
        let mut found = Vec::new();
        for class in dictionary.family(table) {
            if self.has_rows(&class.name)? {
                found.push(class);
            }
        }
        if found.is_empty() {
            self.ensure(table)?;
            found.extend(dictionary.table(table));
        }
        Ok(found)
    }

    /// Does all of the work or none, inside or outside a transaction.
    fn whole(&self, work: impl FnOnce() -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.connection.execute_batch("SAVEPOINT whole")?;
        let outcome = work();
        let end = if outcome.is_ok() { "RELEASE whole" } else { "ROLLBACK TO whole; RELEASE whole" };
        self.connection.execute_batch(end)?;
        outcome
    }

    fn create(&self, table: &Table) -> Result<(), StoreError> {
        if !table.view.is_empty() {
            return self.create_view(table);
        }
        let columns: Vec<String> = table.column_names().into_iter().map(definition).collect();
        let name = quoted(&table.name);
        let known = self.tables.are_present(&table.name);
        let mut script = format!("CREATE TABLE IF NOT EXISTS {name} ({});", columns.join(", "));
        let present = if known { self.present_columns(&table.name)? } else { Vec::new() };
        let missing = |it: &&str| known && !present.iter().any(|other| other == it);
        for column in table.column_names().into_iter().filter(missing) {
            script.push_str(&format!("ALTER TABLE {name} ADD COLUMN {};", definition(column)));
        }
        let looked_up = |name: &str| name == table.display_column().map_or("", |it| it.name.as_str());
        for column in
            table.columns.iter().filter(|it| it.unique || it.reference.is_some() || looked_up(&it.name))
        {
            let index = quoted(&format!("{}.{}", table.name, column.name));
            let column = quoted(&column.name);
            script.push_str(&format!("CREATE INDEX IF NOT EXISTS {index} ON {name} ({column});"));
        }
        self.connection.execute_batch(&script)?;
        if super::describe::lists_choices(&table.name) {
            self.seed_choices(table)?;
        }
        self.seed(table)
    }

    fn present_columns(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM pragma_table_info(?)")?;
        let names = statement.query_map([table], |row| row.get(0))?;
        names.collect()
    }

    /// Adds the rows that a table comes with, once in the life of an instance: what people delete stays away.
    fn seed(&self, table: &Table) -> Result<(), StoreError> {
        let dictionary = self.dictionary.clone();
        let mut done: Vec<&str> = Vec::new();
        for seed in dictionary.seeds(&table.name) {
            let document = seed.document.as_str();
            if done.last() != Some(&document) {
                if self.fact(&seeded(table, document))?.is_some() {
                    continue;
                }
                done.push(document);
            }
            let row = self.seed_row(table, seed)?;
            self.write_rows(&table.name, std::slice::from_ref(&row))?;
        }
        done.iter().try_for_each(|document| self.note(&seeded(table, document), "true"))
    }

    fn seed_row(&self, table: &Table, seed: &Seed) -> Result<Row, StoreError> {
        let mut row: Row = table.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        row.extend(table.fixed.clone());
        for (column, value) in &seed.values {
            let secret = table.column(column).is_some_and(|it| it.kind.is_secret()) && !value.is_empty();
            let value = if secret { self.encrypt(value)? } else { self.resolved(value) };
            row.insert(column.clone(), value);
        }
        let name = table.display_column().and_then(|it| row.get(&it.name)).cloned().unwrap_or_default();
        let key = if name.is_empty() { &seed.place } else { &name };
        let sys_id = seed.values.get("sys_id").cloned().unwrap_or_else(|| derived_id(&table.name, key));
        for (column, value) in [
            ("sys_class_name", table.name.clone()),
            ("sys_name", name),
            ("sys_update_name", format!("{}_{sys_id}", table.name)),
            ("sys_package", row.get("sys_scope").cloned().unwrap_or_default()),
            ("sys_created_by", SEEDED_BY.to_owned()),
            ("sys_created_on", SEEDED_ON.to_owned()),
            ("sys_updated_by", SEEDED_BY.to_owned()),
            ("sys_updated_on", SEEDED_ON.to_owned()),
            ("sys_id", sys_id),
        ] {
            if row.contains_key(column) && !seed.values.contains_key(column) || column == "sys_id" {
                row.insert(column.to_owned(), value);
            }
        }
        Ok(row)
    }

    /// A value, with `@table/name` as the id of that row.
    fn resolved(&self, value: &str) -> String {
        let Some((table, name)) = value.strip_prefix(ROW_MARK).and_then(|it| it.split_once('/')) else {
            return value.to_owned();
        };
        let named = |it: &&Seed| it.values.get("name").is_some_and(|it| it == name);
        let row = self.dictionary.seeds(table).iter().find(named);
        row.and_then(|it| it.values.get("sys_id")).cloned().unwrap_or_else(|| derived_id(table, name))
    }
}

fn seeded(table: &Table, document: &str) -> String {
    format!("{SEEDED} {} {document}", table.name)
}

pub(super) fn definition(column: &str) -> String {
    let key = if column == "sys_id" { " PRIMARY KEY" } else { "" };
    format!("{} TEXT NOT NULL DEFAULT '' COLLATE NOCASE{key}", quoted(column))
}
