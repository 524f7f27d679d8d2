//! A transport that plays a script: expected requests, prepared answers, recorded waits, and no time passing.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_core::{Request, Response, SysId};
use tokio::sync::Notify;

use crate::{Cause, Transport, TransportError};

/// What happens to a request.
pub enum Play {
    /// An answer: status, headers, body.
    Answer(u16, Vec<(&'static str, &'static str)>, String),
    /// No connection, for this reason.
    Unreachable(Cause),
    /// The request goes out and no answer comes.
    Lost,
    /// No answer ever comes.
    Hang,
}

pub fn ok(status: u16, body: impl Into<String>) -> Play {
    Play::Answer(status, Vec::new(), body.into())
}

pub struct Script {
    scenes: Mutex<VecDeque<(&'static str, Play)>>,
    pub asked: Mutex<Vec<Request>>,
    pub waits_ms: Mutex<Vec<u64>>,
    /// Waits of so many milliseconds or more do not end by themselves.
    pub endless_from_ms: AtomicU64,
    pub in_flight_max: AtomicU64,
    in_flight: AtomicU64,
    pub hanging: Notify,
    now_ms: AtomicU64,
}

impl Script {
    /// Scenes in order: the beginning of a request as `METHOD path?query`, and what happens to it.
    pub fn new(scenes: Vec<(&'static str, Play)>) -> Script {
        Script {
            scenes: Mutex::new(scenes.into()),
            asked: Mutex::default(),
            waits_ms: Mutex::default(),
            endless_from_ms: AtomicU64::new(u64::MAX),
            in_flight_max: AtomicU64::new(0),
            in_flight: AtomicU64::new(0),
            hanging: Notify::new(),
            now_ms: AtomicU64::new(0),
        }
    }

    /// Everything that was expected was asked.
    pub fn finish(&self) {
        assert_eq!(self.scenes.lock().unwrap().len(), 0, "requests that never came");
    }

    pub fn waits(&self) -> Vec<u64> {
        self.waits_ms.lock().unwrap().clone()
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|it| format!("{} {}", it.method, it.target())).collect()
    }
}

#[async_trait]
impl Transport for Script {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.asked.lock().unwrap().push(request.clone());
        let line = format!("{} {}", request.method, request.target());
        let (expected, play) =
            self.scenes.lock().unwrap().pop_front().unwrap_or_else(|| panic!("unexpected {line}"));
        assert!(line.starts_with(expected), "expected {expected}, got {line}");
        let now = self.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        self.in_flight_max.fetch_max(now, Ordering::SeqCst);
        tokio::task::yield_now().await;
        let outcome = match play {
            Play::Answer(status, headers, body) => {
                let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
                Ok(Response {
                    status,
                    headers: headers.into_iter().map(owned).collect(),
                    body: body.into_bytes(),
                })
            }
            Play::Unreachable(kind) => {
                Err(TransportError { sent: false, kind, reason: "no connection".to_owned() })
            }
            Play::Lost => {
                Err(TransportError { sent: true, kind: Cause::Lost, reason: "connection reset".to_owned() })
            }
            Play::Hang => {
                self.hanging.notify_one();
                std::future::pending().await
            }
        };
        self.in_flight.fetch_sub(1, Ordering::SeqCst);
        outcome
    }

    async fn sleep(&self, wait: Duration) {
        let wait_ms = wait.as_millis() as u64;
        self.waits_ms.lock().unwrap().push(wait_ms);
        self.now_ms.fetch_add(wait_ms, Ordering::SeqCst);
        if wait_ms >= self.endless_from_ms.load(Ordering::SeqCst) {
            self.hanging.notify_one();
            std::future::pending::<()>().await;
        }
    }

    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn random(&self) -> f64 {
        0.5
    }

    fn new_sys_id(&self) -> SysId {
        SysId::from_bytes([0xab; 16])
    }
}
