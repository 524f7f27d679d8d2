//! How much the shell does and holds at once, so that no number of clients fills the memory.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Requests that are worked on at once. The instance does one at a time; the others only wait their turn.
const TURNS: usize = 16;
/// Bodies of requests and of answers that are held at once, in units: 256 MiB, of which each side gets a half.
const UNITS: usize = 128 * 1024;
/// Bytes in a unit of memory.
const UNIT_BYTES: usize = 1024;

/// Memory that is given back when this is dropped.
#[derive(Debug)]
pub struct Held(#[expect(dead_code, reason = "held for its drop")] Option<OwnedSemaphorePermit>);

/// The limits that all connections share.
#[derive(Debug)]
pub struct Limits {
    turns: Arc<Semaphore>,
    requests: Arc<Semaphore>,
    answers: Arc<Semaphore>,
}

impl Default for Limits {
    fn default() -> Limits {
        let of = |count| Arc::new(Semaphore::new(count));
        Limits { turns: of(TURNS), requests: of(UNITS), answers: of(UNITS) }
    }
}

impl Limits {
    /// Waits for a turn to work; it ends when this is dropped.
    pub async fn turn(&self) -> Held {
        Held(self.turns.clone().acquire_owned().await.ok())
    }

    /// Memory for a part of a request, or nothing when there is no more: waiting for it could last for ever, because
    /// all who hold some may be waiting too.
    pub fn take(&self, bytes: usize) -> Option<Held> {
        self.requests.clone().try_acquire_many_owned(units(bytes)).ok().map(|it| Held(Some(it)))
    }

    /// Waits for the memory of an answer. Readers that are too slow are ended, so that it comes back.
    pub async fn hold(&self, bytes: usize) -> Held {
        Held(self.answers.clone().acquire_many_owned(units(bytes)).await.ok())
    }
}

/// An answer above the limit counts as all of it, so that it is delivered alone.
fn units(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(UNIT_BYTES).min(UNITS)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_held_comes_back() {
        let limits = Limits::default();
        let all = limits.take(UNITS * UNIT_BYTES).unwrap();
        assert!(limits.take(1).is_none(), "nothing is left");
        assert!(limits.take(0).is_some(), "an empty part needs nothing");
        drop(all);
        assert!(limits.take(1).is_some());
        // More than there is at all does not wait for ever.
        drop(limits.hold(usize::MAX).await);
    }
}
