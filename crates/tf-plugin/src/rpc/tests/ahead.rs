//! What is looked at before the host asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tf_core::{Diagnostics, Model, Schema, model};

use super::ADDRESS;
use crate::proto::tfplugin6::get_provider_schema::Request;
use crate::proto::tfplugin6::provider_server::Provider as _;
use crate::rpc::Served;
use crate::{Configure, Provider, Resource};

/// A provider without settings.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Nothing {}

/// A provider that counts how often it is asked for its schema, and breaks the first so many times.
struct Counting {
    asked: Arc<AtomicUsize>,
    breaks: usize,
}

#[async_trait::async_trait]
impl Provider for Counting {
    fn schema(&self) -> Schema {
        assert!(self.asked.fetch_add(1, Ordering::Relaxed) >= self.breaks, "no schema");
        model::schema::<Nothing>()
    }

    fn resources(&self) -> Vec<Arc<dyn Resource>> {
        Vec::new()
    }

    async fn configure(&self, _request: Configure) -> Diagnostics {
        Diagnostics::none()
    }
}

/// How often the provider was asked after it was looked at ahead, and after the host asked as well; and how many
/// problems the host was told of.
async fn asked(breaks: usize) -> (usize, usize, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let served = Served::new(Arc::new(Counting { asked: asked.clone(), breaks }), ADDRESS);
    // A panic ends the look, and is told when the host asks.
    _ = served.look_ahead().await;
    let ahead = asked.load(Ordering::Relaxed);
    let answer = served.get_provider_schema(tonic::Request::new(Request {})).await.unwrap();
    (ahead, asked.load(Ordering::Relaxed), answer.into_inner().diagnostics.len())
}

#[tokio::test]
async fn what_was_looked_at_ahead_is_not_asked_for_again() {
    assert_eq!(asked(0).await, (1, 1, 0));
}

#[tokio::test]
async fn a_look_ahead_that_breaks_is_made_again_when_the_host_asks() {
    assert_eq!(asked(1).await, (1, 2, 0), "it works the second time");
    assert_eq!(asked(2).await, (1, 2, 1), "it breaks again, and the host is told");
}
