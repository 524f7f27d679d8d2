//! The provider service: every call is logged, guarded against panics, and answered by the file of its name.

mod answer;
mod apply_resource_change;
mod configure_provider;
mod get_metadata;
mod get_provider_schema;
mod import_resource_state;
mod plan_resource_change;
mod read_resource;
mod state;
mod undeclared;
mod upgrade_resource_state;
mod validate_provider_config;
mod validate_resource_config;

use std::future::Future;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use tf_core::Diagnostics;
use tonic::{Request, Response, Status};
use tracing::Instrument;

use crate::convert::to;
use crate::errors::{self, Place};
use crate::guard;
use crate::offer::{Offer, Offered};
use crate::proto::tfplugin6 as proto;
use crate::provider::Provider;
use crate::rpc::answer::Answer;

/// A provider being served.
pub(crate) struct Served {
    provider: Arc<dyn Provider>,
    address: String,
    offer: OnceLock<Offer>,
}

impl Served {
    pub(crate) fn new(provider: Arc<dyn Provider>, address: &str) -> Served {
        Served { provider, address: address.to_owned(), offer: OnceLock::new() }
    }

    fn offer(&self) -> &Offer {
        self.offer.get_or_init(|| Offer::of(self.provider.as_ref()))
    }

    fn place<'a>(&'a self, type_name: &'a str) -> Place<'a> {
        Place { address: &self.address, type_name }
    }

    fn resource(&self, type_name: &str) -> Result<&Offered, Diagnostics> {
        let offered = self.offer().resources.get(type_name);
        offered.ok_or_else(|| errors::unknown_type(self.place(type_name), "resource type"))
    }

    /// Awaits an answer. Whatever happens, the host gets one: a refusal and a panic become diagnostics.
    async fn attend<A: Answer>(
        &self,
        rpc: &'static str,
        type_name: &str,
        work: impl Future<Output = Result<A, Diagnostics>> + Send,
    ) -> Result<Response<A>, Status> {
        let span = tracing::debug_span!(
            "rpc",
            tf_rpc = rpc,
            tf_resource_type = type_name,
            tf_provider_addr = self.address,
            tf_proto_version = "6",
        );
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
        attended.instrument(span).await
    }
}

#[expect(clippy::disallowed_methods, reason = "the duration of a call is logged and decides nothing")]
fn now() -> Instant {
    Instant::now()
}

/// One method of the service: the file that answers, and which field of the request names the type.
macro_rules! attended {
    ($served:ident, $request:ident, $rpc:literal, $type_name:ident, $answer:path) => {{
        let request = $request.into_inner();
        let type_name = request.$type_name.clone();
        $served.attend($rpc, &type_name, async { $answer($served, request).await }).await
    }};
    ($served:ident, $request:ident, $rpc:literal, $answer:path) => {{
        let request = $request.into_inner();
        $served.attend($rpc, "", async { $answer($served, request).await }).await
    }};
}

type Asked<T> = Request<T>;
type Answered<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl proto::provider_server::Provider for Served {
    async fn get_metadata(
        &self,
        request: Asked<proto::get_metadata::Request>,
    ) -> Answered<proto::get_metadata::Response> {
        attended!(self, request, "GetMetadata", get_metadata::answer)
    }

    async fn get_provider_schema(
        &self,
        request: Asked<proto::get_provider_schema::Request>,
    ) -> Answered<proto::get_provider_schema::Response> {
        attended!(self, request, "GetProviderSchema", get_provider_schema::answer)
    }

    async fn get_resource_identity_schemas(
        &self,
        request: Asked<proto::get_resource_identity_schemas::Request>,
    ) -> Answered<proto::get_resource_identity_schemas::Response> {
        attended!(self, request, "GetResourceIdentitySchemas", undeclared::identity_schemas)
    }

    async fn validate_provider_config(
        &self,
        request: Asked<proto::validate_provider_config::Request>,
    ) -> Answered<proto::validate_provider_config::Response> {
        attended!(self, request, "ValidateProviderConfig", validate_provider_config::answer)
    }

    async fn validate_resource_config(
        &self,
        request: Asked<proto::validate_resource_config::Request>,
    ) -> Answered<proto::validate_resource_config::Response> {
        attended!(self, request, "ValidateResourceConfig", type_name, validate_resource_config::answer)
    }

    async fn configure_provider(
        &self,
        request: Asked<proto::configure_provider::Request>,
    ) -> Answered<proto::configure_provider::Response> {
        attended!(self, request, "ConfigureProvider", configure_provider::answer)
    }

    async fn upgrade_resource_state(
        &self,
        request: Asked<proto::upgrade_resource_state::Request>,
    ) -> Answered<proto::upgrade_resource_state::Response> {
        attended!(self, request, "UpgradeResourceState", type_name, upgrade_resource_state::answer)
    }

    async fn read_resource(
        &self,
        request: Asked<proto::read_resource::Request>,
    ) -> Answered<proto::read_resource::Response> {
        attended!(self, request, "ReadResource", type_name, read_resource::answer)
    }

    async fn plan_resource_change(
        &self,
        request: Asked<proto::plan_resource_change::Request>,
    ) -> Answered<proto::plan_resource_change::Response> {
        attended!(self, request, "PlanResourceChange", type_name, plan_resource_change::answer)
    }

    async fn apply_resource_change(
        &self,
        request: Asked<proto::apply_resource_change::Request>,
    ) -> Answered<proto::apply_resource_change::Response> {
        attended!(self, request, "ApplyResourceChange", type_name, apply_resource_change::answer)
    }

    async fn import_resource_state(
        &self,
        request: Asked<proto::import_resource_state::Request>,
    ) -> Answered<proto::import_resource_state::Response> {
        attended!(self, request, "ImportResourceState", type_name, import_resource_state::answer)
    }

    async fn move_resource_state(
        &self,
        request: Asked<proto::move_resource_state::Request>,
    ) -> Answered<proto::move_resource_state::Response> {
        attended!(self, request, "MoveResourceState", target_type_name, undeclared::move_state)
    }

    async fn validate_data_resource_config(
        &self,
        request: Asked<proto::validate_data_resource_config::Request>,
    ) -> Answered<proto::validate_data_resource_config::Response> {
        attended!(self, request, "ValidateDataResourceConfig", type_name, undeclared::validate_data_source)
    }

    async fn read_data_source(
        &self,
        request: Asked<proto::read_data_source::Request>,
    ) -> Answered<proto::read_data_source::Response> {
        attended!(self, request, "ReadDataSource", type_name, undeclared::read_data_source)
    }

    async fn get_functions(
        &self,
        request: Asked<proto::get_functions::Request>,
    ) -> Answered<proto::get_functions::Response> {
        attended!(self, request, "GetFunctions", undeclared::functions)
    }

    async fn call_function(
        &self,
        request: Asked<proto::call_function::Request>,
    ) -> Answered<proto::call_function::Response> {
        Ok(Response::new(undeclared::call_function(self, &request.into_inner().name)))
    }

    async fn stop_provider(
        &self,
        _request: Asked<proto::stop_provider::Request>,
    ) -> Answered<proto::stop_provider::Response> {
        // A panic in here is of no interest to the host, which waits for the answer and does not look at it.
        let stopped = guard::caught(async { self.provider.stop() }).await;
        tracing::debug!(tf_rpc = "StopProvider", stopped = stopped.is_ok(), "answered");
        Ok(Response::new(proto::stop_provider::Response::default()))
    }
}

#[cfg(test)]
mod tests;
