//! What one search asks for: the query that goes to the instance, and the same in words for messages.

use servicenow_core::{Query, QueryError, Record, SysId};
use tf_core::Value;

use super::filters::{Filter, Test};
use crate::tables::Table;

/// What a search asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// For the instance.
    pub query: Query,
    /// For people: `name` is `orders`.
    pub words: Vec<String>,
    /// The column of a name and the name that was wanted, for suggestions.
    pub named: Option<(&'static str, String)>,
    /// Columns that have to hold these texts letter by letter.
    exact: Vec<(&'static str, String)>,
}

impl Conditions {
    /// The record of an id.
    ///
    /// # Errors
    /// Never: an id is legal in a query.
    pub fn id(id: &SysId) -> Result<Conditions, QueryError> {
        let query = Query::new().equals("sys_id", id.as_str())?;
        Ok(Conditions { query, words: vec![words("id", id.as_str())], ..Conditions::default() })
    }

    /// Everything but the rows that hold a text in a column.
    ///
    /// # Errors
    /// The text cannot be asked for.
    pub fn except(rows: Option<(&str, &str)>) -> Result<Conditions, QueryError> {
        let all = Query::new();
        let query = rows.map_or(Ok(all), |(column, text)| Query::new().not_equals(column, text))?;
        Ok(Conditions { query, ..Conditions::default() })
    }

    /// And the attribute of a filter has this value.
    ///
    /// # Errors
    /// The value cannot be asked for.
    pub fn and(
        mut self,
        table: &Table<'_>,
        filter: &Filter,
        value: &Value,
    ) -> Result<Conditions, QueryError> {
        let texts: Vec<String> = match value.as_elements() {
            Some(items) => items.iter().filter_map(text).collect(),
            None => text(value).into_iter().collect(),
        };
        for text in texts {
            self.words.push(words(&filter.attribute, &text));
            self.query = filter.narrow(table, self.query, &text)?;
            if let Test::Key(column) = filter.test {
                self.named = Some((column, text.clone()));
                self.exact.push((column, text));
            }
        }
        Ok(self)
    }

    /// And this holds, which the user wrote in the platform's own encoding.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn encoded(mut self, text: &str) -> Result<Conditions, QueryError> {
        self.words.push(words("query", text));
        self.query = self.query.encoded(text)?;
        Ok(self)
    }

    /// Whether a record holds every name letter by letter.
    pub fn are_exact(&self, record: &Record) -> bool {
        self.exact.iter().all(|(column, text)| record.text(column) == text)
    }
}

fn words(attribute: &str, text: &str) -> String {
    format!("`{attribute}` is `{text}`")
}

/// A value as an instance spells it.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
