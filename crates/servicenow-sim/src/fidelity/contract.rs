//! The behaviours of sections 1 to 7 that a contract test of their own holds, one to a line of a text.

use std::sync::OnceLock;

use super::{Behaviour, Confidence};

/// `id | how sure | setting or a dash | test | what the platform does`.
const LINES: &str = include_str!("contract.txt");

/// The rows.
pub fn rows() -> impl Iterator<Item = &'static Behaviour> {
    static ROWS: OnceLock<Vec<Behaviour>> = OnceLock::new();
    ROWS.get_or_init(|| LINES.lines().filter_map(behaviour).collect()).iter()
}

/// The behaviour of a line; a test holds that every line is one.
fn behaviour(line: &'static str) -> Option<Behaviour> {
    let mut parts = line.split(" | ");
    let (id, sure, setting) = (parts.next()?, parts.next()?, parts.next()?);
    let (test, behaviour) = (parts.next()?, parts.next()?);
    let (section, _) = id.split_once('-')?;
    Some(Behaviour {
        id,
        section,
        behaviour,
        confidence: match sure {
            "documented" => Confidence::Documented,
            "official" => Confidence::Official,
            "seen" => Confidence::Seen,
            "inferred" => Confidence::Inferred,
            _ => return None,
        },
        setting: (setting != "-").then_some(setting),
        test,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_behaviour() {
        for line in LINES.lines() {
            assert!(behaviour(line).is_some(), "{line}");
        }
        for line in ["", "1-a | sure | - | t | B.", "1-a | seen | - | t", "a | seen | - | t | B."] {
            assert!(behaviour(line).is_none(), "{line}");
        }
        assert_eq!(rows().count(), LINES.lines().count());
    }
}
