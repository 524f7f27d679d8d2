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
            changed: Default::default(),
            kept: Kept::beside(writer.kept.changes()),
            sees_one_moment: true,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use serde_json::{Value, json};
    use servicenow_core::Method;

    use crate::answer::tests::Asking;
    use crate::{Fixture, Options, Simulator};

    const LIST: &str = "/api/now/table/sys_alias?sysparm_fields=name";

    /// What an instance in a file is asked; nothing is lost when it ends.
    fn check(test: impl FnOnce(&Asking<'_>)) {
        let directory = tempfile::tempdir().unwrap();
        let data = Some(directory.path().join("instance.db"));
        let simulator =
            Simulator::open(Options { data, fixture: Fixture::Empty, ..Options::default() }).unwrap();
        test(&Asking::administrator(&simulator));
    }

    fn names(asking: &Asking<'_>) -> usize {
        asking.column(LIST, "name").len()
    }

    #[test]
    fn a_read_sees_what_was_acknowledged_before_it() {
        check(|admin| {
            for count in 1..20 {
                admin.create("sys_alias", &json!({"name": format!("a{count}")}).to_string());
                assert_eq!(names(admin), count);
            }
        });
    }

    #[test]
    fn what_nobody_touched_yet_is_left_to_the_store_that_writes() {
        check(|admin| {
            for table in
                ["kafka_connection", "sys_dictionary", "sys_choice", "v_connection_alias", "sys_retry_policy"]
            {
                for _ in 0..2 {
                    assert_eq!(
                        admin.status(Method::Get, &format!("/api/now/table/{table}"), ""),
                        200,
                        "{table}"
                    );
                }
            }
            assert_eq!(admin.column("/api/now/table/sys_retry_policy", "name").len(), 3);
            let target = "/api/now/table/sys_dictionary?sysparm_query=name=sys_alias^element=type";
            assert_eq!(admin.column(target, "column_label"), ["Type"]);
        });
    }

    #[test]
    fn a_changed_property_or_choice_counts_for_the_next_read() {
        check(|admin| {
            admin.create("sys_alias", r#"{"name":"a"}"#);
            let broken = "/api/now/table/sys_alias?sysparm_query=bogus=1";
            assert_eq!(admin.column(broken, "name").len(), 1);
            let rows = admin.simulator.rows("sys_properties");
            let row = rows.iter().find(|it| it["name"] == "glide.invalid_query.returns_no_rows").unwrap();
            let target = format!("/api/now/table/sys_properties/{}", row["sys_id"]);
            assert_eq!(admin.status(Method::Patch, &target, r#"{"value":"true"}"#), 200);
            assert!(admin.column(broken, "name").is_empty());
            let shown = || {
                let target = "/api/now/table/sys_alias?sysparm_display_value=true&sysparm_fields=type";
                admin.column(target, "type").join("")
            };
            assert_eq!(shown(), "Connection and Credential");
            let rows = admin.json(
                Method::Get,
                "/api/now/table/sys_choice?sysparm_query=name=sys_alias^element=type^value=connection",
                "",
            );
            let target =
                format!("/api/now/table/sys_choice/{}", rows["result"][0]["sys_id"].as_str().unwrap());
            assert_eq!(admin.status(Method::Patch, &target, r#"{"label":"Both"}"#), 200);
            assert_eq!(shown(), "Both");
        });
    }

    #[test]
    fn readers_see_a_restored_snapshot() {
        check(|admin| {
            admin.create("sys_alias", r#"{"name":"a"}"#);
            admin.simulator.snapshot("one").unwrap();
            admin.create("sys_alias", r#"{"name":"b"}"#);
            assert_eq!(names(admin), 2);
            admin.simulator.restore("one").unwrap();
            assert_eq!(names(admin), 1);
            admin.simulator.reset().unwrap();
            assert_eq!(names(admin), 0);
        });
    }

    #[test]
    fn readers_and_writers_at_once_get_whole_answers() {
        check(|admin| {
            let simulator = admin.simulator;
            thread::scope(|scope| {
                for writer in 0..2 {
                    scope.spawn(move || {
                        let admin = Asking::administrator(simulator);
                        for n in 0..20 {
                            admin.create("sys_alias", &json!({"name": format!("a{writer}_{n}")}).to_string());
                        }
                    });
                }
                for _ in 0..4 {
                    scope.spawn(move || {
                        let admin = Asking::administrator(simulator);
                        let mut last = 0;
                        while last < 40 {
                            let answer = admin.ask(Method::Get, LIST, "");
                            let body: Value = serde_json::from_slice(&answer.body).unwrap();
                            let count = body["result"].as_array().unwrap().len();
                            assert!(answer.status == 200 && count >= last, "{count} after {last}");
                            last = count;
                        }
                    });
                }
            });
            assert_eq!(names(admin), 40);
        });
    }
}
