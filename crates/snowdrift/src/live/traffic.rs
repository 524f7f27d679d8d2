//! How many requests a run takes, counted where they leave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use servicenow_client::{Transport, TransportError};
use servicenow_core::{Request, Response, SysId};

/// The requests that were sent so far.
#[derive(Debug, Default)]
pub struct Traffic(AtomicU64);

struct Counted {
    inner: Arc<dyn Transport>,
    traffic: Arc<Traffic>,
}

impl Traffic {
    /// Requests, repetitions included.
    pub fn requests(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// The same transport, counted.
    pub fn count(self: &Arc<Traffic>, inner: Arc<dyn Transport>) -> Arc<dyn Transport> {
        Arc::new(Counted { inner, traffic: self.clone() })
    }
}

#[async_trait]
impl Transport for Counted {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        self.traffic.0.fetch_add(1, Ordering::Relaxed);
        self.inner.send(request).await
    }

    async fn sleep(&self, wait: Duration) {
        self.inner.sleep(wait).await;
    }

    fn now_ms(&self) -> u64 {
        self.inner.now_ms()
    }

    fn random(&self) -> f64 {
        self.inner.random()
    }

    fn new_sys_id(&self) -> SysId {
        self.inner.new_sys_id()
    }

    fn redact(&self, text: &mut String) {
        self.inner.redact(text);
    }
}
