//! Who wants to say which member of a group is active: two resources that do contradict each other or will, and Terraform
//! would let the order of its work decide.
//!
//! Terraform gives a plan no address, so a resource is told apart by the mark that its claim leaves in the private bytes of
//! its plan: a replacement is planned twice, and brings the mark of the first plan to the second. A session has one
//! registry, and each walk of Terraform makes a session.

pub mod member;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use servicenow_core::SysId;

use crate::private;

/// The member of the private bytes that holds the mark.
const MEMBER: &str = "claim";

/// What a resource says about its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It chooses the active one.
    Pointer,
    /// It chooses the active ones of several groups together.
    Environment,
    /// It is a member that sets whether it is active.
    Member {
        /// What it sets.
        active: bool,
    },
}

/// One resource that says which member of a group is active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The record of the group.
    pub group: SysId,
    /// How it says so.
    pub kind: Kind,
    /// The type of the resource.
    pub type_name: &'static str,
    /// How people know it; a pointer has no name.
    pub name: Option<String>,
    /// The members that it speaks of, one unless several are to be active; `None` where that is known after apply.
    pub members: Option<Vec<SysId>>,
}

/// Where a planned member will lead to, as far as that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Planned {
    /// The address of the other system.
    pub address: Option<String>,
    /// Whether it is certain that it will lead nowhere and let nobody in.
    pub is_dead_end: bool,
    /// The only instance that may send through it; empty for any.
    pub instance_name: Option<String>,
    /// The environment that it names.
    pub environment: Option<String>,
}

/// How two claims of one group go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Together {
    /// They do not touch each other.
    Fine,
    /// They say the same, and one of them is too many.
    Same,
    /// What one of them says is not known yet.
    Open,
    /// Where only one may be active they cannot both be true.
    UnlessSeveral,
    /// They cannot both be true, or each would undo what the other does.
    Against,
}

impl Claim {
    /// How it goes together with another claim of the same group.
    pub fn beside(&self, other: &Claim) -> Together {
        match (&self.kind, &other.kind) {
            (Kind::Member { active: false }, Kind::Member { .. })
            | (Kind::Member { .. }, Kind::Member { active: false }) => Together::Fine,
            (Kind::Member { active: true }, Kind::Member { active: true }) => Together::UnlessSeveral,
            (Kind::Member { active: true }, _) | (_, Kind::Member { active: true }) => Together::Against,
            (Kind::Member { active: false }, _) | (_, Kind::Member { active: false }) => {
                self.common_member(other)
            }
            (Kind::Pointer, Kind::Pointer) => match (&self.members, &other.members) {
                (Some(one), Some(two)) if one == two => Together::Same,
                (Some(_), Some(_)) => Together::Against,
                _ => Together::Open,
            },
            (Kind::Environment, _) | (_, Kind::Environment) => Together::Against,
        }
    }

    /// A member that is to stay inactive contradicts only who chooses just that one.
    fn common_member(&self, other: &Claim) -> Together {
        match self.members.iter().flatten().any(|it| other.speaks_of(it)) {
            true => Together::Against,
            false => Together::Fine,
        }
    }

    fn speaks_of(&self, member: &SysId) -> bool {
        self.members.iter().flatten().any(|it| it == member)
    }
}

/// Everything that was claimed in one walk of Terraform.
#[derive(Debug)]
pub struct Claims {
    nonce: String,
    made: Mutex<Made>,
    several: Mutex<HashMap<SysId, bool>>,
    planned: Mutex<HashMap<SysId, Planned>>,
    count: AtomicUsize,
}

/// Claims by group: each plan looks at its own groups alone, however many others there are.
#[derive(Debug, Default)]
struct Made {
    /// With the mark of the resource.
    groups: HashMap<SysId, Vec<(String, Claim)>>,
    /// The groups that a resource claims, by its mark.
    marks: HashMap<String, Vec<SysId>>,
}

impl Made {
    fn of(&self, group: &SysId) -> impl Iterator<Item = &Claim> {
        self.groups.get(group).into_iter().flatten().map(|it| &it.1)
    }

    fn insert(&mut self, mark: &str, claims: Vec<Claim>) {
        let groups = claims.iter().map(|it| it.group.clone()).collect();
        self.marks.insert(mark.to_owned(), groups);
        for claim in claims {
            self.groups.entry(claim.group.clone()).or_default().push((mark.to_owned(), claim));
        }
    }

    fn remove(&mut self, mark: &str) {
        for group in self.marks.remove(mark).unwrap_or_default() {
            if let Some(claims) = self.groups.get_mut(&group) {
                claims.retain(|it| it.0 != mark);
            }
        }
    }
}

impl Claims {
    /// No claims yet. `nonce` tells the marks of one session from those of another.
    pub fn new(nonce: String) -> Claims {
        Claims {
            nonce,
            made: Mutex::default(),
            several: Mutex::default(),
            planned: Mutex::default(),
            count: AtomicUsize::default(),
        }
    }

    /// Registers what a resource claims. Gives each claim that meets one of somebody else on the same group, with that one,
    /// and the private bytes of the plan with the mark of these claims. `private` is what the plan began with, and `is_new`
    /// says that it has no state before.
    pub fn make(&self, claims: Vec<Claim>, private: &[u8], is_new: bool) -> (Vec<(Claim, Claim)>, Vec<u8>) {
        let mark = format!("{}/{}", self.nonce, self.count.fetch_add(1, Ordering::Relaxed));
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        // The second plan of a replacement begins with the private bytes of the first.
        if let Some(before) = mark_of(private).filter(|_| is_new) {
            made.remove(&before);
        }
        let mut met: Vec<(Claim, Claim)> = claims
            .iter()
            .flat_map(|claim| made.of(&claim.group).map(|it| (claim.clone(), it.clone())))
            .collect();
        met.sort_by(|(_, a), (_, b)| {
            (a.type_name, &a.name, &a.members).cmp(&(b.type_name, &b.name, &b.members))
        });
        made.insert(&mark, claims);
        (met, private::with(private, MEMBER, mark.into()))
    }

    /// Whether somebody who plans in this walk chooses that member: who lets go of it leaves it to them.
    pub fn is_chosen(&self, group: &SysId, member: &SysId) -> bool {
        let made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.of(group).any(|it| it.speaks_of(member) && it.kind != (Kind::Member { active: false }))
    }

    /// Remembers whether a group is planned to allow several active members.
    pub fn plan_several(&self, group: SysId, several: bool) {
        self.several.lock().unwrap_or_else(PoisonError::into_inner).insert(group, several);
    }

    /// Whether a group is planned to allow several active members, if it is planned at all.
    pub fn planned_several(&self, group: &SysId) -> Option<bool> {
        self.several.lock().unwrap_or_else(PoisonError::into_inner).get(group).copied()
    }

    /// Remembers what is planned for a member.
    pub fn plan_member(&self, member: SysId, planned: Planned) {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).insert(member, planned);
    }

    /// What is planned for a member, if it is planned at all.
    pub fn planned_member(&self, member: &SysId) -> Option<Planned> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).get(member).cloned()
    }

    /// Forgets everything: another plan begins.
    pub fn clear(&self) {
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = Made::default();
        self.several.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.planned.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn mark_of(private: &[u8]) -> Option<String> {
    private::get(private, MEMBER)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
