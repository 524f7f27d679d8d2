//! Rows of long lists: their values in the order of the table's columns, in one piece of memory for each row.

use rusqlite::params_from_iter;

use super::{Page, Selection, Store, StoreError, clause, list};
use crate::dictionary::{Dictionary, Table};

/// The values of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    text: String,
    /// Where each value ends.
    ends: Vec<usize>,
}

impl Cells {
    fn with_room_like(other: &Cells) -> Cells {
        Cells { text: String::with_capacity(other.text.len()), ends: Vec::with_capacity(other.ends.len()) }
    }

    fn push(&mut self, value: &str) {
        self.text.push_str(value);
        self.ends.push(self.text.len());
    }

    /// The value of the column at that place of the table; `""` for a place that there is not.
    pub fn at(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).and_then(|it| self.ends.get(it)).copied().unwrap_or_default();
        self.ends.get(place).and_then(|end| self.text.get(begin..*end)).unwrap_or_default()
    }
}

impl Store {
    /// The selected rows of a table and all that extend it, each handed over as it is read.
    pub fn each<E: From<StoreError>>(
        &self,
        dictionary: &Dictionary,
        table: &Table,
        selection: &Selection,
        page: Page,
        mut take: impl FnMut(&Cells) -> Result<(), E>,
    ) -> Result<(), E> {
        let columns = table.column_names();
        let source = self.source(dictionary, table)?;
        let sql = format!(
            "SELECT {} FROM {source} AS t0{}{} LIMIT {} OFFSET {}",
            list(&columns),
            clause(" WHERE ", &selection.condition),
            clause(" ORDER BY ", &selection.order),
            page.limit,
            page.offset,
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(&selection.parameters))?;
        let mut last = Cells::default();
        while let Some(row) = rows.next()? {
            let mut cells = Cells::with_room_like(&last);
            for place in 0..columns.len() {
                cells.push(row.get_ref(place)?.as_str().map_err(StoreError::from)?);
            }
            take(&cells)?;
            last = cells;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_at_their_places() {
        let mut cells = Cells::default();
        for value in ["a", "", "größer", ""] {
            cells.push(value);
        }
        let values: Vec<&str> = (0..5).map(|it| cells.at(it)).collect();
        assert_eq!(values, ["a", "", "größer", "", ""]);
    }
}
