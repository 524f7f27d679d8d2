//! `servicenow_test_connection`: asks another system, and fails when it does not answer.

use std::time::Duration;

use async_trait::async_trait;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};

use super::{Deed, Scene};
use crate::data_sources::connection_test::{Target, Whom};
use crate::errors;
use crate::resources::sys_id;
use crate::target::{self, Strictness};

/// How long the other system may take when nobody says otherwise.
const TIMEOUT_S: i64 = 10;

/// The longest time that can be asked for.
const TIMEOUT_MAX_S: i64 = 120;

/// Asks the other system of a connection with a `GET`, from the machine where Terraform runs, and fails when it does not
/// answer as it should. Nothing is signed in with. As data for `check` blocks there is the data source
/// `servicenow_connection_test`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
#[tf(exactly_one(&["connection_id", "unifi_connection_id", "url"]))]
pub struct Config {
    /// The sys_id of the connection whose URL is asked.
    #[tf(optional().check(sys_id()))]
    pub connection_id: Attr<String>,
    /// The sys_id of the connection of Unifi whose endpoint URL is asked. Where parts of it are in braces, or where a protocol
    /// profile stands in the place of `https`, only Unifi itself can ask: nothing is sent, and the action fails.
    #[tf(optional().check(sys_id()))]
    pub unifi_connection_id: Attr<String>,
    /// The URL that is asked, instead of that of a connection.
    #[tf(optional())]
    pub url: Attr<String>,
    /// What counts as a success. `strict`, which is used when nothing is given: every answer below 400, and 401 and 403,
    /// with which a system asks who it is. `unifi_compatible`: every answer but 400, 401, 403, 404 and 405, as in the
    /// connection test of Unifi, which also asks a second time when the first time fails.
    #[tf(optional().check(check::one_of(&["strict", "unifi_compatible"])))]
    pub mode: Attr<String>,
    /// Seconds that the connection and the answer may take each. Ten when nothing is given.
    #[tf(optional().check(check::range(1, TIMEOUT_MAX_S)))]
    pub timeout_seconds: Attr<i64>,
}

/// The action.
pub struct Test;

#[async_trait]
impl Deed for Test {
    fn type_name(&self) -> &'static str {
        "servicenow_test_connection"
    }

    fn schema(&self) -> Schema {
        model::schema::<Config>()
    }

    async fn carry_out(&self, scene: &Scene<'_>, config: &Object) -> Result<(), Diagnostics> {
        let Scene { session, outside, telling } = *scene;
        let config = Config::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let whom = Whom {
            connection: config.connection_id.known().and_then(|it| it.parse().ok()),
            unifi: config.unifi_connection_id.known().and_then(|it| it.parse().ok()),
        };
        let Target { name, url } = match whom.target(session).await? {
            Some(target) => {
                telling.tell(format!("the connection is \"{}\"", target.name)).await;
                target
            }
            None => {
                let url = config.url.known().cloned().unwrap_or_default();
                Target { name: url.clone(), url }
            }
        };
        let strictness = match config.mode.known().map(String::as_str) {
            Some("unifi_compatible") => Strictness::UnifiCompatible,
            _ => Strictness::Strict,
        };
        let seconds = config.timeout_seconds.known().copied().unwrap_or(TIMEOUT_S);
        telling.tell("asking the other system from here").await;
        let timeout = Duration::from_secs(seconds.unsigned_abs());
        let (look, attempts) = target::test(outside, &url, timeout, strictness).await;
        if attempts > 1 {
            telling.tell(format!("asked {attempts} times, because the first time failed")).await;
        }
        if look.passed {
            telling.tell(look.reason).await;
            return Ok(());
        }
        Err(errors::test_failed(&name, look.class.word(), &look.reason).into())
    }
}
