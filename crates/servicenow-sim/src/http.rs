//! The instance on a socket: a thin shell around its answers, which adds latency and loses answers.

mod socket;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, State};
use axum::http::request::Parts;
use servicenow_core::{Method, Request, Response};
use tokio::net::TcpListener;

use self::socket::{Peer, Sockets};
use crate::answer::{BODY_BYTES_MAX, failures, finish};
use crate::arrival::{Arrival, pairs};
use crate::control::SECRET;
use crate::sign_in::Caller;
use crate::simulator::{Exchange, Simulator};

/// A body is read a little beyond what the platform takes, so that its own words refuse it.
const BODY_BYTES_READ_MAX: usize = BODY_BYTES_MAX + 1024;

/// Serves the instance until the listener fails. Dropping the future ends it.
pub async fn serve(simulator: Simulator, listener: TcpListener) -> io::Result<()> {
    let router: Router = Router::new().fallback(handle).with_state(simulator);
    axum::serve(Sockets::new(listener), router.into_make_service_with_connect_info::<Peer>()).await
}

async fn handle(
    State(simulator): State<Simulator>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let (parts, body) = request.into_parts();
    let read = to_bytes(body, BODY_BYTES_READ_MAX).await;
    let response = match (translated(&parts, read.as_ref().ok()), read) {
        (None, _) => failures::method_not_allowed(),
        (Some(request), Err(_)) => finish(&Arrival::plain(&request), too_large(&parts), &Caller::default()),
        (Some(request), Ok(_)) if request.path == SECRET && !is_local(peer.address) => {
            failures::failure(403, "Stored secrets are told to this machine only", None)
        }
        (Some(request), Ok(bytes)) => {
            let arrival = Arrival { request, bytes: bytes.to_vec(), certificate: None };
            exchanged(simulator, arrival).await
        }
    };
    if response.status == 0 {
        peer.cut();
    }
    to_axum(response)
}

/// The work is done at once and the answer is held back, so that what was acknowledged late has long happened.
async fn exchanged(simulator: Simulator, arrival: Arrival) -> Response {
    let work = tokio::task::spawn_blocking(move || simulator.exchange(&arrival));
    match work.await {
        Ok(Exchange { response, delay_ms }) => {
            if delay_ms > 0 {
                tokio::time::sleep(Duration::from_millis(delay_ms)).await;
            }
            response
        }
        Err(error) => failures::broken(&error.to_string()),
    }
}

fn is_local(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

fn too_large(parts: &Parts) -> Response {
    let told = parts.headers.get("content-length").and_then(|it| it.to_str().ok()?.parse().ok());
    failures::body_too_large(told.unwrap_or(BODY_BYTES_READ_MAX), BODY_BYTES_MAX)
}

/// A request in our words, or nothing for a verb that no instance knows.
fn translated(parts: &Parts, body: Option<&Bytes>) -> Option<Request> {
    let verbs = [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let method = verbs.into_iter().find(|it| it.as_str() == parts.method.as_str())?;
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let body = body.filter(|it| !it.is_empty()).map(|it| String::from_utf8_lossy(it).into_owned());
    Some(Request {
        method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default()),
        headers: headers.collect(),
        body,
    })
}

fn to_axum(response: Response) -> axum::response::Response {
    let mut builder =
        axum::http::Response::builder().status(if response.status == 0 { 500 } else { response.status });
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(response.body)).unwrap_or_else(|_| {
        let mut broken = axum::response::Response::new(Body::empty());
        *broken.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
        broken
    })
}

#[cfg(test)]
mod tests;
