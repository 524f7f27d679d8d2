//! Finds out who keeps the one-active rule of an instance, without touching anything that is in use.
//!
//! Activating the wished connection first would leave two active where nobody keeps the rule, and deactivating the old
//! one first would leave none where the instance swaps by itself. Which is which cannot be read anywhere, so it is tried
//! on two records of our own that belong to an alias that does not exist: nothing resolves them. They carry no
//! credential, and they are removed at once. Their ids are always the same, so that what a broken run left behind is
//! removed by the next trial. Whatever goes wrong, two trials at the same time included, leads to the cautious
//! belief, which proves nothing.

use std::collections::BTreeMap;

use reconcile::exclusive::Belief;
use servicenow_core::{Kind, Record, ServiceError, SysId, TableName};
use tf_core::Diagnostics;

use crate::dialects::Exclusive;
use crate::session::Session;
use crate::{errors, tables};

/// How often the removal of a record of the trial is tried: a passing refusal must not leave it behind.
const REMOVALS_MAX: usize = 2;

/// The alias of the trial, which no instance has: drawn once at random.
const GROUP: &str = "7fd9c1e24b6a4c0d9b1e5a3f8c2d6e01";
const FIRST: &str = "7fd9c1e24b6a4c0d9b1e5a3f8c2d6e02";
const SECOND: &str = "7fd9c1e24b6a4c0d9b1e5a3f8c2d6e03";

/// What the instance does with a second active record. The first caller of a run asks, the others wait for its answer.
///
/// # Errors
/// A name in a dialect is not legal.
pub async fn learn(session: &Session, exclusive: &Exclusive) -> Result<Belief, Diagnostics> {
    let _guard = session.learning.lock().await;
    let known = session.belief(exclusive.rule);
    if known != Belief::Unknown {
        return Ok(known);
    }
    let table = tables::table(exclusive.concrete)?;
    let belief = match (FIRST.parse(), SECOND.parse()) {
        (Ok(first), Ok(second)) => Trial { session, exclusive, table, first, second }.observe().await,
        _ => Belief::Unclear,
    };
    session.believe(exclusive.rule, belief);
    tracing::info!(?belief, "learnt who keeps the one-active rule");
    Ok(belief)
}

struct Trial<'a> {
    session: &'a Session,
    exclusive: &'a Exclusive,
    table: TableName,
    first: SysId,
    second: SysId,
}

impl Trial<'_> {
    async fn observe(&self) -> Belief {
        for left_behind in [&self.second, &self.first] {
            if self.session.client.delete(&self.table, left_behind).await.is_err() {
                return Belief::Unclear;
            }
        }
        let belief = match self.create(&self.first, true).await {
            Ok(()) => self.observe_second().await,
            Err(_) => Belief::Unclear,
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
        match self.create(&self.second, true).await {
            Err(error) if error.kind == Kind::Refused => self.observe_inactive_second().await,
            // Not known: off before on is right everywhere but on a cascading instance, and there it costs a moment.
            Err(_) => Belief::Unclear,
            Ok(()) => match (self.is_active(&self.first).await, self.is_active(&self.second).await) {
                (Ok(false), Ok(true)) => Belief::SwitchesSiblingsOff,
                (Ok(true), Ok(true)) => Belief::DoesNothing,
                _ => Belief::Unclear,
            },
        }
    }

    /// Any rule may refuse a record. It was refused for being the second active one if it is taken as an inactive one.
    async fn observe_inactive_second(&self) -> Belief {
        match self.create(&self.second, false).await {
            Ok(()) => Belief::RefusesSecond,
            Err(_) => Belief::Unclear,
        }
    }

    async fn create(&self, id: &SysId, active: bool) -> Result<(), ServiceError> {
        let cells = BTreeMap::from([
            (self.exclusive.name.to_owned(), format!("Terraform trial {id}, safe to delete")),
            (self.exclusive.group.to_owned(), GROUP.to_owned()),
            (self.exclusive.flag.to_owned(), active.to_string()),
        ]);
        self.session.client.create(&self.table, id, &cells, &[self.exclusive.flag]).await.map(|_| ())
    }

    async fn is_active(&self, id: &SysId) -> Result<bool, ServiceError> {
        let row = self.session.client.get(&self.table, id, &[self.exclusive.flag]).await?;
        Ok(row.is_some_and(|it: Record| it.flag(self.exclusive.flag)))
    }
}
