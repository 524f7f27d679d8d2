//! Finds out who keeps the one-active rule of an instance, without touching anything that is in use.
//!
//! Activating the wished connection first would leave two active where nobody keeps the rule, and deactivating the old
//! one first would leave none where the instance swaps by itself. Which is which cannot be read anywhere, so it is tried
//! on two records of our own that belong to an alias that does not exist: nothing resolves them. They carry no
//! credential, and they are removed at once. Whatever goes wrong leads to the cautious belief.

use std::collections::BTreeMap;

use reconcile::exclusive::Belief;
use servicenow_core::{Record, ServiceError, SysId, TableName};
use tf_core::Diagnostics;

use crate::dialects::Exclusive;
use crate::session::Session;
use crate::{errors, registry};

/// How often the removal of a record of the trial is tried: a passing refusal must not leave it behind.
const REMOVALS_MAX: usize = 2;

/// What the instance does with a second active record. The first caller of a run asks, the others wait for its answer.
///
/// # Errors
/// A name in a dialect is not legal.
pub async fn learn(session: &Session, exclusive: &Exclusive) -> Result<Belief, Diagnostics> {
    let _guard = session.learning.lock().await;
    let known = session.belief();
    if known != Belief::Unknown {
        return Ok(known);
    }
    let table = registry::table(exclusive.concrete)?;
    let belief = Pair::new(session, exclusive, table).observe().await;
    session.believe(belief);
    tracing::info!(?belief, "learnt who keeps the one-active rule");
    Ok(belief)
}

struct Pair<'a> {
    session: &'a Session,
    exclusive: &'a Exclusive,
    table: TableName,
    group: SysId,
    first: SysId,
    second: SysId,
}

impl<'a> Pair<'a> {
    fn new(session: &'a Session, exclusive: &'a Exclusive, table: TableName) -> Pair<'a> {
        let id = || session.transport.new_sys_id();
        Pair { session, exclusive, table, group: id(), first: id(), second: id() }
    }

    async fn observe(&self) -> Belief {
        let belief = match self.create(&self.first).await {
            Ok(()) => self.observe_second().await,
            Err(_) => Belief::RefusesSecond,
        };
        for id in [&self.second, &self.first] {
            self.remove(id).await;
        }
        belief
    }

    /// Removes a record of the trial, also after an interrupt. One that stays is told to the user.
    async fn remove(&self, id: &SysId) {
        let mut outcome = Ok(true);
        for _ in 0..REMOVALS_MAX {
            outcome = self.session.client.insistent().delete(&self.table, id).await;
            if outcome.is_ok() {
                return;
            }
        }
        if let Err(error) = outcome {
            self.session.say(errors::trial_record_stays(self.table.as_str(), id, &error));
        }
    }

    async fn observe_second(&self) -> Belief {
        match self.create(&self.second).await {
            // Refused, or not known: off before on is right everywhere but on a cascading instance, and there it costs a moment.
            Err(_) => Belief::RefusesSecond,
            Ok(()) => match (self.is_active(&self.first).await, self.is_active(&self.second).await) {
                (Ok(false), Ok(true)) => Belief::SwitchesSiblingsOff,
                (Ok(true), Ok(true)) => Belief::DoesNothing,
                _ => Belief::RefusesSecond,
            },
        }
    }

    async fn create(&self, id: &SysId) -> Result<(), ServiceError> {
        let cells = BTreeMap::from([
            (self.exclusive.name.to_owned(), format!("Terraform trial {id}, safe to delete")),
            (self.exclusive.group.to_owned(), self.group.to_string()),
            (self.exclusive.flag.to_owned(), true.to_string()),
        ]);
        self.session.client.create(&self.table, id, &cells, &[self.exclusive.flag]).await.map(|_| ())
    }

    async fn is_active(&self, id: &SysId) -> Result<bool, ServiceError> {
        let row = self.session.client.get(&self.table, id, &[self.exclusive.flag]).await?;
        Ok(row.is_some_and(|it: Record| it.flag(self.exclusive.flag)))
    }
}
