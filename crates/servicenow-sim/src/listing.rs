//! What the program tells about itself on a terminal: its settings, its tables, the columns of one.

use std::fmt::Write as _;

use crate::dictionary::{Column, Dictionary, DictionaryError, Table};
use crate::settings::settings as all_settings;

/// A list that cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum ListingError {
    /// The compiled-in tables are wrong.
    #[error("the dictionary of the simulated instance is broken; this is a fault of the simulator")]
    Dictionary(#[from] DictionaryError),
    /// No such table.
    #[error("this instance has no table `{0}`; `servicenow-sim tables` lists those it has")]
    Table(String),
}

/// Every setting with its default, values, meaning and source.
pub fn settings() -> String {
    let mut text = String::new();
    for it in all_settings() {
        let _ = writeln!(text, "{} = {}", it.name, it.default);
        let _ = writeln!(text, "    {}", it.meaning);
        let _ = writeln!(text, "    Takes {}. The default is known so: {}.\n", it.values(), it.source);
    }
    text
}

/// Every table with its label and what it extends, or the columns of the named one.
///
/// # Errors
/// There is no such table.
pub fn tables(name: Option<&str>) -> Result<String, ListingError> {
    let dictionary = Dictionary::native()?;
    match name {
        None => Ok(dictionary.tables().map(headline).collect()),
        Some(name) => {
            let table = dictionary.table(name).ok_or_else(|| ListingError::Table(name.to_owned()))?;
            let columns: String = table.columns.iter().map(|it| line(table, it)).collect();
            Ok(format!("{}\n{columns}", headline(table)))
        }
    }
}

fn headline(table: &Table) -> String {
    let extends = table.extends.as_ref().map(|it| format!(", extends {it}")).unwrap_or_default();
    format!("{:<32} {}{extends}\n", table.name, table.label)
}

fn line(table: &Table, column: &Column) -> String {
    let mut facts = vec![column.kind.internal_type().to_owned()];
    facts.extend(column.reference.as_ref().map(|it| format!("to {it}")));
    facts.extend(column.max_length.map(|it| format!("at most {it} characters")));
    for (holds, word) in [
        (column.display, "display"),
        (column.mandatory, "mandatory"),
        (column.unique, "unique"),
        (column.read_only, "read only"),
        (!table.own.contains(&column.name), "inherited"),
    ] {
        facts.extend(holds.then(|| word.to_owned()));
    }
    if !column.choices.is_empty() {
        let values: Vec<&str> = column.choices.iter().map(|(value, _)| value.as_str()).collect();
        facts.push(format!("one of {}", values.join(", ")));
    }
    if !column.default.is_empty() {
        facts.push(format!("default {}", column.default));
    }
    format!("    {:<28} {}: {}\n", column.name, column.label, facts.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_tables_has_a_line_for_each_and_one_table_has_its_columns() {
        let all = tables(None).unwrap();
        assert!(
            all.lines()
                .any(|it| it.starts_with("http_connection ") && it.ends_with("extends sys_connection"))
        );
        let one = tables(Some("sys_alias")).unwrap();
        for expected in ["connection_type", "one of http_connection", "to sys_alias_templates", "inherited"] {
            assert!(one.contains(expected), "{expected} is missing in\n{one}");
        }
        assert!(tables(Some("sys_nothing")).unwrap_err().to_string().contains("`sys_nothing`"));
    }

    #[test]
    fn the_list_of_settings_has_all_of_them() {
        let all = settings();
        for it in all_settings() {
            assert!(all.contains(&format!("{} = {}\n", it.name, it.default)), "{}", it.name);
        }
    }
}
