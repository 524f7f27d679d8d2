//! Rows in SQLite: one table for each table of the dictionary, a vault for secrets, and a few facts about the instance.

mod adopt;
mod cells;
mod copies;
mod describe;
mod kept;
pub mod readers;
mod ready;
mod vault;
mod view;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::dictionary::{Dictionary, Table};
pub use cells::Cells;
use kept::Kept;
use ready::Tables;

/// A row: column names and stored values. An empty column is `""`.
pub type Row = BTreeMap<String, String>;

/// What the database said.
pub type StoreError = rusqlite::Error;

/// Distinct statements kept prepared: a few for each table.
const STATEMENTS_PREPARED: usize = 256;

/// The rows of an instance.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    dictionary: Arc<Dictionary>,
    /// What is known of the tables of the database; all who see the same rows share it.
    tables: Arc<Tables>,
    /// The tables that describe tables, as far as this connection has filled them.
    described: RefCell<BTreeSet<String>>,
    /// Those among them that somebody wrote to since.
    changed: RefCell<BTreeSet<String>>,
    kept: Kept,
    /// Whether rows are seen as of one moment while others write.
    sees_one_moment: bool,
}

/// Which rows, in which order: pieces of SQL over the alias `t0`, and the parameters that they mention in order.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// A condition, or nothing for all rows.
    pub condition: String,
    /// An order, or nothing.
    pub order: String,
    /// What stands for the question marks.
    pub parameters: Vec<String>,
}

/// A part of the selected rows.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// Rows at most.
    pub limit: u32,
    /// Rows skipped.
    pub offset: u32,
}

