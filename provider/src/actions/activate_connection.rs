//! `servicenow_activate_connection`: switches an alias to one of its connections, once.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use servicenow_core::{Record, SysId};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, model};
use tf_plugin::{Action, Telling};

use crate::data_sources::connection_test::connection;
use crate::dialects::native::CONNECTIONS;
use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::switch::{self, Group};
use crate::target::{self, Strictness};
use crate::timeouts;

/// How long the other system may take when it is asked first.
const TIMEOUT: Duration = Duration::from_secs(10);

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// Makes a connection the active one of its alias, and deactivates the others: a switch that is made once and not kept up.
/// Where a `servicenow_connection_activation` manages the alias, change its `connection_id` instead, or the next plan takes
/// the switch back.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Config {
    /// The sys_id of the connection.
    #[tf(required().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// Whether to ask the other system first, with one `GET` from the machine where Terraform runs, and to leave everything
    /// as it is when it does not answer.
    #[tf(optional())]
    pub test_first: Attr<bool>,
}

/// The action.
pub struct Activate {
    shared: Arc<Shared>,
}

impl Activate {
    /// The action.
    pub fn new(shared: Arc<Shared>) -> Activate {
        Activate { shared }
    }

    async fn activate(
        &self,
        session: &Session,
        config: &Object,
        telling: &Telling,
    ) -> Result<(), Diagnostics> {
        let config = Config::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let Some(id) = config.connection_id.known().and_then(|it| it.parse::<SysId>().ok()) else {
            return Err(errors::bug("a connection has no id").into());
        };
        let wished = connection(session, &id).await?;
        let name = wished.text("name");
        let Ok(alias) = wished.text("connection_alias").parse::<SysId>() else {
            let doing = Doing { verb: "activate", noun: "connection", name };
            return Err(errors::no_group(&doing, &CONNECTIONS).into());
        };
        match switch::group(session, &CONNECTIONS, &alias).await? {
            None => return Err(errors::no_such_group(&CONNECTIONS, "connection_id", alias.as_str()).into()),
            Some(record) if CONNECTIONS.allows_several(&record) => {
                return Err(errors::several_allowed(&CONNECTIONS, record.text(CONNECTIONS.group_name)).into());
            }
            Some(record) => {
                telling.tell(format!("the alias is `{}`", record.text(CONNECTIONS.group_name))).await
            }
        }
        if config.test_first.known() == Some(&true) {
            self.answers(&wished, telling).await?;
        }
        let group = Group::new(session, &CONNECTIONS, alias);
        let doing = Doing { verb: "activate", noun: "connection", name };
        let before = group.rows().await.map_err(|error| errors::service(&doing, &error, NOTHING_CHANGED))?;
        let active: Vec<&str> =
            before.iter().filter(|it| it.member.active).map(|it| it.name.as_str()).collect();
        telling.tell(format!("active before: {}", listed(&active))).await;
        let after = group.switch(Some(&id)).await?;
        let active: Vec<&str> =
            after.iter().filter(|it| it.member.active).map(|it| it.name.as_str()).collect();
        telling.tell(format!("active now: {}", listed(&active))).await;
        Ok(())
    }

    async fn answers(&self, wished: &Record, telling: &Telling) -> Result<(), Diagnostics> {
        let url = wished.text("connection_url");
        telling.tell("asking the other system").await;
        let look = target::look(self.shared.outside(), url, TIMEOUT, Strictness::Strict).await;
        if look.passed {
            telling.tell(look.reason).await;
            return Ok(());
        }
        Err(errors::test_failed(wished.text("name"), look.class.word(), &look.reason).into())
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}

#[async_trait]
impl Action for Activate {
    fn type_name(&self) -> &str {
        "servicenow_activate_connection"
    }

    fn schema(&self) -> Schema {
        model::schema::<Config>()
    }

    async fn invoke(&self, config: Object, telling: &Telling) -> Diagnostics {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems,
        };
        let mut problems = self.activate(&session, &config, telling).await.err().unwrap_or_default();
        problems.extend(session.said());
        session.redacted(problems, &[])
    }
}
