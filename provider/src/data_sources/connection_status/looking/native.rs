//! What is known of an alias.

use servicenow_core::{Record, SysId};
use tf_core::Diagnostics;

use super::{Found, Looking, Place};
use crate::data_sources::connection_status::derive::native::{Credential, Facts};
use crate::data_sources::connection_status::derive::{Token, access_token};

/// The class of credentials that tokens belong to.
pub const OAUTH: &str = "oauth_2_0_credentials";

/// The column of a token that leads to its credential.
pub const REQUESTOR: &str = "oauth_requestor_profile.requestor";

/// Columns of a token that say something. What it is made of is never asked for.
pub const TOKEN: &[&str] = &["type", "expires"];

/// Columns of a connection that say something.
const CONNECTION: &[&str] =
    &["name", "active", "connection_url", "credential", "sys_updated_by", "sys_updated_on"];

const ALIAS: Place = Place { noun: "connection alias", table: "sys_alias", attribute: "connection_alias_id" };

impl Looking<'_> {
    /// The state of an alias.
    ///
    /// # Errors
    /// There is no such alias, or a request failed.
    pub async fn alias(&self) -> Result<Found, Diagnostics> {
        self.itself(ALIAS, &["name"]).await?;
        let own = ("connection_alias", self.id.as_str());
        let connections = self.rows(ALIAS, "sys_connection", own, CONNECTION).await?;
        let mut facts = Facts { now: self.outside.now(), connections, ..Facts::default() };
        let active = facts.active().cloned();
        if let Some(active) = &active {
            facts.credential = self.credential(active).await?;
            facts.tokens = self.tokens(active, facts.credential.as_ref()).await?;
            facts.probe = self.probe(active.text("connection_url")).await;
        }
        let newest = facts.tokens.as_deref().and_then(access_token);
        Ok(Found {
            standing: facts.standing(),
            token_expires: newest.map(|it| it.expires.clone()),
            connection: active,
        })
    }

    /// The credential of a connection; `None` where it has none.
    async fn credential(&self, connection: &Record) -> Result<Option<Credential>, Diagnostics> {
        let id = connection.text("credential");
        if id.parse::<SysId>().is_err() {
            return Ok(None);
        }
        let columns = ["name", "active", "sys_class_name"];
        let answer = self.rows_if_open("discovery_credentials", ("sys_id", id), &columns).await;
        let rows = answer.map_err(|error| self.failed(ALIAS, &error))?.unwrap_or_default();
        Ok(Some(rows.first().map_or(Credential::Unseen, |record| Credential::There {
            name: record.text("name").to_owned(),
            active: record.get("active").is_none_or(|_| record.flag("active")),
            class: record.text("sys_class_name").to_owned(),
        })))
    }

    /// The tokens of an OAuth credential; `None` where they do not matter or may not be read.
    async fn tokens(
        &self,
        connection: &Record,
        credential: Option<&Credential>,
    ) -> Result<Option<Vec<Token>>, Diagnostics> {
        let is_oauth = matches!(credential, Some(Credential::There { class, .. }) if class == OAUTH);
        if !is_oauth {
            return Ok(None);
        }
        let own = (REQUESTOR, connection.text("credential"));
        let answer = self.rows_if_open("oauth_credential", own, TOKEN).await;
        let rows = answer.map_err(|error| self.failed(ALIAS, &error))?;
        Ok(rows.ok().map(|rows| rows.iter().map(Token::of).collect()))
    }
}
