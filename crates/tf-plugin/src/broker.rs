//! The service by which host and plugin could agree on further connections. Providers never do.

use tokio_stream::StreamExt;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

use crate::lifetime::Lifetime;
use crate::proto::plugin::ConnInfo;
use crate::proto::plugin::grpc_broker_server::GrpcBroker;
use crate::stdio::silence;

/// Listens and says nothing.
pub(crate) struct Broker(pub(crate) Lifetime);

#[tonic::async_trait]
impl GrpcBroker for Broker {
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let mut offers = request.into_inner();
        // Offers are read, since a host could wait until they are.
        tokio::spawn(async move { while let Some(Ok(_)) = offers.next().await {} });
        Ok(Response::new(Box::pin(silence(&self.0))))
    }
}
