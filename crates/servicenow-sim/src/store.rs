//! Rows in SQLite: one table for each table of the dictionary, a vault for secrets, and a few facts about the instance.

mod copies;

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rusqlite::{Connection, OptionalExtension, params_from_iter};
use uuid::Uuid;

use crate::dictionary::{Dictionary, Table};

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
    /// Opens the file, or a database in memory, and brings its tables up to the dictionary.
    pub fn open(path: Option<&Path>, dictionary: &Dictionary) -> Result<Store, StoreError> {
        let connection = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        connection.set_prepared_statement_cache_capacity(STATEMENTS_PREPARED);
        // A write-ahead log in normal mode survives the death of the process, which is what an instance promises.
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
             CREATE TABLE IF NOT EXISTS sim_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS sim_vault (cipher TEXT PRIMARY KEY, clear TEXT NOT NULL);",
        )?;
        let store = Store { connection };
        store.work(|| dictionary.tables().try_for_each(|it| store.prepare(it)))?;
        Ok(store)
    }

    /// Does all of the work or, when it fails, none of it.
    pub fn work<T, E: From<StoreError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let outcome = work();
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        self.connection.execute_batch(end)?;
        outcome
    }

    fn prepare(&self, table: &Table) -> Result<(), StoreError> {
        let columns: Vec<String> = table.column_names().into_iter().map(definition).collect();
        let name = quoted(&table.name);
        self.connection
            .execute_batch(&format!("CREATE TABLE IF NOT EXISTS {name} ({})", columns.join(", ")))?;
        let present = self.present_columns(&table.name)?;
        for column in table.column_names().into_iter().filter(|it| !present.iter().any(|other| other == it)) {
            self.connection
                .execute_batch(&format!("ALTER TABLE {name} ADD COLUMN {}", definition(column)))?;
        }
        for column in table.columns.iter().filter(|it| it.unique || it.reference.is_some()) {
            let index = quoted(&format!("{}.{}", table.name, column.name));
            let column = quoted(&column.name);
            self.connection
                .execute_batch(&format!("CREATE INDEX IF NOT EXISTS {index} ON {name} ({column})"))?;
        }
        Ok(())
    }

    fn present_columns(&self, table: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT name FROM pragma_table_info(?)")?;
        let names = statement.query_map([table], |row| row.get(0))?;
        names.collect()
    }

    /// Adds a row of exactly this table.
    pub fn insert(&self, table: &str, row: &Row) -> Result<(), StoreError> {
        let columns: Vec<String> = row.keys().map(|it| quoted(it)).collect();
        let marks = vec!["?"; columns.len()].join(", ");
        let sql = format!("INSERT INTO {} ({}) VALUES ({marks})", quoted(table), columns.join(", "));
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(row.values()))?;
        Ok(())
    }

    /// Changes columns of a row of exactly this table.
    pub fn update(&self, table: &str, sys_id: &str, changes: &Row) -> Result<(), StoreError> {
        let columns: Vec<String> = changes.keys().map(|it| format!("{} = ?", quoted(it))).collect();
        let sql = format!("UPDATE {} SET {} WHERE sys_id = ?", quoted(table), columns.join(", "));
        let values = changes.values().map(String::as_str).chain([sys_id]);
        self.connection.prepare_cached(&sql)?.execute(params_from_iter(values))?;
        Ok(())
    }

    /// Removes a row of exactly this table.
    pub fn delete(&self, table: &str, sys_id: &str) -> Result<(), StoreError> {
        let sql = format!("DELETE FROM {} WHERE sys_id = ?", quoted(table));
        self.connection.prepare_cached(&sql)?.execute([sys_id])?;
        Ok(())
    }

    /// Removes all rows of exactly this table.
    pub fn clear(&self, table: &str) -> Result<(), StoreError> {
        self.connection.execute_batch(&format!("DELETE FROM {}", quoted(table)))
    }

    /// The whole row of that id, and the table that it really is of, looked for in a table and all that extend it.
    pub fn find<'a>(
        &self,
        dictionary: &'a Dictionary,
        table: &str,
        sys_id: &str,
    ) -> Result<Option<(&'a Table, Row)>, StoreError> {
        for class in dictionary.family(table) {
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
        let source = source(dictionary, table);
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
        let source = source(dictionary, table);
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
        let conditions: Vec<String> = values.iter().map(|(it, _)| format!("{} = ?", quoted(it))).collect();
        let condition = clause(" WHERE ", &conditions.join(" AND "));
        let mut found = Vec::new();
        for class in dictionary.family(table) {
            let columns = class.column_names();
            let sql = format!("SELECT {} FROM {}{condition}", list(&columns), quoted(&class.name));
            let mut statement = self.connection.prepare_cached(&sql)?;
            let parameters = params_from_iter(values.iter().map(|(_, value)| value));
            for row in statement.query_map(parameters, |it| to_row(&columns, it))? {
                found.push((class, row?));
            }
        }
        Ok(found)
    }

    /// Keeps a secret and gives what stands for it: something new each time, even for the same secret.
    pub fn encrypt(&self, clear: &str) -> Result<String, StoreError> {
        let noise = [*Uuid::new_v4().as_bytes(), *Uuid::new_v4().as_bytes()].concat();
        let cipher = STANDARD.encode(noise);
        let sql = "INSERT INTO sim_vault (cipher, clear) VALUES (?, ?)";
        self.connection.prepare_cached(sql)?.execute([cipher.as_str(), clear])?;
        Ok(cipher)
    }

    /// The secret that a ciphertext stands for.
    pub fn decrypt(&self, cipher: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT clear FROM sim_vault WHERE cipher = ?";
        self.connection.prepare_cached(sql)?.query_row([cipher], |it| it.get(0)).optional()
    }

    /// Forgets the secret of a ciphertext that is no longer stored anywhere.
    pub fn forget(&self, cipher: &str) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM sim_vault WHERE cipher = ?")?.execute([cipher])?;
        Ok(())
    }

    /// A fact about the instance itself.
    pub fn fact(&self, name: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM sim_fact WHERE name = ?";
        self.connection.prepare_cached(sql)?.query_row([name], |it| it.get(0)).optional()
    }

    /// Notes a fact about the instance itself.
    pub fn note(&self, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO sim_fact (name, value) VALUES (?, ?)";
        self.connection.prepare_cached(sql)?.execute([name, value])?;
        Ok(())
    }
}

/// A name as SQL takes it, whatever characters it has.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// What to select from to see the rows of a table and of all that extend it, with this table's columns.
pub fn source(dictionary: &Dictionary, table: &Table) -> String {
    let columns = list(&table.column_names());
    match table.family.as_slice() {
        [only] => quoted(only),
        family => {
            let parts: Vec<String> = dictionary
                .family(&table.name)
                .iter()
                .map(|it| format!("SELECT {columns} FROM {}", quoted(&it.name)))
                .collect();
            debug_assert_eq!(parts.len(), family.len());
            format!("({})", parts.join(" UNION ALL "))
        }
    }
}

fn definition(column: &str) -> String {
    let key = if column == "sys_id" { " PRIMARY KEY" } else { "" };
    format!("{} TEXT NOT NULL DEFAULT '' COLLATE NOCASE{key}", quoted(column))
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
