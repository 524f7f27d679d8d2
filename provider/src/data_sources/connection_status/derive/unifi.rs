//! The state of an integration of Unifi: from its connections, what the active one signs in with, and what Unifi itself says
//! of its messages and heartbeats.

use servicenow_core::Record;

use super::{Freshness, Probe, Seen, Standing, Token, active, by_probe, by_tokens, without_active};

/// The columns of a connection that say something. What it signs in with as a secret is never asked for. *Assumed*, as in
/// the layout of the resource.
pub const CONNECTION: [&str; 10] = [
    "name",
    "active",
    "endpoint_url",
    "authentication",
    "user",
    "oauth_profile",
    "inbound_user",
    "mutual_auth",
    "protocol_profile",
    CERTIFICATE,
];

/// The columns of an integration that say something.
pub const INTEGRATION: [&str; 4] = ["name", "active", "state", "status"];

/// What the words for ways to sign in hold, whatever else an instance calls them.
const BASIC: &str = "basic";
const OAUTH: &str = "oauth";

/// The end of the certificate that a connection shows: its protocol profile refers to it.
const CERTIFICATE: &str = "protocol_profile.keystore.expires";

/// What is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The time, as an instance writes it.
    pub now: String,
    /// The integration.
    pub integration: Record,
    /// Its connections.
    pub connections: Vec<Record>,
    /// The tokens of the active connection; `None` where there can be none or where they may not be read.
    pub tokens: Option<Vec<Token>>,
    /// How young a heartbeat has to be to prove something; any one does where nobody asks for an age.
    pub heartbeat: Option<Freshness>,
    /// What the other system answered, if it was asked.
    pub probe: Option<Probe>,
}

impl Facts {
    /// The active connection: the first by name where several are.
    pub fn active(&self) -> Option<&Record> {
        active(&self.connections)
    }

    /// The state of the integration.
    pub fn standing(&self) -> Standing {
        let Some(active) = self.active() else {
            return without_active(&self.connections, "the integration has no connection");
        };
        self.switched_off()
            .or_else(|| lacks(active))
            .or_else(|| self.expired(active))
            .or_else(|| self.told())
            .unwrap_or_else(|| self.proven(active))
    }

    /// A connection may be active while its integration is not.
    fn switched_off(&self) -> Option<Standing> {
        let is_off = is(&self.integration, "state", "off");
        let is_inactive = self.integration.get("active").is_some() && !self.integration.flag("active");
        (is_off || is_inactive).then(|| {
            let what = if is_off { "its state is `off`" } else { "it is not active" };
            Standing::told("Deactivated", format!("a connection is active, but not the integration: {what}"))
        })
    }

    /// What has run out. Whether a heartbeat came through before says nothing of now.
    fn expired(&self, active: &Record) -> Option<Standing> {
        let end = active.text(CERTIFICATE);
        if active.flag("mutual_auth") && !end.is_empty() && end <= self.now.as_str() {
            let name = active.text("name");
            let reason = format!("the certificate that \"{name}\" shows ran out at {end} UTC");
            return Some(Standing::derived("Expired", reason));
        }
        let standing = by_tokens(self.tokens.as_ref()?, &self.now, active.text("name"));
        (standing.status == "Expired").then_some(standing)
    }

    /// What Unifi itself says of its messages and heartbeats.
    fn told(&self) -> Option<Standing> {
        let has_failed = is(&self.integration, "status", "down");
        let is_paused = is(&self.integration, "state", "paused");
        match (is_paused, has_failed) {
            (true, true) => {
                let reason = "the integration is paused since a heartbeat failed, and its status is `down`: messages are kept \
                              until a heartbeat comes through";
                Some(Standing::told("Configured", reason))
            }
            (true, false) => {
                let reason =
                    "the integration is paused: messages are kept in their order until somebody resumes it";
                Some(Standing::told("Configured", reason))
            }
            (false, true) => {
                let reason = "the last heartbeat of the integration failed: its status is `down`";
                Some(Standing::told("Configured", reason))
            }
            (false, false) if is(&self.integration, "status", "up") => self.up(),
            (false, false) => None,
        }
    }

    /// The heartbeats come through, unless they are older than was asked for.
    fn up(&self) -> Option<Standing> {
        let says = "the last heartbeats of the integration say `up`";
        match &self.heartbeat {
            None => Some(Standing::told("Connected", says)),
            Some(Freshness { since, seen: Seen::At(moment), .. }) if moment >= since => {
                Some(Standing::told("Connected", format!("{says}, the last one at {moment} UTC")))
            }
            Some(_) => None,
        }
    }

