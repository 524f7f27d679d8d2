//! The service by which the host ends the process.

use tonic::{Request, Response, Status};

use crate::lifetime::{Ending, Lifetime};
use crate::proto::plugin::Empty;
use crate::proto::plugin::grpc_controller_server::GrpcController;

/// Answers, and ends the lifetime.
pub(crate) struct Controller(pub(crate) Lifetime);

#[tonic::async_trait]
impl GrpcController for Controller {
    async fn shutdown(&self, _request: Request<Empty>) -> Result<Response<Empty>, Status> {
        self.0.end(Ending::Shutdown);
        Ok(Response::new(Empty {}))
    }
}
