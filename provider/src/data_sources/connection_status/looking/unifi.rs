//! What is known of an integration of Unifi.

use servicenow_core::{Query, Record};
use tf_core::Diagnostics;

use super::native::{REQUESTOR, TOKEN};
use super::{Found, Looking, Place};
use crate::data_sources::connection_status::derive::unifi::{CONNECTION, Facts, INTEGRATION, has_tokens};
use crate::data_sources::connection_status::derive::{Freshness, Token, access_token};
use crate::errors;

const UNIFI: Place =
    Place { noun: "Unifi integration", table: "x_snd_eb_integration", attribute: "unifi_integration_id" };

/// The column of a token that leads to the profile it was obtained through.
pub const PROFILE: &str = "oauth_entity_profile";

/// The calls of an integration. *Assumed*: the concept is documented, the names are not.
const CALLS: &str = "x_snd_eb_http_request";

impl Looking<'_> {
    /// The state of an integration of Unifi.
    ///
    /// # Errors
    /// There is no such integration, or a request failed.
    pub async fn integration(&self) -> Result<Found, Diagnostics> {
        let integration = self.itself(UNIFI, &INTEGRATION).await?;
        let columns: Vec<&str> = CONNECTION.into_iter().chain(["sys_updated_by", "sys_updated_on"]).collect();
        let own = ("integration", self.id.as_str());
        let connections = self.rows(UNIFI, "x_snd_eb_connection", own, &columns).await?;
        let mut facts = Facts { now: self.outside.now(), integration, connections, ..Facts::default() };
        let active = facts.active().cloned();
        if let Some(active) = &active {
            facts.tokens = self.profile_tokens(active).await?;
            facts.heartbeat = self.heartbeat().await?;
            facts.probe = self.probe(active.text("endpoint_url")).await;
        }
        let newest = facts.tokens.as_deref().and_then(access_token);
        Ok(Found {
            standing: facts.standing(),
            token_expires: newest.map(|it| it.expires.clone()),
            connection: active,
        })
    }

    /// The tokens of a connection that signs in with OAuth; `None` where they do not matter or may not be read.
    async fn profile_tokens(&self, connection: &Record) -> Result<Option<Vec<Token>>, Diagnostics> {
        let profile = connection.text("oauth_profile");
        if !has_tokens(connection) {
            return Ok(None);
        }
        let columns: Vec<&str> = TOKEN.iter().copied().chain([PROFILE, REQUESTOR]).collect();
        let answer = self.rows_if_open("oauth_credential", (PROFILE, profile), &columns).await;
        let rows = answer.map_err(|error| self.failed(UNIFI, &error))?;
        Ok(rows.ok().map(|rows| tokens_of(connection, &rows)))
    }

    /// The newest heartbeat that came through, where somebody asks for its age.
    async fn heartbeat(&self) -> Result<Option<Freshness>, Diagnostics> {
        let Some(span) = &self.freshness else { return Ok(None) };
        let since = self.since(span);
        let query = Query::new()
            .equals("integration", self.id.as_str())
            .and_then(|it| it.equals("heartbeat", "true"))
            .and_then(|it| it.not_before("sys_created_on", &since))
            .and_then(|it| it.encoded("ORDERBYDESCsys_created_on"))
            .map_err(|_| errors::bug("a moment is no legal condition"))?;
        let came_through = |row: &Record| matches!(row.text("status_code").parse(), Ok(200..400_u16));
        let columns = ["sys_created_on", "status_code"];
        let newest = self.newest(CALLS, query, &columns, span, came_through).await;
        newest.map(Some).map_err(|error| self.failed(UNIFI, &error))
    }
}

/// The tokens of a connection of Unifi among those that may be seen: its own, or all of its profile where none says whose it
/// is. *Assumed*: who asks for a token of Unifi is not documented.
pub fn tokens_of(connection: &Record, tokens: &[Record]) -> Vec<Token> {
    let profile = connection.text("oauth_profile");
    let of_profile: Vec<&Record> =
        tokens.iter().filter(|it| !profile.is_empty() && it.text(PROFILE) == profile).collect();
    let is_own = |it: &&&Record| it.text(REQUESTOR) == connection.text("sys_id");
    let own: Vec<Token> = of_profile.iter().filter(is_own).map(|it| Token::of(it)).collect();
    if own.is_empty() { of_profile.into_iter().map(Token::of).collect() } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_who_asked_for_it_or_to_everybody_with_the_profile() {
        let connection = Record::of([("sys_id", "c1"), ("oauth_profile", "p1")]);
        let token = |profile: &str, requestor: &str, expires: &str| {
            Record::of([
                ("type", "access_token"),
                ("expires", expires),
                (PROFILE, profile),
                (REQUESTOR, requestor),
            ])
        };
        for (tokens, expected) in [
            (vec![token("p1", "c1", "own"), token("p1", "c2", "other")], vec!["own"]),
            (vec![token("p1", "", "a"), token("p1", "c2", "b")], vec!["a", "b"]),
            (vec![token("p2", "c1", "elsewhere"), token("", "", "nobody")], vec![]),
        ] {
            let found = tokens_of(&connection, &tokens);
            let found: Vec<&str> = found.iter().map(|it| it.expires.as_str()).collect();
            assert_eq!(found, expected);
        }
        let without = Record::of([("sys_id", "c1"), ("oauth_profile", "")]);
        assert_eq!(tokens_of(&without, &[token("", "", "nobody")]), Vec::new());
    }
}
