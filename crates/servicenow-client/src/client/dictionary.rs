//! What an instance says about its tables, asked lazily and once: the columns of a table, the values of a choice, and who
//! may do what. All of it serves checks and messages; where it cannot be had, nothing stops for it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use servicenow_core::similar::similar;
use servicenow_core::table_api::{self, Page};
use servicenow_core::{Description, Kind, MissingColumn, Query, QueryError, Record, ServiceError, TableName};
use tokio::sync::OnceCell;

use super::Client;
use super::pages::checked_rows;

/// Ancestors that one request follows: the deepest tables of the platform extend fewer.
const ANCESTORS: usize = 8;

/// Columns of a table that are read at most: the widest tables have some hundreds.
const COLUMNS_MAX: u64 = 5_000;

/// What an access control is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading.
    Read,
    /// Changing.
    Write,
    /// Creating.
    Create,
    /// Removing.
    Delete,
}

impl Access {
    fn as_str(self) -> &'static str {
        match self {
            Access::Read => "read",
            Access::Write => "write",
            Access::Create => "create",
            Access::Delete => "delete",
        }
    }
}

/// The table of all tables.
const TABLES: &str = "sys_db_object";

/// Tables among which a similar name is looked for: more than a large instance has.
const TABLES_MAX: u64 = 20_000;

/// The description of a table, once somebody asked; `None` where the instance does not give one.
type Asked = Arc<OnceCell<Option<Arc<Description>>>>;

/// The values of choices, by table and column.
type Choices = HashMap<(TableName, String), Arc<Vec<String>>>;

/// What was asked of the tables that describe tables.
#[derive(Default)]
pub(super) struct Dictionary {
    tables: Mutex<HashMap<TableName, Asked>>,
    choices: Mutex<Choices>,
    is_closed: AtomicBool,
}

impl Dictionary {
    fn cell(&self, table: &TableName) -> Asked {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tables.entry(table.clone()).or_default())
    }
}

impl Client {
    /// The columns of a table, asked once in a run whoever asks; `None` where this user may not read the tables that
    /// describe tables, or where they could not be read now, which is tried again.
    pub async fn describe(&self, table: &TableName) -> Option<Arc<Description>> {
        if self.is_dictionary_closed() {
            return None;
        }
        let cell = self.dictionary.cell(table);
        let described = cell.get_or_try_init(|| self.ask_for(table)).await;
        match described {
            Ok(description) => description.clone(),
            Err(error) => {
                tracing::debug!(%table, reason = %error.reason, "the dictionary could not be read");
                None
            }
        }
    }

    /// Those of the names that the table has no column of, each with columns of similar names. Empty where it cannot be
    /// told.
    pub async fn missing_columns<T: AsRef<str>>(
        &self,
        table: &TableName,
        columns: &[T],
    ) -> Vec<MissingColumn> {
        self.describe(table).await.map(|it| it.missing(columns)).unwrap_or_default()
    }

    /// The names of tables that could have been meant by one that the instance certainly does not have; `None` where it has
    /// it, or where it cannot be told.
    pub async fn instead_of_missing(&self, table: &TableName) -> Option<Vec<String>> {
        if self.describe(table).await.is_some() || self.is_dictionary_closed() {
            return None;
        }
        let tables: TableName = TABLES.parse().ok()?;
        let named = Query::new().equals("name", table.as_str()).ok()?;
        // Rows are counted before they are hidden: without one of that name there is no such table.
        if self.glimpse(&tables, &named).await.ok()? != (0, 0) || !self.sees_tables().await.ok()? {
            return None;
        }
        let mut pages = self.pages(&tables, &Query::new(), &["name"], Some(TABLES_MAX));
        let mut names: Vec<String> = Vec::new();
        while let Ok(Some(rows)) = pages.next().await {
            names.extend(rows.iter().map(|it| it.text("name").to_owned()));
        }
        Some(
            similar(table.as_str(), names.iter().map(String::as_str))
                .into_iter()
                .map(str::to_owned)
                .collect(),
        )
    }

