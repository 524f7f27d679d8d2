//! The processor that came before the Table API: `/{table}.do?JSONv2`, an action in a parameter, failures in a 200.

use serde_json::{Value, json};
use servicenow_core::{Method, Response};

use super::failures::json_response;
use super::{Call, format};
use crate::access::Operation;
use crate::arrival::Arrival;
use crate::instance::text;
use crate::records::Wanted;
use crate::settings::JSON_V2_ROWS_MAX;
use crate::store::{Row, StoreError};

/// The parameter that asks for this processor.
const MARK: &str = "JSONv2";

/// The table that a request for this processor names.
pub fn table(arrival: &Arrival) -> Option<&str> {
    arrival.parameter(MARK)?;
    arrival.request.path.strip_prefix('/')?.strip_suffix(".do").filter(|it| !it.contains('/'))
}

impl Call<'_> {
    /// Does what the parameter `sysparm_action` names; without one it reads.
    pub fn json_v2(&self, arrival: &Arrival) -> Result<Response, StoreError> {
        let document = match format::document(arrival) {
            Ok(document) => document,
            Err(failure) => return Ok(failure),
        };
        let told = |name: &str| {
            let in_body = document.get(name).and_then(Value::as_str);
            arrival.parameter(name).or(in_body).filter(|it| !it.is_empty()).map(str::to_owned)
        };
        let action = told("sysparm_action").unwrap_or_else(|| "getRecords".to_owned());
        let writes = !matches!(action.as_str(), "get" | "getRecords" | "getKeys");
        // A link that somebody follows must not change anything.
        if writes && self.request.method != Method::Post {
            return Ok(answered(&[refused("Operation Failed", Some("This action needs POST"))]));
        }
        let records = match action.as_str() {
            "get" | "getRecords" => self.got(told("sysparm_sys_id"))?,
            "getKeys" => {
                let keys: Vec<Value> =
                    self.found(told("sysparm_sys_id"))?.iter().map(|it| json!(text(it, "sys_id"))).collect();
                return Ok(json_response(200, &json!({"records": keys})));
            }
            "insert" => vec![self.inserted(arrival, &document)?],
            "insertMultiple" => {
                let several = document.get("records").and_then(Value::as_array).cloned().unwrap_or_default();
                several.iter().map(|it| self.inserted(arrival, it)).collect::<Result<_, _>>()?
            }
            "update" => self.updated(&document, told("sysparm_sys_id"))?,
            "deleteRecord" => vec![self.deleted(told("sysparm_sys_id"))?],
            "deleteMultiple" => vec![self.deleted_all()?],
            _ => vec![refused("Operation Failed", Some("The action is not known"))],
        };
        Ok(answered(&records))
    }

    /// The readable rows with that id, or those of the query.
    fn found(&self, sys_id: Option<String>) -> Result<Vec<Row>, StoreError> {
        if let Some(sys_id) = sys_id {
            return Ok(self.seen(&sys_id)?.map(|(_, row)| row).into_iter().collect());
        }
        let mut rows = self.matching_rows()?.unwrap_or_default();
        let wanted = self.request.query.iter().find(|(it, _)| it == "sysparm_record_count");
        let wanted = wanted.and_then(|(_, value)| value.parse().ok()).unwrap_or(usize::MAX);
        let cap = usize::try_from(self.instance.ruled_number(JSON_V2_ROWS_MAX)?).unwrap_or(usize::MAX);
        rows.truncate(wanted.min(cap));
        Ok(rows)
    }

    fn got(&self, sys_id: Option<String>) -> Result<Vec<Value>, StoreError> {
        self.found(sys_id)?.iter().map(|it| self.succeeded(it)).collect()
    }

    fn inserted(&self, arrival: &Arrival, columns: &Value) -> Result<Value, StoreError> {
        let mut wanted = columns_of(columns);
        if let Some(scope) = arrival.parameter("sysparm_record_scope") {
            wanted.insert("sys_scope".to_owned(), scope.to_owned());
        }
        match self.insert(wanted)? {
            Ok(row) => self.succeeded(&row),
            Err(failure) => Ok(failed(&failure)),
        }
    }

    fn updated(&self, document: &Value, sys_id: Option<String>) -> Result<Vec<Value>, StoreError> {
        let mut records = Vec::new();
        for row in self.found(sys_id)? {
            records.push(match self.update(text(&row, "sys_id"), columns_of(document))? {
                Ok(row) => self.succeeded(&row)?,
                Err(failure) => failed(&failure),
            });
        }
        Ok(records)
    }

    fn deleted(&self, sys_id: Option<String>) -> Result<Value, StoreError> {
        let sys_id = sys_id.unwrap_or_default();
        Ok(match self.erase(&sys_id)? {
            None => json!({"sys_id": sys_id, "__status": "success"}),
            Some(failure) => failed(&failure),
        })
    }

    /// Deletes the rows of a query, which must not be empty: nobody means a whole table.
    fn deleted_all(&self) -> Result<Value, StoreError> {
        let asked = self.parameters.query.as_deref().unwrap_or_default();
        if asked.trim().is_empty() || !self.rights.table(self.table, Operation::Delete) {
            return Ok(refused(
                "Operation Failed",
                Some("ACL Exception Delete Failed due to security constraints"),
            ));
        }
        let mut count = 0_u64;
        for row in self.found(None)? {
            if self.erase(text(&row, "sys_id"))?.is_none() {
                count += 1;
            }
        }
        Ok(json!({"count": count, "__status": "success"}))
    }

    fn succeeded(&self, row: &Row) -> Result<Value, StoreError> {
        let mut record = self.record(row)?;
        if let Some(members) = record.as_object_mut() {
            members.insert("__status".to_owned(), json!("success"));
        }
        Ok(record)
    }
}

fn answered(records: &[Value]) -> Response {
    json_response(200, &json!({"records": records}))
}

fn refused(message: &str, reason: Option<&str>) -> Value {
    json!({"__error": {"message": message, "reason": reason}, "__status": "failure"})
}

/// A failure of the Table API in the words of this processor.
fn failed(failure: &Response) -> Value {
    let body: Value = serde_json::from_slice(&failure.body).unwrap_or_default();
    let said = |name: &str| body.pointer(&format!("/error/{name}")).and_then(Value::as_str);
    refused(said("message").unwrap_or("Operation Failed"), said("detail"))
}

/// The columns in a document, without what the processor itself puts into records.
fn columns_of(document: &Value) -> Wanted {
    let mut wanted = super::write::columns(document.clone());
    wanted.retain(|name, _| !name.starts_with("__") && !name.starts_with("sysparm_"));
    wanted
}
