//! The state of an inbound endpoint: from its operations, the keys that its callers need, and the calls that were seen.

use servicenow_core::Record;

use super::{Freshness, Seen, Standing, change};

/// The columns of an operation that say something.
pub const OPERATION: [&str; 3] = ["name", "active", "operation_uri"];

/// What is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The time, as an instance writes it.
    pub now: String,
    /// The API.
    pub definition: Record,
    /// Its operations; `None` where they may not be read.
    pub operations: Option<Vec<Record>>,
    /// When the keys run out that callers need, empty for never; `None` where callers may come without a key, or where that
    /// may not be read.
    pub keys: Option<Vec<String>>,
    /// The calls of somebody who signed in; `None` where nobody looked.
    pub calls: Option<Freshness>,
}

impl Facts {
    /// The state of the endpoint.
    pub fn standing(&self) -> Standing {
        if !self.definition.flag("active") && self.definition.get("active").is_some() {
            return Standing::inactive(&self.definition);
        }
        self.lacks().or_else(|| self.expired()).unwrap_or_else(|| self.called())
    }

    fn lacks(&self) -> Option<Standing> {
        let operations = self.operations.as_ref()?;
        let is_on = |it: &Record| it.get("active").is_none_or(|_| it.flag("active"));
        let reason = match operations.iter().max_by_key(|it| it.text("sys_updated_on").to_owned()) {
            None => "it has no operation, so that there is nothing to call".to_owned(),
            Some(_) if operations.iter().any(is_on) => return None,
            Some(last) => format!(
                "none of its {} operations is active; \"{}\" was changed last, {}",
                operations.len(),
                last.text("name"),
                change(last)
            ),
        };
        Some(Standing::derived("Not Configured", reason))
    }

    /// Callers need a key, and none is left.
    fn expired(&self) -> Option<Standing> {
        let keys = self.keys.as_ref()?;
        let last = keys.iter().max()?;
        let has_run_out = keys.iter().all(|it| !it.is_empty() && it.as_str() <= self.now.as_str());
        has_run_out.then(|| {
            let reason =
                format!("callers need an API key, and the last of {} ran out at {last} UTC", keys.len());
            Standing::derived("Expired", reason)
        })
    }

    fn called(&self) -> Standing {
        let (status, mut reason) = match self.calls.as_ref().map(|it| (&it.seen, it)) {
            Some((Seen::At(moment), asked)) if *moment >= asked.since => {
                ("Connected", format!("somebody who signed in called it, the last time at {moment} UTC"))
            }
            Some((Seen::At(moment), asked)) => (
                "Configured",
                format!(
                    "it is active; the last call was at {moment} UTC, which is not within {}",
                    asked.within
                ),
            ),
            Some((Seen::Never, asked)) => (
                "Configured",
                format!(
                    "it is active; the transaction log shows no call within {} of somebody who signed in",
                    asked.within
                ),
            ),
            Some((Seen::Closed(why), _)) => (
                "Configured",
                format!(
                    "it is active; whether it is called cannot be seen, because `syslog_transaction` is closed: {why}"
                ),
            ),
            None => ("Configured", "it is active; nothing shows whether it is called".to_owned()),
        };
        if status == "Configured" && self.keys.as_ref().is_some_and(Vec::is_empty) {
            reason.push_str("; callers need an API key, and no active one can be seen");
        }
        if self.operations.is_none() {
            reason.push_str("; its operations may not be seen");
        }
        Standing::derived(status, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-01-31 12:00:00";
    const SINCE: &str = "2026-01-30 12:00:00";

    fn row(active: &str) -> Record {
        let changed = [("sys_updated_by", "jane.doe"), ("sys_updated_on", "2026-01-30 09:00:00")];
        Record::of([("name", "create"), ("active", active)].into_iter().chain(changed))
    }

    fn facts() -> Facts {
        Facts {
            now: NOW.to_owned(),
            definition: row("true"),
            operations: Some(vec![row("true"), row("false")]),
            keys: None,
            calls: None,
        }
    }

    #[track_caller]
    fn check(facts: &Facts, status: &str, words: &str) {
        let standing = facts.standing();
        assert_eq!((standing.status, standing.source), (status, "derived"), "{standing:?}");
        assert!(standing.reason.contains(words), "{standing:?}");
    }

    #[test]
    fn an_endpoint_is_off_or_lacks_operations_before_anything_else_counts() {
        let off = Facts { definition: row("false"), operations: Some(Vec::new()), ..facts() };
        check(&off, "Deactivated", "by jane.doe at 2026-01-30 09:00:00 UTC");
        check(&Facts { operations: Some(Vec::new()), ..facts() }, "Not Configured", "no operation");
        let none = Facts { operations: Some(vec![row("false")]), ..facts() };
        check(&none, "Not Configured", "none of its 1 operations");
        check(&Facts { operations: None, ..facts() }, "Configured", "may not be seen");
    }

    #[test]
    fn keys_run_out_together() {
        let (past, future) = ("2026-01-31 11:59:59", "2026-01-31 12:00:01");
        for (keys, status, words) in [
            (vec![past], "Expired", "the last of 1 ran out at 2026-01-31 11:59:59 UTC"),
            (vec!["2025-01-01 00:00:00", past], "Expired", "the last of 2"),
            (vec![past, future], "Configured", "nothing shows"),
            (vec![past, ""], "Configured", "nothing shows"),
            (vec![], "Configured", "no active one"),
        ] {
            let keys = Some(keys.into_iter().map(str::to_owned).collect());
            check(&Facts { keys, ..facts() }, status, words);
        }
    }

    #[test]
    fn a_call_counts_while_it_is_young_enough() {
        for (seen, status, words) in [
            (Seen::At("2026-01-30 12:00:00".to_owned()), "Connected", "the last time at 2026-01-30 12:00:00"),
            (Seen::At("2026-01-30 11:59:59".to_owned()), "Configured", "which is not within 24h"),
            (Seen::Never, "Configured", "no call within 24h"),
            (Seen::Closed("Insufficient rights".to_owned()), "Configured", "closed: Insufficient rights"),
        ] {
            let calls = Some(Freshness { since: SINCE.to_owned(), within: "24h".to_owned(), seen });
            check(&Facts { calls, ..facts() }, status, words);
        }
    }
}
