//! The choices of a column: rows of `sys_choice` as soon as somebody looked at them, the dictionary's own before.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::dictionary::{Column, Table};
use crate::instance::{Instance, text};
use crate::store::{Row, StoreError};

/// Stored values with what people see, in order.
type Choices = Vec<(String, String)>;

/// The choices of all columns, by table and column.
type Listed = BTreeMap<(String, String), Choices>;

/// The only language of this instance's people.
const LANGUAGE: &str = "en";

impl Instance {
    /// The choices of a table's column. Where a table has rows of its own for an inherited column, they replace those of
    /// the table that it extends.
    pub fn choices<'a>(
        &self,
        table: &Table,
        column: &'a Column,
    ) -> Result<Cow<'a, [(String, String)]>, StoreError> {
        if !self.store.has_choices_of_its_own() {
            return Ok(Cow::Borrowed(&column.choices));
        }
        let listed = self.store.kept("choices", || self.listed())?;
        let named = table.lineage.iter().find_map(|it| listed.get(&(it.clone(), column.name.clone())));
        Ok(Cow::Owned(named.cloned().unwrap_or_default()))
    }

    fn listed(&self) -> Result<Listed, StoreError> {
        let mut rows: Vec<Row> = Vec::new();
        for (_, row) in self.store.matching(&self.dictionary, "sys_choice", &[("inactive", "false")])? {
            if matches!(text(&row, "language"), LANGUAGE | "") {
                rows.push(row);
            }
        }
        rows.sort_by_key(|it| text(it, "sequence").parse::<i64>().unwrap_or_default());
        let mut listed = Listed::new();
        for row in rows {
            let key = (text(&row, "name").to_owned(), text(&row, "element").to_owned());
            let choice = (text(&row, "value").to_owned(), text(&row, "label").to_owned());
            listed.entry(key).or_default().push(choice);
        }
        Ok(listed)
    }
}
