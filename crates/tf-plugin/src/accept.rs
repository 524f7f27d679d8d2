//! Accepting connections: one that fails leaves the others alone, one that dawdles keeps nobody waiting.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

use crate::connection::{Connection, Stream};
use crate::lifetime::Lifetime;

/// A TLS handshake takes milliseconds; whoever needs longer than this is no host.
const TLS_HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// How many may be in the middle of a handshake. A host opens one connection.
const TLS_HANDSHAKES_AT_ONCE_MAX: usize = 32;

/// How long to wait when the operating system refuses, for example because files are short.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// A socket on which connections arrive.
pub(crate) enum Arrivals {
    #[cfg(unix)]
    Unix(UnixListener),
    Tcp(TcpListener),
}

impl Arrivals {
    async fn next(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Arrivals::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            Arrivals::Tcp(listener) => {
                let stream = listener.accept().await?.0;
                // Without this every small answer waits for an acknowledgement: four times slower in all.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// The connections that are ready to be served.
pub(crate) type Incoming = ReceiverStream<io::Result<Connection>>;

/// Accepts until the lifetime ends.
pub(crate) fn incoming(arrivals: Arrivals, tls: Option<TlsAcceptor>, lifetime: Lifetime) -> Incoming {
    let (sender, receiver) = mpsc::channel(TLS_HANDSHAKES_AT_ONCE_MAX);
    let places = Arc::new(Semaphore::new(TLS_HANDSHAKES_AT_ONCE_MAX));
    tokio::spawn(async move {
        tokio::select! {
            () = accept_all(arrivals, tls, &lifetime, places, sender) => {}
            _ = lifetime.ended() => {}
        }
    });
    ReceiverStream::new(receiver)
}

async fn accept_all(
    arrivals: Arrivals,
    tls: Option<TlsAcceptor>,
    lifetime: &Lifetime,
    places: Arc<Semaphore>,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    // The semaphore is never closed, so that this loop ends with its task only.
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        let stream = match arrivals.next().await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                continue;
            }
        };
        let (tls, lifetime, ready) = (tls.clone(), lifetime.clone(), ready.clone());
        tokio::spawn(async move {
            if let Some(connection) = open(stream, tls, &lifetime).await {
                // The server is gone when this fails, and the connection is not needed any more.
                let _ = ready.send(Ok(connection)).await;
            }
            drop(place);
        });
    }
}

async fn open(stream: Box<dyn Stream>, tls: Option<TlsAcceptor>, lifetime: &Lifetime) -> Option<Connection> {
    let Some(tls) = tls else { return Some(Connection::new(stream, lifetime.connection())) };
    match timeout(TLS_HANDSHAKE_MAX, tls.accept(stream)).await {
        Ok(Ok(stream)) => Some(Connection::new(stream, lifetime.connection())),
        Ok(Err(error)) => {
            tracing::warn!(%error, "a connection was refused");
            None
        }
        Err(_) => {
            tracing::warn!("a connection was closed because its TLS handshake took too long");
            None
        }
    }
}
