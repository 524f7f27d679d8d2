//! The methods of the service: which file answers, and which field of the request names the type.

use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::{
    Served, actions, apply_resource_change, configure_provider, data_sources, ephemeral_resources, functions,
    generate_resource_config, get_metadata, get_provider_schema, get_resource_identity_schemas,
    import_resource_state, list_resources, move_resource_state, plan_resource_change, read_resource,
    upgrade_resource_identity, upgrade_resource_state, validate,
};
use crate::guard;
use crate::proto::tfplugin6 as proto;

/// One method.
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
        attended!(self, request, "GetResourceIdentitySchemas", get_resource_identity_schemas::answer)
    }

    async fn validate_provider_config(
        &self,
        request: Asked<proto::validate_provider_config::Request>,
    ) -> Answered<proto::validate_provider_config::Response> {
        attended!(self, request, "ValidateProviderConfig", validate::provider)
    }

    async fn validate_resource_config(
        &self,
        request: Asked<proto::validate_resource_config::Request>,
    ) -> Answered<proto::validate_resource_config::Response> {
        attended!(self, request, "ValidateResourceConfig", type_name, validate::resource)
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
        attended!(self, request, "MoveResourceState", target_type_name, move_resource_state::answer)
    }

    async fn validate_data_resource_config(
        &self,
        request: Asked<proto::validate_data_resource_config::Request>,
    ) -> Answered<proto::validate_data_resource_config::Response> {
        attended!(self, request, "ValidateDataResourceConfig", type_name, validate::data_source)
    }

    async fn read_data_source(
        &self,
        request: Asked<proto::read_data_source::Request>,
    ) -> Answered<proto::read_data_source::Response> {
        attended!(self, request, "ReadDataSource", type_name, data_sources::read)
    }

    async fn get_functions(
        &self,
        request: Asked<proto::get_functions::Request>,
    ) -> Answered<proto::get_functions::Response> {
        attended!(self, request, "GetFunctions", functions::list)
    }

    async fn call_function(
        &self,
        request: Asked<proto::call_function::Request>,
    ) -> Answered<proto::call_function::Response> {
        functions::call(self, request.into_inner()).await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Asked<proto::upgrade_resource_identity::Request>,
    ) -> Answered<proto::upgrade_resource_identity::Response> {
        attended!(self, request, "UpgradeResourceIdentity", type_name, upgrade_resource_identity::answer)
    }

    async fn generate_resource_config(
        &self,
        request: Asked<proto::generate_resource_config::Request>,
    ) -> Answered<proto::generate_resource_config::Response> {
        attended!(self, request, "GenerateResourceConfig", type_name, generate_resource_config::answer)
    }

    async fn validate_ephemeral_resource_config(
        &self,
        request: Asked<proto::validate_ephemeral_resource_config::Request>,
    ) -> Answered<proto::validate_ephemeral_resource_config::Response> {
        attended!(self, request, "ValidateEphemeralResourceConfig", type_name, validate::ephemeral_resource)
    }

    async fn open_ephemeral_resource(
        &self,
        request: Asked<proto::open_ephemeral_resource::Request>,
    ) -> Answered<proto::open_ephemeral_resource::Response> {
        attended!(self, request, "OpenEphemeralResource", type_name, ephemeral_resources::open)
    }

    async fn renew_ephemeral_resource(
        &self,
        request: Asked<proto::renew_ephemeral_resource::Request>,
    ) -> Answered<proto::renew_ephemeral_resource::Response> {
        attended!(self, request, "RenewEphemeralResource", type_name, ephemeral_resources::renew)
    }

    async fn close_ephemeral_resource(
        &self,
        request: Asked<proto::close_ephemeral_resource::Request>,
    ) -> Answered<proto::close_ephemeral_resource::Response> {
        attended!(self, request, "CloseEphemeralResource", type_name, ephemeral_resources::close)
    }

    async fn validate_list_resource_config(
        &self,
        request: Asked<proto::validate_list_resource_config::Request>,
    ) -> Answered<proto::validate_list_resource_config::Response> {
        attended!(self, request, "ValidateListResourceConfig", type_name, validate::list_resource)
    }

    async fn validate_action_config(
        &self,
        request: Asked<proto::validate_action_config::Request>,
    ) -> Answered<proto::validate_action_config::Response> {
        attended!(self, request, "ValidateActionConfig", type_name, validate::action)
    }

    async fn plan_action(
        &self,
        request: Asked<proto::plan_action::Request>,
    ) -> Answered<proto::plan_action::Response> {
        attended!(self, request, "PlanAction", action_type, actions::plan)
    }

    async fn list_resource(
        &self,
        request: Asked<proto::list_resource::Request>,
    ) -> Answered<BoxStream<proto::list_resource::Event>> {
        Ok(Response::new(list_resources::list(self, request.into_inner())))
    }

    async fn invoke_action(
        &self,
        request: Asked<proto::invoke_action::Request>,
    ) -> Answered<BoxStream<proto::invoke_action::Event>> {
        Ok(Response::new(actions::invoke(self, request.into_inner())))
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
