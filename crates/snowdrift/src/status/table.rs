//! Whole tables in pages; what is closed to this user is remembered instead of failing.

use servicenow_core::{Kind, Query, Record, ServiceError};
use terraform_provider_servicenow::tables;
use tf_core::{Diagnostic, Diagnostics};

use super::CHANGE;
use super::document::Unseen;
use crate::live::Live;
use crate::progress::Watch;

/// The tables of an instance.
pub struct Tables<'a> {
    live: &'a Live,
    watch: &'a dyn Watch,
    unseen: Vec<Unseen>,
}

impl<'a> Tables<'a> {
    /// Those of an instance; each that was read is told.
    pub fn of(live: &'a Live, watch: &'a dyn Watch) -> Tables<'a> {
        Tables { live, watch, unseen: Vec::new() }
    }

    /// Every row that this user may see.
    ///
    /// # Errors
    /// The instance does not answer.
    pub async fn rows(&mut self, table: &str, columns: &[&str]) -> Result<Vec<Record>, Diagnostics> {
        let (rows, error) = self.ask(table, columns).await?;
        if let Some(error) = error {
            self.tell(table, &error.reason);
        } else if rows.is_empty() {
            self.tell_if_hidden(table).await;
        }
        Ok(rows)
    }

    /// The same of a table that an application brings, which may not be there.
    ///
    /// # Errors
    /// The instance does not answer.
    pub async fn rows_if_any(&mut self, table: &str, columns: &[&str]) -> Result<Vec<Record>, Diagnostics> {
        let (rows, error) = self.ask(table, columns).await?;
        if let Some(error) = error.filter(|it| it.kind == Kind::Forbidden) {
            self.tell(table, &error.reason);
        }
        Ok(rows)
    }

    /// Rows, or why the table is not for this user.
    async fn ask(
        &self,
        table: &str,
        columns: &[&str],
    ) -> Result<(Vec<Record>, Option<ServiceError>), Diagnostics> {
        let columns: Vec<&str> = columns.iter().chain(&CHANGE).copied().collect();
        let name = tables::table(table)?;
        let answer = self.live.session.client.list(&name, &Query::new(), &columns).await;
        self.watch.advances(1);
        match answer {
            Ok(rows) => Ok((rows, None)),
            Err(error) if matches!(error.kind, Kind::Forbidden | Kind::InvalidTable | Kind::NotFound) => {
                Ok((Vec::new(), Some(error)))
            }
            Err(error) => {
                let detail = format!(
                    "The table `{table}` of {} cannot be read: {}. Nothing was changed. Check the address, the sign-in and the \
                     state of the instance.",
                    self.live.url, error.reason
                );
                let told = Diagnostic::error("Could not look at the instance", detail).into();
                Err(self.live.session.redacted(told, &[]))
            }
        }
    }

    /// A table of which no row is seen may be empty, or closed.
    async fn tell_if_hidden(&mut self, table: &str) {
        let Ok(name) = tables::table(table) else { return };
        if let Ok((0, total @ 1..)) = self.live.session.client.sees(&name).await {
            self.tell(table, &format!("it has {total} rows, and this user sees none of them"));
        }
    }

    fn tell(&mut self, table: &str, reason: &str) {
        self.unseen.push(Unseen { table: table.to_owned(), reason: reason.to_owned() });
    }

    /// Whether a table is closed to this user.
    pub fn is_closed(&self, table: &str) -> bool {
        self.unseen.iter().any(|it| it.table == table)
    }

    /// What could not be seen.
    pub fn unseen(self) -> Vec<Unseen> {
        self.unseen
    }
}
