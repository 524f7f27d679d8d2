//! What the instance says of its own tables: which columns there are, and of which type.

use std::sync::Arc;

pub use servicenow_core::Description as Dictionary;

use crate::session::Session;

impl Session {
    /// The columns of a table, asked for once in a run. `None` when the instance does not say: this user may not read the
    /// dictionary, or there is no such table.
    pub async fn dictionary(&self, table: &str) -> Option<Arc<Dictionary>> {
        let table = table.parse().ok()?;
        self.client.describe(&table).await
    }
}
