//! The service by which a plugin could pass on its output. Nothing is passed on, since hosts only warn about it.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use crate::lifetime::Lifetime;
use crate::proto::plugin::StdioData;
use crate::proto::plugin::grpc_stdio_server::GrpcStdio;

/// Keeps the stream open and silent.
pub(crate) struct Stdio(pub(crate) Lifetime);

#[tonic::async_trait]
impl GrpcStdio for Stdio {
    async fn stream_stdio(&self, _request: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        Ok(Response::new(Box::pin(silence(&self.0))))
    }
}

/// A stream without items that ends with the lifetime.
pub(crate) fn silence<T: Send + 'static>(lifetime: &Lifetime) -> ReceiverStream<T> {
    let (sender, receiver) = mpsc::channel(1);
    let lifetime = lifetime.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = lifetime.ended() => {}
            () = sender.closed() => {}
        }
    });
    ReceiverStream::new(receiver)
}
