//! `servicenow_connection_test`: whether the other system of a connection can be reached, as data for `check` blocks.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::Freshness;
use servicenow_core::{Record, SysId};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};
use tf_plugin::{DataOutcome, DataSource};

use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::tables::Table;
use crate::target::{self, Look, Strictness};
use crate::{tables, timeouts};

/// How long the other system may take when nobody says otherwise.
const TIMEOUT_S: i64 = 10;

/// The longest time that can be asked for: a plan waits for it.
const TIMEOUT_MAX_S: i64 = 120;

/// The table that shows every connection, whatever its class.
const CONNECTIONS: &str = "sys_connection";

/// The table of the connections of Unifi.
const UNIFI_CONNECTIONS: &str = "x_snd_eb_connection";

/// Asks the other system of a connection with a `GET`, from the machine where Terraform runs. Nothing is signed in with,
/// and the answer is not stored. The outcome is data: a system that does not answer is no error, so that a `check` block
/// decides what it means. Where the connection goes through a MID server, the machine that runs Terraform may see something
/// else than the MID server does.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(exactly_one(&["connection_id", "unifi_connection_id", "url"]))]
pub struct ConnectionTest {
    /// The sys_id of the connection whose URL is asked.
    #[tf(optional().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// The sys_id of the connection of Unifi whose endpoint URL is asked. Where parts of it are in braces, or where a protocol
    /// profile stands in the place of `https`, only Unifi itself can ask: nothing is sent, and the outcome is about `url`.
    #[tf(optional().check(sys_id()))]
    pub unifi_connection_id: Attr<String>,
    /// The URL that is asked, instead of that of a connection.
    #[tf(optional_computed())]
    pub url: Attr<String>,
    /// What counts as a success. `strict`, which is used when nothing is given: every answer below 400, and 401 and 403,
    /// with which a system asks who it is. `unifi_compatible`: every answer but 400, 401, 403, 404 and 405, as in the
    /// connection test of Unifi, which also asks a second time when the first time fails.
    #[tf(optional().check(check::one_of(&["strict", "unifi_compatible"])))]
    pub mode: Attr<String>,
    /// Seconds that the connection and the answer may take each. Ten when nothing is given.
    #[tf(optional().check(check::range(1, TIMEOUT_MAX_S)))]
    pub timeout_seconds: Attr<i64>,
    /// Whether the other system answered as `mode` asks for.
    #[tf(computed())]
    pub passed: Attr<bool>,
    /// Whether the other system answered at all.
    #[tf(computed())]
    pub answered: Attr<bool>,
    /// The status of the answer, null when there was none.
    #[tf(computed())]
    pub status_code: Attr<i64>,
    /// How often was asked: 0 where the URL cannot be asked from here, and 2 where `unifi_compatible` failed the first time.
    #[tf(computed())]
    pub attempts: Attr<i64>,
    /// What the outcome is about: `ok`, `url`, `name`, `network`, `tls`, `proxy`, `credentials`, `authorisation`, `content`
    /// or `server`.
    #[tf(computed())]
    pub class: Attr<String>,
    /// The outcome in words.
    #[tf(computed())]
    pub reason: Attr<String>,
    /// From where was asked: `runner`, the machine where Terraform runs.
    #[tf(computed())]
    pub vantage_point: Attr<String>,
}

/// The data source.
pub struct Source {
    shared: Arc<Shared>,
}

impl Source {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_connection_test";

    /// The data source.
    pub fn new(shared: Arc<Shared>) -> Source {
        Source { shared }
    }

    async fn test(&self, session: &Session, config: &Object) -> Result<Object, Diagnostics> {
        let mut model = ConnectionTest::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let whom = Whom {
            connection: model.connection_id.known().and_then(|it| it.parse().ok()),
            unifi: model.unifi_connection_id.known().and_then(|it| it.parse().ok()),
        };
        if let Some(target) = whom.target(session).await? {
            model.url = Attr::Known(target.url);
        }
        let strictness = match model.mode.known().map(String::as_str) {
            Some("unifi_compatible") => Strictness::UnifiCompatible,
            _ => Strictness::Strict,
        };
        let seconds = model.timeout_seconds.known().copied().unwrap_or(TIMEOUT_S);
        let timeout = Duration::from_secs(seconds.unsigned_abs());
        let url = model.url.known().cloned().unwrap_or_default();
        let (look, attempts) = target::test(self.shared.outside(), &url, timeout, strictness).await;
        fill(&mut model, &look);
        model.attempts = Attr::Known(attempts);
        Ok(model.to_object())
    }
}

fn fill(model: &mut ConnectionTest, look: &Look) {
    model.passed = Attr::Known(look.passed);
    model.answered = Attr::Known(look.status.is_some());
    model.status_code = look.status.map_or(Attr::Null, |it| Attr::Known(i64::from(it)));
    model.class = Attr::Known(look.class.word().to_owned());
    model.reason = Attr::Known(look.reason.clone());
    model.vantage_point = Attr::Known("runner".to_owned());
}

/// Whose other system is asked.
pub struct Whom {
    /// A connection of the platform.
    pub connection: Option<SysId>,
    /// A connection of Unifi.
    pub unifi: Option<SysId>,
}

/// What is asked.
pub struct Target {
    /// What people call the connection.
    pub name: String,
    /// Its URL.
    pub url: String,
}

impl Whom {
    /// What is asked of the connection that is named; `None` where none is.
    ///
    /// # Errors
    /// It is not there, or the request failed.
    pub async fn target(&self, session: &Session) -> Result<Option<Target>, Diagnostics> {
        let (record, column) = match (&self.connection, &self.unifi) {
            (Some(id), _) => (connection(session, id).await?, "connection_url"),
            (_, Some(id)) => (unifi_connection(session, id).await?, "endpoint_url"),
            _ => return Ok(None),
        };
        let text = |column: &str| record.text(column).to_owned();
        Ok(Some(Target { name: text("name"), url: text(column) }))
    }
}

/// The record of a connection of Unifi.
async fn unifi_connection(session: &Session, id: &SysId) -> Result<Record, Diagnostics> {
    let doing = Doing { verb: "read", noun: "Unifi connection", name: id.as_str() };
    let table = Table::of(session, UNIFI_CONNECTIONS)?;
    let record = table.read(id, &["name", "endpoint_url"], Freshness::Now).await;
    let record = record.map_err(|error| errors::service(&doing, &error, "Nothing was changed."))?;
    let conditions = [format!("`unifi_connection_id` is `{id}`")];
    let nothing = || errors::nothing_found(doing.noun, UNIFI_CONNECTIONS, &conditions, &[]).into();
    record.ok_or_else(nothing)
}

/// The record of a connection, as the base table shows it.
///
/// # Errors
/// It is not there, or the request failed.
pub async fn connection(session: &Session, id: &SysId) -> Result<Record, Diagnostics> {
    let doing = Doing { verb: "read", noun: "connection", name: id.as_str() };
    let table = tables::table(CONNECTIONS)?;
    let columns = ["name", "connection_url", "active", "credential", "connection_alias", "use_mid"];
    let record = session.client.get(&table, id, &columns).await;
    let record = record.map_err(|error| errors::service(&doing, &error, "Nothing was changed."))?;
    let conditions = [format!("`connection_id` is `{id}`")];
    record.ok_or_else(|| errors::nothing_found("connection", CONNECTIONS, &conditions, &[]).into())
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        Source::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<ConnectionTest>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match self.test(&session, &config).await {
            Ok(object) => object.into(),
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}
