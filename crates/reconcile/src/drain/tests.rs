//! Looks in tables, and random traffic against what it must never lead to.

use proptest::prelude::*;

use super::*;

/// Messages in a line: `q` waits, `w` is in work, each with its number.
fn look(text: &str) -> Vec<Message> {
    let message = |it: &str| Message { id: it[1..].to_owned(), is_waiting: it.starts_with('q') };
    text.split_whitespace().map(message).collect()
}

fn check(mut drain: Drain, story: &[(&str, Next)]) {
    for (index, (unfinished, expected)) in story.iter().enumerate() {
        assert_eq!(drain.next(&look(unfinished)), *expected, "look {index}: {unfinished}");
    }
}

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn a_quiet_group_is_paused_looked_at_once_more_and_switched() {
    for waiting in [Waiting::Refuse, Waiting::SendToNew] {
        check(Drain::new(waiting, false), &[("", Next::Pause), ("", Next::Switch)]);
    }
}

#[test]
fn what_is_unfinished_goes_to_the_old_one_before_the_pause() {
    let story = [("q1 w2", Next::Wait), ("w1", Next::Wait), ("", Next::Pause), ("", Next::Switch)];
    check(Drain::new(Waiting::Refuse, false), &story);
}

#[test]
fn what_came_before_the_pause_and_waits_is_let_go_and_waited_for_again() {
    let story =
        [("", Next::Pause), ("q1", Next::Resume), ("w1", Next::Wait), ("", Next::Pause), ("", Next::Switch)];
    check(Drain::new(Waiting::Refuse, false), &story);
}

#[test]
fn what_is_in_work_ends_and_what_came_in_the_pause_waits_for_the_new_one() {
    let story = [("", Next::Pause), ("w1", Next::Wait), ("w1 q2", Next::Wait), ("q2 q3", Next::Switch)];
    check(Drain::new(Waiting::Refuse, false), &story);
}

#[test]
fn a_message_that_failed_and_waits_again_is_still_one_for_the_old_one() {
    let story = [("", Next::Pause), ("w1", Next::Wait), ("q1 q2", Next::Resume), ("w1 q2", Next::Wait)];
    check(Drain::new(Waiting::Refuse, false), &story);
    let story = [("", Next::Pause), ("w1", Next::Wait), ("q1 q2", Next::Switch)];
    check(Drain::new(Waiting::SendToNew, false), &story);
}

#[test]
fn whoever_sends_what_waits_to_the_new_one_waits_for_what_is_in_work_alone() {
    let story = [("q1 w2", Next::Pause), ("q1 w2", Next::Wait), ("q1 q3", Next::Switch)];
    check(Drain::new(Waiting::SendToNew, false), &story);
}

#[test]
fn a_pause_that_holds_nothing_back_is_found_out() {
    for waiting in [Waiting::Refuse, Waiting::SendToNew] {
        let story = [("", Next::Pause), ("w1", Next::Wait), ("w1 w2", Next::NotHeld(ids(&["2"])))];
        check(Drain::new(waiting, false), &story);
    }
}

#[test]
fn what_somebody_else_holds_back_is_not_let_go() {
    check(Drain::new(Waiting::Refuse, true), &[("q1 w2 q3", Next::Held(ids(&["1", "3"])))]);
    check(Drain::new(Waiting::Refuse, true), &[("w2", Next::Wait), ("q2", Next::Held(ids(&["2"])))]);
    check(Drain::new(Waiting::Refuse, true), &[("w2", Next::Wait), ("q3", Next::Switch)]);
    check(Drain::new(Waiting::SendToNew, true), &[("q1 w2", Next::Wait), ("q1", Next::Switch)]);
}

/// A message of the model.
#[derive(Clone, Debug)]
struct Sent {
    /// Whether it came after the pause that the switch followed.
    is_for_new: bool,
    state: State,
    attempted_by_new: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Waiting,
    InWork,
    Done,
}