impl Store {
    /// Opens the file, or a database in memory.
    pub fn open(path: Option<&Path>, dictionary: Arc<Dictionary>) -> Result<Store, StoreError> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        Store::over(connection, dictionary)
    }

    /// The rows of a database that is open already.
    fn over(connection: Connection, dictionary: Arc<Dictionary>) -> Result<Store, StoreError> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS_PREPARED);
        // A write-ahead log in normal mode survives the death of the process, which is what an instance promises.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;
             CREATE TABLE IF NOT EXISTS sim_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS sim_vault (cipher TEXT PRIMARY KEY, clear TEXT NOT NULL);",
        )?;
        let store = Store {
            connection,
            dictionary,
            tables: Arc::default(),
            described: RefCell::default(),
            changed: RefCell::default(),
            kept: Kept::default(),
            sees_one_moment: false,
        };
        store.look_again()?;
        Ok(store)
    }

    /// Does all of the work or, when it fails, none of it.
    pub fn work<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let described = self.described.borrow().clone();
        let outcome = work();
        if outcome.is_ok() {
            self.connection.execute_batch("COMMIT")?;
            self.kept.note_end();
        } else {
            self.connection.execute_batch("ROLLBACK")?;
            // Tables that came into being during the work are gone again, and those that were there are as they were.
            self.look_again()?;
            self.described.replace(described);
        }
        outcome
    }

    /// Brings everything that was written from the log into the file, and empties the log.
    pub fn settle(&self) -> Result<(), StoreError> {
        // In memory there is no log, and the pragma still answers a row.
        self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }

    /// Finds out which tables the database has.
    fn look_again(&self) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")?;
        let names: Result<BTreeSet<String>, StoreError> = statement.query_map([], |it| it.get(0))?.collect();
        self.tables.found(names?);
        self.kept.note_all();
        Ok(())
    }

    /// Adds a row of exactly this table.
    pub fn insert(&self, table: &str, row: &Row) -> Result<(), StoreError> {
        self.ensure(table)?;
        self.is_written(table);
        self.write_rows(table, std::slice::from_ref(row))
    }

    /// Rows that have the same columns share one statement.
    fn write_rows(&self, table: &str, rows: &[Row]) -> Result<(), StoreError> {
        for alike in rows.chunk_by(|one, other| one.keys().eq(other.keys())) {
            let columns: Vec<String> =
                alike.first().into_iter().flat_map(Row::keys).map(|it| quoted(it)).collect();
            let marks = vec!["?"; columns.len()].join(", ");
            let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", quoted(table), columns.join(", "));
            let mut statement = self.connection.prepare_cached(&sql)?;
            for row in alike {
                statement.execute(params_from_iter(row.values()))?;
            }
        }
        self.kept.note(table);
        Ok(())
    }

    /// A description that people changed is made anew when older rows come back.
    fn is_written(&self, table: &str) {
        if describe::describes(table) {
            self.changed.borrow_mut().insert(table.to_owned());
        }
    }

    /// Changes columns of a row of exactly this table.
    pub fn update(&self, table: &str, sys_id: &str, changes: &Row) -> Result<(), StoreError> {
        self.ensure(table)?;
        self.is_written(table);
        let columns: Vec<String> = changes.keys().map(|it| format!("{} = ?", quoted(it))).collect();
        let sql = format!("UPDATE {} SET {} WHERE sys_id = ?", quoted(table), columns.join(", "));
        let values = changes.values().map(String::as_str).chain([sys_id]);
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        self.kept.note(table);
        Ok(())
    }

    /// Removes a row of exactly this table.
    pub fn delete(&self, table: &str, sys_id: &str) -> Result<(), StoreError> {
        self.ensure(table)?;
        self.is_written(table);
        let sql = format!("DELETE FROM {} WHERE sys_id = ?", quoted(table));
        self.connection.prepare_cached(&sql)?.execute([sys_id])?;
        self.kept.note(table);
        Ok(())
    }

    /// The whole row of that id, and the table that it really is of, looked for in a table and all that extend it.
    pub fn find<'a>(
        &self,
        dictionary: &'a Dictionary,
        table: &str,
        sys_id: &str,
    ) -> Result<Option<(&'a Table, Row)>, StoreError> {
        for class in self.sources(dictionary, table)? {
            let columns = class.column_names();
            let sql = format!("SELECT {} FROM {} WHERE sys_id = ?", list(&columns), quoted(&class.name));
            let mut statement = self.connection.prepare_cached(&sql)?;
            if let Some(row) = statement.query_row([sys_id], |it| to_row(&columns, it)).optional()? {
                return Ok(Some((class, row)));
            }
        }
        Ok(None)
    }

    /// The selected rows of a table and all that extend it, with this table's columns.
    pub fn select(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        selection: &Selection,
        page: Page,
    ) -> Result<Vec<Row>, StoreError> {
        let columns = table.column_names();
        let source = self.source(dictionary, table)?;
        let tail = format!("LIMIT {} OFFSET {}", page.limit, page.offset);
        let sql = format!(
            "SELECT {} FROM {source} AS t0{}{} {tail}",
            list(&columns),
            clause(" WHERE ", &selection.condition),
            clause(" ORDER BY ", &selection.order),
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let parameters = params_from_iter(&selection.parameters);
        let rows = statement.query_map(parameters, |it| to_row(&columns, it))?;
        rows.collect()
    }

    /// How many rows are selected. The selection's order does not matter and must be empty.
    pub fn count(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        selection: &Selection,
    ) -> Result<u64, StoreError> {
        let source = self.source(dictionary, table)?;
        let condition = clause(" WHERE ", &selection.condition);
        let sql = format!("SELECT COUNT(*) FROM {source} AS t0{condition}");
        let mut statement = self.connection.prepare_cached(&sql)?;
        statement.query_row(params_from_iter(&selection.parameters), |it| it.get(0))
    }

    /// The rows of a table and all that extend it whose columns have these values, whole, with their tables.
    pub fn matching<'a>(
        &self,
        dictionary: &'a Dictionary,
        table: &str,
        values: &[(&str, &str)],
    ) -> Result<Vec<(&'a Table, Row)>, StoreError> {
        let mut found = Vec::new();
        for class in self.sources(dictionary, table)? {
            found.extend(self.exactly(class, values)?.into_iter().map(|row| (class, row)));
        }
        Ok(found)
    }

    /// The rows of exactly this table whose columns have these values, whole.
    pub fn exactly(&self, table: &Table, values: &[(&str, &str)]) -> Result<Vec<Row>, StoreError> {
        if !self.has_rows(&table.name)? {
            return Ok(Vec::new());
        }
        let conditions: Vec<String> = values.iter().map(|(it, _)| format!("{} = ?", quoted(it))).collect();
        let condition = clause(" WHERE ", &conditions.join(" AND "));
        let columns = table.column_names();
        let sql = format!("SELECT {} FROM {}{condition}", list(&columns), quoted(&table.name));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let parameters = params_from_iter(values.iter().map(|(_, value)| value));
        statement.query_map(parameters, |it| to_row(&columns, it))?.collect()
    }

    /// What to select from to see the rows of a table and of all that extend it, with this table's columns.
    pub fn source(&self, dictionary: &Dictionary, table: &Table) -> Result<String, StoreError> {
        let columns = list(&table.column_names());
        let sources = self.sources(dictionary, &table.name)?;
        Ok(match sources.as_slice() {
            [only] => quoted(&only.name),
            several => {
                let parts: Vec<String> =
                    several.iter().map(|it| format!("SELECT {columns} FROM {}", quoted(&it.name))).collect();
                format!("({})", parts.join(" UNION ALL "))
            }
        })
    }
}

/// A name as SQL takes it, whatever characters it has.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn list(columns: &[&str]) -> String {
    columns.iter().map(|it| quoted(it)).collect::<Vec<String>>().join(", ")
}

fn clause(keyword: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{keyword}{text}") }
}

fn to_row(columns: &[&str], row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    columns.iter().enumerate().map(|(index, name)| Ok(((*name).to_owned(), row.get(index)?))).collect()
}
