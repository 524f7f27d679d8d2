//! Every call against a resource that does what a test tells it.

mod ahead;
mod cast;
mod changes;
mod crashes;
mod functions;
mod identities;
mod meta;
mod others;
mod puppet;
mod refusals;
mod states;
mod streams;

use std::sync::Arc;

use tf_core::{Diagnostics, Object, Value};

use crate::harness::Client;
use crate::rpc::tests::puppet::{PUPPET, Puppet, PuppetProvider};

const ADDRESS: &str = "example.com/test/puppet";

/// A host connected to a provider with the puppet as its only resource.
async fn host(puppet: Puppet) -> Client {
    Client::in_process(Arc::new(PuppetProvider(Arc::new(puppet))), ADDRESS).await.unwrap()
}

/// A configuration or a state, with the members that matter.
fn object<const N: usize>(members: [(&str, Value); N]) -> Object {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn text(text: &str) -> Value {
    Value::string(text)
}

/// There is one error, it is about the attribute, and its texts have all the parts.
fn check_error(diagnostics: &Diagnostics, path: &str, parts: &[&str]) {
    let [diagnostic] = diagnostics.0.as_slice() else { panic!("{diagnostics:#?}") };
    let found = diagnostic.path.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(found, path, "{diagnostic:#?}");
    let all = format!("{}\n{}", diagnostic.summary, diagnostic.detail);
    for part in parts {
        assert!(all.contains(part), "{part:?} in {all}");
    }
    assert!(!diagnostic.summary.ends_with('.') && diagnostic.detail.ends_with('.'), "{diagnostic:#?}");
}
