//! Which parts of a value must not be shown.

use std::collections::BTreeMap;

/// The parts of a value that something secret went into.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Marks {
    /// None.
    #[default]
    None,
    /// All of it.
    Whole,
    /// Some members of a map or object, or elements of a list or tuple by their place. Never empty.
    Parts(BTreeMap<String, Marks>),
}

impl Marks {
    /// All of it, or nothing.
    pub fn whole(sensitive: bool) -> Marks {
        if sensitive { Marks::Whole } else { Marks::None }
    }

    /// Of members, by name.
    pub fn parts<'a>(members: impl Iterator<Item = (String, &'a Marks)>) -> Marks {
        let marked: BTreeMap<String, Marks> =
            members.filter(|(_, it)| **it != Marks::None).map(|(name, it)| (name, it.clone())).collect();
        if marked.is_empty() { Marks::None } else { Marks::Parts(marked) }
    }

    /// Whether there are any.
    pub fn any(&self) -> bool {
        *self != Marks::None
    }

    /// Those of a member.
    pub fn part(&self, name: &str) -> Marks {
        match self {
            Marks::Parts(parts) => parts.get(name).cloned().unwrap_or_default(),
            other => other.clone(),
        }
    }
}
