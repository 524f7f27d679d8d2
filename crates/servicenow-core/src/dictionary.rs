//! What an instance says about the columns of a table, put together from the tables that describe tables.

use std::collections::BTreeMap;

use crate::Record;
use crate::similar::similar;

/// Names that are offered in place of a wrong one.
const SIMILAR_MAX: usize = 3;

/// Every table has this column, so a description without it shows only a part of the truth.
const CERTAIN: &str = "sys_id";

/// Types whose columns hold nothing that could be declared: secrets, texts that grow, and what is kept elsewhere.
const UNDECLARED: [&str; 8] = [
    "password",
    "password2",
    "glide_encrypted",
    "journal",
    "journal_input",
    "journal_list",
    "glide_var",
    "sys_class_name",
];

/// A table with its columns, the inherited ones among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// The table, the table that it extends, and so on up to the root.
    pub lineage: Vec<String>,
    columns: BTreeMap<String, Column>,
}

/// A column as `sys_dictionary` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// The name of its type, such as `string` or `reference`.
    pub kind: String,
    /// Characters that fit into it, where it says so.
    pub length_max: Option<usize>,
    /// Whether it takes the values of its list of choices and no others.
    pub takes_choices_only: bool,
    /// Whether the dictionary calls it read-only.
    pub is_read_only: bool,
    /// What a new record holds in it when nobody says.
    pub default: String,
}

/// A column that a table does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingColumn {
    /// The name that was looked for.
    pub column: String,
    /// Columns of the table with a name like it, the most similar first.
    pub similar: Vec<String>,
}

impl Description {
    /// The description of a table from its lineage, itself first, and the rows of `sys_dictionary` for it. `None` when the
    /// rows are not all there, because this user may not see them: nothing can be said about a column then.
    pub fn new(lineage: Vec<String>, rows: &[Record]) -> Option<Description> {
        let mut columns = BTreeMap::new();
        // What a table says about an inherited column counts more than what its ancestor says.
        for table in &lineage {
            let own = rows.iter().filter(|it| it.text("name") == table && is_column(it));
            for row in own {
                columns.entry(row.text("element").to_owned()).or_insert_with(|| Column::from_row(row));
            }
        }
        columns.contains_key(CERTAIN).then_some(Description { lineage, columns })
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The columns whose values can be declared, in order.
    pub fn declarable(&self) -> Vec<&str> {
        let is_declarable = |it: &Column| !it.is_read_only && !UNDECLARED.contains(&it.kind.as_str());
        self.columns.iter().filter(|(_, it)| is_declarable(it)).map(|(name, _)| name.as_str()).collect()
    }

    /// Whether the table has a column.
    pub fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// The type of a column as the platform calls it, such as `boolean` or `glide_list`.
    pub fn type_of(&self, name: &str) -> Option<&str> {
        self.columns.get(name).map(|it| it.kind.as_str())
    }

    /// Those of the names that are no columns of the table. The steps of a path behind a dot belong to other tables and
    /// are not looked at.
    pub fn missing<T: AsRef<str>>(&self, names: &[T]) -> Vec<MissingColumn> {
        let head = |name: &'_ T| name.as_ref().split('.').next().unwrap_or_default().to_owned();
        let missing = names.iter().map(head).filter(|it| !self.columns.contains_key(it));
        let named = |column: String| {
            let similar = self.similar(&column).into_iter().map(str::to_owned).collect();
            MissingColumn { column, similar }
        };
        missing.map(named).collect()
    }

    /// The columns with a name like this one: those with few other letters first, then those that share a word with it.
    pub fn similar(&self, name: &str) -> Vec<&str> {
        let names = || self.columns.keys().map(String::as_str);
        let mut near = similar(name, names());
        let shares_a_word = |it: &&str| words(name).any(|word| words(it).any(|other| word == other));
        let related: Vec<&str> = names().filter(shares_a_word).filter(|it| !near.contains(it)).collect();
        near.extend(related);
        near.truncate(SIMILAR_MAX);
        near
    }
}

impl Column {
    fn from_row(row: &Record) -> Column {
        Column {
            kind: row.text("internal_type").to_owned(),
            length_max: row.text("max_length").parse().ok().filter(|it| *it > 0),
            // 2 offers choices and takes any text; 1 and 3 are lists with and without an empty entry.
            takes_choices_only: matches!(row.text("choice"), "1" | "3"),
            is_read_only: row.flag("read_only"),
            default: row.text("default_value").to_owned(),
        }
    }
}

/// A row without an element is the table itself; one that is switched off is none.
fn is_column(row: &Record) -> bool {
    !row.text("element").is_empty() && row.get("active").is_none_or(|it| it != "false")
}

/// The words of a column's name that mean something.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split('_').filter(|it| it.len() > 2 && !matches!(*it, "sys" | "the" | "for"))
}

#[cfg(test)]
mod tests;
