//! Rows as they are read.

use std::collections::BTreeMap;

use serde_json::Value;

/// A row: column names and actual values. A column that the caller may not read is absent; an empty one is `""`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(pub BTreeMap<String, String>);

impl Record {
    /// Reads a row leniently: a field is a text, an object with `value`, null, a boolean or a number, because the same
    /// column changes its form with the parameters of a request. What is no field is left out; what is no row is empty.
    pub fn from_json(row: &Value) -> Record {
        let fields = row.as_object().into_iter().flatten();
        Record(fields.filter_map(|(column, field)| Some((column.clone(), actual_value(field)?))).collect())
    }

    /// The value of a column, `None` when the column was not in the answer.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    /// The value of a column, `""` when the column was not in the answer.
    pub fn text(&self, column: &str) -> &str {
        self.get(column).unwrap_or_default()
    }

    /// Whether a boolean column is true.
    pub fn flag(&self, column: &str) -> bool {
        matches!(self.text(column), "true" | "1")
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
