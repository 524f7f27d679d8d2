//! Reports written by hand, which the tests of every format begin with.

use super::Report;

/// The files, by name.
pub const FILES: &[(&str, &str)] = &[
    ("everything", include_str!("../../samples/everything.json")),
    ("empty", include_str!("../../samples/empty.json")),
    ("nothing", include_str!("../../samples/nothing.json")),
    ("two-instances", include_str!("../../samples/two-instances.json")),
    ("hostile", include_str!("../../samples/hostile.json")),
];

/// One of them.
pub fn named(name: &str) -> Report {
    let (_, text) = FILES.iter().find(|(it, _)| *it == name).unwrap();
    serde_json::from_str(text).unwrap()
}

/// Every class, severity and status; undecided and ignored things.
pub fn everything() -> Report {
    named("everything")
}

/// An instance that is just as declared.
pub fn empty() -> Report {
    named("empty")
}

/// No instance at all.
pub fn nothing() -> Report {
    named("nothing")
}

/// Three instances of which one does not answer, as one half of a fleet.
pub fn two_instances() -> Report {
    named("two-instances")
}

/// Texts that try to be something else in every format.
pub fn hostile() -> Report {
    named("hostile")
}
