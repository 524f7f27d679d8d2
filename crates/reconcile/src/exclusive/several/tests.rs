//! Every group leads to every wish, with no mixture on the way, and back.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn id(index: u8) -> SysId {
    SysId::from_bytes([index; 16])
}

/// A group by what is active in it and which places there are.
fn group(members: &[(bool, Option<i64>)]) -> Vec<Ranked> {
    let member = |(index, (active, rank)): (u8, &(bool, Option<i64>))| Ranked {
        member: Member { sys_id: id(index), active: *active },
        rank: *rank,
    };
    (0..).zip(members).map(member).collect()
}

fn active(members: &[Ranked]) -> BTreeSet<SysId> {
    members.iter().filter(|it| it.member.active).map(|it| it.member.sys_id.clone()).collect()
}

fn make(members: &mut [Ranked], change: &Change) {
    let (Change::Off(target) | Change::Place(target, _) | Change::On(target)) = change;
    let it = members.iter_mut().find(|it| it.member.sys_id == *target).unwrap();
    match change {
        Change::Off(_) => it.member.active = false,
        Change::On(_) => it.member.active = true,
        Change::Place(_, rank) => it.rank = *rank,
    }
}

fn check(members: &[(bool, Option<i64>)], wish: &[u8], expected: &[Change]) {
    let (members, wish) = (group(members), wish.iter().map(|it| id(*it)).collect::<Vec<_>>());
    assert_eq!(changes(&members, &Target::ordered(&members, &wish)), expected, "{members:?} {wish:?}");
}

#[test]
fn what_is_true_already_is_not_written() {
    check(&[(true, Some(1)), (true, Some(7)), (false, None)], &[0, 1], &[]);
    check(&[(false, None), (true, None)], &[1], &[]);
}

#[test]
fn what_goes_is_off_before_a_new_one_has_its_place_and_comes_on() {
    let (on, off) = (|it| Change::On(id(it)), |it| Change::Off(id(it)));
    check(&[(true, None), (false, None)], &[1], &[off(0), on(1)]);
    check(
        &[(true, None), (false, None), (true, None)],
        &[1, 2],
        &[off(0), Change::Place(id(1), Some(100)), Change::Place(id(2), Some(200)), on(1)],
    );
}

#[test]
fn places_that_say_the_order_already_stay_and_equal_ones_do_not() {
    let placed = |of, rank| Change::Place(id(of), Some(rank));
    check(&[(true, Some(-5)), (true, Some(3))], &[0, 1], &[]);
    check(&[(true, Some(3)), (true, Some(3))], &[0, 1], &[placed(0, 100), placed(1, 200)]);
    check(&[(true, Some(100)), (true, Some(50))], &[0, 1], &[placed(1, 200)]);
    check(&[(true, None), (true, Some(50))], &[0, 1], &[placed(0, 100), placed(1, 200)]);
}

fn some_group() -> impl Strategy<Value = Vec<Ranked>> {
    prop::collection::vec((any::<bool>(), prop::option::of(0_i64..4)), 1..6).prop_map(|it| group(&it))
}

/// A group with a wish: some of its members in some order.
fn group_and_wish() -> impl Strategy<Value = (Vec<Ranked>, Vec<SysId>)> {
    some_group().prop_flat_map(|members| {
        let ids: Vec<SysId> = members.iter().map(|it| it.member.sys_id.clone()).collect();
        let count = ids.len();
        let wish = prop::sample::subsequence(ids, 1..=count).prop_shuffle();
        (Just(members), wish)
    })
}

proptest! {
    #[test]
    fn every_group_leads_to_every_wish_without_a_mixture_and_with_the_fewest_switches(
        (before, wish) in group_and_wish()
    ) {
        let target = Target::ordered(&before, &wish);
        let (was, wished) = (active(&before), wish.iter().cloned().collect::<BTreeSet<_>>());
        let list = changes(&before, &target);
        let mut members = before.clone();
        for change in &list {
            make(&mut members, change);
            let now = active(&members);
            prop_assert!(now.is_subset(&was) || now.is_subset(&wished), "a mixture: {:?}", now);
            prop_assert!(!now.is_empty() || was.is_disjoint(&wished), "a pause without need");
        }
        prop_assert_eq!(active(&members), wished.clone());
        prop_assert!(wish.len() < 2 || is_in_order(&members, &wish), "{:?}", members);
        prop_assert_eq!(changes(&members, &Target::ordered(&members, &wish)), vec![], "nothing is left to do");
        let switches = list.iter().filter(|it| !matches!(it, Change::Place(..))).count();
        prop_assert_eq!(switches, was.symmetric_difference(&wished).count());
    }

    #[test]
    fn whatever_step_fails_there_is_a_way_back_to_what_was(
        (before, wish) in group_and_wish(), steps in 0_usize..12
    ) {
        let mut members = before.clone();
        for change in changes(&before, &Target::ordered(&before, &wish)).iter().take(steps) {
            make(&mut members, change);
        }
        let (was, wished) = (active(&before), wish.into_iter().collect::<BTreeSet<_>>());
        for change in changes(&members, &Target::as_seen(&before)) {
            make(&mut members, &change);
            let now = active(&members);
            prop_assert!(now.is_subset(&was) || now.is_subset(&wished), "a mixture: {:?}", now);
        }
        prop_assert_eq!(members, before);
    }
}
