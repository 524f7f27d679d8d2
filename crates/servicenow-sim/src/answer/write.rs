//! Creating, changing and deleting rows.

use serde_json::Value;
use servicenow_core::Response;

use super::failures;
use super::{Call, header};
use crate::access::Operation;
use crate::dictionary::Table;
use crate::records::{Wanted, WriteError, Writer};
use crate::settings::{
    ADMIN_ONLY_SYSTEM_FIELDS, SUPPRESSES_SYSTEM_FIELDS, UNREADABLE_RESULT, UNWRITABLE_COLUMN,
};
use crate::store::{Row, StoreError};

/// The columns that a property reserves for administrators.
const SYSTEM_COLUMNS: &[&str] =
    &["sys_id", "sys_created_by", "sys_created_on", "sys_updated_by", "sys_updated_on"];

impl Call<'_> {
    /// Creates a row of the columns in the body.
    pub fn create(&self, document: &Value) -> Result<Response, StoreError> {
        let row = match self.insert(columns(document.clone()))? {
            Ok(row) => row,
            Err(failure) => return Ok(failure),
        };
        if self.hides(&row)? {
            return Ok(failures::acl("Read"));
        }
        let mut response = self.shown(201, &row)?;
        response.headers.push(header("Location", &self.location(&row)));
        Ok(response)
    }

    /// Changes the columns that the body names.
    pub fn change(&self, sys_id: &str, document: &Value) -> Result<Response, StoreError> {
        match self.update(sys_id, columns(document.clone()))? {
            Ok(row) => self.shown(200, &row),
            Err(failure) => Ok(failure),
        }
    }

    /// Deletes a row.
    pub fn delete(&self, sys_id: &str) -> Result<Response, StoreError> {
        Ok(self.erase(sys_id)?.unwrap_or_else(|| failures::empty(204)))
    }

    /// The created row, or why there is none.
    pub fn insert(&self, wanted: Wanted) -> Result<Result<Row, Response>, StoreError> {
        if !self.rights.table(self.table, Operation::Create) {
            return Ok(Err(failures::acl("Insert")));
        }
        let wanted = match self.writable_columns(wanted, Operation::Create)? {
            Ok(wanted) => wanted,
            Err(failure) => return Ok(Err(failure)),
        };
        let write = || self.instance.create(self.writer(), self.table, &wanted);
        written(self.instance.store.work(write))
    }

    /// The changed row, or why it is not changed.
    pub fn update(&self, sys_id: &str, wanted: Wanted) -> Result<Result<Row, Response>, StoreError> {
        let (table, before) = match self.writable(sys_id, Operation::Write, "Update")? {
            Ok(found) => found,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut wanted = match self.writable_columns(wanted, Operation::Write)? {
            Ok(wanted) => wanted,
            Err(failure) => return Ok(Err(failure)),
        };
        // Through a base table only its own columns can be reached.
        wanted.retain(|name, _| self.table.column(name).is_some());
        let write = || self.instance.change(self.writer(), table, &before, &wanted);
        written(self.instance.store.work(write))
    }

    /// Why a row is still there, or nothing when it is gone.
    pub fn erase(&self, sys_id: &str) -> Result<Option<Response>, StoreError> {
        let (table, row) = match self.writable(sys_id, Operation::Delete, "Delete")? {
            Ok(found) => found,
            Err(failure) => return Ok(Some(failure)),
        };
        let work = || self.instance.remove(self.writer(), table, &row).map(|()| row.clone());
        Ok(written(self.instance.store.work(work))?.err())
    }

    /// Whether what was just created is refused to its creator, who may not read it.
    fn hides(&self, row: &Row) -> Result<bool, StoreError> {
        let refused = self.instance.settings.text(UNREADABLE_RESULT) == "forbidden";
        Ok(refused && !self.rights.row(self.table, row, Operation::Read)?)
    }

    fn writer(&self) -> Writer<'_> {
        let user_name = &self.user.user_name;
        let value = self.instance.settings.text(SUPPRESSES_SYSTEM_FIELDS);
        let told = self.parameters.suppress_system_fields.as_deref();
        Writer {
            user_name,
            meaning: self.parameters.meaning,
            bound_by_rules: true,
            gives_system_columns: told.is_some_and(|it| it.eq_ignore_ascii_case(value)),
            offset_s: self.user.offset_s,
        }
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
    fn writable_columns(
        &self,
        mut wanted: Wanted,
        operation: Operation,
    ) -> Result<Result<Wanted, Response>, StoreError> {
        if self.instance.ruled_flag(ADMIN_ONLY_SYSTEM_FIELDS)? && !self.user.is_administrator() {
            wanted.retain(|name, _| !SYSTEM_COLUMNS.contains(&name.as_str()));
        }
        let asked = wanted.len();
        let allowed = |name: &str| self.rights.column(self.table, name, operation);
        let kept: Wanted = wanted.into_iter().filter(|(name, _)| allowed(name)).collect();
        let refused = kept.len() < asked && self.instance.settings.text(UNWRITABLE_COLUMN) == "forbidden";
        let word = if operation == Operation::Create { "Insert" } else { "Update" };
        Ok(if refused { Err(failures::acl(word)) } else { Ok(kept) })
    }
}

fn written(outcome: Result<Row, WriteError>) -> Result<Result<Row, Response>, StoreError> {
    match outcome {
        Ok(row) => Ok(Ok(row)),
        Err(WriteError::Refused(detail)) => Ok(Err(failures::operation_failed(&detail))),
        Err(WriteError::Store(error)) => Err(error),
    }
}

/// The columns that a document names. Of several records only the first counts; what is nested is ignored.
pub fn columns(document: Value) -> Wanted {
    let record = match document {
        Value::Array(records) => records.into_iter().next().unwrap_or_default(),
        record => record,
    };
    let Value::Object(columns) = record else {
        return Wanted::new();
    };
    columns.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect()
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
