//! The data source of one integration of Unifi: the integration, and the endpoints by which the other system reaches it.

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_client::Freshness;
use servicenow_core::{Record, SysId};
use tf_core::{Attr, Attribute, Behavior, Diagnostics, Mode, Model, Object, Schema, Value, model};
use tf_plugin::{DataOutcome, DataSource};

use super::One;
use crate::errors::{self, Doing};
use crate::session::Shared;
use crate::subject::Subject;
use crate::tables::Table;
use crate::timeouts;

/// The type that has it.
pub const TYPE_NAME: &str = "servicenow_unifi_integration";

/// The attribute that no column of the integration holds.
const ENDPOINTS: &str = "inbound_endpoints";

/// The kinds of endpoints, and the columns of a process that refer to them. *Assumed*, as all columns of Unifi.
const KINDS: [(&str, &str); 2] = [("message", "message_method"), ("action", "action_method")];

/// What is read of an endpoint's operation.
const OPERATION: [&str; 3] = ["operation_uri", "active", "web_service_definition.active"];

/// What the data source shows beside the integration.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Beside {
    /// The endpoints that the other system calls, which belong to the process: `message` for messages, `action` for
    /// attachments. Their paths are read as the instance keeps them, and never put together. Null where the integration has no
    /// process, where the process has no REST service, such as one that only knows SOAP, and where the user that signs in may not
    /// see its operations, which needs `web_service_admin`.
    #[tf(computed())]
    inbound_endpoints: Attr<Vec<Endpoint>>,
}

/// An endpoint that the other system calls.
#[derive(Clone, Debug, Default, PartialEq, Model)]
struct Endpoint {
    /// What it takes: `message` or `action`.
    #[tf(computed())]
    kind: Attr<String>,
    /// Its path on the instance, such as `/api/x_snd_eb/incident/message`; `endpoint_url` makes an address of it.
    #[tf(computed())]
    path: Attr<String>,
    /// Whether it answers: its operation and its API are both active.
    #[tf(computed())]
    active: Attr<bool>,
}

/// The data source.
pub struct Source {
    one: One,
    shared: Arc<Shared>,
}

impl Source {
    /// The data source of the subject of integrations.
    pub fn new(subject: Subject, shared: Arc<Shared>) -> Source {
        Source { one: One::new(subject, shared.clone()), shared }
    }

    /// The endpoints of an integration, by one look at it and at what it refers to.
    async fn endpoints(&self, id: &SysId) -> Result<Value, Diagnostics> {
        let session = self.shared.session()?.for_operation(timeouts::DEFAULT_MS);
        let doing = Doing { verb: "read the endpoints of", noun: "Unifi integration", name: id.as_str() };
        let table = Table::of(&session, "x_snd_eb_integration")?;
        let columns: Vec<String> = KINDS
            .iter()
            .flat_map(|(_, method)| OPERATION.map(|it| table.column(&format!("process.{method}.{it}"))))
            .collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let record = table.read(id, &columns, Freshness::Now).await.map_err(|error| {
            let problem = errors::service(&doing, &error, "Nothing was changed.");
            session.redacted(problem.into(), &[])
        })?;
        let record = record.unwrap_or_default();
        let process = table.column("process");
        let endpoints: Vec<Endpoint> =
            KINDS.iter().filter_map(|(kind, method)| endpoint(&record, &process, kind, method)).collect();
        let known = if endpoints.is_empty() { Attr::Null } else { Attr::Known(endpoints) };
        let object = Beside { inbound_endpoints: known }.to_object();
        Ok(object.get(ENDPOINTS).cloned().unwrap_or(Value::Null))
    }
}

/// The endpoint that a column of the process refers to; `None` where it refers to none that is seen.
fn endpoint(record: &Record, process: &str, kind: &str, method: &str) -> Option<Endpoint> {
    let [path, active, whole] = OPERATION.map(|it| format!("{process}.{method}.{it}"));
    let path_of = record.text(&path);
    if path_of.is_empty() {
        return None;
    }
    // What is not shown is not held against it.
    let is_on = |column: &str| record.get(column).is_none_or(|_| record.flag(column));
    Some(Endpoint {
        kind: Attr::Known(kind.to_owned()),
        path: Attr::Known(path_of.to_owned()),
        active: Attr::Known(is_on(&active) && is_on(&whole)),
    })
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        TYPE_NAME
    }

    fn schema(&self) -> Schema {
        let mut schema = self.one.schema();
        let beside = model::schema::<Beside>().block.attributes;
        let shown = |it: Attribute| Attribute {
            behavior: Behavior { mode: Mode::Computed, ..Behavior::default() },
            ..it
        };
        schema.block.attributes.extend(beside.into_iter().map(shown));
        schema
    }

    fn validate(&self, config: &Object) -> Diagnostics {
        self.one.validate(config)
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let mut found = self.one.read(config).await;
        let id = found.object.as_ref().and_then(|it| it.get("id")).and_then(Value::as_str);
        let Some(id) = id.and_then(|it| it.parse::<SysId>().ok()) else { return found };
        match self.endpoints(&id).await {
            Ok(endpoints) => {
                found.object.iter_mut().for_each(|it| {
                    it.insert(ENDPOINTS.to_owned(), endpoints.clone());
                });
                found
            }
            Err(problems) => problems.into(),
        }
    }
}
