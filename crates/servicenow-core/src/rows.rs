//! The rows of a list, decoded one after the other: nothing but the rows themselves is kept of an answer, however long it
//! is.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::record::{Columns, actual_value};
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
        let (mut rows, mut shape) = (Vec::new(), Shape::default());
        while let Some(row) = elements.next_element_seed(Row(&mut shape))? {
            rows.push(row);
        }
        Ok(rows)
    }
}

/// What the rows of one answer have in common, and room for the row that is read.
#[derive(Default)]
struct Shape {
    /// The columns of the row before.
    columns: Option<Columns>,
    /// The letters of the names and cells of this one.
    letters: String,
    /// Where its names and cells are among them.
    cells: Vec<(Range<usize>, Range<usize>)>,
}

impl Shape {
    /// The row whose cells were read.
    fn record(&mut self) -> Record {
        let letters = self.letters.as_str();
        let part = |it: &Range<usize>| letters.get(it.clone()).unwrap_or_default();
        // Of two with the same name the last one counts, as everywhere in JSON: it comes first here.
        self.cells
            .sort_by(|one, other| part(&one.0).cmp(part(&other.0)).then(other.0.start.cmp(&one.0.start)));
        self.cells.dedup_by(|one, before| part(&one.0) == part(&before.0));
        let names = || self.cells.iter().map(|it| part(&it.0));
        let known = self.columns.as_ref().filter(|it| it.iter().map(|it| &**it).eq(names()));
        let columns = known.map_or_else(|| names().map(Box::from).collect(), Arc::clone);
        let record = Record::in_order(Arc::clone(&columns), self.cells.iter().map(|it| part(&it.1)));
        self.columns = Some(columns);
        record
    }
}

/// One row. Its fields take the form that [`Record::from_json`] reads.
struct Row<'s>(&'s mut Shape);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = Record;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Record, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Record, A::Error> {
        let Row(shape) = self;
        shape.letters.clear();
        shape.cells.clear();
        while let Some(Some(name)) = fields.next_key_seed(Field(&mut shape.letters))? {
            if let Some(cell) = fields.next_value_seed(Field(&mut shape.letters))? {
                shape.cells.push((name, cell));
            }
        }
        Ok(shape.record())
    }
}

/// A name or a field, whose letters are added to others: where they are then. `None` for what is no field.
struct Field<'s>(&'s mut String);

impl<'de> DeserializeSeed<'de> for Field<'_> {
    type Value = Option<Range<usize>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Field<'_> {
    fn add(self, text: &str) -> Option<Range<usize>> {
        let begin = self.0.len();
        self.0.push_str(text);
        Some(begin..self.0.len())
    }

    /// What is no text, as [`Record::from_json`] reads it.
    fn read(self, field: &Value) -> Option<Range<usize>> {
        actual_value(field).and_then(|it| self.add(&it))
    }
}

impl<'de> Visitor<'de> for Field<'_> {
    type Value = Option<Range<usize>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.add(text))
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(self.read(&Value::Null))
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Self::Value, E> {
        Ok(self.read(&truth.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(self.read(&number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(self.read(&number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(self.read(&number.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        let field = Value::deserialize(MapAccessDeserializer::new(members))?;
        Ok(self.read(&field))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Self::Value, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
