//! Rows as they are read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

/// A row: column names and actual values. A column that the caller may not read is absent; an empty one is `""`.
///
/// Tables are read by the ten thousand rows, so that a row is one text, the rows of an answer share the names of their columns,
/// and a copy of a row is the same row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Arc<Cells>);

/// The cells of a row, in the order of their columns' names.
#[derive(Debug, PartialEq, Eq)]
struct Cells {
    columns: Columns,
    /// Where each cell ends in the text.
    ends: Box<[usize]>,
    text: Box<str>,
}

/// Names of columns, sorted.
pub(crate) type Columns = Arc<[Box<str>]>;

impl Default for Cells {
    fn default() -> Cells {
        Cells { columns: Arc::new([]), ends: Box::default(), text: Box::default() }
    }
}

impl Record {
    /// A row of those cells.
    pub fn of<C: Into<String>, T: Into<String>>(cells: impl IntoIterator<Item = (C, T)>) -> Record {
        cells
            .into_iter()
            .map(|(column, text)| (column.into(), text.into()))
            .collect::<BTreeMap<_, _>>()
            .into()
    }

    /// A row of as many cells as there are columns, in their order.
    pub(crate) fn in_order<'a>(columns: Columns, cells: impl Iterator<Item = &'a str> + Clone) -> Record {
        let mut text = String::with_capacity(cells.clone().map(str::len).sum());
        let add = |cell: &str| {
            text.push_str(cell);
            text.len()
        };
        let ends = cells.map(add).collect();
        Record(Arc::new(Cells { columns, ends, text: text.into_boxed_str() }))
    }

    /// Reads a row leniently: a field is a text, an object with `value`, null, a boolean or a number, because the same
    /// column changes its form with the parameters of a request. What is no field is left out; what is no row is empty.
    pub fn from_json(row: &Value) -> Record {
        let fields = row.as_object().into_iter().flatten();
        Record::of(fields.filter_map(|(column, field)| Some((column.as_str(), actual_value(field)?))))
    }

    /// The value of a column, `None` when the column was not in the answer.
    pub fn get(&self, column: &str) -> Option<&str> {
        let place = self.0.columns.binary_search_by(|it| (**it).cmp(column)).ok()?;
        self.cell(place)
    }

    /// The value of a column, `""` when the column was not in the answer.
    pub fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    /// Whether a boolean column is true.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.text(column), "true" | "1")
    }

    /// Every column with its value, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.columns.iter().enumerate().filter_map(|(place, name)| Some((&**name, self.cell(place)?)))
    }

    /// Puts a value in a column.
    pub fn put(&mut self, column: &str, text: &str) {
        *self = Record::of(self.iter().filter(|(it, _)| *it != column).chain([(column, text)]));
    }

    /// Takes a column away.
    pub fn remove(&mut self, column: &str) {
        *self = Record::of(self.iter().filter(|(it, _)| *it != column));
    }

    fn cell(&self, place: usize) -> Option<&str> {
        let begin = match place.checked_sub(1) {
            Some(before) => *self.0.ends.get(before)?,
            None => 0,
        };
        self.0.text.get(begin..*self.0.ends.get(place)?)
    }
}

impl From<BTreeMap<String, String>> for Record {
    fn from(cells: BTreeMap<String, String>) -> Record {
        let columns = cells.keys().map(|it| it.as_str().into()).collect();
        Record::in_order(columns, cells.values().map(String::as_str))
    }
}

/// The actual value of a field in whatever form it came.
pub(crate) fn actual_value(field: &Value) -> Option<String> {
    match field {
        Value::Null => Some(String::new()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) => None,
        Value::Object(members) => {
            let scalar = |name: &str| members.get(name).filter(|it| !it.is_object()).and_then(actual_value);
            // With display values asked for, a reference holds no `value`: its link ends with it.
            let linked = || scalar("link").and_then(|it| it.rsplit('/').next().map(str::to_owned));
            scalar("value").or_else(linked).or_else(|| scalar("display_value"))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_is_read_in_whatever_form_it_comes() {
        for (field, expected) in [
            (json!("abc"), Some("abc")),
            (json!(""), Some("")),
            (json!(null), Some("")),
            (json!(true), Some("true")),
            (json!(100), Some("100")),
            (json!(1.5), Some("1.5")),
            (json!({"value": "ID", "link": "https://x/api/now/table/sys_user/ID"}), Some("ID")),
            (json!({"value": "", "display_value": ""}), Some("")),
            (json!({"value": null, "display_value": "Fred"}), Some("")),
            (json!({"display_value": "Fred", "link": "https://x/api/now/table/sys_user/ID"}), Some("ID")),
            (json!({"display_value": "HTTP"}), Some("HTTP")),
            (json!({"value": {"value": "deep"}}), None),
            (json!({}), None),
            (json!(["a"]), None),
        ] {
            let record = Record::from_json(&json!({ "column": field }));
            assert_eq!(record.get("column"), expected, "{field}");
        }
    }

    #[test]
    fn cells_are_put_and_taken_away_and_a_copy_keeps_its_own() {
        let mut row = Record::of([("name", "n"), ("active", ""), ("url", "é")]);
        let copy = row.clone();
        row.put("name", "another");
        row.put("", "nothing");
        row.remove("active");
        assert_eq!(row.iter().collect::<Vec<_>>(), [("", "nothing"), ("name", "another"), ("url", "é")]);
        assert_eq!(copy.iter().collect::<Vec<_>>(), [("active", ""), ("name", "n"), ("url", "é")]);
        row.remove("");
        row.put("name", "n");
        row.put("active", "");
        assert_eq!(row, copy);
        assert_eq!((row.get("u"), row.get("url"), row.text("zzz")), (None, Some("é"), ""));
    }

    #[test]
    fn a_column_that_is_absent_stays_absent() {
        let record = Record::from_json(&json!({"name": ""}));
        assert_eq!((record.get("name"), record.get("active")), (Some(""), None));
    }

    #[test]
    fn what_is_no_row_has_no_columns() {
        for wrong in [json!(null), json!("text"), json!([]), json!(4)] {
            assert_eq!(Record::from_json(&wrong), Record::default(), "{wrong}");
        }
    }
}
