//! What is known of an inbound endpoint.

use servicenow_core::{Query, Record};
use tf_core::Diagnostics;

use super::{Found, Looking, Place, Span};
use crate::data_sources::connection_status::derive::Freshness;
use crate::data_sources::connection_status::derive::inbound::{Facts, OPERATION};
use crate::errors;

const ENDPOINT: Place =
    Place { noun: "inbound endpoint", table: "sys_ws_definition", attribute: "inbound_endpoint_id" };

/// How old a call may be that counts, where nobody says otherwise: the log of a busy instance is too long to look further.
const FRESHNESS_S: u64 = 24 * 60 * 60;
const FRESHNESS: &str = "24h";

/// What callers are that did not sign in.
const NOBODY: &str = "guest";

/// Columns of a policy's way to sign in, with those of the policy.
const WAYS: [&str; 6] = [
    "api_access_policy",
    "api_access_policy.active",
    "api_access_policy.global",
    "api_access_policy.rest_api_path",
    "inbound_auth_profile.active",
    "inbound_auth_profile.sys_class_name",
];

/// The class of the ways that take an API key.
const KEY: &str = "http_key_auth";

impl Looking<'_> {
    /// The state of an inbound endpoint.
    ///
    /// # Errors
    /// There is no such endpoint, or a request failed.
    pub async fn endpoint(&self) -> Result<Found, Diagnostics> {
        let columns = ["name", "active", "base_uri", "sys_updated_by", "sys_updated_on"];
        let definition = self.itself(ENDPOINT, &columns).await?;
        let columns: Vec<&str> = OPERATION.into_iter().chain(["sys_updated_by", "sys_updated_on"]).collect();
        let own = ("web_service_definition", self.id.as_str());
        let operations = self.rows_if_open("sys_ws_operation", own, &columns).await;
        let operations = operations.map_err(|error| self.failed(ENDPOINT, &error))?.ok();
        let mut facts = Facts { now: self.outside.now(), definition, operations, keys: None, calls: None };
        if facts.definition.flag("active") {
            facts.keys = self.keys(facts.definition.text("base_uri")).await?;
            facts.calls = self.calls(&facts).await?;
        }
        Ok(Found { standing: facts.standing(), connection: None, token_expires: None })
    }

    /// When the keys run out that a caller needs; `None` where there are other ways to sign in, or where it may not be seen.
    async fn keys(&self, path: &str) -> Result<Option<Vec<String>>, Diagnostics> {
        let of_active = ("api_access_policy.active", "true");
        let ways = self.rows_if_open("sys_auth_profile_mapping", of_active, &WAYS).await;
        let ways = ways.map_err(|error| self.failed(ENDPOINT, &error))?.unwrap_or_default();
        if !needs_key(&ways, path) {
            return Ok(None);
        }
        let keys = self.rows_if_open("api_key", ("active", "true"), &["active", "expires"]).await;
        let keys = keys.map_err(|error| self.failed(ENDPOINT, &error))?;
        Ok(keys.ok().map(|it| it.iter().map(|it| it.text("expires").to_owned()).collect()))
    }

    /// The newest call of somebody who signed in.
    async fn calls(&self, facts: &Facts) -> Result<Option<Freshness>, Diagnostics> {
        let base = facts.definition.text("base_uri");
        if base.is_empty() {
            return Ok(None);
        }
        let usual = Span { seconds: FRESHNESS_S, written: FRESHNESS.to_owned() };
        let span = self.freshness.as_ref().unwrap_or(&usual);
        let since = self.since(span);
        let query = Query::new()
            .equals("type", "rest")
            .and_then(|it| it.contains("url", base))
            .and_then(|it| it.not_before("sys_created_on", &since))
            .and_then(|it| it.encoded("ORDERBYDESCsys_created_on"))
            .map_err(|error| errors::bad_condition(ENDPOINT.noun, ENDPOINT.attribute, &error.to_string()))?;
        let columns = ["url", "sys_created_on", "sys_created_by", "response_status"];
        let newest = self.newest("syslog_transaction", query, &columns, span, |it| proves(it, base)).await;
        newest.map(Some).map_err(|error| self.failed(ENDPOINT, &error))
    }
}

