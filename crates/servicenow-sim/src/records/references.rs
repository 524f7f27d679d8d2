//! What happens to records that refer to a record that is deleted.

use super::{WriteError, Writer};
use crate::dictionary::{Cascade, Column, ColumnKind, Table};
use crate::instance::{Instance, text};
use crate::settings::DELETE_OF_REFERENCED;
use crate::store::Row;

impl Instance {
    /// Clears, deletes or keeps what refers to a record, or refuses to let the record go.
    pub(super) fn release(&self, writer: Writer<'_>, table: &Table, sys_id: &str) -> Result<(), WriteError> {
        let dictionary = self.dictionary.clone();
        for other in dictionary.tables() {
            for column in other.columns.iter().filter(|it| refers(it, table)) {
                let cascade = self.cascade(column);
                if cascade == Cascade::None {
                    continue;
                }
                for row in self.store.exactly(other, &[(&column.name, sys_id)])? {
                    self.release_one(writer, other, column, cascade, &row)?;
                }
            }
        }
        Ok(())
    }

    fn release_one(
        &self,
        writer: Writer<'_>,
        table: &Table,
        column: &Column,
        cascade: Cascade,
        row: &Row,
    ) -> Result<(), WriteError> {
        match cascade {
            Cascade::None => Ok(()),
            Cascade::Clear => {
                let cleared = Row::from([(column.name.clone(), String::new())]);
                Ok(self.store.update(&table.name, text(row, "sys_id"), &cleared)?)
            }
            Cascade::Delete => self.remove(writer, table, row),
            Cascade::Restrict => Err(WriteError::Refused(format!(
                "Operation Failed: the record is referenced by '{}' of {}",
                column.label, table.label
            ))),
        }
    }

    fn cascade(&self, column: &Column) -> Cascade {
        let keeps = self.settings.text(DELETE_OF_REFERENCED) == "keep";
        column.cascade.unwrap_or(if keeps { Cascade::None } else { Cascade::Clear })
    }
}

fn refers(column: &Column, table: &Table) -> bool {
    column.kind == ColumnKind::Reference && column.reference.as_ref().is_some_and(|it| table.is_a(it))
}