/// An instance whose messages come, are taken into work, fail and end, unless they are held back.
#[derive(Debug, Default)]
struct Traffic {
    messages: Vec<Sent>,
    is_held: bool,
    is_new_active: bool,
}

impl Traffic {
    /// One thing that happens by itself.
    fn happens(&mut self, event: u8) {
        match event % 4 {
            0 => self.messages.push(Sent {
                is_for_new: self.is_held || self.is_new_active,
                state: State::Waiting,
                attempted_by_new: false,
            }),
            // Each is taken into work in its turn.
            1 if !self.is_held => {
                let new = self.is_new_active;
                if let Some(it) = self.messages.iter_mut().find(|it| it.state == State::Waiting) {
                    it.state = State::InWork;
                    it.attempted_by_new |= new;
                }
            }
            2 => self.one_in_work_becomes(State::Done),
            3 => self.one_in_work_becomes(State::Waiting),
            _ => {}
        }
    }

    fn one_in_work_becomes(&mut self, state: State) {
        if let Some(it) = self.messages.iter_mut().find(|it| it.state == State::InWork) {
            it.state = state;
        }
    }

    fn look(&self) -> Vec<Message> {
        let unfinished = self.messages.iter().enumerate().filter(|(_, it)| it.state != State::Done);
        let message = |(index, it): (usize, &Sent)| Message {
            id: index.to_string(),
            is_waiting: it.state == State::Waiting,
        };
        unfinished.map(message).collect()
    }

    fn resumes(&mut self) {
        self.is_held = false;
        // What came in a pause that led to nothing is for the old one as everything else.
        for it in &mut self.messages {
            it.is_for_new = false;
        }
    }
}

/// Runs until it may be switched, and sends everything that is left.
fn switched(waiting: Waiting, events: &[u8]) -> Option<Traffic> {
    let (mut traffic, mut drain) = (Traffic::default(), Drain::new(waiting, false));
    let mut events = events.iter();
    while let Some(event) = events.next() {
        traffic.happens(*event);
        if event % 3 != 0 {
            continue;
        }
        match drain.next(&traffic.look()) {
            Next::Pause => traffic.is_held = true,
            Next::Resume => traffic.resumes(),
            Next::Switch => {
                assert!(traffic.messages.iter().all(|it| it.state != State::InWork), "{traffic:?}");
                traffic.is_new_active = true;
                traffic.is_held = false;
                events.for_each(|it| traffic.happens(*it));
                return Some(traffic);
            }
            Next::Wait => {}
            other => panic!("{other:?}"),
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_message_from_before_the_pause_is_ever_sent_by_the_new_one(events in prop::collection::vec(any::<u8>(), 1..200)) {
        for message in switched(Waiting::Refuse, &events).iter().flat_map(|it| &it.messages) {
            prop_assert!(!message.attempted_by_new || message.is_for_new, "{message:?}");
        }
    }

    #[test]
    fn nothing_is_in_work_at_the_switch_and_nothing_waits_in_vain(events in prop::collection::vec(any::<u8>(), 1..200)) {
        // That nothing is in work is looked at by the model itself.
        if let Some(mut traffic) = switched(Waiting::SendToNew, &events) {
            for _ in 0..traffic.messages.len() {
                [2, 1, 2].iter().for_each(|it| traffic.happens(*it));
            }
            prop_assert!(traffic.look().is_empty());
        }
    }
}

#[test]
fn a_group_that_becomes_quiet_is_switched_after_all() {
    let quiet = [1, 2, 3, 0].repeat(3);
    for busy in 0..30_u8 {
        let mut events: Vec<u8> = (0..busy).flat_map(|it| [it, 0, 1]).collect();
        events.extend([1, 2, 6].repeat(usize::from(busy) * 4));
        events.extend(quiet.iter().map(|_| 6));
        assert!(switched(Waiting::Refuse, &events).is_some(), "{busy}");
    }
}
