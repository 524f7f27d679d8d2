//! What the instance says of its own tables: which columns there are, and of which type.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use servicenow_core::{Query, Record, ServiceError, TableName};

use crate::session::Session;

/// How many tables up a table is followed. Real ones have four or five ancestors at most.
const ANCESTORS_MAX: usize = 8;

/// The columns of a table, those of its ancestors included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dictionary {
    types: BTreeMap<String, String>,
}

/// What was asked for already, by table.
pub type Cache = Arc<tokio::sync::Mutex<HashMap<String, Option<Arc<Dictionary>>>>>;

impl Dictionary {
    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.types.contains_key(column)
    }

    /// The type of a column as the platform calls it, such as `boolean` or `glide_list`.
    pub fn type_of(&self, column: &str) -> Option<&str> {
        self.types.get(column).map(String::as_str)
    }

    /// The columns whose names have a word in common with one that is not there.
    pub fn similar(&self, column: &str) -> Vec<&str> {
        let words = |name: &str| -> Vec<String> {
            name.split('_').filter(|it| it.len() > 2).map(str::to_owned).collect()
        };
        let wanted = words(column);
        let shares = |it: &&String| words(it).iter().any(|word| wanted.contains(word));
        self.types.keys().filter(shares).map(String::as_str).collect()
    }
}

impl Session {
    /// The columns of a table, asked for once in a run. `None` when the instance does not say: this user may not read the
    /// dictionary, or there is no such table.
    pub async fn dictionary(&self, table: &str) -> Option<Arc<Dictionary>> {
        let mut cache = self.dictionaries.lock().await;
        if let Some(known) = cache.get(table) {
            return known.clone();
        }
        match self.look_up(table).await {
            Ok(found) => {
                let found = found.map(Arc::new);
                cache.insert(table.to_owned(), found.clone());
                found
            }
            Err(error) => {
                tracing::info!(table, kind = ?error.kind, "the dictionary cannot be read");
                None
            }
        }
    }

    async fn look_up(&self, table: &str) -> Result<Option<Dictionary>, ServiceError> {
        let family = self.family(table).await?;
        let (Ok(dictionary), Ok(query)) =
            ("sys_dictionary".parse::<TableName>(), Query::new().is_in("name", &family))
        else {
            return Ok(None);
        };
        let rows = self.client.list(&dictionary, &query, &["name", "element", "internal_type"]).await?;
        let column = |row: &Record| (row.text("element").to_owned(), row.text("internal_type").to_owned());
        let types: BTreeMap<String, String> =
            rows.iter().map(column).filter(|(element, _)| !element.is_empty()).collect();
        Ok((!types.is_empty()).then_some(Dictionary { types }))
    }

    /// A table and its ancestors.
    async fn family(&self, table: &str) -> Result<Vec<String>, ServiceError> {
        let itself = vec![table.to_owned()];
        let (Ok(objects), Ok(query)) =
            ("sys_db_object".parse::<TableName>(), Query::new().equals("name", table))
        else {
            return Ok(itself);
        };
        let above = |steps: usize| format!("{}name", "super_class.".repeat(steps));
        let columns: Vec<String> = (0..ANCESTORS_MAX).map(above).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let rows = self.client.list(&objects, &query, &columns).await?;
        let ancestors = |row: &Record| -> Vec<String> {
            columns.iter().skip(1).map(|it| row.text(it).to_owned()).filter(|it| !it.is_empty()).collect()
        };
        Ok(itself.into_iter().chain(rows.first().map(ancestors).unwrap_or_default()).collect())
    }
}
