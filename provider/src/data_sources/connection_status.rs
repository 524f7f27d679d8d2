//! `servicenow_connection_status`: in which of the five states of the platform's own overview an alias, an integration of
//! Unifi or an inbound endpoint is. No table holds it, so that it is derived, and says from what.

pub mod derive;
mod doubts;
mod looking;

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Attr, Check, Diagnostics, Model, Object, Schema, Value, model};
use tf_plugin::{DataOutcome, DataSource};

pub use self::doubts::{Doubt, doubts};
pub use self::looking::unifi::tokens_of;

use self::looking::{Found, Looking, Span};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::{errors, timeouts};

/// In which state a way between ServiceNow and another system is: `Configured`, `Connected`, `Expired`, `Not Configured` or
/// `Deactivated`, the words of ServiceNow's own overview. No table holds them and no rule is published, so that they are
/// derived: for an alias from its connections, their credential and its tokens, for an integration of Unifi also from what
/// Unifi says of its messages and heartbeats, for an inbound endpoint from its operations, the keys of its callers and the
/// calls that were seen. `status_reason` says from what. A state is never planned: that a token grows old is no change of a
/// configuration.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(exactly_one(&["connection_alias_id", "unifi_integration_id", "inbound_endpoint_id"]))]
pub struct ConnectionStatus {
    /// The sys_id of an alias.
    #[tf(optional().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of an integration of Unifi.
    #[tf(optional().check(sys_id()))]
    pub unifi_integration_id: Attr<String>,
    /// The sys_id of an inbound endpoint.
    #[tf(optional().check(sys_id()))]
    pub inbound_endpoint_id: Attr<String>,
    /// Whether to ask the other system as well, with one `GET` from the machine where Terraform runs. A connection that
    /// answers is `Connected`. An inbound endpoint is called and calls nobody, so that there is nothing to ask.
    #[tf(optional())]
    pub test: Attr<bool>,
    /// How old a proof may be that makes something `Connected`, such as `24h`: a heartbeat of Unifi, or a call of an inbound
    /// endpoint. Without it every heartbeat counts that Unifi counts, and every call of the last 24 hours. For an alias
    /// nothing has an age: a token is valid or not, and an answer is of now.
    #[tf(optional().check(span()))]
    pub freshness: Attr<String>,
    /// The state.
    #[tf(computed())]
    pub status: Attr<String>,
    /// Who says so: `servicenow` where the state follows from a word of ServiceNow's own, such as the status and the state of
    /// an integration of Unifi; else `derived`.
    #[tf(computed())]
    pub status_source: Attr<String>,
    /// What it was derived from. It may quote the moment of the last heartbeat or call, and then changes with every one.
    #[tf(computed())]
    pub status_reason: Attr<String>,
    /// The sys_id of the active connection; null when there is none, and for an inbound endpoint.
    #[tf(computed())]
    pub connection_id: Attr<String>,
    /// Name of the active connection; null when there is none, and for an inbound endpoint.
    #[tf(computed())]
    pub connection_name: Attr<String>,
    /// When the newest access token runs out, in UTC; null where there is no token or where it may not be read, and for an
    /// inbound endpoint.
    #[tf(computed())]
    pub token_expires: Attr<String>,
}

/// A check that a text is a time.
fn span() -> Check {
    let test = |value: &Value| match value.as_str() {
        Some(text) if timeouts::span_ms(text).is_none() => Err(format!(
            "`{text}` is no time. Write numbers with the units `h`, `m` and `s`, such as `24h` or `1h30m`"
        )),
        _ => Ok(()),
    };
    Check::new("a time such as `24h`, `90m` or `1h30m`", test)
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
        let span = |it: &String| Some(Span { seconds: timeouts::span_ms(it)? / 1_000, written: it.clone() });
        let freshness = model.freshness.known().and_then(span);
        let look = |id| Looking {
            session,
            outside: self.shared.outside(),
            id,
            tests: model.test.known() == Some(&true),
            freshness: freshness.clone(),
        };
        let id = |it: &Attr<String>| it.known().and_then(|it| it.parse::<SysId>().ok());
        let of =
            [&model.connection_alias_id, &model.unifi_integration_id, &model.inbound_endpoint_id].map(id);
        let Found { standing, connection, token_expires } = match &of {
            [Some(id), _, _] => look(id).alias().await?,
            [_, Some(id), _] => look(id).integration().await?,
            [_, _, Some(id)] => look(id).endpoint().await?,
            _ => return Err(errors::bug("there is no id of what has a state").into()),
        };
        let text = |it: Option<String>| it.map_or(Attr::Null, Attr::Known);
        model.status = Attr::Known(standing.status.to_owned());
        model.status_source = Attr::Known(standing.source.to_owned());
        model.status_reason = Attr::Known(standing.reason);
        model.connection_id = text(connection.as_ref().map(|it| it.text("sys_id").to_owned()));
        model.connection_name = text(connection.map(|it| it.text("name").to_owned()));
        model.token_expires = text(token_expires);
        Ok(model.to_object())
    }
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        Source::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<ConnectionStatus>()
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        let is_set = |name: &str| config.get(name).is_some_and(|it| !it.is_null());
        let flag = config.get("test").and_then(Value::as_bool);
        if is_set("inbound_endpoint_id") && flag == Some(true) {
            let reason = "An inbound endpoint is called by other systems: there is no other system to ask.";
            return errors::out_of_place("test", reason, "Remove `test`.").into();
        }
        Diagnostics::none()
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
