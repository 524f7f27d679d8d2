//! Requests of the Table API as values: built here, sent elsewhere.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Method, Query, Request, SysId, TableName};

/// Columns that every request asks for: who the row is and who changed it last.
pub const ALWAYS: [&str; 5] =
    ["sys_id", "sys_mod_count", "sys_updated_on", "sys_updated_by", "sys_class_name"];

/// How the instance reads the values of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WriteStyle {
    /// As they are stored: references as ids, choices as values, dates in UTC.
    ActualValues,
    /// As people see them. Encrypted columns may only be saved this way, so secrets travel so, and only they.
    DisplayValues,
}

/// What a write sends and what it wants to see afterwards.
#[derive(Clone, Copy)]
pub struct Write<'a> {
    /// Column names and values; an empty value clears a column.
    pub cells: &'a BTreeMap<String, String>,
    /// Columns of the answer, beside [`ALWAYS`].
    pub columns: &'a [&'a str],
    /// How the values are meant.
    pub style: WriteStyle,
}

/// A stretch of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows at most.
    pub limit: u64,
    /// Rows before it.
    pub offset: u64,
}

/// Reads one row.
pub fn get(table: &TableName, id: &SysId, columns: &[&str]) -> Request {
    let mut request = request(Method::Get, row_path(table, id));
    request.query = answer_form(columns);
    request
}

/// Reads a page of the rows that a query selects, in an order that stays the same from page to page.
pub fn list(table: &TableName, query: &Query, columns: &[&str], page: Page) -> Request {
    let mut request = request(Method::Get, table_path(table));
    let conditions = query.render();
    let separator = if conditions.is_empty() { "" } else { "^" };
    // A row can only be checked against the question when it holds the columns that the question is about.
    let columns: Vec<&str> = columns.iter().copied().chain(query.columns()).collect();
    request.query = vec![
        pair("sysparm_query", format!("{conditions}{separator}ORDERBYsys_id")),
        pair("sysparm_limit", page.limit.to_string()),
        pair("sysparm_offset", page.offset.to_string()),
        // A `Link` header repeats the query four times and overflows; nobody here follows it.
        pair("sysparm_suppress_pagination_header", "true"),
    ];
    request.query.extend(answer_form(&columns));
    request
}

/// Creates a row under an id that the caller chose, so that a repetition cannot make a second one.
pub fn create(table: &TableName, id: &SysId, write: Write<'_>) -> Request {
    let mut cells = write.cells.clone();
    cells.insert("sys_id".to_owned(), id.to_string());
    with_cells(request(Method::Post, table_path(table)), &cells, write)
}

/// Changes the given columns of a row and no others.
pub fn update(table: &TableName, id: &SysId, write: Write<'_>) -> Request {
    with_cells(request(Method::Patch, row_path(table, id)), write.cells, write)
}

/// Removes a row.
pub fn delete(table: &TableName, id: &SysId) -> Request {
    request(Method::Delete, row_path(table, id))
}

/// Whether a request writes values as people see them, which is how secrets travel.
pub(crate) fn carries_secrets(request: &Request) -> bool {
    request.query.iter().any(|(name, value)| name == INPUT_DISPLAY_VALUE && value == "true")
}

const INPUT_DISPLAY_VALUE: &str = "sysparm_input_display_value";

fn with_cells(mut request: Request, cells: &BTreeMap<String, String>, write: Write<'_>) -> Request {
    // Without all sent columns in the answer nobody could see that one was dropped.
    let sent = write.cells.keys().map(String::as_str);
    let columns: Vec<&str> = write.columns.iter().copied().chain(sent).collect();
    request.query = answer_form(&columns);
    if write.style == WriteStyle::DisplayValues {
        request.query.push(pair(INPUT_DISPLAY_VALUE, "true"));
    }
    request.headers.push(pair("Content-Type", "application/json"));
    let members = cells.iter().map(|(column, value)| (column.clone(), Value::from(value.as_str())));
    request.body = Some(Value::Object(members.collect()).to_string());
    request
}

/// Actual values, references as plain ids, and only the columns that are needed.
fn answer_form(columns: &[&str]) -> Vec<(String, String)> {
    let mut fields: Vec<&str> = Vec::new();
    for column in ALWAYS.iter().chain(columns) {
        if !fields.contains(column) {
            fields.push(column);
        }
    }
    vec![
        pair("sysparm_display_value", "false"),
        pair("sysparm_exclude_reference_link", "true"),
        pair("sysparm_fields", fields.join(",")),
    ]
}

fn request(method: Method, path: String) -> Request {
    let mut request = Request::new(method, path);
    request.headers.push(pair("Accept", "application/json"));
    request
}

fn table_path(table: &TableName) -> String {
    format!("/api/now/table/{table}")
}

fn row_path(table: &TableName, id: &SysId) -> String {
    format!("/api/now/table/{table}/{id}")
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

#[cfg(test)]
mod tests;