    /// Everything is filled in: what proves that it works, or why nothing does.
    fn proven(&self, active: &Record) -> Standing {
        let name = active.text("name");
        if active.text("endpoint_url").is_empty() && active.get("endpoint_url").is_some() {
            let reason = format!(
                "\"{name}\" receives calls of its inbound user; it has no endpoint URL, so that it sends nothing"
            );
            return Standing::derived("Configured", reason);
        }
        let tokens = self.tokens.as_ref().map(|it| by_tokens(it, &self.now, name));
        let mut standing = match tokens {
            Some(standing) if standing.status == "Connected" || self.probe.is_none() => standing,
            _ => by_probe(self.probe.as_ref(), name),
        };
        match self.integration.text("status") {
            "" => {}
            _ if is(&self.integration, "status", "up") => standing.reason.push_str(&self.stale()),
            _ if standing.status == "Connected" => {}
            _ => standing.reason.push_str("; no heartbeat of the integration has come through"),
        }
        standing
    }

    /// Why a heartbeat that came through proves nothing.
    fn stale(&self) -> String {
        match self.heartbeat.as_ref().map(|it| (&it.seen, &it.within)) {
            Some((Seen::At(moment), within)) => {
                format!("; the last heartbeat came through at {moment} UTC, which is not within {within}")
            }
            Some((Seen::Never, within)) => {
                format!("; the status of the integration is `up`, and no heartbeat within {within} is kept")
            }
            Some((Seen::Closed(why), _)) => {
                format!("; the status of the integration is `up`, of what age cannot be seen: {why}")
            }
            None => String::new(),
        }
    }
}

/// Whether a connection signs in with tokens, by the word for its way to sign in: what an instance stores is not known.
pub fn has_tokens(connection: &Record) -> bool {
    let way = connection.text("authentication").to_lowercase();
    way.contains(OAUTH) && !connection.text("oauth_profile").is_empty()
}

/// Whether a choice is this one, by the word that stands for it: what an instance stores is not known.
fn is(row: &Record, column: &str, word: &str) -> bool {
    row.text(column).eq_ignore_ascii_case(word)
}

