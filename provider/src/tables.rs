//! Tables of the instance as layouts name them: a column that is called otherwise on this instance is renamed on the way
//! out and back in.

use std::collections::BTreeMap;

use servicenow_client::{Freshness, Pages, Update, WriteStyle};
use servicenow_core::{Query, QueryError, Record, ServiceError, SysId, TableName};
use tf_core::Diagnostics;

use crate::errors;
use crate::session::Session;

/// The name of a table of ours. A test proves that every name in the registry passes.
///
/// # Errors
/// The name is not legal: a mistake in this provider.
pub fn table(name: &str) -> Result<TableName, Diagnostics> {
    name.parse().map_err(|_| errors::bug(&format!("`{name}` is not a legal table name")).into())
}

/// A column of a record that is to hold another value.
pub struct Cell<'a> {
    /// The table of the record.
    pub table: &'a str,
    /// The record.
    pub id: &'a SysId,
    /// The column, by its name in layouts.
    pub column: &'a str,
    /// The value.
    pub value: String,
}

/// Writes cells of several records in one request; see [`Client::update_in_one`](servicenow_client::Client::update_in_one).
///
/// # Errors
/// The request as a whole failed.
pub async fn write_in_one(
    session: &Session,
    cells: &[Cell<'_>],
) -> Result<Vec<Result<Record, ServiceError>>, ServiceError> {
    let mut named = Vec::new();
    for cell in cells {
        // A name that is not legal is found by a test of the registry, and of what an instance says only legal ones are taken.
        let Ok(table) = cell.table.parse::<TableName>() else { continue };
        let column = session.columns.asked(cell.table, cell.column).to_owned();
        named.push((table, cell.id, BTreeMap::from([(column, cell.value.clone())])));
    }
    let updates: Vec<Update<'_>> =
        named.iter().map(|(table, id, cells)| Update { table, id, cells }).collect();
    let became = session.client.update_in_one(&updates).await?;
    let tables = named.iter().map(|it| it.0.as_str());
    Ok(became
        .into_iter()
        .zip(tables)
        .map(|(it, table)| it.map(|row| session.columns.ours(table, row)))
        .collect())
}

/// One table, seen through one session.
pub struct Table<'a> {
    session: &'a Session,
    name: TableName,
}

impl<'a> Table<'a> {
    /// A table of a layout.
    ///
    /// # Errors
    /// The name is not legal: a mistake in this provider.
    pub fn of(session: &'a Session, name: &str) -> Result<Table<'a>, Diagnostics> {
        Ok(Table { session, name: table(name)? })
    }

    /// The name of the table.
    pub fn name(&self) -> &TableName {
        &self.name
    }

    /// A query whose conditions must all hold, by the names of columns in layouts.
    ///
    /// # Errors
    /// A value cannot be expressed in a query.
    pub fn query(&self, conditions: &[(&str, &str)]) -> Result<Query, QueryError> {
        conditions.iter().try_fold(Query::new(), |query, (column, value)| {
            query.equals(self.session.columns.asked(self.name.as_str(), column), value)
        })
    }

    /// All records that a query selects; see [`Client::list`](servicenow_client::Client::list).
    ///
    /// # Errors
    /// The request failed.
    pub async fn list(&self, query: &Query, columns: &[&str]) -> Result<Vec<Record>, ServiceError> {
        let rows = self.session.client.list(&self.name, query, &self.asked(columns)).await?;
        Ok(rows.into_iter().map(|it| self.ours(it)).collect())
    }

    /// The records that a query selects, page after page; see [`Client::pages`](servicenow_client::Client::pages). They
    /// hold the instance's own names until [`Table::ours`] translates them.
    pub fn pages(&self, query: &Query, columns: &[&str], rows_max: Option<u64>) -> Pages<'a> {
        self.session.client.pages(&self.name, query, &self.asked(columns), rows_max)
    }

    /// The name of a column on this instance, where something has to be asked for. Of a path through references it is the
    /// first step that belongs to this table.
    pub fn column(&self, column: &str) -> String {
        match column.split_once('.') {
            Some((first, rest)) => {
                format!("{}.{rest}", self.session.columns.asked(self.name.as_str(), first))
            }
            None => self.session.columns.asked(self.name.as_str(), column).to_owned(),
        }
    }

    /// One record; see [`Client::read`](servicenow_client::Client::read).
    ///
    /// # Errors
    /// The request failed.
    pub async fn read(
        &self,
        id: &SysId,
        columns: &[&str],
        freshness: Freshness,
    ) -> Result<Option<Record>, ServiceError> {
        let row = self.session.client.read(&self.name, id, &self.asked(columns), freshness).await?;
        Ok(row.map(|it| self.ours(it)))
    }

    /// Creates a record; see [`Client::create`](servicenow_client::Client::create).
    ///
    /// # Errors
    /// The request failed.
    pub async fn create(
        &self,
        id: &SysId,
        cells: &BTreeMap<String, String>,
        columns: &[&str],
    ) -> Result<Record, ServiceError> {
        let (cells, columns) = (self.theirs(cells), self.asked(columns));
        Ok(self.ours(self.session.client.create(&self.name, id, &cells, &columns).await?))
    }

    /// Changes columns of a record; see [`Client::update`](servicenow_client::Client::update).
    ///
    /// # Errors
    /// The request failed.
    pub async fn update(
        &self,
        id: &SysId,
        cells: &BTreeMap<String, String>,
        columns: &[&str],
        style: WriteStyle,
    ) -> Result<Record, ServiceError> {
        let (cells, columns) = (self.theirs(cells), self.asked(columns));
        Ok(self.ours(self.session.client.update(&self.name, id, &cells, &columns, style).await?))
    }

    /// Removes a record and says whether it was there.
    ///
    /// # Errors
    /// The request failed.
    pub async fn delete(&self, id: &SysId) -> Result<bool, ServiceError> {
        self.session.client.delete(&self.name, id).await
    }

    fn asked<'b>(&'b self, columns: &[&'b str]) -> Vec<&'b str> {
        let asked = |it: &&'b str| self.session.columns.theirs(self.name.as_str(), it);
        columns.iter().filter_map(asked).collect()
    }

    fn theirs(&self, cells: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let theirs = |(column, value): (&String, &String)| {
            Some((self.session.columns.theirs(self.name.as_str(), column)?.to_owned(), value.clone()))
        };
        cells.iter().filter_map(theirs).collect()
    }

    /// A record with the names of the layouts.
    pub fn ours(&self, record: Record) -> Record {
        self.session.columns.ours(self.name.as_str(), record)
    }
}
