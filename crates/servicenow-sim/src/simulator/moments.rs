//! Coming back to earlier moments, and what people do beside the requests.

use super::{Simulator, State};
use crate::dictionary::ColumnKind;
use crate::instance::{Instance, text};
use crate::people::clone::{CloneProfile, CloneSource};
use crate::people::later::Later;
use crate::people::{Edit, EditError};
use crate::simulator::SimulatorError;
use crate::store::{Row, Store, StoreError};

/// A snapshot or a clone that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MomentError {
    /// No such snapshot.
    #[error("there is no snapshot `{0}`")]
    Snapshot(String),
    /// A table that this instance does not have.
    #[error("this instance has no table `{0}`")]
    Table(String),
    /// The instance cannot be filled again.
    #[error(transparent)]
    Fill(#[from] Box<SimulatorError>),
    /// The database failed.
    #[error("the rows of the simulated instance cannot be used")]
    Store(#[from] StoreError),
}

/// What is stored in a column for secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretState {
    /// No such record, or no such column for secrets.
    Missing,
    /// Nothing is stored.
    Empty,
    /// Something is stored that nobody can decrypt, for example because it was stored without being encrypted.
    Unusable,
    /// A secret is stored.
    Usable,
}

impl State {
    /// Puts the rows of another instance in the place of this one's.
    pub fn clone_over(&mut self, profile: &CloneProfile) -> Result<(), MomentError> {
        let unknown = |it: &&String| self.instance.dictionary.table(it).is_none();
        if let Some(table) = profile.preserve.iter().chain(&profile.exclude).find(unknown) {
            return Err(MomentError::Table(table.clone()));
        }
        match &profile.source {
            CloneSource::Snapshot(name) => {
                let source = self.snapshots.get(name).ok_or_else(|| MomentError::Snapshot(name.clone()))?;
                self.instance.clone_from(source, profile)?;
            }
            CloneSource::File(path) => {
                // The file is another instance's: only its copy may be touched.
                let source = Store::open(Some(path), self.instance.dictionary.clone())?.copy()?;
                self.instance.clone_from(&source, profile)?;
            }
        }
        Ok(())
    }
}

impl Simulator {
    /// Makes an edit as a person would in the instance's own pages, and gives the rows that it reached.
    ///
    /// # Errors
    /// There is no such table or column, the query is not understood, or a rule refuses.
    pub fn operator(&self, edit: &Edit) -> Result<Vec<Row>, EditError> {
        self.lock().instance.edit(edit)
    }

    /// Plans a change that follows every write of a table by the instance's clock.
    pub fn later(&self, later: Later) {
        self.lock().instance.plans.add(later);
    }

    /// Keeps everything that is stored, under a name.
    ///
    /// # Errors
    /// The database failed.
    pub fn snapshot(&self, name: &str) -> Result<(), MomentError> {
        let mut state = self.lock();
        let copy = state.instance.store.copy()?;
        state.snapshots.insert(name.to_owned(), copy);
        Ok(())
    }

    /// Brings back what was stored when the snapshot was made.
    ///
    /// # Errors
    /// There is no such snapshot.
    pub fn restore(&self, name: &str) -> Result<(), MomentError> {
        let state = &mut *self.lock();
        let copy = state.snapshots.get(name).ok_or_else(|| MomentError::Snapshot(name.to_owned()))?;
        Ok(state.instance.store.replace_by(copy)?)
    }

    /// Clones another instance, or an earlier moment of this one, over this one.
    ///
    /// # Errors
    /// There is no such snapshot, file or table.
    pub fn clone_over(&self, profile: &CloneProfile) -> Result<(), MomentError> {
        self.lock().clone_over(profile)
    }

    /// Makes the instance new again: rows, settings and time. The administrator keeps the password.
    ///
    /// # Errors
    /// The database failed, or the fixture's file is gone.
    pub fn reset(&self) -> Result<(), MomentError> {
        self.lock().start_over().map_err(|it| MomentError::Fill(Box::new(it)))
    }

    /// What is stored in a column for secrets.
    pub fn secret_state(&self, table: &str, sys_id: &str, column: &str) -> SecretState {
        self.lock().instance.secret_state(table, sys_id, column).unwrap_or(SecretState::Missing)
    }

    /// Whether exactly this secret is stored in a column, and in a form that the platform can use.
    pub fn proves(&self, table: &str, sys_id: &str, column: &str, secret: &str) -> bool {
        self.lock().instance.proves(table, sys_id, column, secret).unwrap_or_default()
    }
}

impl Instance {
    /// What is stored in a column for secrets.
    pub fn secret_state(&self, table: &str, sys_id: &str, column: &str) -> Result<SecretState, StoreError> {
        let Some(stored) = self.stored(table, sys_id, column)? else {
            return Ok(SecretState::Missing);
        };
        Ok(match self.store.decrypt(&stored)? {
            _ if stored.is_empty() => SecretState::Empty,
            Some(_) => SecretState::Usable,
            None => SecretState::Unusable,
        })
    }

    /// Whether exactly this secret is stored, encrypted or hashed.
    pub fn proves(&self, table: &str, sys_id: &str, column: &str, secret: &str) -> Result<bool, StoreError> {
        let stored = self.stored(table, sys_id, column)?.filter(|it| !it.is_empty());
        let clear = stored.map(|it| self.store.decrypt(&it)).transpose()?.flatten();
        Ok(clear.is_some_and(|it| it == secret))
    }

    /// What a two-way password decrypts to.
    pub fn stored_secret(
        &self,
        table: &str,
        sys_id: &str,
        column: &str,
    ) -> Result<Option<String>, StoreError> {
        let described = self.dictionary.family(table);
        let two_way = |kind: ColumnKind| kind == ColumnKind::Password2;
        let known = described.iter().filter_map(|it| it.column(column)).any(|it| two_way(it.kind));
        match self.stored(table, sys_id, column)?.filter(|_| known) {
            Some(stored) => self.store.decrypt(&stored),
            None => Ok(None),
        }
    }

    /// What a column for secrets holds, as it is stored.
    fn stored(&self, table: &str, sys_id: &str, column: &str) -> Result<Option<String>, StoreError> {
        let found = self.store.find(&self.dictionary, table, sys_id)?;
        let secret = found.filter(|(class, _)| class.column(column).is_some_and(|it| it.kind.is_secret()));
        Ok(secret.map(|(_, row)| text(&row, column).to_owned()))
    }
}
