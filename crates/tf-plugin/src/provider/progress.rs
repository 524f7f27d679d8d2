//! What exists already while a change is being carried out: the state keeps it, even if the rest panics.

use std::sync::{Arc, Mutex, PoisonError};

use super::State;

/// A place to note what is there. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<Option<State>>>);

impl Progress {
    /// From now on this is there. Call it as soon as something was created, with its id; later calls replace what was
    /// noted. Only a panic makes use of it: whoever returns says in the result what is there.
    pub fn exists(&self, state: State) {
        // Nothing can be half done while the lock is held, so that a poisoned one is as good as any.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    /// What is there as far as was noted.
    pub fn noted(&self) -> Option<State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
