//! What is worked out from rows that rarely change, kept until one of them does.
//!
//! Access controls, roles, properties and choices are asked for with every request; reading their rows each time would
//! take longer than most answers.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{Store, StoreError};

/// The tables whose rows something is worked out from.
const WATCHED: &[&str] = &[
    "sys_choice",
    "sys_properties",
    "sys_security_acl",
    "sys_security_acl_role",
    "sys_user_role",
    "sys_user_role_contains",
];

/// A count of the changes of watched tables, shared by the stores that see the same rows.
pub type Changes = Arc<AtomicU64>;

/// Something that was worked out.
type Value = Arc<dyn Any + Send + Sync>;

/// What was worked out, and how many changes there had been by then.
#[derive(Default)]
pub struct Kept {
    changes: Changes,
    /// Whether the work that goes on changed a watched table.
    touched: Cell<bool>,
    seen: Cell<u64>,
    values: RefCell<BTreeMap<&'static str, Value>>,
}

impl fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Kept").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Kept {
    /// Nothing yet, for a store that sees the rows of another one.
    pub fn beside(changes: &Changes) -> Kept {
        Kept { changes: changes.clone(), ..Kept::default() }
    }

    /// What the stores that see the same rows share.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Notes a write of a table.
    pub fn note(&self, table: &str) {
        if WATCHED.contains(&table) {
            self.touched.set(true);
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Notes that what was written is what everybody sees from now on, or that it never was.
    pub fn note_end(&self) {
        if self.touched.replace(false) {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Notes that all rows are others.
    pub fn note_all(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// Forgets what later changes made wrong. A store that sees rows as of one moment asks before that moment.
    pub fn catch_up(&self) {
        let now = self.changes.load(Ordering::SeqCst);
        if self.seen.replace(now) != now {
            self.values.borrow_mut().clear();
        }
    }
}

impl Store {
    /// What was worked out under that name, or what `make` works out now. It must look at watched tables only.
    pub fn kept<T: Any + Send + Sync>(
        &self,
        name: &'static str,
        make: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<Arc<T>, StoreError> {
        if !self.sees_one_moment {
            self.kept.catch_up();
        }
        let known = self.kept.values.borrow().get(name).cloned();
        if let Some(Ok(value)) = known.map(Arc::downcast::<T>) {
            return Ok(value);
        }
        let value = Arc::new(make()?);
        self.kept.values.borrow_mut().insert(name, value.clone());
        Ok(value)
    }
}
