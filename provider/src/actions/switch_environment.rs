//! `servicenow_switch_environment`: switches many integrations to their connections, once.

use std::collections::BTreeMap;

use async_trait::async_trait;
use servicenow_core::SysId;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};

use super::{Deed, Scene, answers};
use crate::errors;
use crate::resources::environment::{Once, choices, choices_of};
use crate::switch::endpoints;

/// What the documentation page says beyond the attributes.
pub const NOTES: &str = "## Going back\n\nA `servicenow_environment` remembers the connections before its last switch: with \
`connections = servicenow_environment.it.previous` the action is the way back. The environment then plans to return to what it \
declares, until its `connections` say the same.";

/// Switches many integrations as one: looks whether everything is there, then makes each connection the active one of its
/// integration, one after another, and says what it did. When one cannot be switched, those that were switched return. A
/// switch that is made once and not kept up: where a `servicenow_environment` manages the integrations, change its
/// `connections` instead, or the next plan takes the switch back.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Config {
    /// The sys_id of the connection that is to be active, by the sys_id of its alias or of its Unifi integration.
    #[tf(required().check(choices()))]
    pub connections: Attr<BTreeMap<String, String>>,
    /// What happens to the integrations that were switched already when one of them cannot be switched: `all`, which is
    /// used when nothing is given, returns them to the connection that was active before; `none` leaves them switched.
    #[tf(optional().check(check::one_of(&["all", "none"])))]
    pub rollback: Attr<String>,
    /// Whether to ask the other systems first, with one `GET` each from the machine where Terraform runs, and to leave
    /// everything as it is when one of them does not answer.
    #[tf(optional())]
    pub test_first: Attr<bool>,
}

/// The action.
pub struct Switch;

#[async_trait]
impl Deed for Switch {
    fn type_name(&self) -> &'static str {
        "servicenow_switch_environment"
    }

    fn schema(&self) -> Schema {
        model::schema::<Config>()
    }

    async fn carry_out(&self, scene: &Scene<'_>, config: &Object) -> Result<(), Diagnostics> {
        let Scene { session, outside, telling } = *scene;
        let wishes: BTreeMap<SysId, SysId> =
            choices_of(config).into_iter().filter_map(|(group, it)| Some((group, it?))).collect();
        let config = Config::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let name = format!("{} integrations", wishes.len());
        let backs = config.rollback.known().map(String::as_str) != Some("none");
        let tests = config.test_first.known() == Some(&true);
        let once = Once { session, name, wishes, backs, telling };
        once.run(async |exclusive, wish: SysId| {
            if !tests {
                return Ok(());
            }
            let found = endpoints(session, exclusive, std::slice::from_ref(&wish)).await.unwrap_or_default();
            let endpoint = found.get(&wish).cloned().unwrap_or_default();
            answers(outside, &endpoint, telling).await
        })
        .await
    }
}