/// What a connection needs to sign in and to send, and does not have. A column that is not shown says nothing.
fn lacks(active: &Record) -> Option<Standing> {
    let is_empty = |column: &str| active.get(column).is_some_and(str::is_empty);
    let way = active.text("authentication").to_lowercase();
    let sends = !is_empty("endpoint_url");
    let what = match () {
        () if !sends && active.text("inbound_user").is_empty() => {
            "has neither an endpoint URL to send to nor an inbound user to receive with"
        }
        () if sends && is_empty("authentication") => "does not say how it signs in",
        () if way.contains(BASIC) && is_empty("user") => "signs in with a user name and has none",
        () if way.contains(OAUTH) && is_empty("oauth_profile") => {
            "signs in with OAuth and has no OAuth profile"
        }
        () if active.flag("mutual_auth") && is_empty("protocol_profile") => {
            "shows a certificate and has no protocol profile that names one"
        }
        () => return None,
    };
    let reason = format!("the active connection \"{}\" {what}", active.text("name"));
    Some(Standing::derived("Not Configured", reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-31 12:00:00";

    /// A complete connection, with other cells in their place.
    fn connection(cells: &[(&str, &str)]) -> Record {
        let mut row = Record::of([
            ("name", "Orders - Test"),
            ("active", "true"),
            ("endpoint_url", "https://x"),
            ("authentication", "basic"),
            ("user", "svc"),
            ("oauth_profile", ""),
            ("protocol_profile", ""),
            ("inbound_user", ""),
            ("sys_updated_by", "jane.doe"),
            ("sys_updated_on", "2026-01-30 09:00:00"),
        ]);
        cells.iter().for_each(|(column, value)| row.put(column, value));
        row
    }

    fn integration(active: &str, state: &str, status: &str) -> Record {
        Record::of([("name", "Orders"), ("active", active), ("state", state), ("status", status)])
    }

    fn with(cells: &[(&str, &str)]) -> Facts {
        Facts {
            now: NOW.to_owned(),
            integration: integration("true", "active", "awaiting"),
            connections: vec![connection(cells)],
            ..Facts::default()
        }
    }

    fn told(active: &str, state: &str, status: &str) -> Facts {
        Facts { integration: integration(active, state, status), ..with(&[]) }
    }

    #[track_caller]
    fn check(facts: &Facts, status: &str, source: &str, words: &str) {
        let standing = facts.standing();
        assert_eq!((standing.status, standing.source), (status, source), "{standing:?}");
        assert!(standing.reason.contains(words), "{standing:?}");
    }

    #[test]
    fn what_is_off_or_missing_comes_first() {
        check(&Facts::default(), "Not Configured", "derived", "no connection");
        let off = [("active", "false")];
        check(&with(&off), "Deactivated", "derived", "by jane.doe at 2026-01-30 09:00:00 UTC");
        let two = Facts { connections: vec![connection(&off), connection(&off)], ..with(&[]) };
        check(&two, "Deactivated", "derived", "none of 2 connections");
        check(&told("true", "Off", "up"), "Deactivated", "servicenow", "its state is `off`");
        check(&told("false", "", "up"), "Deactivated", "servicenow", "it is not active");
        for (cells, words) in [
            (vec![("endpoint_url", "")], "neither an endpoint URL"),
            (vec![("authentication", "")], "does not say how"),
            (vec![("user", "")], "has none"),
            (vec![("authentication", "Basic Auth"), ("user", "")], "has none"),
            (vec![("authentication", "oauth")], "no OAuth profile"),
            (vec![("mutual_auth", "true")], "no protocol profile"),
        ] {
            check(&with(&cells), "Not Configured", "derived", words);
        }
        let receives = with(&[("endpoint_url", ""), ("authentication", ""), ("inbound_user", "u")]);
        check(&receives, "Configured", "derived", "sends nothing");
    }

    #[test]
    fn what_unifi_says_of_its_messages_is_servicenows_own_word() {
        for (state, status, expected, words) in [
            ("active", "up", "Connected", "say `up`"),
            ("active", "Up", "Connected", "say `up`"),
            ("active", "down", "Configured", "failed"),
            ("paused", "down", "Configured", "until a heartbeat"),
            ("paused", "up", "Configured", "somebody resumes"),
        ] {
            check(&told("true", state, status), expected, "servicenow", words);
        }
        check(&told("true", "active", "awaiting"), "Configured", "derived", "no heartbeat");
        check(&told("", "", ""), "Deactivated", "servicenow", "not active");
        let hidden = Facts { integration: Record::of([("name", "Orders")]), ..with(&[]) };
        check(&hidden, "Configured", "derived", "nothing proves");
    }

    #[test]
    fn a_heartbeat_counts_while_it_is_young_enough() {
        let since = "2026-01-30 12:00:00".to_owned();
        for (seen, status, source, words) in [
            (Seen::At("2026-01-30 12:00:00".to_owned()), "Connected", "servicenow", "the last one at 2026"),
            (Seen::At("2026-01-30 11:59:59".to_owned()), "Configured", "derived", "which is not within 24h"),
            (Seen::Never, "Configured", "derived", "no heartbeat within 24h"),
            (Seen::Closed("Invalid table".to_owned()), "Configured", "derived", "cannot be seen: Invalid"),
        ] {
            let heartbeat = Some(Freshness { since: since.clone(), within: "24h".to_owned(), seen });
            check(&Facts { heartbeat, ..told("true", "active", "up") }, status, source, words);
        }
    }

    #[test]
    fn tokens_and_certificates_run_out() {
        let (past, future) = ("2026-01-31 11:59:59", "2026-01-31 12:00:01");
        let token = |refreshes: bool, expires: &str| Token { refreshes, expires: expires.to_owned() };
        let oauth = || with(&[("authentication", "oauth"), ("oauth_profile", "p"), ("user", "")]);
        for (tokens, status, words) in [
            (vec![], "Configured", "no token yet"),
            (vec![token(false, future)], "Connected", "valid until"),
            (vec![token(false, past)], "Expired", "ran out at"),
            (vec![token(false, past), token(true, future)], "Connected", "renewed"),
            (vec![token(false, past), token(true, past)], "Expired", "no refresh token"),
        ] {
            check(&Facts { tokens: Some(tokens), ..oauth() }, status, "derived", words);
        }
        let run_out = Facts {
            integration: integration("true", "active", "up"),
            tokens: Some(vec![token(false, past)]),
            ..oauth()
        };
        check(&run_out, "Expired", "derived", "ran out");
        for (end, status) in [(past, "Expired"), (future, "Configured"), ("", "Configured")] {
            let mutual = [("mutual_auth", "true"), ("protocol_profile", "p"), (CERTIFICATE, end)];
            check(&with(&mutual), status, "derived", "Orders - Test");
        }
        let unused = with(&[("mutual_auth", "false"), (CERTIFICATE, past)]);
        check(&unused, "Configured", "derived", "nothing proves");
    }

    #[test]
    fn an_answer_proves_something_where_no_heartbeat_does() {
        let probe = |passed: bool| Some(Probe { passed, reason: "it answered with 200".to_owned() });
        check(&Facts { probe: probe(true), ..with(&[]) }, "Connected", "derived", "answered with 200");
        check(&Facts { probe: probe(false), ..with(&[]) }, "Configured", "derived", "no heartbeat");
        let down = Facts { probe: probe(true), ..told("true", "active", "down") };
        check(&down, "Configured", "servicenow", "failed");
    }
}
