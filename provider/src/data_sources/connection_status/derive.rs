//! From what is known of an alias to its state, as a pure function. The order decides: the first rule that applies wins.

use servicenow_core::Record;

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

/// A token of an OAuth credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Whether it is a refresh token.
    pub refreshes: bool,
    /// When it runs out, as an instance writes it; empty for never.
    pub expires: String,
}

/// What the other system answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Whether that is a success.
    pub passed: bool,
    /// In words.
    pub reason: String,
}

/// A state and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// In ServiceNow's own words.
    pub status: &'static str,
    /// What it was derived from.
    pub reason: String,
}

impl Token {
    /// A token, from its record.
    pub fn of(record: &Record) -> Token {
        Token {
            refreshes: record.text("type") == "refresh_token",
            expires: record.text("expires").to_owned(),
        }
    }

    fn is_valid(&self, now: &str) -> bool {
        self.expires.is_empty() || self.expires.as_str() > now
    }
}

impl Facts {
    /// The active connection: the first by name where several are.
    pub fn active(&self) -> Option<&Record> {
        self.connections.iter().filter(|it| it.flag("active")).min_by_key(|it| it.text("name").to_owned())
    }

    /// The access token that lasts longest.
    pub fn access_token(&self) -> Option<&Token> {
        self.tokens.iter().flatten().filter(|it| !it.refreshes).max_by_key(|it| it.expires.clone())
    }

    fn refreshes(&self) -> bool {
        self.tokens.iter().flatten().any(|it| it.refreshes && it.is_valid(&self.now))
    }
}

/// The state of an alias.
pub fn derive(facts: &Facts) -> Standing {
    let Some(active) = facts.active() else { return without_active(facts) };
    let name = active.text("name");
    if active.text("connection_url").is_empty() && active.get("connection_url").is_some() {
        return standing("Not Configured", format!("the active connection \"{name}\" has no URL"));
    }
    match &facts.credential {
        Some(Credential::There { name: credential, active: false, .. }) => {
            let reason =
                format!("the credential \"{credential}\" of the active connection \"{name}\" is inactive");
            return standing("Deactivated", reason);
        }
        Some(Credential::Unseen) => {
            let reason = format!(
                "the credential of the active connection \"{name}\" does not exist, or the user that signs in may not see it"
            );
            return standing("Not Configured", reason);
        }
        _ => {}
    }
    with_tokens(facts, name).unwrap_or_else(|| with_probe(facts, name))
}

fn without_active(facts: &Facts) -> Standing {
    let last = facts.connections.iter().max_by_key(|it| it.text("sys_updated_on").to_owned());
    match last {
        None => {
            let reason =
                "the alias has no connection, as after it came with an update set: connections do not travel";
            standing("Not Configured", reason.to_owned())
        }
        Some(last) => standing(
            "Deactivated",
            format!(
                "none of {} connections is active; \"{}\" was changed last, by {} at {} UTC",
                facts.connections.len(),
                last.text("name"),
                last.text("sys_updated_by"),
                last.text("sys_updated_on")
            ),
        ),
    }
}

fn with_tokens(facts: &Facts, name: &str) -> Option<Standing> {
    let tokens = facts.tokens.as_ref()?;
    if tokens.is_empty() {
        let reason =
            format!("the credential of \"{name}\" uses OAuth and has no token yet, or none that may be seen");
        return Some(standing("Configured", reason));
    }
    match facts.access_token() {
        Some(token) if token.is_valid(&facts.now) => {
            let until = if token.expires.is_empty() {
                "for good".to_owned()
            } else {
                format!("until {} UTC", token.expires)
            };
            Some(standing("Connected", format!("the access token of \"{name}\" is valid {until}")))
        }
        _ if facts.refreshes() => {
            let reason = format!(
                "the access token of \"{name}\" has run out and will be renewed with its refresh token"
            );
            Some(standing("Connected", reason))
        }
        Some(token) => {
            let reason = format!(
                "the access token of \"{name}\" ran out at {} UTC, and there is no refresh token that is still valid",
                token.expires
            );
            Some(standing("Expired", reason))
        }
        None => Some(standing("Expired", format!("the refresh token of \"{name}\" has run out"))),
    }
}

fn with_probe(facts: &Facts, name: &str) -> Standing {
    match &facts.probe {
        Some(probe) if probe.passed => {
            standing("Connected", format!("asked from here, for \"{name}\" {}", probe.reason))
        }
        Some(probe) => {
            standing("Configured", format!("\"{name}\" is active, and asked from here: {}", probe.reason))
        }
        None => standing("Configured", format!("\"{name}\" is active; nothing proves that it works")),
    }
}

fn standing(status: &'static str, reason: String) -> Standing {
    Standing { status, reason }
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
        let standing = derive(facts);
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
