//! What is done when told to, without a state: a switch, a look at another system, a new token.

mod activate_connection;
mod refresh_oauth_token;
mod switch_environment;
mod test_connection;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tf_core::{Diagnostics, Object, Schema};
use tf_plugin::{Action, Telling};

use crate::outside::Outside;
use crate::registry::Listed;
use crate::session::{Session, Shared};
use crate::switch::Endpoint;
use crate::target::{self, Strictness};
use crate::{errors, timeouts};

/// How long another system may take when it is asked before a switch.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What an action does.
#[async_trait]
trait Deed: Send + Sync {
    /// The whole type name.
    fn type_name(&self) -> &'static str;

    /// Its configuration.
    fn schema(&self) -> Schema;

    /// Does it.
    ///
    /// # Errors
    /// What could not be done, and what is so now.
    async fn carry_out(&self, scene: &Scene<'_>, config: &Object) -> Result<(), Diagnostics>;
}

/// Where something is done.
struct Scene<'a> {
    /// Talks to the instance, and has the time of one operation.
    session: &'a Session,
    /// The world beside the instance.
    outside: &'a Outside,
    /// Hears how it goes.
    telling: &'a Telling,
}

/// An action: a deed with a session, with the warnings that came up beside it, and without secrets in what it says.
struct Acting<D> {
    deed: D,
    shared: Arc<Shared>,
}

#[async_trait]
impl<D: Deed + 'static> Action for Acting<D> {
    fn type_name(&self) -> &str {
        self.deed.type_name()
    }

    fn schema(&self) -> Schema {
        self.deed.schema()
    }

    async fn invoke(&self, config: Object, telling: &Telling) -> Diagnostics {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems,
        };
        let scene = Scene { session: &session, outside: self.shared.outside(), telling };
        let mut problems = self.deed.carry_out(&scene, &config).await.err().unwrap_or_default();
        problems.extend(session.said());
        session.redacted(problems, &[])
    }
}

/// Every action.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn Action>> {
    vec![
        listed(activate_connection::Activate, shared, ""),
        listed(switch_environment::Switch, shared, switch_environment::NOTES),
        listed(test_connection::Test, shared, ""),
        listed(refresh_oauth_token::Refresh, shared, refresh_oauth_token::NOTES),
    ]
}

fn listed<D: Deed + 'static>(deed: D, shared: &Arc<Shared>, notes: &'static str) -> Listed<dyn Action> {
    Listed { it: Arc::new(Acting { deed, shared: shared.clone() }), subcategory: "Connections", notes }
}

/// Asks the other system of a connection, and tells what it says.
async fn answers(outside: &Outside, endpoint: &Endpoint, telling: &Telling) -> Result<(), Diagnostics> {
    telling.tell(format!("asking the other system of \"{}\"", endpoint.name)).await;
    let look = target::look(outside, &endpoint.address, TIMEOUT, Strictness::Strict).await;
    if look.passed {
        telling.tell(look.reason).await;
        return Ok(());
    }
    Err(errors::test_failed(&endpoint.name, look.class.word(), &look.reason).into())
}
