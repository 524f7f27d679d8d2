//! The troubles that are still to come, and which of them a request meets.

use servicenow_core::Request;

use super::{Fault, FaultKind, Probability, WrongCertificate, below};

/// Where a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It came alone.
    Alone,
    /// It is a part of a batch.
    InBatch,
}

/// A request and who asks; the user is empty when nobody signed in.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// The request.
    pub request: &'a Request,
    /// The user that signed in.
    pub user: &'a str,
    /// Where the request is.
    pub place: Place,
}

/// The troubles that are still to come.
#[derive(Debug, Default)]
pub struct Faults {
    planned: Vec<Planned>,
}

/// A trouble that a request meets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// What goes wrong.
    pub kind: FaultKind,
    seed: u64,
    turn: u64,
}

impl Met {
    /// Milliseconds that an answer is held back for it, with the jitter that the seed chooses.
    pub fn delay_ms(&self) -> u64 {
        match self.kind {
            FaultKind::Delay { ms, jitter_ms } => ms + self.jitter(jitter_ms),
            _ => 0,
        }
    }

    fn jitter(&self, up_to_ms: u64) -> u64 {
        below(!self.seed, self.turn, up_to_ms.saturating_add(1))
    }
}

#[derive(Debug)]
struct Planned {
    fault: Fault,
    seen: u32,
}

impl Planned {
    fn is_over(&self) -> bool {
        self.seen >= (self.fault.at - 1).saturating_add(self.fault.times)
    }

    fn seed(&self) -> u64 {
        self.fault.seed.unwrap_or_default()
    }

    /// Counts a match; whether this one goes wrong.
    fn is_due(&mut self) -> bool {
        self.seen = self.seen.saturating_add(1);
        let chosen = |it: Probability| it.happens(self.seed(), u64::from(self.seen));
        self.seen >= self.fault.at && self.fault.probability.is_none_or(chosen)
    }

    fn meet(&self) -> Met {
        Met { kind: self.fault.kind.clone(), seed: self.seed(), turn: u64::from(self.seen) }
    }
}

impl Faults {
    /// Plans a trouble.
    pub fn add(&mut self, fault: Fault) {
        self.planned.push(Planned { fault: Fault { at: fault.at.max(1), ..fault }, seen: 0 });
    }

    /// Forgets all of them.
    pub fn clear(&mut self) {
        self.planned.clear();
    }

    /// Those still to come.
    pub fn pending(&self) -> Vec<&Fault> {
        self.planned.iter().map(|it| &it.fault).collect()
    }

    /// What goes wrong with this request. Every matching fault counts it; the first that is due happens.
    pub fn take(&mut self, asker: Asker<'_>) -> Option<Met> {
        self.first_due(|it| !it.kind.is_of_handshake() && it.matches(asker))
    }

    /// What is wrong with the certificate of this handshake.
    pub fn take_handshake(&mut self) -> Option<WrongCertificate> {
        match self.first_due(|it| it.kind.is_of_handshake())?.kind {
            FaultKind::Handshake(wrong) => Some(wrong),
            _ => None,
        }
    }

    fn first_due(&mut self, matches: impl Fn(&Fault) -> bool) -> Option<Met> {
        let mut met = None;
        for planned in self.planned.iter_mut().filter(|it| matches(&it.fault)) {
            if planned.is_due() && met.is_none() {
                met = Some(planned.meet());
            }
        }
        self.planned.retain(|it| !it.is_over());
        met
    }
}
