//! `servicenow_activate_connection`: switches an alias, or an integration of an application, to one of its connections, once.

use async_trait::async_trait;
use servicenow_client::Freshness;
use servicenow_core::{Kind, Record, ServiceError, SysId};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, model};

use super::{Deed, Scene, answers};
use crate::dialects::native::CONNECTIONS;
use crate::dialects::{Exclusive, GROUPS};
use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::Session;
use crate::switch::{self, Fitness, Group};
use crate::tables::Table;

const NOTHING_CHANGED: &str = "Nothing was changed.";

/// Makes a connection the active one of its alias or of its Unifi integration, and deactivates the others: a switch that is
/// made once and not kept up. Where a `servicenow_connection_activation` or `servicenow_unifi_activation` manages it, change
/// the `connection_id` there instead, or the next plan takes the switch back; its `previous_connection_id` is the way back.
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
pub struct Activate;

#[async_trait]
impl Deed for Activate {
    fn type_name(&self) -> &'static str {
        "servicenow_activate_connection"
    }

    fn schema(&self) -> Schema {
        model::schema::<Config>()
    }

    async fn carry_out(&self, scene: &Scene<'_>, config: &Object) -> Result<(), Diagnostics> {
        let Scene { session, outside, telling } = *scene;
        let config = Config::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let Some(id) = config.connection_id.known().and_then(|it| it.parse::<SysId>().ok()) else {
            return Err(errors::bug("a connection has no id").into());
        };
        let (exclusive, wished) = find(session, &id).await?;
        let name = wished.text(exclusive.name);
        let Ok(group) = wished.text(exclusive.group).parse::<SysId>() else {
            let doing = Doing { verb: "activate", noun: exclusive.member_noun, name };
            return Err(errors::no_group(&doing, exclusive).into());
        };
        match switch::group(session, exclusive, &group).await? {
            None => return Err(errors::no_such_group(exclusive, "connection_id", group.as_str()).into()),
            Some(record) if exclusive.allows_several(&record) => {
                return Err(errors::several_allowed(exclusive, record.text(exclusive.group_name)).into());
            }
            Some(record) => {
                let group_name = record.text(exclusive.group_name);
                telling.tell(format!("the {} is `{group_name}`", exclusive.group_noun)).await;
            }
        }
        let group = Group::new(session, exclusive, group).among(std::slice::from_ref(&id));
        let fitness = Fitness { session, exclusive, now: String::new() };
        let unable = fitness.unable(std::slice::from_ref(&id)).await;
        if unable.has_errors() {
            return Err(unable);
        }
        if config.test_first.known() == Some(&true) {
            let endpoint = group.endpoint(&id).await.ok().flatten().unwrap_or_default();
            answers(outside, &endpoint, telling).await?;
        }
        let doing = Doing { verb: "activate", noun: exclusive.member_noun, name };
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
}

/// The connection, and the tables that it lives in.
async fn find(session: &Session, id: &SysId) -> Result<(&'static Exclusive, Record), Diagnostics> {
    for exclusive in GROUPS {
        let doing = Doing { verb: "read", noun: exclusive.member_noun, name: id.as_str() };
        let table = Table::of(session, exclusive.members)?;
        match table.read(id, &exclusive.member_columns(), Freshness::Now).await {
            Ok(Some(record)) => return Ok((exclusive, record)),
            Ok(None) => {}
            // The application is not installed, or not for this user.
            Err(error) if exclusive.is_of_application && is_closed(&error) => {}
            Err(error) => return Err(errors::service(&doing, &error, NOTHING_CHANGED).into()),
        }
    }
    let conditions = [format!("`connection_id` is `{id}`")];
    Err(errors::nothing_found("connection", CONNECTIONS.members, &conditions, &[]).into())
}

fn is_closed(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Forbidden | Kind::InvalidTable | Kind::NotFound)
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|it| format!("\"{it}\"")).collect::<Vec<_>>().join(", ")
}
