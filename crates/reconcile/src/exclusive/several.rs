//! "Exactly these of a group are active, in this order", for groups in which several may be active at once.
//!
//! What is active beside the wish goes off before anything comes on. A message to the wrong environment is worse than a
//! pause: whoever came on first would be active beside those that are to go, a mixture that nobody ever declared. This way
//! whatever is active between two steps was active together before, or is wished together now; and there is a pause only
//! where the two have no member in common. A member has its place before it comes on, so that it never comes first by
//! chance.

use std::collections::BTreeMap;

use servicenow_core::SysId;

use super::Member;

/// Between the ranks of two members, so that people can put one between them by hand.
const STEP: i64 = 100;

/// One of the group, with its place among those that are active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// The member.
    pub member: Member,
    /// Its place; a lower one comes first. `None`: it has none.
    pub rank: Option<i64>,
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Deactivate it.
    Off(SysId),
    /// Give it this place, or none.
    Place(SysId, Option<i64>),
    /// Activate it.
    On(SysId),
}

/// What a group is to be like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Those that are active, no others.
    active: Vec<SysId>,
    /// The places of some of them.
    places: BTreeMap<SysId, Option<i64>>,
}

impl Target {
    /// These are active, in this order. Places stay as they are where they say so already.
    pub fn ordered(members: &[Ranked], wish: &[SysId]) -> Target {
        let active = wish.to_vec();
        if wish.len() < 2 || is_in_order(members, wish) {
            return Target { active, places: BTreeMap::new() };
        }
        let places = (1_i64..).zip(wish).map(|(number, id)| (id.clone(), Some(number * STEP)));
        Target { places: places.collect(), active }
    }

    /// These are active, in whatever order: for instances that know none.
    pub fn unordered(wish: &[SysId]) -> Target {
        Target { active: wish.to_vec(), places: BTreeMap::new() }
    }

    /// All as it was when somebody looked.
    pub fn as_seen(members: &[Ranked]) -> Target {
        let active = members.iter().filter(|it| it.member.active).map(|it| it.member.sys_id.clone());
        let places = members.iter().map(|it| (it.member.sys_id.clone(), it.rank));
        Target { active: active.collect(), places: places.collect() }
    }
}

/// The writes that lead to a target, in their order; none when it is true.
pub fn changes(members: &[Ranked], target: &Target) -> Vec<Change> {
    let is_wished = |id: &SysId| target.active.contains(id);
    let off = members.iter().filter(|it| it.member.active && !is_wished(&it.member.sys_id));
    let off = off.map(|it| Change::Off(it.member.sys_id.clone()));
    let place = members.iter().filter_map(|it| {
        let place = target.places.get(&it.member.sys_id)?;
        (it.rank != *place).then(|| Change::Place(it.member.sys_id.clone(), *place))
    });
    let is_off = |id: &&SysId| members.iter().any(|it| it.member.sys_id == **id && !it.member.active);
    let on = target.active.iter().filter(is_off).map(|id| Change::On(id.clone()));
    off.chain(place).chain(on).collect()
}

/// Whether each of these comes before the next one.
fn is_in_order(members: &[Ranked], wish: &[SysId]) -> bool {
    let rank = |id: &SysId| members.iter().find(|it| it.member.sys_id == *id).and_then(|it| it.rank);
    let ranks: Vec<Option<i64>> = wish.iter().map(rank).collect();
    ranks.is_sorted_by(|one, next| one.is_some() && one < next)
}

#[cfg(test)]
mod tests;
