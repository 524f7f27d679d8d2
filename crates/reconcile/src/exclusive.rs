//! "Exactly one of a group is active", as data and one pure function.
//!
//! Two rules rank above everything: never two active by our doing, because a message to the wrong environment is worse
//! than a pause; and where the instance itself switches the others off, never a moment without an active one.

pub mod several;

use servicenow_core::SysId;

/// Who keeps the rule on the instance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Belief {
    /// Nobody has looked yet.
    #[default]
    Unknown,
    /// Activating one deactivates the others.
    SwitchesSiblingsOff,
    /// Activating a second one is refused: it was seen, or somebody says so.
    RefusesSecond,
    /// Two can be active at once.
    DoesNothing,
    /// It could not be found out.
    Unclear,
}

/// One of the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its record.
    pub sys_id: SysId,
    /// Whether it is active.
    pub active: bool,
}

/// One step towards the wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Switch {
    /// Find out who keeps the rule, with records that nobody uses.
    Learn,
    /// Activate it. The instance switches the others off, or there are none.
    On(SysId),
    /// Deactivate it.
    Off(SysId),
    /// Deactivate these, then activate that one; when that fails, activate again what was switched off.
    Swap {
        /// The active ones, first the one to return to.
        off: Vec<SysId>,
        /// The wished one.
        on: SysId,
        /// How the writes travel.
        travel: Travel,
    },
}

/// How the writes of a swap travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Travel {
    /// In one request that the instance carries out part by part, so that the pause is the time between two of its parts. A
    /// part that fails does not stop the next one: where the old one stays active, the instance has to refuse the new one.
    Together,
    /// In a request each. The new one is sent when the old one is known to be off.
    Apart,
}

/// The next steps towards `wish` being the only active member; `None` wishes for no active one. Called again after each
/// read-back, until it gives nothing.
pub fn steps(belief: Belief, members: &[Member], wish: Option<&SysId>) -> Vec<Switch> {
    let rivals: Vec<SysId> = members
        .iter()
        .filter(|it| it.active && Some(&it.sys_id) != wish)
        .map(|it| it.sys_id.clone())
        .collect();
    let is_on = |wish: &SysId| members.iter().any(|it| it.active && it.sys_id == *wish);
    let Some(on) = wish.filter(|it| !is_on(it)).cloned() else {
        return rivals.into_iter().map(Switch::Off).collect();
    };
    if rivals.is_empty() {
        return vec![Switch::On(on)];
    }
    match belief {
        Belief::Unknown => vec![Switch::Learn],
        Belief::SwitchesSiblingsOff => vec![Switch::On(on)],
        Belief::RefusesSecond => vec![Switch::Swap { off: rivals, on, travel: Travel::Together }],
        // Two would be active when the old one could not be switched off.
        Belief::DoesNothing | Belief::Unclear => {
            vec![Switch::Swap { off: rivals, on, travel: Travel::Apart }]
        }
    }
}

/// What a refused [`Switch::On`] teaches: not to try it again. It is no proof that a second one is refused, because any rule
/// may have refused this one.
pub fn after_refusal(belief: Belief) -> Belief {
    match belief {
        Belief::SwitchesSiblingsOff | Belief::Unknown => Belief::Unclear,
        known => known,
    }
}

/// What the read-back after a [`Switch::On`] teaches: rivals that are still active were not switched off.
pub fn after_read_back(belief: Belief, members: &[Member], wish: &SysId) -> Belief {
    let on = members.iter().any(|it| it.active && it.sys_id == *wish);
    let rival = members.iter().any(|it| it.active && it.sys_id != *wish);
    if belief == Belief::SwitchesSiblingsOff && on && rival { Belief::DoesNothing } else { belief }
}

#[cfg(test)]
mod tests;
