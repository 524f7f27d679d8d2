//! What the states of integrations and messages are called on this instance: a correction by the user.

use std::collections::BTreeMap;

/// Where somebody says so, the words for each state: values that are stored, or labels that people see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct States {
    /// An integration that holds messages back.
    pub paused: Option<String>,
    /// A message that waits.
    pub queued: Vec<String>,
    /// A message that is at its end.
    pub finished: Vec<String>,
}

impl States {
    /// Reads the corrections.
    ///
    /// # Errors
    /// The key that cannot be used, and why.
    pub fn read(given: BTreeMap<String, Vec<String>>) -> Result<States, (String, String)> {
        let mut states = States::default();
        for (key, words) in given {
            if words.is_empty() || words.iter().any(|it| it.trim().is_empty()) {
                return Err((key, "it needs at least one state, and none without a name".to_owned()));
            }
            match (key.as_str(), words.as_slice()) {
                ("paused", [word]) => states.paused = Some(word.clone()),
                ("paused", _) => return Err((key, "an integration is paused by one state".to_owned())),
                ("queued", _) => states.queued = words,
                ("finished", _) => states.finished = words,
                _ => return Err((key, "it takes `paused`, `queued` and `finished`".to_owned())),
            }
        }
        Ok(states)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, words: &[&str], expected: Result<(), &str>) {
        let words = words.iter().map(|it| (*it).to_owned()).collect();
        match (States::read([(key.to_owned(), words)].into()), expected) {
            (Ok(_), Ok(())) => {}
            (Err((named, reason)), Err(part)) => {
                assert!(named == key && reason.contains(part), "{key}: {reason}");
            }
            (read, _) => panic!("{key}: {read:?}"),
        }
    }

    #[test]
    fn a_state_is_corrected_by_the_words_of_the_instance() {
        check("paused", &["Angehalten"], Ok(()));
        check("queued", &["waiting", "retry"], Ok(()));
        check("finished", &["1", "2"], Ok(()));
        check("paused", &["1", "2"], Err("by one state"));
        check("finished", &[], Err("at least one"));
        check("queued", &["1", " "], Err("without a name"));
        check("in work", &["1"], Err("`finished`"));
    }
}
