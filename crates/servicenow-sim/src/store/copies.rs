//! Copies of all rows: what a snapshot, a way back and a node that lags behind are made of.

use rusqlite::Connection;
use rusqlite::backup::Backup;

use super::{Store, StoreError};

/// Pages copied in one step: all of them, because nobody else waits for the database.
const PAGES_AT_ONCE: i32 = -1;

impl Store {
    /// All rows and secrets as they are now, in memory.
    ///
    /// # Errors
    /// The database fails.
    pub fn copy(&self) -> Result<Store, StoreError> {
        let mut connection = Connection::open_in_memory()?;
        Backup::new(&self.connection, &mut connection)?.step(PAGES_AT_ONCE)?;
        Store::over(connection, self.dictionary.clone())
    }

    /// Makes all rows and secrets those of a copy. A data file keeps them.
    ///
    /// # Errors
    /// The database fails; then the rows are as they were.
    pub fn replace_by(&mut self, copy: &Store) -> Result<(), StoreError> {
        self.connection.flush_prepared_statement_cache();
        Backup::new(&copy.connection, &mut self.connection)?.step(PAGES_AT_ONCE)?;
        // Descriptions lie beside what was replaced, and they follow from the dictionary, which is the same.
        let changed = self.changed.take();
        self.described.borrow_mut().retain(|it| !changed.contains(it));
        self.look_again()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;
    use crate::store::Row;

    fn names(store: &Store, dictionary: &Dictionary) -> Vec<String> {
        let found = store.matching(dictionary, "sys_scope", &[]).unwrap();
        // One scope comes with every instance.
        let own = found.into_iter().filter(|(_, row)| row["sys_id"] != "global");
        own.map(|(_, row)| row["name"].clone()).collect()
    }

    fn add(store: &Store, dictionary: &Dictionary, name: &str) {
        let mut row = Row::new();
        for column in dictionary.table("sys_scope").unwrap().column_names() {
            row.insert(column.to_owned(), name.to_owned());
        }
        store.insert("sys_scope", &row).unwrap();
    }

    #[test]
    fn a_description_that_was_changed_is_that_of_the_dictionary_when_a_copy_comes_back() {
        let dictionary = Dictionary::native().unwrap();
        let mut store = Store::open(None, dictionary.clone()).unwrap();
        let copy = store.copy().unwrap();
        let labels = |store: &Store| {
            let found = store.matching(&dictionary, "sys_db_object", &[("name", "sys_alias")]).unwrap();
            found.into_iter().map(|(_, row)| (row["sys_id"].clone(), row["label"].clone())).next().unwrap()
        };
        let (sys_id, label) = labels(&store);
        store.replace_by(&copy).unwrap();
        assert_eq!(labels(&store).1, label, "it is still there");
        let changes = Row::from([("label".to_owned(), "changed".to_owned())]);
        store.update("sys_db_object", &sys_id, &changes).unwrap();
        assert_eq!(labels(&store).1, "changed");
        store.replace_by(&copy).unwrap();
        assert_eq!(labels(&store).1, label);
    }

    #[test]
    fn a_copy_stays_as_it_was_and_leads_back() {
        let directory = tempfile::tempdir().unwrap();
        let dictionary = Dictionary::native().unwrap();
        for path in [None, Some(directory.path().join("rows.db"))] {
            let mut store = Store::open(path.as_deref(), dictionary.clone()).unwrap();
            add(&store, &dictionary, "first");
            let copy = store.copy().unwrap();
            add(&store, &dictionary, "second");
            assert_eq!(names(&copy, &dictionary), ["first"]);
            store.replace_by(&copy).unwrap();
            assert_eq!(names(&store, &dictionary), ["first"]);
            add(&store, &dictionary, "third");
            drop(store);
            if let Some(path) = path {
                let again = Store::open(Some(&path), dictionary.clone()).unwrap();
                assert_eq!(names(&again, &dictionary), ["first", "third"]);
            }
        }
    }
}
