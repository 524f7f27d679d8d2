//! Accepting connections: one that fails leaves the others alone, one that dawdles keeps nobody waiting.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

#[cfg(unix)]
use tokio::net::UnixListener;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;

use crate::connection::{Connection, Stream};
use crate::lifetime::Lifetime;

/// A TLS handshake takes milliseconds; whoever needs longer than this is no host.
const TLS_HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// How many may be in the middle of a handshake. A host opens one connection; whoever opens this many more holds up
/// only themselves, since the oldest has to make room.
const TLS_HANDSHAKES_AT_ONCE_MAX: usize = 64;

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
            Arrivals::Tcp(listener) => Ok(Box::new(next_tcp(listener).await?)),
        }
    }
}

async fn next_tcp(listener: &TcpListener) -> io::Result<TcpStream> {
    let stream = listener.accept().await?.0;
    // Without this every small answer waits for an acknowledgement: four times slower in all.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// The connections that are ready to be served.
pub(crate) type Incoming = ReceiverStream<io::Result<Connection>>;

/// Accepts until the lifetime ends.
pub(crate) fn incoming(arrivals: Arrivals, tls: Option<TlsAcceptor>, lifetime: Lifetime) -> Incoming {
    let (sender, receiver) = mpsc::channel(TLS_HANDSHAKES_AT_ONCE_MAX);
    tokio::spawn(async move {
        tokio::select! {
            () = accept_all(arrivals, tls, &lifetime, sender) => {}
            _ = lifetime.ended() => {}
        }
    });
    ReceiverStream::new(receiver)
}

async fn accept_all(
    arrivals: Arrivals,
    tls: Option<TlsAcceptor>,
    lifetime: &Lifetime,
    ready: mpsc::Sender<io::Result<Connection>>,
) {
    let mut handshakes = VecDeque::new();
    loop {
        let stream = match arrivals.next().await {
            Ok(stream) => stream,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                continue;
            }
        };
        make_room(&mut handshakes);
        let (tls, lifetime, ready) = (tls.clone(), lifetime.clone(), ready.clone());
        let handshake = tokio::spawn(async move {
            if let Some(connection) = open(stream, tls, &lifetime).await {
                // The server is gone when this fails, and the connection is not needed any more.
                let _ = ready.send(Ok(connection)).await;
            }
        });
        handshakes.push_back(handshake.abort_handle());
    }
}

/// Gives up the oldest handshake when there are too many.
fn make_room(handshakes: &mut VecDeque<AbortHandle>) {
    handshakes.retain(|it| !it.is_finished());
    if handshakes.len() < TLS_HANDSHAKES_AT_ONCE_MAX {
        return;
    }
    if let Some(oldest) = handshakes.pop_front() {
        tracing::warn!(
            "a connection was closed because too many others came while its TLS handshake took long"
        );
        oldest.abort();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn answers_over_tcp_are_sent_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let _host = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        assert!(next_tcp(&listener).await.unwrap().nodelay().unwrap());
    }

    #[tokio::test]
    async fn the_oldest_handshake_makes_room() {
        let mut handshakes: VecDeque<AbortHandle> = VecDeque::new();
        for _ in 0..=TLS_HANDSHAKES_AT_ONCE_MAX {
            make_room(&mut handshakes);
            handshakes.push_back(tokio::spawn(std::future::pending::<()>()).abort_handle());
        }
        assert_eq!(handshakes.len(), TLS_HANDSHAKES_AT_ONCE_MAX);
        for it in handshakes {
            it.abort();
        }
    }
}