/// Whether a line of the transaction log shows that somebody signed in and was answered. What is not shown is not held
/// against it.
fn proves(row: &Record, base: &str) -> bool {
    let rest = row.text("url").strip_prefix(base);
    let is_below = rest.is_some_and(|it| it.is_empty() || it.starts_with(['/', '?']));
    let was_answered = row.text("response_status").parse::<u16>().is_ok_and(|it| it < 400);
    let is_unsaid = row.text("response_status").is_empty();
    let caller = row.text("sys_created_by");
    is_below && (was_answered || is_unsaid) && !caller.is_empty() && caller != NOBODY
}

/// Whether a caller of a path needs an API key: policies cover it, and no way of theirs takes anything else.
fn needs_key(ways: &[Record], path: &str) -> bool {
    let mut covering = ways.iter().filter(|it| covers(it, path) && is_on(it)).peekable();
    covering.peek().is_some() && covering.all(|it| it.text("inbound_auth_profile.sys_class_name") == KEY)
}

fn is_on(way: &Record) -> bool {
    let column = "inbound_auth_profile.active";
    way.get(column).is_none_or(|_| way.flag(column))
}

fn covers(way: &Record, path: &str) -> bool {
    let bare = |it: &str| {
        let it = it.trim_matches('/');
        it.strip_prefix("api/").unwrap_or(it).to_owned()
    };
    let (path, covered) = (bare(path), bare(way.text("api_access_policy.rest_api_path")));
    let is_below = path.strip_prefix(&covered).is_some_and(|it| it.is_empty() || it.starts_with('/'));
    way.flag("api_access_policy.global") || (!covered.is_empty() && is_below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(global: &str, path: &str, class: &str, active: &str) -> Record {
        Record::of([
            ("api_access_policy.global", global),
            ("api_access_policy.rest_api_path", path),
            ("inbound_auth_profile.sys_class_name", class),
            ("inbound_auth_profile.active", active),
        ])
    }

    #[test]
    fn a_key_is_needed_where_policies_take_nothing_else() {
        for (ways, expected) in [
            (vec![], false),
            (vec![way("false", "acme/orders", KEY, "true")], true),
            (vec![way("false", "/api/acme/orders", KEY, "true")], true),
            (vec![way("true", "", KEY, "true")], true),
            (vec![way("false", "acme/order", KEY, "true")], false),
            (vec![way("false", "", KEY, "true")], false),
            (vec![way("false", "acme/orders", KEY, "false")], false),
            (vec![way("false", "acme/orders", "std_http_auth", "true")], false),
            (
                vec![
                    way("false", "acme/orders", KEY, "true"),
                    way("false", "acme/orders", "std_http_auth", "true"),
                ],
                false,
            ),
            (
                vec![
                    way("false", "acme/orders", KEY, "true"),
                    way("false", "acme/orders", "std_http_auth", "false"),
                ],
                true,
            ),
        ] {
            assert_eq!(needs_key(&ways, "/api/acme/orders"), expected, "{ways:?}");
        }
    }

    #[test]
    fn a_call_proves_something_when_somebody_signed_in_and_was_answered() {
        for (url, caller, status, expected) in [
            ("/api/acme/orders", "svc", "200", true),
            ("/api/acme/orders/42?x=1", "svc", "201", true),
            ("/api/acme/orders?x=1", "svc", "", true),
            ("/api/acme/orders2", "svc", "200", false),
            ("/api/now/table/x?u=/api/acme/orders", "svc", "200", false),
            ("/api/acme/orders", "guest", "200", false),
            ("/api/acme/orders", "", "200", false),
            ("/api/acme/orders", "svc", "401", false),
            ("/api/acme/orders", "svc", "500", false),
        ] {
            let row = Record::of([("url", url), ("sys_created_by", caller), ("response_status", status)]);
            assert_eq!(proves(&row, "/api/acme/orders"), expected, "{url} {caller} {status}");
        }
    }
}
