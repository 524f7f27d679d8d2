//! What is done when told to, without a state: a switch, a look at another system, a new token.

mod activate_connection;
mod refresh_oauth_token;
mod switch_environment;
mod test_connection;

use std::sync::Arc;
use std::time::Duration;

use tf_core::Diagnostics;
use tf_plugin::{Action, Telling};

use crate::errors;
use crate::outside::Outside;
use crate::registry::Listed;
use crate::session::Shared;
use crate::switch::Endpoint;
use crate::target::{self, Strictness};

/// How long another system may take when it is asked before a switch.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Every action.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn Action>> {
    let listed = |it: Arc<dyn Action>, notes: &'static str| Listed { it, subcategory: "Connections", notes };
    vec![
        listed(Arc::new(activate_connection::Activate::new(shared.clone())), ""),
        listed(Arc::new(switch_environment::Switch::new(shared.clone())), switch_environment::NOTES),
        listed(Arc::new(test_connection::Test::new(shared.clone())), ""),
        listed(Arc::new(refresh_oauth_token::Refresh::new(shared.clone())), refresh_oauth_token::NOTES),
    ]
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
