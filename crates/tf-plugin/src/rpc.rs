//! The provider service: every call is logged, guarded against panics, and answered by the file of its name.

mod actions;
mod ahead;
mod answer;
mod apply_resource_change;
mod configure_provider;
mod data_sources;
mod deferral;
mod ephemeral_resources;
mod functions;
mod generate_resource_config;
mod get_metadata;
mod get_provider_schema;
mod get_resource_identity_schemas;
mod identity;
mod import_resource_state;
mod list_resources;
mod move_resource_state;
mod plan_resource_change;
mod read_resource;
mod service;
mod state;
mod upgrade_resource_identity;
mod upgrade_resource_state;
mod validate;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tf_core::Diagnostics;
use tonic::{Response, Status};
use tracing::Instrument;

use crate::convert::to;
use crate::errors::{self, Place};
use crate::offer::{self, Finding, Offer, Offered, OfferedFunction, Offers, Typed};
use crate::provider::{Provider, Resource};
use crate::rpc::ahead::Ahead;
use crate::rpc::answer::Answer;
pub use crate::rpc::generate_resource_config::as_written;
use crate::{guard, log};

/// A provider being served. Clones are the same one: a stream goes on after its call was answered.
#[derive(Clone)]
pub(crate) struct Served {
    provider: Arc<dyn Provider>,
    address: Arc<str>,
    offer: Arc<OnceLock<Offer>>,
    findings: Arc<OnceLock<Vec<Finding>>>,
    schemas: Arc<Ahead<get_provider_schema::Response>>,
}

impl Served {
    pub(crate) fn new(provider: Arc<dyn Provider>, address: &str) -> Served {
        Served {
            provider,
            address: address.into(),
            offer: Arc::default(),
            findings: Arc::default(),
            schemas: Arc::default(),
        }
    }

    /// Prepares the answer with every schema, at once and in this thread. The first question of most hosts is for it, and
    /// until they can ask it they are busy with TLS. The main thread is the one to do it: the system's allocator serves
    /// it with far fewer calls than any other.
    pub(crate) async fn look_ahead(&self) {
        // What breaks here breaks again when the host asks, which is then told.
        let look = async { self.schemas.prepare(|| get_provider_schema::response(self)) };
        let _ = guard::caught(look).await;
    }

    /// What the provider cannot have meant.
    fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| offer::problems(self.offer()))
    }

    fn offer(&self) -> &Offer {
        self.offer.get_or_init(|| Offer::of(self.provider.as_ref()))
    }

    fn place<'a>(&'a self, type_name: &'a str) -> Place<'a> {
        Place { address: &self.address, type_name }
    }

    fn resource(&self, type_name: &str) -> Result<&Offered<dyn Resource>, Diagnostics> {
        self.one_of(&self.offer().resources, type_name)
    }

    fn one_of<'a, T: Typed + ?Sized>(
        &self,
        offers: &'a Offers<T>,
        type_name: &str,
    ) -> Result<&'a Offered<T>, Diagnostics> {
        offers.get(type_name).ok_or_else(|| errors::unknown_type(self.place(type_name), T::NOUN))
    }

    fn function(&self, name: &str) -> Result<&OfferedFunction, String> {
        self.offer().functions.get(name).ok_or_else(|| errors::unknown_function(&self.address, name))
    }

    /// What belongs to every log line of a call.
    fn span(&self, rpc: &'static str, type_name: &str) -> tracing::Span {
        tracing::debug_span!(
            "rpc",
            tf_rpc = rpc,
            tf_req_id = log::request_id(),
            tf_resource_type = type_name,
            tf_provider_addr = &*self.address,
            tf_proto_version = log::PROTOCOL,
        )
    }

    /// Awaits an answer. Whatever happens, the host gets one: a refusal and a panic become diagnostics.
    async fn attend<A: Answer>(
        &self,
        rpc: &'static str,
        type_name: &str,
        work: impl Future<Output = Result<A, Diagnostics>> + Send,
    ) -> Result<Response<A>, Status> {
        let attended = async {
            let started = now();
            let refusal = match guard::caught(work).await {
                Ok(Ok(answer)) => Ok(answer),
                Ok(Err(diagnostics)) => Err(diagnostics),
                Err(_message) => Err(errors::panicked(self.place(type_name), rpc)),
            };
            let answer = refusal.unwrap_or_else(|it| A::refusal(to::diagnostics(&it)));
            let tf_req_duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(tf_req_duration_ms, diagnostics = answer.diagnostics().len(), "answered");
            Ok(Response::new(answer))
        };
        attended.instrument(self.span(rpc, type_name)).await
    }
}

#[expect(clippy::disallowed_methods, reason = "the duration of a call is logged and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
