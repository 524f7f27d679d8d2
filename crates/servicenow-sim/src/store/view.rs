//! Views: rows of several tables side by side, each column under its table's prefix.

use super::{Store, StoreError, quoted};
use crate::dictionary::{Member, Table};

impl Store {
    /// Makes a view over the rows of its members and of everything that extends them.
    pub(super) fn create_view(&self, view: &Table) -> Result<(), StoreError> {
        let mut sources = Vec::new();
        for member in &view.view {
            let (source, prefix) = (self.member(member)?, quoted(&member.prefix));
            sources.push(match &member.joined_to {
                None => format!("{source} AS {prefix}"),
                Some((other, column)) => {
                    format!(
                        "JOIN {source} AS {prefix} ON {prefix}.sys_id = {}.{}",
                        quoted(other),
                        quoted(column)
                    )
                }
            });
        }
        let columns: Vec<String> = view.column_names().into_iter().map(|it| shown(view, it)).collect();
        let name = quoted(&view.name);
        let script = format!(
            "CREATE VIEW IF NOT EXISTS {name} AS SELECT {} FROM {}",
            columns.join(", "),
            sources.join(" ")
        );
        self.connection.execute_batch(&script)
    }

    /// The rows of a table and of all that extend it; every one of these tables is there from now on.
    fn member(&self, member: &Member) -> Result<String, StoreError> {
        let dictionary = self.dictionary.clone();
        let Some(table) = dictionary.table(&member.table) else {
            return Ok(quoted(&member.table));
        };
        for class in dictionary.family(&table.name) {
            self.ensure(&class.name)?;
        }
        self.source(&dictionary, table)
    }
}

/// `prefix_column` is that member's column; the platform's own columns are the first member's.
fn shown(view: &Table, column: &str) -> String {
    let named = |it: &&Member| column.strip_prefix(&it.prefix).is_some_and(|rest| rest.starts_with('_'));
    let member = view.view.iter().find(named);
    let (prefix, inner) = match member {
        Some(member) => (&member.prefix, column.get(member.prefix.len() + 1..).unwrap_or_default()),
        None => match view.view.first() {
            Some(first) => (&first.prefix, column),
            None => return format!("'' AS {}", quoted(column)),
        },
    };
    format!("{}.{} AS {}", quoted(prefix), quoted(inner), quoted(column))
}
