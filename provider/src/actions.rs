//! What is done when told to, without a state: a switch, a look at another system, a new token.

mod activate_connection;
mod refresh_oauth_token;
mod test_connection;

use std::sync::Arc;

use tf_plugin::Action;

use crate::registry::Listed;
use crate::session::Shared;

/// Every action.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn Action>> {
    let listed = |it: Arc<dyn Action>, notes: &'static str| Listed { it, subcategory: "Connections", notes };
    vec![
        listed(Arc::new(activate_connection::Activate::new(shared.clone())), ""),
        listed(Arc::new(test_connection::Test::new(shared.clone())), ""),
        listed(Arc::new(refresh_oauth_token::Refresh::new(shared.clone())), refresh_oauth_token::NOTES),
    ]
}
