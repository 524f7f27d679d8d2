//! Looks at an instance again and again while something else happens, as nobody's system should be dark for a moment.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::instance::Instance;

/// Between two looks: short against the time that one request of the provider takes.
const PAUSE: Duration = Duration::from_millis(2);

/// Every number of active connections that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The different counts.
    pub counts: BTreeSet<usize>,
    /// How often it looked.
    pub looks: usize,
}

/// Counts the active connections of an alias while it lives.
pub struct Watch;

impl Watch {
    /// Runs `work` and gives its result with what was seen meanwhile.
    pub fn during<T>(instance: &Instance, alias_id: &str, work: impl FnOnce() -> T) -> (T, Seen) {
        let ended = Arc::new(AtomicBool::new(false));
        let query = format!("connection_alias={alias_id}^active=true");
        thread::scope(|scope| {
            let watcher = scope.spawn(|| look(instance, &query, &ended));
            let result = work();
            ended.store(true, Ordering::Relaxed);
            (result, watcher.join().expect("the watcher ends in order"))
        })
    }
}

fn look(instance: &Instance, query: &str, ended: &AtomicBool) -> Seen {
    let mut seen = Seen { counts: BTreeSet::new(), looks: 0 };
    while !ended.load(Ordering::Relaxed) {
        let rows = instance.rows("sys_connection", query).expect("the simulator answers");
        seen.counts.insert(rows.len());
        seen.looks += 1;
        thread::sleep(PAUSE);
    }
    seen
}
