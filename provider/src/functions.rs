//! What can be computed from arguments alone: queries, addresses and names.

mod addresses;
mod names;
mod query;

use std::sync::Arc;

use tf_core::Value;
use tf_plugin::Function;

/// Every function.
pub fn all() -> Vec<Arc<dyn Function>> {
    vec![
        Arc::new(query::EncodedQuery),
        Arc::new(addresses::InstanceAddress),
        Arc::new(addresses::EndpointAddress),
        Arc::new(addresses::InstanceName),
        Arc::new(names::UserOfCredentials),
        Arc::new(names::ConnectionName),
    ]
}

/// The text of an argument; Terraform has seen to its type.
fn text(arguments: &[Value], at: usize) -> &str {
    arguments.get(at).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
