//! More connections to the same file, which read while the others read or write.
//!
//! Each request sees the rows of one moment, that of its first read: the log of the database keeps them for it. What such
//! a connection cannot do, because it would have to write (a table that nobody has touched yet), is left to the store
//! that writes.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::kept::Kept;
use super::{STATEMENTS_PREPARED, Store, StoreError};

/// Pages that a reading connection keeps, in KiB: what is read again and again lies in the memory of the system anyhow.
const CACHE_KIB: u32 = 1024;

/// Readers that rest between requests.
#[derive(Debug)]
pub struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Store>>,
}

impl Readers {
    /// Readers of the file that a store writes.
    pub fn of(path: &Path) -> Readers {
        Readers { path: path.to_owned(), idle: Mutex::default() }
    }

    /// A reader of what that store writes: one that rests, or a new one. It sees the rows as they are when it reads first.
    ///
    /// # Errors
    /// The file cannot be opened once more.
    pub fn begin(&self, writer: &Store) -> Result<Store, StoreError> {
        let resting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = match resting {
            Some(store) => store,
            None => self.open(writer)?,
        };
        store.kept.catch_up();
        store.connection.execute_batch("BEGIN")?;
        Ok(store)
    }

    /// Lets a reader rest. One that cannot be brought to an end is closed.
    pub fn end(&self, store: Store) {
        if store.connection.execute_batch("COMMIT").is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(store);
        }
    }

    fn open(&self, writer: &Store) -> Result<Store, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_PREPARED);
        connection
            .execute_batch(&format!("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -{CACHE_KIB};"))?;
        Ok(Store {
            connection,
            dictionary: writer.dictionary.clone(),
            tables: Arc::clone(&writer.tables),
            described: Default::default(),
            kept: Kept::beside(writer.kept.changes()),
            sees_one_moment: true,
        })
    }
}
