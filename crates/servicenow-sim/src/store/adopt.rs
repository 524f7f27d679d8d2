//! Taking over what another store has: secrets, and the rows of a table.

use super::{Row, Store, StoreError, quoted};
use crate::dictionary::Table;

impl Store {
    /// Takes over what another store knows of secrets; its own stay known.
    pub fn adopt_secrets(&self, other: &Store) -> Result<(), StoreError> {
        let mut statement = other.connection.prepare("SELECT cipher, clear FROM sim_vault")?;
        let mut rows = statement.query([])?;
        let sql = "INSERT OR IGNORE INTO sim_vault (cipher, clear) VALUES (?, ?)";
        while let Some(row) = rows.next()? {
            let (cipher, clear): (String, String) = (row.get(0)?, row.get(1)?);
            self.connection.prepare_cached(sql)?.execute([cipher, clear])?;
        }
        Ok(())
    }

    /// Puts rows in the place of all rows of exactly this table.
    pub fn replace(&self, table: &Table, rows: &[Row]) -> Result<(), StoreError> {
        if rows.is_empty() && !self.has_rows(&table.name)? {
            return Ok(());
        }
        self.ensure(&table.name)?;
        self.is_written(&table.name);
        self.connection.execute_batch(&format!("DELETE FROM {}", quoted(&table.name)))?;
        self.kept.note(&table.name);
        self.write_rows(&table.name, rows)
    }
}
