//! One answer that is made before anybody asks, and given away once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A place for the answer. Whoever asks while it is being made waits for it.
#[derive(Debug)]
pub(super) struct Ahead<T> {
    answer: Mutex<Option<T>>,
    is_asked: AtomicBool,
}

impl<T> Default for Ahead<T> {
    fn default() -> Ahead<T> {
        Ahead { answer: Mutex::new(None), is_asked: AtomicBool::new(false) }
    }
}

impl<T> Ahead<T> {
    /// Makes the answer, unless somebody asked already and had to make it without help: it would never be taken.
    pub(super) fn prepare(&self, make: impl FnOnce() -> T) {
        let mut answer = self.answer();
        if !self.is_asked.load(Ordering::SeqCst) {
            *answer = Some(make());
        }
    }

    /// The answer that was prepared, to whoever comes first; `make` for everybody else, and after a preparation that
    /// broke.
    pub(super) fn take_or(&self, make: impl FnOnce() -> T) -> T {
        let prepared = {
            let mut answer = self.answer();
            self.is_asked.store(true, Ordering::SeqCst);
            answer.take()
        };
        prepared.unwrap_or_else(make)
    }

    fn answer(&self) -> MutexGuard<'_, Option<T>> {
        // Who panicked while making the answer has put nothing there.
        self.answer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_prepared_is_given_away_once() {
        let ahead = Ahead::default();
        ahead.prepare(|| 1);
        assert_eq!(ahead.take_or(|| 2), 1);
        assert_eq!(ahead.take_or(|| 2), 2);
    }

    #[test]
    fn nothing_is_prepared_for_somebody_who_has_gone() {
        let ahead = Ahead::default();
        assert_eq!(ahead.take_or(|| 2), 2);
        ahead.prepare(|| panic!("nobody would take it"));
        assert_eq!(ahead.take_or(|| 3), 3);
    }

    #[test]
    fn a_preparation_that_breaks_leaves_the_answer_to_whoever_asks() {
        let ahead = Ahead::default();
        let broken =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ahead.prepare(|| panic!("broken"))));
        assert!(broken.is_err());
        assert_eq!(ahead.take_or(|| 2), 2);
    }
}
