//! Nothing is written to an instance that is not the expected one: the names it gives itself are read first.
//!
//! A clone answers under an address that people know, with records that look right. What it calls itself is in two
//! properties, which are read once before the first request that could write, whoever sends it and whatever it writes.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use servicenow_core::table_api::{self, Page};
use servicenow_core::{Cause, Kind, Query, Record, Request, Response, ServiceError, SysId, answer};
use tokio::sync::Mutex;

use crate::{Transport, TransportError};

/// Where an instance keeps its name. *Assumed*: it is so on every instance that was seen.
const NAME: &str = "instance_name";

/// Where an instance keeps its id. *Assumed*, like its name.
const ID: &str = "instance_id";

/// What an instance has to call itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Its name, as in the property `instance_name`; upper and lower case are the same.
    pub name: Option<String>,
    /// Its id, as in the property `instance_id`.
    pub id: Option<String>,
    /// Whether an instance whose name or id cannot be read is written to all the same.
    pub allows_unreadable: bool,
}

/// What a look at the instance came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is the expected one.
    Expected,
    /// It calls itself something else.
    Other {
        /// The property that differs.
        property: &'static str,
        /// What was expected.
        expected: String,
        /// What it says.
        found: String,
    },
    /// The user that signs in may not see the property, or the instance has none.
    Unreadable {
        /// The property that was not there.
        property: &'static str,
    },
}

/// A transport that lets through what reads, and what writes only to the expected instance.
pub struct Guarded {
    inner: Arc<dyn Transport>,
    expectation: Expectation,
    /// Held while the instance is looked at, so that many writes wait for one look.
    finding: Mutex<Option<Finding>>,
}

impl Guarded {
    /// Guards what goes over `inner`.
    pub fn over(inner: Arc<dyn Transport>, expectation: Expectation) -> Guarded {
        Guarded { inner, expectation, finding: Mutex::default() }
    }

    /// Looks which instance it is, once: what was found is kept.
    ///
    /// # Errors
    /// The instance does not answer. Nothing is kept then.
    pub async fn look(&self) -> Result<Finding, ServiceError> {
        let mut kept = self.finding.lock().await;
        if let Some(finding) = &*kept {
            return Ok(finding.clone());
        }
        let finding = self.ask().await?;
        *kept = Some(finding.clone());
        Ok(finding)
    }

    async fn ask(&self) -> Result<Finding, ServiceError> {
        let request = question();
        let response = self.inner.send(&request).await.map_err(|it| it.into_service_error(&request))?;
        let rows: Vec<Record> = match answer::classify(&request, &response) {
            Ok(result) => result.as_array().into_iter().flatten().map(Record::from_json).collect(),
            Err(error) if matches!(error.kind, Kind::Forbidden | Kind::InvalidTable) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(self.compare(&rows))
    }

    fn compare(&self, rows: &[Record]) -> Finding {
        let expected = [(NAME, &self.expectation.name), (ID, &self.expectation.id)];
        let mut unreadable = None;
        for (property, expected) in expected {
            let Some(expected) = expected else { continue };
            let row = rows.iter().find(|it| it.text("name") == property);
            match row.map(|it| it.text("value").trim()).filter(|it| !it.is_empty()) {
                Some(found) if found.eq_ignore_ascii_case(expected.trim()) => {}
                // What differs counts more than what cannot be seen.
                Some(found) => {
                    return Finding::Other { property, expected: expected.clone(), found: found.to_owned() };
                }
                None => unreadable = Some(Finding::Unreadable { property }),
            }
        }
        unreadable.unwrap_or(Finding::Expected)
    }

    /// Whether a write may go out.
    async fn permit(&self) -> Result<(), TransportError> {
        match self.look().await {
            Ok(Finding::Expected) => Ok(()),
            Ok(Finding::Unreadable { .. }) if self.expectation.allows_unreadable => Ok(()),
            Ok(finding) => {
                Err(TransportError { sent: false, kind: Cause::Guard, reason: finding.to_string() })
            }
            // As a failed connection it is tried again with the request that needs it.
            Err(error) => {
                let reason =
                    format!("before the first write the instance is asked for its name, and {error}");
                let kind = error.cause.unwrap_or(Cause::Credentials(error.kind));
                Err(TransportError { sent: false, kind, reason })
            }
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Finding::Expected => f.write_str("the instance is the expected one"),
            Finding::Other { property, expected, found } => write!(
                f,
                "the instance is not the expected one: its `{property}` is `{found}`, and `{expected}` is expected; it \
                 may be a clone under a known address"
            ),
            Finding::Unreadable { property } => write!(
                f,
                "it cannot be told which instance this is: `sys_properties` shows no `{property}` to the user that signs \
                 in, who needs read access to that record, for example with the role `admin`"
            ),
        }
    }
}

#[async_trait]
impl Transport for Guarded {
    async fn send(&self, request: &Request) -> Result<Response, TransportError> {
        if !request.is_read() {
            self.permit().await?;
        }
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

/// Asks for both properties, whichever is expected: one request serves every expectation.
fn question() -> Request {
    let query = Query::new().is_in("name", &[NAME, ID]).unwrap_or_default();
    match "sys_properties".parse() {
        Ok(table) => table_api::list(&table, &query, &["name", "value"], Page { limit: 2, offset: 0 }),
        Err(_) => Request::new(servicenow_core::Method::Get, "/api/now/table/sys_properties"),
    }
}

#[cfg(test)]
mod tests;
