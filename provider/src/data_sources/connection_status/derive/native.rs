//! The state of an alias: from its connections, the credential of the active one, and that credential's tokens.

use servicenow_core::Record;

use super::{Probe, Standing, Token, active, by_probe, by_tokens, without_active};

/// What is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The time, as an instance writes it.
    pub now: String,
    /// The connections of the alias.
    pub connections: Vec<Record>,
    /// The credential of the active connection.
    pub credential: Option<Credential>,
    /// The tokens of the credential; `None` where there can be none or where they may not be read.
    pub tokens: Option<Vec<Token>>,
    /// What the other system answered, if it was asked.
    pub probe: Option<Probe>,
}

/// A credential that a connection refers to.
#[derive(Clone, Debug, PartialEq)]
pub enum Credential {
    /// It exists.
    There {
        /// What people call it.
        name: String,
        /// Whether it may be used.
        active: bool,
        /// Its table.
        class: String,
    },
    /// It does not exist, or this user may not see it.
    Unseen,
}

impl Facts {
    /// The active connection: the first by name where several are.
    pub fn active(&self) -> Option<&Record> {
        active(&self.connections)
    }

    /// The state of the alias.
    pub fn standing(&self) -> Standing {
        let Some(active) = self.active() else {
            let none =
                "the alias has no connection, as after it came with an update set: connections do not travel";
            return without_active(&self.connections, none);
        };
        let name = active.text("name");
        if active.text("connection_url").is_empty() && active.get("connection_url").is_some() {
            return Standing::derived(
                "Not Configured",
                format!("the active connection \"{name}\" has no URL"),
            );
        }
        match &self.credential {
            Some(Credential::There { name: credential, active: false, .. }) => {
                let reason = format!(
                    "the credential \"{credential}\" of the active connection \"{name}\" is inactive"
                );
                return Standing::derived("Deactivated", reason);
            }
            Some(Credential::Unseen) => {
                let reason = format!(
                    "the credential of the active connection \"{name}\" does not exist, or the user that signs in may not see it"
                );
                return Standing::derived("Not Configured", reason);
            }
            _ => {}
        }
        match &self.tokens {
            Some(tokens) => by_tokens(tokens, &self.now, name),
            None => by_probe(self.probe.as_ref(), name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-31 12:00:00";

    fn connection(name: &str, active: bool, url: &str) -> Record {
        let cells = [
            ("name", name),
            ("active", if active { "true" } else { "false" }),
            ("connection_url", url),
            ("sys_updated_by", "jane.doe"),
            ("sys_updated_on", "2026-01-30 09:00:00"),
        ];
        Record::of(cells)
    }

    fn working() -> Facts {
        Facts {
            now: NOW.to_owned(),
            connections: vec![connection("blue", true, "https://x")],
            ..Facts::default()
        }
    }

    fn credential(active: bool, class: &str) -> Option<Credential> {
        Some(Credential::There { name: "svc".to_owned(), active, class: class.to_owned() })
    }

    fn token(refreshes: bool, expires: &str) -> Token {
        Token { refreshes, expires: expires.to_owned() }
    }

    #[track_caller]
    fn check(facts: &Facts, status: &str, words: &str) {
        let standing = facts.standing();
        assert_eq!(standing.status, status, "{standing:?}");
        assert!(standing.reason.contains(words), "{standing:?}");
    }

    #[test]
    fn what_is_missing_or_off_comes_first() {
        check(&Facts::default(), "Not Configured", "no connection");
        let off = Facts { connections: vec![connection("blue", false, "https://x")], ..working() };
        check(&off, "Deactivated", "by jane.doe at 2026-01-30 09:00:00 UTC");
        let nowhere = Facts { connections: vec![connection("blue", true, "")], ..working() };
        check(&nowhere, "Not Configured", "has no URL");
        check(
            &Facts { credential: credential(false, "basic_auth_credentials"), ..working() },
            "Deactivated",
            "inactive",
        );
        check(
            &Facts { credential: Some(Credential::Unseen), ..working() },
            "Not Configured",
            "may not see it",
        );
    }

    #[test]
    fn tokens_decide_for_oauth() {
        let (past, future) = ("2026-01-31 11:59:59", "2026-01-31 12:00:01");
        for (tokens, status, words) in [
            (vec![], "Configured", "no token yet"),
            (vec![token(false, future)], "Connected", "valid until 2026-01-31 12:00:01 UTC"),
            (vec![token(false, past), token(false, future)], "Connected", "valid until"),
            (vec![token(false, "")], "Connected", "valid for good"),
            (vec![token(false, past)], "Expired", "ran out at 2026-01-31 11:59:59 UTC"),
            (vec![token(false, past), token(true, past)], "Expired", "no refresh token"),
            (vec![token(false, past), token(true, future)], "Connected", "renewed"),
            (vec![token(true, past)], "Expired", "refresh token"),
        ] {
            let facts = Facts {
                credential: credential(true, "oauth_2_0_credentials"),
                tokens: Some(tokens),
                ..working()
            };
            check(&facts, status, words);
        }
    }

    #[test]
    fn without_tokens_only_an_answer_proves_something() {
        let probe =
            |passed: bool| Some(Probe { passed, reason: "the other system answered with 200".to_owned() });
        check(&working(), "Configured", "nothing proves");
        check(&Facts { probe: probe(true), ..working() }, "Connected", "answered with 200");
        check(&Facts { probe: probe(false), ..working() }, "Configured", "answered with 200");
    }
}
