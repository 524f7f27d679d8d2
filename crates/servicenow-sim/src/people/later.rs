//! What happens some time after a write, as asynchronous rules and flows do it. The instance's clock says when.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Edit, EditAction};
use crate::instance::{Instance, text};
use crate::rules::Change;
use crate::store::StoreError;

/// Changes that wait at most; more are a circle of edits that cause edits.
const WAITING_MAX: usize = 10_000;

/// After a write of a row of a table, that row changes again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Later {
    /// The table; rows of tables that extend it count.
    pub table: String,
    /// What the written row must hold.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
    /// How long after the write, in milliseconds of the instance's clock.
    pub after_ms: u64,
    /// In whose name.
    #[serde(default = "system")]
    pub user_name: String,
    /// The columns and what they are to show.
    pub values: BTreeMap<String, String>,
}

fn system() -> String {
    "system".to_owned()
}

/// What is planned, and what is on its way.
#[derive(Debug, Default)]
pub struct Plans {
    planned: RefCell<Vec<Later>>,
    waiting: RefCell<Vec<Waiting>>,
    /// Whether what was planned is being done: it must not cause itself again.
    busy: RefCell<bool>,
}

#[derive(Debug)]
struct Waiting {
    due_ms: u64,
    edit: Edit,
}

impl Plans {
    /// Plans one more.
    pub fn add(&self, later: Later) {
        self.planned.borrow_mut().push(later);
    }

    /// Forgets what is planned and what is on its way.
    pub fn clear(&self) {
        self.planned.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
    }

    /// How many changes are on their way.
    pub fn waiting(&self) -> usize {
        self.waiting.borrow().len()
    }
}

impl Instance {
    /// Notes what a write causes.
    pub fn note_later(&self, change: &Change<'_>) {
        if *self.plans.busy.borrow() {
            return;
        }
        for later in self.plans.planned.borrow().iter().filter(|it| change.table.is_a(&it.table)) {
            let holds = later.when.iter().all(|(column, value)| change.text(column) == value);
            if holds && self.plans.waiting() < WAITING_MAX {
                let edit = Edit {
                    user_name: later.user_name.clone(),
                    table: change.table.name.clone(),
                    action: EditAction::Change,
                    query: Some(format!("sys_id={}", text(&change.after, "sys_id"))),
                    values: later.values.clone(),
                    without_rules: false,
                };
                let due_ms = self.clock.unix_ms().saturating_add(later.after_ms);
                self.plans.waiting.borrow_mut().push(Waiting { due_ms, edit });
            }
        }
    }

    /// Does what is due by now. What the rules refuse by then does not happen, as on the platform.
    pub fn catch_up(&self) -> Result<(), StoreError> {
        if self.plans.waiting() == 0 {
            return Ok(());
        }
        let now_ms = self.clock.unix_ms();
        let (mut due, waiting): (Vec<Waiting>, Vec<Waiting>) =
            self.plans.waiting.take().into_iter().partition(|it| it.due_ms <= now_ms);
        self.plans.waiting.replace(waiting);
        due.sort_by_key(|it| it.due_ms);
        self.plans.busy.replace(true);
        let outcome = due.iter().try_for_each(|it| match self.edit(&it.edit) {
            Err(super::EditError::Store(error)) => Err(error),
            _ => Ok(()),
        });
        self.plans.busy.replace(false);
        outcome
    }
}
