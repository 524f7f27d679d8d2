//! People and things that change the instance beside the requests: operators, rules that run later, clones.

pub mod clone;
pub mod later;

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::query::sql::compile;
use crate::records::values::Meaning;
use crate::records::{WriteError, Writer};
use crate::store::{Page, Row, Selection, StoreError};

/// Rows that one edit may reach.
const ROWS_MAX: u32 = 10_000;

/// What a person does in the instance's own pages: rules run, values mean what people see, nobody is asked for a role.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Who does it.
    #[serde(default = "administrator")]
    pub user_name: String,
    /// The table.
    pub table: String,
    /// What is done.
    #[serde(default)]
    pub action: EditAction,
    /// Which rows, as an encoded query; it is not needed to create one.
    #[serde(default)]
    pub query: Option<String>,
    /// The columns and what they are to show.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Whether business rules are skipped, as in an import without them.
    #[serde(default)]
    pub without_rules: bool,
}

/// What is done with rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditAction {
    /// A row is created.
    Create,
    /// The rows change.
    #[default]
    Change,
    /// The rows are deleted.
    Delete,
}

/// An edit that was not made.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// No such table.
    #[error("this instance has no table `{0}`")]
    Table(String),
    /// No such column.
    #[error("the table `{table}` has no column `{column}`")]
    Column {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A part of the query that the table does not know.
    #[error("the query `{0}` names what this table does not have")]
    Query(String),
    /// To change or delete rows they must be named.
    #[error("a change or a deletion needs a query that names its rows")]
    NoQuery,
    /// The rules of the instance refused it.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The database failed.
    #[error("the rows of the simulated instance cannot be used")]
    Store(#[from] StoreError),
}

fn administrator() -> String {
    "admin".to_owned()
}

impl Instance {
    /// Makes an edit, all of it or nothing, and gives the rows: as they are now, or as they were before they went.
    pub fn edit(&self, edit: &Edit) -> Result<Vec<Row>, EditError> {
        let table = self.dictionary.table(&edit.table).ok_or_else(|| EditError::Table(edit.table.clone()))?;
        if let Some(column) = edit.values.keys().find(|it| table.column(it).is_none()) {
            return Err(EditError::Column { table: table.name.clone(), column: column.clone() });
        }
        let writer = Writer {
            user_name: &edit.user_name,
            meaning: Meaning::Display,
            bound_by_rules: !edit.without_rules,
            gives_system_columns: false,
            offset_s: 0,
        };
        self.store.work(|| match edit.action {
            EditAction::Create => Ok(vec![self.create(writer, table, &edit.values)?]),
            EditAction::Change => self
                .edit_rows(edit, table, |class, row| Ok(self.change(writer, class, &row, &edit.values)?)),
            EditAction::Delete => self.edit_rows(edit, table, |class, row| {
                self.remove(writer, class, &row)?;
                Ok(row)
            }),
        })
    }

    fn edit_rows(
        &self,
        edit: &Edit,
        table: &Table,
        act: impl Fn(&Table, Row) -> Result<Row, EditError>,
    ) -> Result<Vec<Row>, EditError> {
        let query = edit.query.as_deref().filter(|it| !it.is_empty()).ok_or(EditError::NoQuery)?;
        let compiled = compile(self, &edit.user_name, table, &self.read_query(query))?;
        if compiled.invalid {
            return Err(EditError::Query(query.to_owned()));
        }
        let selection = Selection { order: compiled.order, ..compiled.rows };
        let page = Page { limit: ROWS_MAX, offset: 0 };
        let mut done = Vec::new();
        for row in self.store.select(&self.dictionary, table, &selection, page)? {
            // A row that an earlier one took along is gone.
            if let Some((class, row)) =
                self.store.find(&self.dictionary, &table.name, text(&row, "sys_id"))?
            {
                done.push(act(class, row)?);
            }
        }
        Ok(done)
    }
}

#[cfg(test)]
mod tests;
