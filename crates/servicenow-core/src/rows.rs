//! The rows of a list, decoded one after the other: nothing but the rows themselves is kept of an answer, however long it
//! is.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::record::actual_value;
use crate::{Kind, Record, Request, Response, ServiceError, answer};

/// The rows in the answer to a list.
///
/// # Errors
/// There are none, for the reasons that [`answer::classify`] tells; or the answer holds something else than rows.
pub fn read(request: &Request, response: &Response) -> Result<Vec<Record>, ServiceError> {
    let is_success = matches!(response.status, 200 | 201 | 203..=299);
    if is_success && let Ok(Document { rows: Some(rows), is_failure: false }) = decode(&response.body) {
        return Ok(rows);
    }
    // Whatever else it is, it is short or an error: then the whole of it is looked at.
    let result = answer::classify(request, response)?;
    match result.as_array() {
        Some(rows) => Ok(rows.iter().map(Record::from_json).collect()),
        None => Err(ServiceError::new(Kind::Inconsistent, request, "the answer holds no list of records")),
    }
}

/// What a list answers, as far as it matters.
struct Document {
    rows: Option<Vec<Record>>,
    /// Whether the instance says that it failed, before or after the rows.
    is_failure: bool,
}

fn decode(body: &[u8]) -> Result<Document, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let document = deserializer.deserialize_map(DocumentVisitor)?;
    deserializer.end()?;
    Ok(document)
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `result`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Document, A::Error> {
        let mut document = Document { rows: None, is_failure: false };
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "result" => document.rows = Some(members.next_value_seed(Rows)?),
                "error" => document.is_failure |= !members.next_value::<Value>()?.is_null(),
                "status" => document.is_failure |= members.next_value::<Value>()? == "failure",
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(document)
    }
}

/// An array of rows.
struct Rows;

impl<'de> DeserializeSeed<'de> for Rows {
    type Value = Vec<Record>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Record>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Rows {
    type Value = Vec<Record>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Vec<Record>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = elements.next_element::<Row>()? {
            rows.push(row.0);
        }
        Ok(rows)
    }
}

/// One row. Its fields take the form that [`Record::from_json`] reads.
struct Row(Record);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Row, A::Error> {
        let mut cells = BTreeMap::new();
        while let Some((column, field)) = fields.next_entry::<String, Value>()? {
            match field {
                Value::String(text) => drop(cells.insert(column, text)),
                field => drop(actual_value(&field).map(|text| cells.insert(column, text))),
            }
        }
        Ok(Row(Record(cells)))
    }
}

#[cfg(test)]
mod tests;
