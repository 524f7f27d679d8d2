//! How far long work is, for a person who watches: a bar at a terminal, a line for each part elsewhere.

use std::fmt;
use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use crate::commands::Variables;

/// Is told how long work goes on.
pub trait Watch: Send + Sync {
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

/// Who watches, for work that goes on in several tasks.
#[derive(Clone)]
pub struct Watched(pub Arc<dyn Watch>);

impl Default for Watched {
    fn default() -> Watched {
        Watched(Arc::new(Unwatched))
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

/// The standard error of this process. A bar goes away with it, so that it stands beside no message of a failure.
pub struct Stderr {
    has_bars: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Stderr {
    /// Bars at a terminal, lines elsewhere.
    pub fn new(environment: &Variables) -> Stderr {
        Stderr { has_bars: has_bars(std::io::stderr().is_terminal(), environment), bar: Mutex::default() }
    }

    /// Takes the last bar away.
    pub fn done(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Stderr {
    fn drop(&mut self) {
        self.done();
    }
}

/// A terminal that cannot move its cursor gets lines like a log. Bars have no colours, whatever the environment says.
fn has_bars(is_terminal: bool, environment: &Variables) -> bool {
    is_terminal && environment.get("TERM").is_none_or(|it| it != "dumb")
}

impl Watch for Stderr {
    fn begins(&self, what: &str, count: usize) {
        self.done();
        if !self.has_bars {
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

#[cfg(test)]
pub mod counted {
    //! A watch that counts, for tests of what tells it.

    use std::sync::Mutex;

    use super::Watch;

    /// What was begun, with how much of it was to be done and how much was.
    #[derive(Default)]
    pub struct Counted(pub Mutex<Vec<(String, usize, usize)>>);

    impl Watch for Counted {
        fn begins(&self, what: &str, count: usize) {
            self.0.lock().unwrap().push((what.to_owned(), count, 0));
        }

        fn advances(&self, count: usize) {
            self.0.lock().unwrap().last_mut().unwrap().2 += count;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_for_terminals_that_can_draw_them() {
        for (is_terminal, term, expected) in [
            (true, Some("xterm-256color"), true),
            (true, None, true),
            (true, Some("dumb"), false),
            (false, Some("xterm-256color"), false),
            (false, None, false),
        ] {
            let environment: Variables =
                term.iter().map(|it| ("TERM".to_owned(), (*it).to_owned())).collect();
            assert_eq!(has_bars(is_terminal, &environment), expected, "{is_terminal} {term:?}");
        }
    }
}
