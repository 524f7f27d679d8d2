//! The instance on a socket: a thin shell around its answers, which adds latency and loses answers.

mod connections;
mod delivery;
mod guard;
mod incoming;
mod limits;
mod socket;
mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::http::request::Parts;
use servicenow_core::{Request, Response};
use tokio::net::TcpListener;

use self::connections::Busy;
use self::delivery::Delivered;
use self::incoming::Unread;
use self::limits::Limits;
use self::socket::Ending;
pub use self::tls::{Tls, TlsError};
use crate::answer::{failures, finish};
use crate::arrival::Arrival;
use crate::control;
use crate::exchange::{Delivery, Exchange};
use crate::sign_in::Caller;
use crate::simulator::Simulator;

/// Where control is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ControlFrom {
    /// Only from this machine.
    #[default]
    ThisMachine,
    /// From every machine that reaches the socket: secrets too.
    Everywhere,
}

/// How an instance is served.
#[derive(Clone, Debug, Default)]
pub struct Serving {
    /// Where control is taken from.
    pub control_from: ControlFrom,
    /// Certificates for HTTPS; plain HTTP without them.
    pub tls: Option<Tls>,
}

/// Serves the instance until the listener fails. Dropping the future ends it: nothing new is accepted.
///
/// # Errors
/// The listener fails for good.
pub async fn serve(simulator: Simulator, listener: TcpListener) -> io::Result<()> {
    serve_as(simulator, listener, Serving::default()).await
}

/// Serves the instance as told until the listener fails. Dropping the future ends it: nothing new is accepted.
///
/// # Errors
/// The listener fails for good.
pub async fn serve_as(simulator: Simulator, listener: TcpListener, serving: Serving) -> io::Result<()> {
    let server = Server { simulator, serving, limits: Limits::default() };
    connections::accept(Arc::new(server), listener).await
}

/// What all connections share.
struct Server {
    simulator: Simulator,
    serving: Serving,
    limits: Limits,
}

/// One connection, as its requests see it.
#[derive(Clone, Debug)]
struct Peer {
    /// The address of the other end.
    address: SocketAddr,
    /// How the connection ends.
    ending: Ending,
    /// The subject of the certificate that the client proved to have.
    certificate: Option<String>,
}

/// There is no answer: the connection ends.
#[derive(Debug, thiserror::Error)]
#[error("the answer was lost on purpose")]
struct Lost;

type Answered = Result<hyper::Response<Delivered>, Lost>;

async fn handle(server: &Server, peer: &Peer, busy: Busy, request: hyper::Request<Incoming>) -> Answered {
    let (parts, body) = request.into_parts();
    let body = incoming::read(body, &server.limits).await;
    let exchange = match (incoming::translated(&parts, body.as_ref().ok()), body) {
        (None, _) => Exchange::plain(failures::method_not_allowed()),
        (Some(request), Err(Unread::TooLarge)) => {
            let response = too_large(&parts, server.simulator.body_bytes_max());
            Exchange::plain(finish(&Arrival::plain(&request), response, &Caller::default()))
        }
        (Some(_), Err(Unread::Crowded)) => Exchange::plain(crowded()),
        (_, Err(Unread::Broken)) => return Err(Lost),
        (Some(request), Ok(body)) => match refused(server, peer, &request) {
            Some(refusal) => Exchange::plain(refusal),
            None => {
                let (bytes, _held) = body.into_parts();
                exchanged(
                    server,
                    Arrival { request, bytes, certificate: peer.certificate.clone(), takes_time: true },
                )
                .await
            }
        },
    };
    deliver(server, peer, busy, exchange).await
}

/// Why this machine's own paths are closed to the asker, if they are.
fn refused(server: &Server, peer: &Peer, request: &Request) -> Option<Response> {
    if !control::is_for_control(&request.path) {
        return None;
    }
    let everywhere = server.serving.control_from == ControlFrom::Everywhere;
    let reason = guard::objection(peer.address, everywhere, request)?;
    Some(failures::failure(403, "The simulator is controlled from this machine only", Some(reason)))
}

/// The work is done at once and the answer is held back, so that what was acknowledged late has long happened.
async fn exchanged(server: &Server, arrival: Arrival) -> Exchange {
    let turn = server.limits.turn().await;
    let simulator = server.simulator.clone();
    let work = tokio::task::spawn_blocking(move || simulator.exchange(&arrival));
    let exchange = match work.await {
        Ok(exchange) => exchange,
        Err(error) => Exchange::plain(failures::broken(&error.to_string())),
    };
    drop(turn);
    if exchange.delay_ms > 0 {
        tokio::time::sleep(Duration::from_millis(exchange.delay_ms)).await;
    }
    exchange
}

async fn deliver(server: &Server, peer: &Peer, busy: Busy, exchange: Exchange) -> Answered {
    let Exchange { response, delivery, .. } = exchange;
    match delivery {
        Delivery::Lost => return Err(Lost),
        Delivery::Reset => {
            peer.ending.reset();
            return Err(Lost);
        }
        Delivery::Whole | Delivery::Cut { .. } | Delivery::Drip { .. } => {}
    }
    let memory = server.limits.hold(response.body.len()).await;
    let Response { status, headers, body } = response;
    let mut builder = hyper::Response::builder().status(status);
    for (name, value) in &headers {
        builder = builder.header(name, value);
    }
    let body = Delivered::new(body, delivery, memory, busy);
    // Names and values of headers are ours, and those of a fault were checked when it was planned.
    builder.body(body).map_err(|_| Lost)
}

fn too_large(parts: &Parts, bytes_max: usize) -> Response {
    let told = parts.headers.get("content-length").and_then(|it| it.to_str().ok()?.parse().ok());
    failures::body_too_large(told.unwrap_or(incoming::BODY_BYTES_READ_MAX), bytes_max)
}

fn crowded() -> Response {
    failures::failure(
        503,
        "The simulated instance holds too many requests",
        Some("Ask again with fewer at once"),
    )
}

#[cfg(test)]
mod tests;
