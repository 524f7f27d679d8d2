//! Requests off the wire in our words.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use hyper::body::{Body as _, Incoming};
use hyper::http::request::Parts;
use servicenow_core::{Method, Request};
use tokio::time::timeout;

use super::limits::{Held, Limits};
use crate::arrival::pairs;

/// What the platform takes where its property allows most.
const BODY_BYTES_MAX: usize = 25 * 1024 * 1024;
/// A body is read a little beyond what the platform takes, so that its own words refuse it.
pub const BODY_BYTES_READ_MAX: usize = BODY_BYTES_MAX + 1024;
/// What is too large is read on for so long, because a client that still sends does not listen.
const BODY_BYTES_DROPPED_MAX: usize = 4 * BODY_BYTES_MAX;
/// A client that needs longer for its body does not want to be served.
const BODY_TIME_MAX: Duration = Duration::from_secs(60);

/// Why a body was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// It is longer than the platform takes.
    TooLarge,
    /// Too much is held already.
    Crowded,
    /// It never came to an end.
    Broken,
}

/// A body and the memory that it takes.
#[derive(Debug)]
pub struct Read {
    bytes: Vec<u8>,
    held: Vec<Held>,
}

impl Read {
    /// The bytes, and the memory that is theirs.
    pub fn into_parts(self) -> (Vec<u8>, Vec<Held>) {
        (self.bytes, self.held)
    }
}

/// Reads a body, within the limits.
pub async fn read(body: Incoming, limits: &Limits) -> Result<Read, Unread> {
    timeout(BODY_TIME_MAX, collected(body, limits)).await.unwrap_or(Err(Unread::Broken))
}

async fn collected(mut body: Incoming, limits: &Limits) -> Result<Read, Unread> {
    let (mut bytes, mut held, mut length) = (Vec::new(), Vec::new(), 0_usize);
    let mut outcome = Ok(());
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if length > BODY_BYTES_DROPPED_MAX {
            return Err(Unread::Broken);
        }
        if outcome.is_ok() {
            outcome = keep(&data, length, limits, (&mut bytes, &mut held));
        }
        if outcome.is_err() {
            (bytes, held) = (Vec::new(), Vec::new());
        }
    }
    outcome.map(|()| Read { bytes, held })
}

fn keep(
    data: &[u8],
    length: usize,
    limits: &Limits,
    (bytes, held): (&mut Vec<u8>, &mut Vec<Held>),
) -> Result<(), Unread> {
    if length > BODY_BYTES_READ_MAX {
        return Err(Unread::TooLarge);
    }
    held.push(limits.take(data.len()).ok_or(Unread::Crowded)?);
    bytes.extend_from_slice(data);
    Ok(())
}

/// A request in our words, or nothing for a verb that no instance knows.
pub fn translated(parts: &Parts, body: Option<&Read>) -> Option<Request> {
    let verbs = [Method::Get, Method::Head, Method::Post, Method::Put, Method::Patch, Method::Delete];
    let method = verbs.into_iter().find(|it| it.as_str() == parts.method.as_str())?;
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    let body = body.map(|it| it.bytes.as_slice()).filter(|it| !it.is_empty());
    Some(Request {
        method,
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default()),
        headers: headers.collect(),
        body: body.map(|it| String::from_utf8_lossy(it).into_owned()),
    })
}
