//! What a search can be narrowed by: which attributes, and the condition that each stands for.

use reconcile::{Column, Holds, RecordLayout};
use servicenow_core::{Query, QueryError, SysId};
use tf_core::{Attribute, AttributeType, Behavior, Mode, Type};

use crate::tables::Table;

/// The column of the application that a record belongs to, on every table of configuration.
const SCOPE: &str = "sys_scope";

/// An attribute that narrows a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// Its name.
    pub attribute: String,
    /// Markdown, one sentence first.
    pub doc: String,
    /// The type of its values.
    pub ty: Type,
    /// The condition.
    pub test: Test,
}

/// The condition that a filter stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The column of a name holds this text, letter by letter.
    Key(&'static str),
    /// The column holds this text.
    Equals(&'static str),
    /// The column holds the word that stands for this one: ours, theirs.
    Choice(&'static str, &'static [(&'static str, &'static str)]),
    /// The list in the column holds this id.
    Contains(&'static str),
    /// The column refers to the record that has this id, or this text in one of these columns.
    Named(&'static str, &'static [&'static str]),
}

impl Filter {
    /// A query with the condition.
    ///
    /// # Errors
    /// The value cannot be asked for.
    pub fn narrow(&self, table: &Table<'_>, query: Query, text: &str) -> Result<Query, QueryError> {
        match self.test {
            Test::Key(column) | Test::Equals(column) => query.equals(&table.column(column), text),
            Test::Choice(column, words) => {
                let theirs = words.iter().find(|(ours, _)| *ours == text).map_or(text, |(_, theirs)| theirs);
                query.equals(&table.column(column), theirs)
            }
            Test::Contains(column) => query.contains(&table.column(column), text),
            Test::Named(column, _) if text.parse::<SysId>().is_ok() => {
                query.equals(&table.column(column), text)
            }
            Test::Named(column, keys) => {
                let column = table.column(column);
                let mut keys = keys.iter().map(|key| format!("{column}.{key}"));
                let first = keys.next().unwrap_or_else(|| column.clone());
                keys.try_fold(query.equals(&first, text)?, |query, key| query.or_equals(&key, text))
            }
        }
    }

    /// As an attribute that the user may set.
    pub fn attribute(&self) -> Attribute {
        Attribute {
            name: self.attribute.clone(),
            doc: self.doc.clone(),
            ty: AttributeType::Plain(self.ty.clone()),
            sensitive: false,
            write_only: false,
            behavior: Behavior { mode: Mode::Optional, ..Behavior::default() },
        }
    }

    /// The application that objects belong to, by its scope or sys_id.
    pub fn scope() -> Filter {
        Filter {
            attribute: "scope".to_owned(),
            doc: "Scope or sys_id of the application that the objects belong to: `global`, `x_acme_orders`."
                .to_owned(),
            ty: Type::String,
            test: Test::Named(SCOPE, &["scope"]),
        }
    }
}

/// The filters of a record: its names, what it refers to, its choices and switches, and its application.
pub(super) fn of(record: &RecordLayout, keys: &[&str], shown: &[Attribute]) -> Vec<Filter> {
    let filter = |column: &Column| {
        let (path, test) = test(column, keys)?;
        let attribute = shown.iter().find(|it| it.name == path)?;
        let AttributeType::Plain(ty) = &attribute.ty else { return None };
        let doc = format!("{} Only objects with this value are found.", first_sentence(&attribute.doc));
        Some(Filter { attribute: path.to_owned(), doc, ty: ty.clone(), test })
    };
    let mut filters: Vec<Filter> = record.columns.iter().filter_map(filter).collect();
    if !shown.iter().any(|it| it.name == "scope") {
        filters.push(Filter::scope());
    }
    filters
}

fn test(column: &Column, keys: &[&str]) -> Option<(&'static str, Test)> {
    Some(match column.holds {
        Holds::Text(path) | Holds::Calculated(path) if keys.contains(&column.name) => {
            (path, Test::Key(column.name))
        }
        Holds::Reference(path, _) | Holds::Flag(path) | Holds::Switch(path) => {
            (path, Test::Equals(column.name))
        }
        Holds::Choice(path, words) => (path, Test::Choice(column.name, words)),
        Holds::References(path, _) => (path, Test::Contains(column.name)),
        Holds::Lookup(path, lookup) => (path, Test::Named(column.name, lookup.keys)),
        _ => return None,
    })
}

/// The first sentence of a text.
pub fn first_sentence(doc: &str) -> &str {
    doc.split_inclusive(". ").next().or(doc.lines().next()).unwrap_or(doc).trim()
}
