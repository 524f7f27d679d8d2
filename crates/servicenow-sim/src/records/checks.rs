//! What a record must be before it is stored, whatever the rules say: unique, filled in, not too long.

use super::{Wanted, WriteError, Writer};
use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::settings::{LONG_VALUES, MANDATORY_COLUMNS};
use crate::store::Row;

impl Instance {
    pub(super) fn require_unique(&self, table: &Table, row: &Row, sys_id: &str) -> Result<(), WriteError> {
        for column in table.columns.iter().filter(|it| it.unique) {
            let value = text(row, &column.name);
            let root = table.lineage.iter().rev().filter_map(|it| self.dictionary.table(it));
            let Some(holder) = root.into_iter().find(|it| it.column(&column.name).is_some()) else {
                continue;
            };
            if value.is_empty() {
                continue;
            }
            let same = self.store.matching(&self.dictionary, &holder.name, &[(&column.name, value)])?;
            if same.iter().any(|(_, it)| !text(it, "sys_id").eq_ignore_ascii_case(sys_id)) {
                return Err(duplicate(value, &column.name));
            }
        }
        Ok(())
    }

    pub(super) fn require_mandatory(
        &self,
        writer: Writer<'_>,
        table: &Table,
        row: &Row,
    ) -> Result<(), WriteError> {
        if !writer.bound_by_rules || self.settings.text(MANDATORY_COLUMNS) == "ignored" {
            return Ok(());
        }
        let empty = table.columns.iter().filter(|it| it.mandatory && text(row, &it.name).is_empty());
        let labels: Vec<&str> = empty.map(|it| it.label.as_str()).collect();
        if labels.is_empty() {
            return Ok(());
        }
        let labels = labels.join(", ");
        Err(WriteError::Refused(format!(
            "Data Policy Exception: The following fields are mandatory: {labels}"
        )))
    }

    pub(super) fn require_lengths(
        &self,
        writer: Writer<'_>,
        table: &Table,
        wanted: &Wanted,
    ) -> Result<(), WriteError> {
        if !writer.bound_by_rules || self.settings.text(LONG_VALUES) == "truncate" {
            return Ok(());
        }
        let long = |(name, value): &(&String, &String)| {
            let column = table.column(name).filter(|it| !it.read_only && !it.kind.is_secret());
            column.and_then(|it| it.max_length).is_some_and(|it| value.chars().count() > it)
        };
        match wanted.iter().find(long) {
            Some((name, _)) => Err(WriteError::Refused(format!(
                "Data Policy Exception: Value for '{name}' exceeds its maximum length"
            ))),
            None => Ok(()),
        }
    }
}

/// The database's words for a value that is there already.
pub fn duplicate(value: &str, key: &str) -> WriteError {
    WriteError::Refused(format!(
        "Unique Key violation detected by database ((conn=7) Duplicate entry '{value}' for key '{key}')"
    ))
}
