//! How far long work is, for a person who watches: a bar at a terminal, a line for each part elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

/// Is told how long work goes on.
pub trait Watch: Sync {
    /// So many things of a kind are to be done.
    fn begins(&self, what: &str, count: usize);
    /// So many more are done.
    fn advances(&self, count: usize);
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn begins(&self, _what: &str, _count: usize) {}
    fn advances(&self, _count: usize) {}
}

/// The standard error of this process.
pub struct Stderr {
    is_terminal: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Stderr {
    /// Bars at a terminal, lines elsewhere.
    pub fn new() -> Stderr {
        Stderr { is_terminal: std::io::stderr().is_terminal(), bar: Mutex::default() }
    }

    /// Takes the last bar away.
    pub fn done(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Default for Stderr {
    fn default() -> Stderr {
        Stderr::new()
    }
}

impl Watch for Stderr {
    fn begins(&self, what: &str, count: usize) {
        self.done();
        if !self.is_terminal {
            // Nobody listens any more if this cannot be written.
            let _ = writeln!(std::io::stderr(), "{what}: {count}");
            return;
        }
        let bar = ProgressBar::new(u64::try_from(count).unwrap_or(u64::MAX));
        if let Ok(style) = ProgressStyle::with_template("{msg:28} {wide_bar} {pos}/{len}") {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        *self.bar.lock().unwrap_or_else(PoisonError::into_inner) = Some(bar);
    }

    fn advances(&self, count: usize) {
        if let Some(bar) = &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            bar.inc(u64::try_from(count).unwrap_or(u64::MAX));
        }
    }
}
