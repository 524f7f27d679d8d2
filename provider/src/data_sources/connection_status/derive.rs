//! From what is known of an alias, an integration or an inbound endpoint to its state, as pure functions. In each the order
//! decides: the first rule that applies wins.

pub mod inbound;
pub mod native;
pub mod unifi;

use servicenow_core::Record;

/// A state that was put together from records.
pub const DERIVED: &str = "derived";

/// A state that ServiceNow itself says, in a word of its own.
pub const SERVICENOW: &str = "servicenow";

/// What every record tells of its last change.
const CHANGE: [&str; 2] = ["sys_updated_by", "sys_updated_on"];

/// A state and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// In ServiceNow's own words.
    pub status: &'static str,
    /// Who says so: [`DERIVED`] or [`SERVICENOW`].
    pub source: &'static str,
    /// What it was derived from.
    pub reason: String,
}

impl Standing {
    fn derived(status: &'static str, reason: impl Into<String>) -> Standing {
        Standing { status, source: DERIVED, reason: reason.into() }
    }

    fn told(status: &'static str, reason: impl Into<String>) -> Standing {
        Standing { source: SERVICENOW, ..Standing::derived(status, reason) }
    }

    /// How a record stands that is switched off, whatever else there is to it.
    pub fn inactive(row: &Record) -> Standing {
        Standing::derived("Deactivated", format!("it is not active; it was changed last {}", change(row)))
    }
}

/// Who changed a record last, and when.
fn change(row: &Record) -> String {
    format!("by {} at {} UTC", row.text(CHANGE[0]), row.text(CHANGE[1]))
}

/// A token of an OAuth credential or profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// Whether it is a refresh token.
    pub refreshes: bool,
    /// When it runs out, as an instance writes it; empty for never.
    pub expires: String,
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

/// The access token that lasts longest.
pub fn access_token(tokens: &[Token]) -> Option<&Token> {
    let lasts = |it: &&Token| (it.expires.is_empty(), it.expires.clone());
    tokens.iter().filter(|it| !it.refreshes).max_by_key(lasts)
}

/// What other system answered, if it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Whether that is a success.
    pub passed: bool,
    /// In words.
    pub reason: String,
}

/// When something was seen last that proves that a way is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Then, as an instance writes it.
    At(String),
    /// Never, as far as records reach.
    Never,
    /// The records are not for this user, or are not there: why, in the instance's own words.
    Closed(String),
}

/// How young a proof has to be, and how old the newest one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// The earliest moment that counts, as an instance writes it. It moves with the time, so that no reason quotes it: a reason
    /// that ages by the second would be a change in every plan.
    pub since: String,
    /// The span that counts, as somebody wrote it: `24h`.
    pub within: String,
    /// The newest proof.
    pub seen: Seen,
}

/// The state of something that signs in with tokens: `name` is what people call it.
fn by_tokens(tokens: &[Token], now: &str, name: &str) -> Standing {
    if tokens.is_empty() {
        let reason = format!("\"{name}\" uses OAuth and has no token yet, or none that may be seen");
        return Standing::derived("Configured", reason);
    }
    let refreshes = tokens.iter().any(|it| it.refreshes && it.is_valid(now));
    match access_token(tokens) {
        Some(token) if token.is_valid(now) => {
            let until = match token.expires.as_str() {
                "" => "for good".to_owned(),
                expires => format!("until {expires} UTC"),
            };
            Standing::derived("Connected", format!("the access token of \"{name}\" is valid {until}"))
        }
        _ if refreshes => {
            let reason = format!(
                "the access token of \"{name}\" has run out and will be renewed with its refresh token"
            );
            Standing::derived("Connected", reason)
        }
        Some(token) => {
            let reason = format!(
                "the access token of \"{name}\" ran out at {} UTC, and there is no refresh token that is still valid",
                token.expires
            );
            Standing::derived("Expired", reason)
        }
        None => Standing::derived("Expired", format!("the refresh token of \"{name}\" has run out")),
    }
}

/// The state of something complete of which nothing is proven but by an answer.
fn by_probe(probe: Option<&Probe>, name: &str) -> Standing {
    match probe {
        Some(probe) if probe.passed => {
            Standing::derived("Connected", format!("asked from here, for \"{name}\" {}", probe.reason))
        }
        Some(probe) => {
            let reason = format!("\"{name}\" is active, and asked from here: {}", probe.reason);
            Standing::derived("Configured", reason)
        }
        None => {
            Standing::derived("Configured", format!("\"{name}\" is active; nothing proves that it works"))
        }
    }
}

/// The state of a group of which no member is active.
fn without_active(members: &[Record], none: &str) -> Standing {
    let last = members.iter().max_by_key(|it| it.text(CHANGE[1]).to_owned());
    match (members.len(), last) {
        (_, None) => Standing::derived("Not Configured", none),
        (1, Some(only)) => {
            let reason = format!(
                "its only connection \"{}\" is not active; it was changed last {}",
                only.text("name"),
                change(only)
            );
            Standing::derived("Deactivated", reason)
        }
        (several, Some(last)) => {
            let reason = format!(
                "none of {several} connections is active; \"{}\" was changed last, {}",
                last.text("name"),
                change(last)
            );
            Standing::derived("Deactivated", reason)
        }
    }
}

/// The active record: the first by name where several are.
fn active(members: &[Record]) -> Option<&Record> {
    members.iter().filter(|it| it.flag("active")).min_by_key(|it| it.text("name").to_owned())
}
