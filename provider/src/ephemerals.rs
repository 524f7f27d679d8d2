//! What is there for the length of one run and is never stored: a token, and a secret that is made up.

mod inbound_secret;
mod oauth_token;

use std::sync::Arc;

use tf_plugin::EphemeralResource;

use crate::registry::Listed;
use crate::session::Shared;

/// Every ephemeral resource.
pub fn all(shared: &Arc<Shared>) -> Vec<Listed<dyn EphemeralResource>> {
    let listed =
        |it: Arc<dyn EphemeralResource>, subcategory: &'static str| Listed { it, subcategory, notes: "" };
    vec![
        listed(Arc::new(oauth_token::Token::new(shared.clone())), "Credentials"),
        listed(Arc::new(inbound_secret::InboundSecret::new(shared.clone())), "Credentials"),
    ]
}
