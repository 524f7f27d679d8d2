//! Every belief meets every instance and every wish.

use proptest::prelude::*;

use super::*;

/// Rounds after which the wish must have come true.
const ROUNDS_MAX: usize = 4;
const INSTANCES: [Belief; 3] = [Belief::SwitchesSiblingsOff, Belief::RefusesSecond, Belief::DoesNothing];
const BELIEFS: [Belief; 5] = [Belief::Unknown, INSTANCES[0], INSTANCES[1], INSTANCES[2], Belief::Unclear];

/// An instance that behaves as `actual`, whatever is believed of it, and remembers what was seen at every instant.
struct Instance {
    actual: Belief,
    members: Vec<Member>,
    writes: usize,
    most_active: usize,
    least_active: usize,
}

impl Instance {
    fn new(actual: Belief, active: &[bool]) -> Instance {
        let members = active.iter().enumerate();
        let members = members.map(|(index, active)| Member { sys_id: id(index), active: *active }).collect();
        let mut instance = Instance { actual, members, writes: 0, most_active: 0, least_active: usize::MAX };
        instance.look();
        instance
    }

    fn active(&self) -> Vec<SysId> {
        self.members.iter().filter(|it| it.active).map(|it| it.sys_id.clone()).collect()
    }

    fn look(&mut self) {
        let count = self.active().len();
        self.most_active = self.most_active.max(count);
        self.least_active = self.least_active.min(count);
    }

    fn set(&mut self, target: &SysId, on: bool) -> Result<(), ()> {
        self.writes += 1;
        let rival = self.members.iter().any(|it| it.active && it.sys_id != *target);
        if on && rival && self.actual == Belief::RefusesSecond {
            return Err(());
        }
        for member in &mut self.members {
            if member.sys_id == *target {
                member.active = on;
            } else if on && self.actual == Belief::SwitchesSiblingsOff {
                member.active = false;
            }
        }
        self.look();
        Ok(())
    }

    /// As the interpreter does it. Returns what is believed afterwards.
    fn run(&mut self, switch: Switch, belief: Belief) -> Belief {
        match switch {
            Switch::Learn => return self.actual,
            Switch::Off(target) => self.set(&target, false).unwrap(),
            Switch::On(target) => {
                if self.set(&target, true).is_err() {
                    return after_refusal(belief);
                }
                return after_read_back(belief, &self.members, &target);
            }
            Switch::Swap { off, on, .. } => {
                for rival in off {
                    self.set(&rival, false).unwrap();
                }
                self.set(&on, true).unwrap();
            }
        }
        belief
    }

    fn settle(&mut self, mut belief: Belief, wish: Option<&SysId>) -> Belief {
        for _ in 0..ROUNDS_MAX {
            let list = steps(belief, &self.members, wish);
            if list.is_empty() {
                return belief;
            }
            for switch in list {
                belief = self.run(switch, belief);
            }
        }
        assert_eq!(steps(belief, &self.members, wish), [], "not settled: {:?}", self.members);
        belief
    }
}

fn id(index: usize) -> SysId {
    SysId::from_bytes([index as u8; 16])
}

#[test]
fn every_belief_about_every_instance_settles_on_the_wish() {
    for believed in BELIEFS {
        for actual in INSTANCES {
            for wish in [None, Some(id(0)), Some(id(1))] {
                for active in [[true, false, false], [false, false, false], [false, false, true]] {
                    let mut instance = Instance::new(actual, &active);
                    instance.settle(believed, wish.as_ref());
                    assert_eq!(instance.active(), Vec::from_iter(wish.clone()), "{believed:?} {actual:?}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_written_when_the_wish_is_true_already() {
    for belief in BELIEFS {
        let members = Instance::new(belief, &[true, false]).members;
        assert_eq!(steps(belief, &members, Some(&id(0))), []);
        let members = Instance::new(belief, &[false, false]).members;
        assert_eq!(steps(belief, &members, None), []);
    }
}

#[test]
fn the_first_active_one_needs_no_belief() {
    let members = Instance::new(Belief::Unknown, &[false, false]).members;
    assert_eq!(steps(Belief::Unknown, &members, Some(&id(1))), [Switch::On(id(1))]);
}

/// One request whose parts are carried out one after the other, whatever becomes of each.
fn carry_out_together(instance: &mut Instance, off: &[SysId], on: &SysId, refused: &[SysId]) {
    for rival in off.iter().filter(|it| !refused.contains(it)) {
        instance.set(rival, false).unwrap();
    }
    if !refused.contains(on) {
        // What the instance makes of a second one is its own matter.
        let _ = instance.set(on, true);
    }
}

proptest! {
    #[test]
    fn what_travels_together_makes_no_two_active_whichever_part_is_refused(
        belief in prop::sample::select(BELIEFS.to_vec()),
        active in prop::collection::vec(any::<bool>(), 3),
        wish in 0_usize..3,
        refused in prop::collection::vec(0_usize..3, 0..3),
    ) {
        let refused: Vec<SysId> = refused.into_iter().map(id).collect();
        // Together is proposed where a second one is refused alone, whatever else is believed.
        let mut instance = Instance::new(Belief::RefusesSecond, &active);
        let most = instance.most_active;
        for switch in steps(belief, &instance.members, Some(&id(wish))) {
            let Switch::Swap { off, on, travel: Travel::Together } = switch else { continue };
            prop_assert_eq!(belief, Belief::RefusesSecond);
            carry_out_together(&mut instance, &off, &on, &refused);
        }
        prop_assert!(instance.most_active <= most.max(1));
    }

    #[test]
    fn never_two_active_by_our_doing_and_never_none_where_the_instance_cascades(
        actual in prop::sample::select(INSTANCES.to_vec()),
        start in 0_usize..4,
        wishes in prop::collection::vec(0_usize..4, 1..12),
    ) {
        let active: Vec<bool> = (0..4).map(|it| it == start).collect();
        let mut instance = Instance::new(actual, &active);
        let mut belief = Belief::Unknown;
        for wish in wishes {
            let writes = instance.writes;
            let was_true = instance.active() == [id(wish)];
            belief = instance.settle(belief, Some(&id(wish)));
            prop_assert_eq!(instance.active(), vec![id(wish)]);
            let least = if was_true { 0 } else if actual == Belief::SwitchesSiblingsOff { 1 } else { 2 };
            prop_assert_eq!(instance.writes - writes, least, "the least number of writes");
        }
        prop_assert_eq!(instance.most_active, 1, "two were active");
        if actual == Belief::SwitchesSiblingsOff {
            prop_assert_eq!(instance.least_active, 1, "none was active");
        }
    }
}