    /// Whether this user sees any of the tables that there are.
    async fn sees_tables(&self) -> Result<bool, ServiceError> {
        let Ok(tables) = TABLES.parse::<TableName>() else { return Ok(false) };
        match self.sees(&tables).await {
            Ok((seen, _)) => Ok(seen > 0),
            Err(error) if is_closed(error.kind) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether it has turned out that this user may not read the tables that describe tables.
    pub fn is_dictionary_closed(&self) -> bool {
        self.dictionary.is_closed.load(Ordering::SeqCst)
    }

    /// The values that a column of choices takes; empty where they cannot be told.
    pub async fn choices(&self, table: &TableName, column: &str) -> Arc<Vec<String>> {
        let key = (table.clone(), column.to_owned());
        let known = self.dictionary.choices.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(choices) = known {
            return choices;
        }
        let lineage = self.describe(table).await.map(|it| it.lineage.clone()).unwrap_or_default();
        let choices = Arc::new(self.ask_for_choices(&lineage, column).await.unwrap_or_default());
        self.dictionary
            .choices
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key, Arc::clone(&choices));
        choices
    }

    /// The roles that the access control asks for that decides about a table, or about one column of it; empty where none
    /// can be read.
    pub async fn roles_for(&self, table: &TableName, column: Option<&str>, access: Access) -> Vec<String> {
        let described = self.describe(table).await;
        let lineage = described.map_or_else(|| vec![table.to_string()], |it| it.lineage.clone());
        self.ask_for_roles(&lineage, column, access).await.unwrap_or_default()
    }

    async fn ask_for(&self, table: &TableName) -> Result<Option<Arc<Description>>, ServiceError> {
        let lineage = match self.lineage(table).await {
            Ok(lineage) => lineage,
            Err(error) if is_closed(error.kind) => return Ok(self.closed()),
            Err(error) => return Err(error),
        };
        if lineage.is_empty() {
            // One table that is not there says nothing about the others.
            return if self.sees_tables().await? { Ok(None) } else { Ok(self.closed()) };
        }
        let columns = [
            "name",
            "element",
            "internal_type",
            "max_length",
            "read_only",
            "choice",
            "default_value",
            "active",
        ];
        let rows =
            match self.every_row("sys_dictionary", Query::new().is_in("name", &lineage), &columns).await {
                Ok(rows) => rows,
                Err(error) if is_closed(error.kind) => None,
                Err(error) => return Err(error),
            };
        match rows.and_then(|rows| Description::new(lineage, &rows)) {
            Some(description) => Ok(Some(Arc::new(description))),
            None => Ok(self.closed()),
        }
    }

    /// The rows that a query selects, if this user may see every one of them.
    async fn every_row(
        &self,
        table: &str,
        query: Result<Query, QueryError>,
        columns: &[&str],
    ) -> Result<Option<Vec<Record>>, ServiceError> {
        let (Ok(table), Ok(query)) = (table.parse::<TableName>(), query) else { return Ok(None) };
        let request = table_api::list(&table, &query, columns, Page { limit: COLUMNS_MAX, offset: 0 });
        let answer = self.attempts().persist_rows(&request).await?;
        let rows = checked_rows(&request, &query, answer.result)?;
        let are_all = answer.total.is_none_or(|it| it == rows.len() as u64);
        Ok(are_all.then_some(rows))
    }

    /// Remembers that the dictionary tells this user nothing, and says so once.
    fn closed(&self) -> Option<Arc<Description>> {
        if !self.dictionary.is_closed.swap(true, Ordering::SeqCst) {
            tracing::warn!(
                "the user that signs in may not read `sys_db_object` and `sys_dictionary`, so columns cannot be checked \
                 before they are written: read access, for example with the role `personalize_dictionary`, allows it"
            );
        }
        None
    }

    /// A table, the table that it extends, and so on; empty when this user does not see it among the tables.
    async fn lineage(&self, table: &TableName) -> Result<Vec<String>, ServiceError> {
        let steps = |count: usize| format!("{}name", "super_class.".repeat(count));
        let paths: Vec<String> = (0..=ANCESTORS).map(steps).collect();
        let columns: Vec<&str> = paths.iter().map(String::as_str).collect();
        let rows = self.rows(TABLES, Query::new().equals("name", table.as_str()), &columns).await?;
        let row = rows.iter().find(|it| it.text("name") == table.as_str());
        let names = row.into_iter().flat_map(|row| columns.iter().map(|it| row.text(it)));
        Ok(names.take_while(|it| !it.is_empty()).map(str::to_owned).collect())
    }

    async fn ask_for_choices(&self, lineage: &[String], column: &str) -> Result<Vec<String>, ServiceError> {
        let query = Query::new().is_in("name", lineage).and_then(|it| it.equals("element", column));
        let rows = self.rows("sys_choice", query, &["value", "inactive", "sequence"]).await?;
        let mut choices: Vec<(u64, String)> = rows
            .iter()
            .filter(|it| !it.flag("inactive"))
            .map(|it| (it.text("sequence").parse().unwrap_or(u64::MAX), it.text("value").to_owned()))
            .collect();
        choices.sort();
        choices.dedup();
        Ok(choices.into_iter().map(|(_, value)| value).collect())
    }

    async fn ask_for_roles(
        &self,
        lineage: &[String],
        column: Option<&str>,
        access: Access,
    ) -> Result<Vec<String>, ServiceError> {
        let names = controls(lineage, column);
        let query = Query::new()
            .is_in("name", &names)
            .and_then(|it| it.equals("operation", access.as_str()))
            .and_then(|it| it.equals("active", "true"));
        let rows = self.rows("sys_security_acl", query, &["name"]).await?;
        // The most specific name that there is a control for decides.
        let of = |name: &String| rows.iter().filter(|it| it.text("name") == name).collect::<Vec<&Record>>();
        let deciding = names.iter().map(of).find(|it| !it.is_empty()).unwrap_or_default();
        let ids: Vec<&str> = deciding.iter().map(|it| it.text("sys_id")).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let query = Query::new().is_in("sys_security_acl", &ids);
        let rows = self.rows("sys_security_acl_role", query, &["sys_user_role.name"]).await?;
        let mut roles: Vec<String> = rows.iter().map(|it| it.text("sys_user_role.name").to_owned()).collect();
        roles.retain(|it| !it.is_empty());
        roles.sort();
        roles.dedup();
        Ok(roles)
    }

    /// The rows of a table that describes something. What cannot be asked for has none.
    async fn rows(
        &self,
        table: &str,
        query: Result<Query, QueryError>,
        columns: &[&str],
    ) -> Result<Vec<Record>, ServiceError> {
        match (table.parse::<TableName>(), query) {
            (Ok(table), Ok(query)) => self.list(&table, &query, columns).await,
            _ => Ok(Vec::new()),
        }
    }
}

/// The names of the access controls that could decide, the most specific first.
fn controls(lineage: &[String], column: Option<&str>) -> Vec<String> {
    let of = |column: &str| lineage.iter().map(|it| format!("{it}.{column}")).collect::<Vec<_>>();
    match column {
        Some(column) => [of(column), of("*")].concat(),
        None => lineage.to_vec(),
    }
}

/// Whether a failure says that this user may not look, now or later in the run.
fn is_closed(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Forbidden | Kind::InvalidTable | Kind::NotFound | Kind::Inconsistent | Kind::BadRequest
    )
}

#[cfg(test)]
mod tests;
