//! The open connections: how many there may be, and which one goes when there are too many.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;
use tokio::time::timeout;

use super::socket::{Ending, Socket};
use super::{Peer, Server, handle};

/// More connections than any client of one instance opens, and few enough to hold in memory.
const CONNECTIONS_MAX: usize = 4096;
/// Heads of requests: the platform itself refuses addresses above ten thousand characters.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// A client that needs longer for the head of a request, or rests longer between two, is not waited for.
const HEAD_TIME_MAX: Duration = Duration::from_secs(60);
/// The time after which a failing listener is tried again.
const PAUSE: Duration = Duration::from_millis(50);
/// Errors that say that the process or the machine has no more file descriptors (Unix).
const NO_DESCRIPTORS: [i32; 2] = [23, 24];

/// A connection is in use while one of these lives.
#[derive(Debug)]
pub struct Busy(Arc<AtomicBool>);

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(false, Ordering::SeqCst);
    }
}

#[derive(Debug)]
struct Open {
    task: AbortHandle,
    busy: Arc<AtomicBool>,
}

/// The open connections, oldest first.
#[derive(Clone, Debug, Default)]
struct Connections {
    open: Arc<Mutex<BTreeMap<u64, Open>>>,
    next: Arc<AtomicU64>,
}

impl Connections {
    /// Ends the oldest connection that nobody uses; whether there was one.
    fn end_one(&self) -> bool {
        let mut open = self.lock();
        let idle = open.iter().find(|(_, it)| !it.busy.load(Ordering::SeqCst)).map(|(number, _)| *number);
        match idle.and_then(|it| open.remove(&it)) {
            Some(ended) => {
                ended.task.abort();
                true
            }
            None => false,
        }
    }

    /// Whether there is room for one more, for which an idle one may have to go.
    fn has_room(&self) -> bool {
        self.lock().len() < CONNECTIONS_MAX || self.end_one()
    }

    /// Serves a connection until it ends.
    fn start(&self, server: &Arc<Server>, stream: TcpStream, peer: Peer) {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let busy = Arc::new(AtomicBool::new(false));
        let (server, used, connections) = (server.clone(), busy.clone(), self.clone());
        // The list is locked until the connection is in it: one that ends at once finds itself there.
        let mut open = self.lock();
        let task = tokio::spawn(async move {
            converse(&server, stream, peer, &used).await;
            connections.lock().remove(&number);
        });
        open.insert(number, Open { task: task.abort_handle(), busy });
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Accepts connections until the listener fails for good.
pub async fn accept(server: Arc<Server>, listener: TcpListener) -> io::Result<()> {
    let connections = Connections::default();
    loop {
        match listener.accept().await {
            Ok((stream, address)) if connections.has_room() => {
                connections.start(
                    &server,
                    stream,
                    Peer { address, ending: Ending::default(), certificate: None },
                );
            }
            // All of them are in use; this one is closed.
            Ok(_) => {}
            Err(error) if error.raw_os_error().is_some_and(|it| NO_DESCRIPTORS.contains(&it)) => {
                connections.end_one();
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => return Err(error),
            // The client went away before it was accepted.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn converse(server: &Server, stream: TcpStream, peer: Peer, used: &Arc<AtomicBool>) {
    let socket = Socket::new(stream, peer.ending.clone());
    let Some(tls) = &server.serving.tls else {
        return talk(server, socket, &peer, used).await;
    };
    let shaken = timeout(HEAD_TIME_MAX, tls.accept(socket, || server.simulator.handshake())).await;
    if let Ok(Ok((stream, certificate))) = shaken {
        talk(server, stream, &Peer { certificate, ..peer }, used).await;
    }
}

async fn talk<S>(server: &Server, stream: S, peer: &Peer, used: &Arc<AtomicBool>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let answer = |request| {
        used.store(true, Ordering::SeqCst);
        handle(server, peer, Busy(used.clone()), request)
    };
    let conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service_fn(answer));
    // A conversation that ends badly has ended: the client knows, and nobody else is concerned.
    let _ = conversation.await;
}
