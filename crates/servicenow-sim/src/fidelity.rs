//! The fidelity table: each modelled behaviour of the platform, how sure it is, its switch and the test that holds it.
//!
//! Each section of the facts has its own file, so that rows are added where nobody else writes. The guide
//! `docs/guides/simulator-fidelity.md` is made of [`rows`].

mod apis;
mod connections;
mod contract;
mod inbound;
mod metadata;
mod page;
mod queries;
mod shell;
mod sign_in;
mod table_api;
mod unifi;

pub use self::page::page;

/// How sure a behaviour is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// In the vendor's documentation or in a support article.
    Documented,
    /// In the metadata or code of the vendor's own packages, which weighs as much.
    Official,
    /// Seen in a client that works, in its tests against an instance, or in recorded answers.
    Seen,
    /// Deduced, and confirmed nowhere.
    Inferred,
}

impl Confidence {
    /// The mark that people read.
    pub fn mark(self) -> &'static str {
        match self {
            Confidence::Documented => "documented",
            Confidence::Official => "official code",
            Confidence::Seen => "seen",
            Confidence::Inferred => "inferred",
        }
    }
}

/// A behaviour of the platform that the simulator has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    /// A short name that no other row has: the section's number and a word or two, for example `1.1-put-is-patch`.
    pub id: &'static str,
    /// The section of the facts, for example `1.1`.
    pub section: &'static str,
    /// What the platform does, in one sentence.
    pub behaviour: &'static str,
    /// How sure that is.
    pub confidence: Confidence,
    /// The setting that chooses between this and something else.
    pub setting: Option<&'static str>,
    /// The path of the test inside this crate, for example `answer::tests::a_list_comes_in_pages_with_links`.
    pub test: &'static str,
}

/// All rows, section by section.
pub fn rows() -> impl Iterator<Item = &'static Behaviour> {
    let sections = [
        table_api::ROWS,
        queries::ROWS,
        apis::ROWS,
        sign_in::ROWS,
        connections::ROWS,
        inbound::ROWS,
        metadata::ROWS,
        unifi::ROWS,
        shell::ROWS,
    ];
    sections.into_iter().flatten().chain(contract::rows())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::settings::Settings;

    #[test]
    fn every_behaviour_has_a_name_of_its_own_in_its_section() {
        let mut seen = BTreeSet::new();
        for row in rows() {
            assert!(seen.insert(row.id), "{} is there twice", row.id);
            assert!(row.id.starts_with(&format!("{}-", row.section)), "{} is not of {}", row.id, row.section);
            assert!(row.behaviour.ends_with('.'), "{} is no sentence", row.id);
        }
    }

    #[test]
    fn every_behaviour_has_a_test_of_its_own() {
        let mut seen = BTreeSet::new();
        for row in rows() {
            assert!(seen.insert(row.test), "{} shares {}", row.id, row.test);
        }
    }

    #[test]
    fn every_switch_that_is_named_exists() {
        let settings = Settings::default();
        for row in rows() {
            let exists = row.setting.is_none_or(|it| settings.all().contains_key(it));
            assert!(exists, "{} names {:?}", row.id, row.setting);
        }
    }
}
