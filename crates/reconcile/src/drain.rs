//! When the active one of a group may be switched without a message of the old one reaching the new one: pure decisions
//! over what a look at the unfinished messages shows.
//!
//! No clock is needed. Whatever is unfinished at the first look after the pause was meant for the old one; whatever appears
//! later came while nothing was sent, and is for the new one. A message that is in work when the sending is held back ends
//! where it was going, through the old one; one that waits goes wherever is active when the pause ends.

use std::collections::BTreeSet;

/// What becomes of messages that wait for the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// They go to the old one before anything is switched.
    Refuse,
    /// They go to the new one.
    SendToNew,
}

/// A message that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its record.
    pub id: String,
    /// Whether it waits, and nobody is at work on it.
    pub is_waiting: bool,
}

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Look again a little later.
    Wait,
    /// Hold messages back, then look.
    Pause,
    /// Let messages go, so that those which wait reach the old one, then look.
    Resume,
    /// Switch now.
    Switch,
    /// It cannot be switched: these wait for the old one, and whoever holds them back is somebody else.
    Held(Vec<String>),
    /// It cannot be switched: these were taken into work although messages are held back.
    NotHeld(Vec<String>),
}

/// How far a group is on its way to a switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drain {
    waiting: Waiting,
    /// Whether nothing was sent before this began, so that it is not ours to end.
    was_held: bool,
    phase: Phase,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    Running,
    /// With what was in work at the first look; `None` before it.
    Held(Option<BTreeSet<String>>),
}

impl Drain {
    /// The beginning. `was_held`: nothing is sent already, and somebody else decides when that ends.
    pub fn new(waiting: Waiting, was_held: bool) -> Drain {
        let phase = if was_held { Phase::Held(None) } else { Phase::Running };
        Drain { waiting, was_held, phase }
    }

    /// What follows from the unfinished messages of a look.
    pub fn next(&mut self, unfinished: &[Message]) -> Next {
        match &self.phase {
            // Whoever takes over what waits has no reason to wait for it.
            Phase::Running if self.waiting == Waiting::SendToNew || unfinished.is_empty() => {
                self.phase = Phase::Held(None);
                Next::Pause
            }
            Phase::Running => Next::Wait,
            Phase::Held(None) => self.first_look(unfinished),
            Phase::Held(Some(first)) => {
                let next = later_look(self.waiting, first, unfinished);
                if next == Next::Resume {
                    return self.give_way(unfinished);
                }
                next
            }
        }
    }

    fn first_look(&mut self, unfinished: &[Message]) -> Next {
        if self.waiting == Waiting::Refuse && unfinished.iter().any(|it| it.is_waiting) {
            return self.give_way(unfinished);
        }
        let first: BTreeSet<String> = in_work(unfinished).map(|it| it.id.clone()).collect();
        let next = if first.is_empty() { Next::Switch } else { Next::Wait };
        self.phase = Phase::Held(Some(first));
        next
    }

    /// What waits was meant for the old one.
    fn give_way(&mut self, unfinished: &[Message]) -> Next {
        if self.was_held {
            let waiting = unfinished.iter().filter(|it| it.is_waiting);
            return Next::Held(waiting.map(|it| it.id.clone()).collect());
        }
        self.phase = Phase::Running;
        Next::Resume
    }
}

fn later_look(waiting: Waiting, first: &BTreeSet<String>, unfinished: &[Message]) -> Next {
    let new: Vec<String> =
        in_work(unfinished).filter(|it| !first.contains(&it.id)).map(|it| it.id.clone()).collect();
    let is_left = |it: &&Message| first.contains(&it.id);
    if !new.is_empty() {
        return Next::NotHeld(new);
    }
    // One that was in work and failed waits for its next attempt.
    if waiting == Waiting::Refuse && unfinished.iter().filter(is_left).any(|it| it.is_waiting) {
        return Next::Resume;
    }
    if in_work(unfinished).next().is_some() { Next::Wait } else { Next::Switch }
}

fn in_work(messages: &[Message]) -> impl Iterator<Item = &Message> {
    messages.iter().filter(|it| !it.is_waiting)
}

#[cfg(test)]
mod tests;
