//! All services of the process behind one door, chosen by the first part of the path.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::body::Body;
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::NamedService;
use tonic::{Code, Status};
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};

use crate::broker::Broker;
use crate::controller::Controller;
use crate::lifetime::Lifetime;
use crate::proto::plugin::grpc_broker_server::GrpcBrokerServer;
use crate::proto::plugin::grpc_controller_server::GrpcControllerServer;
use crate::proto::plugin::grpc_stdio_server::GrpcStdioServer;
use crate::proto::tfplugin6::provider_server::ProviderServer;
use crate::rpc::Served;
use crate::stdio::Stdio;

/// The largest message in either direction. A state with thousands of objects does not fit into the few megabytes that
/// gRPC allows by default; this is what other plugins accept.
pub(crate) const MESSAGE_BYTES_MAX: usize = 256 * 1024 * 1024;

/// The name under which hosts ask for the health of a plugin.
const HEALTH_NAME: &str = "plugin";

/// Every service.
#[derive(Clone)]
pub(crate) struct Services {
    provider: ProviderServer<Served>,
    controller: GrpcControllerServer<Controller>,
    stdio: GrpcStdioServer<Stdio>,
    broker: GrpcBrokerServer<Broker>,
    health: HealthServer<HealthService>,
}

impl Services {
    pub(crate) async fn new(served: Arc<Served>, lifetime: &Lifetime) -> Services {
        let reporter = HealthReporter::new();
        reporter.set_service_status(HEALTH_NAME, tonic_health::ServingStatus::Serving).await;
        Services {
            provider: ProviderServer::from_arc(served)
                .max_decoding_message_size(MESSAGE_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_BYTES_MAX),
            controller: GrpcControllerServer::new(Controller(lifetime.clone())),
            stdio: GrpcStdioServer::new(Stdio(lifetime.clone())),
            broker: GrpcBrokerServer::new(Broker(lifetime.clone())),
            health: HealthServer::new(HealthService::from_health_reporter(reporter)),
        }
    }
}

impl Service<http::Request<Body>> for Services {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let name = request.uri().path().split('/').nth(1).unwrap_or_default();
        if name == ProviderServer::<Served>::NAME {
            self.provider.call(request)
        } else if name == GrpcControllerServer::<Controller>::NAME {
            self.controller.call(request)
        } else if name == GrpcStdioServer::<Stdio>::NAME {
            self.stdio.call(request)
        } else if name == GrpcBrokerServer::<Broker>::NAME {
            self.broker.call(request)
        } else if name == HealthServer::<HealthService>::NAME {
            self.health.call(request)
        } else {
            Box::pin(async { Ok(Status::new(Code::Unimplemented, "no such service").into_http()) })
        }
    }
}
