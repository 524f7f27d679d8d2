//! `servicenow_connection_status`: in which of the five states of the platform's own overview an alias is. No table holds
//! it, so that it is derived, and says from what.

pub mod derive;
mod doubts;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use servicenow_core::{Kind, Query, Record, ServiceError, SysId};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, model};
use tf_plugin::{DataOutcome, DataSource};

pub use self::doubts::{Doubt, doubts};

use self::derive::{Credential, Facts, Probe, Standing, Token, derive};
use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::target::{self, Strictness};
use crate::{tables, timeouts};

/// How long the other system may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The class of credentials that tokens belong to.
const OAUTH: &str = "oauth_2_0_credentials";

/// In which state the connection of an alias is: `Configured`, `Connected`, `Expired`, `Not Configured` or `Deactivated`,
/// the words of ServiceNow's own overview. No table holds them and no rule is published, so that they are derived from the
/// connections of the alias, their credential and its tokens; `status_reason` says from what. A state is never planned: that
/// a token grows old is no change of a configuration.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct ConnectionStatus {
    /// The sys_id of the alias.
    #[tf(required().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// Whether to ask the other system as well, with one `GET` from the machine where Terraform runs. A connection that
    /// answers is `Connected`.
    #[tf(optional())]
    pub test: Attr<bool>,
    /// The state.
    #[tf(computed())]
    pub status: Attr<String>,
    /// Who says so: `derived`, because ServiceNow keeps it nowhere.
    #[tf(computed())]
    pub status_source: Attr<String>,
    /// What it was derived from.
    #[tf(computed())]
    pub status_reason: Attr<String>,
    /// The sys_id of the active connection, null when there is none.
    #[tf(computed())]
    pub connection_id: Attr<String>,
    /// Name of the active connection, null when there is none.
    #[tf(computed())]
    pub connection_name: Attr<String>,
    /// When the newest access token runs out, in UTC; null where there is no token or where it may not be read.
    #[tf(computed())]
    pub token_expires: Attr<String>,
}

/// The data source.
pub struct Source {
    shared: Arc<Shared>,
}

impl Source {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_connection_status";

    /// The data source.
    pub fn new(shared: Arc<Shared>) -> Source {
        Source { shared }
    }

    async fn status(&self, session: &Session, config: &Object) -> Result<Object, Diagnostics> {
        let mut model = ConnectionStatus::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let Some(alias) = model.connection_alias_id.known().and_then(|it| it.parse::<SysId>().ok()) else {
            return Err(errors::bug("an alias has no id").into());
        };
        let look = Looking { session, alias: &alias };
        look.alias_exists().await?;
        let connections =
            look.rows("sys_connection", look.of("connection_alias", alias.as_str())?, CONNECTION).await?;
        let mut facts = Facts { now: self.shared.outside().now(), connections, ..Facts::default() };
        if let Some(active) = facts.active().cloned() {
            facts.credential = look.credential(&active).await?;
            facts.tokens = look.tokens(&active, facts.credential.as_ref()).await?;
            if model.test.known() == Some(&true) {
                let url = active.text("connection_url");
                let seen = target::look(self.shared.outside(), url, TIMEOUT, Strictness::Strict).await;
                facts.probe = Some(Probe { passed: seen.passed, reason: seen.reason });
            }
            model.connection_id = Attr::Known(active.text("sys_id").to_owned());
            model.connection_name = Attr::Known(active.text("name").to_owned());
        }
        let Standing { status, reason } = derive(&facts);
        model.status = Attr::Known(status.to_owned());
        model.status_source = Attr::Known("derived".to_owned());
        model.status_reason = Attr::Known(reason);
        model.token_expires = facts.access_token().map_or(Attr::Null, |it| Attr::Known(it.expires.clone()));
        Ok(model.to_object())
    }
}

/// Columns of a connection that say something.
const CONNECTION: &[&str] =
    &["name", "active", "connection_url", "credential", "sys_updated_by", "sys_updated_on"];

/// Columns of a token that say something. What it is made of is never asked for.
const TOKEN: &[&str] = &["type", "expires"];

/// Questions about one alias.
struct Looking<'a> {
    session: &'a Session,
    alias: &'a SysId,
}

impl Looking<'_> {
    fn failed(&self, error: &ServiceError) -> Diagnostics {
        let doing =
            Doing { verb: "find out the status of", noun: "connection alias", name: self.alias.as_str() };
        errors::service(&doing, error, "Nothing was changed.").into()
    }

    fn of(&self, column: &str, value: &str) -> Result<Query, Diagnostics> {
        Query::new().equals(column, value).map_err(|_| errors::bug("an id is no legal condition").into())
    }

    async fn alias_exists(&self) -> Result<(), Diagnostics> {
        let table = tables::table("sys_alias")?;
        let alias =
            self.session.client.get(&table, self.alias, &[]).await.map_err(|error| self.failed(&error))?;
        let conditions = [format!("`connection_alias_id` is `{}`", self.alias)];
        alias
            .map(|_| ())
            .ok_or_else(|| errors::nothing_found("connection alias", "sys_alias", &conditions, &[]).into())
    }

    async fn rows(&self, table: &str, query: Query, columns: &[&str]) -> Result<Vec<Record>, Diagnostics> {
        let table = tables::table(table)?;
        self.session.client.list(&table, &query, columns).await.map_err(|error| self.failed(&error))
    }

    /// The credential of a connection; `None` where it has none.
    async fn credential(&self, connection: &Record) -> Result<Option<Credential>, Diagnostics> {
        let Ok(id) = connection.text("credential").parse::<SysId>() else { return Ok(None) };
        let table = tables::table("discovery_credentials")?;
        let record = self.session.client.get(&table, &id, &["name", "active"]).await;
        Ok(Some(match record {
            Ok(Some(record)) => Credential::There {
                name: record.text("name").to_owned(),
                active: record.get("active").is_none_or(|_| record.flag("active")),
                class: record.text("sys_class_name").to_owned(),
            },
            Ok(None) => Credential::Unseen,
            Err(error) if is_closed(&error) => Credential::Unseen,
            Err(error) => return Err(self.failed(&error)),
        }))
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
        let table = tables::table("oauth_credential")?;
        let query = self.of("oauth_requestor_profile.requestor", connection.text("credential"))?;
        match self.session.client.list(&table, &query, TOKEN).await {
            Ok(rows) => Ok(Some(rows.iter().map(Token::of).collect())),
            Err(error) if is_closed(&error) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }
}

/// Whether a table is not for this user, or not there at all.
fn is_closed(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Forbidden | Kind::InvalidTable | Kind::NotFound)
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        Source::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<ConnectionStatus>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match self.status(&session, &config).await {
            Ok(object) => object.into(),
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}
