//! Creating, changing and deleting rows.

use serde_json::{Value, json};
use servicenow_core::Response;

use super::failures::{self, json_response};
use super::{Call, header};
use crate::access::Operation;
use crate::dictionary::Table;
use crate::records::{Wanted, WriteError, Writer};
use crate::settings::{UNREADABLE_RESULT, UNWRITABLE_COLUMN};
use crate::store::{Row, StoreError};

impl Call<'_> {
    /// Creates a row.
    pub fn create(&self) -> Result<Response, StoreError> {
        if !self.rights.table(self.table, Operation::Create) {
            return Ok(failures::acl("Insert"));
        }
        let wanted = match self.wanted().and_then(|it| self.writable_columns(it, Operation::Create)) {
            Ok(wanted) => wanted,
            Err(failure) => return Ok(failure),
        };
        let write = || self.instance.create(self.writer(), self.table, &wanted);
        self.written(self.instance.store.work(write), |row| {
            if self.hides(row)? {
                return Ok(failures::acl("Read"));
            }
            let mut response = json_response(201, &json!({"result": self.record(row)?}));
            response.headers.push(header("Location", &self.location(row)));
            Ok(response)
        })
    }

    /// Changes the columns that the body names.
    pub fn change(&self, sys_id: &str) -> Result<Response, StoreError> {
        let (table, before) = match self.writable(sys_id, Operation::Write, "Update")? {
            Ok(found) => found,
            Err(failure) => return Ok(failure),
        };
        let mut wanted = match self.wanted().and_then(|it| self.writable_columns(it, Operation::Write)) {
            Ok(wanted) => wanted,
            Err(failure) => return Ok(failure),
        };
        // Through a base table only its own columns can be reached.
        wanted.retain(|name, _| self.table.column(name).is_some());
        let write = || self.instance.change(self.writer(), table, &before, &wanted);
        self.written(self.instance.store.work(write), |row| {
            Ok(json_response(200, &json!({"result": self.record(row)?})))
        })
    }

    /// Deletes a row.
    pub fn delete(&self, sys_id: &str) -> Result<Response, StoreError> {
        let (table, row) = match self.writable(sys_id, Operation::Delete, "Delete")? {
            Ok(found) => found,
            Err(failure) => return Ok(failure),
        };
        let work = || self.instance.remove(table, &row).map(|()| row.clone());
        self.written(self.instance.store.work(work), |_| Ok(failures::empty(204)))
    }

    /// Whether what was just created is refused to its creator, who may not read it.
    fn hides(&self, row: &Row) -> Result<bool, StoreError> {
        let refused = self.instance.settings.text(UNREADABLE_RESULT) == "forbidden";
        Ok(refused && !self.rights.row(self.table, row, Operation::Read)?)
    }

    fn writer(&self) -> Writer<'_> {
        let user_name = &self.user.user_name;
        Writer { user_name, meaning: self.parameters.meaning, bound_by_rules: true }
    }

    /// The row, if the user sees it and may do this to it.
    fn writable(
        &self,
        sys_id: &str,
        operation: Operation,
        refused: &str,
    ) -> Result<Result<(&Table, Row), Response>, StoreError> {
        let Some((table, row)) = self.seen(sys_id)? else {
            return Ok(Err(failures::no_record()));
        };
        let allowed = self.rights.row(table, &row, operation)?;
        Ok(if allowed { Ok((table, row)) } else { Err(failures::acl(refused)) })
    }

    /// What is left of the wanted columns when those are dropped that the user may not write.
    fn writable_columns(&self, wanted: Wanted, operation: Operation) -> Result<Wanted, Response> {
        let asked = wanted.len();
        let allowed = |name: &str| self.rights.column(self.table, name, operation);
        let kept: Wanted = wanted.into_iter().filter(|(name, _)| allowed(name)).collect();
        let refused = kept.len() < asked && self.instance.settings.text(UNWRITABLE_COLUMN) == "forbidden";
        let word = if operation == Operation::Create { "Insert" } else { "Update" };
        if refused { Err(failures::acl(word)) } else { Ok(kept) }
    }

    fn written(
        &self,
        outcome: Result<Row, WriteError>,
        answer: impl FnOnce(&Row) -> Result<Response, StoreError>,
    ) -> Result<Response, StoreError> {
        match outcome {
            Ok(row) => answer(&row),
            Err(WriteError::Refused(detail)) => Ok(failures::operation_failed(&detail)),
            Err(WriteError::Store(error)) => Err(error),
        }
    }

    /// The columns that the body names. Of several records only the first counts; what is nested is ignored.
    fn wanted(&self) -> Result<Wanted, Response> {
        let body = self.request.body.as_deref().map(str::trim).filter(|it| !it.is_empty()).unwrap_or("{}");
        let parsed: Value =
            serde_json::from_str(body).map_err(|it| failures::malformed_body(&it.to_string()))?;
        let record = match parsed {
            Value::Array(records) => records.into_iter().next().unwrap_or_default(),
            record => record,
        };
        let Value::Object(columns) = record else {
            return Ok(Wanted::new());
        };
        Ok(columns.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect())
    }
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(it) => Some(it.to_string()),
        Value::Number(it) => Some(it.to_string()),
        Value::String(it) => Some(it),
        Value::Array(_) | Value::Object(_) => None,
    }
}
