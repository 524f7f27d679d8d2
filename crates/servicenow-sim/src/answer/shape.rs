//! Rows as JSON: which columns, and each value in the shape that was asked for.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Call;
use super::parameters::Display;
use super::shown::actual;
use crate::dictionary::{Column, ColumnKind, Dictionary, Table};
use crate::instance::{Instance, text};
use crate::store::{Cells, Row, StoreError};

/// A body with one member: what was asked for.
#[derive(Debug, Serialize)]
pub struct Answered<T> {
    /// A row, or several.
    pub result: T,
}

/// A row as it goes out: keys with their values, in the order of the columns asked for.
#[derive(Debug)]
pub struct Record<'a> {
    cells: Vec<(&'a str, Cell<'a>)>,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.cells.iter().map(|(name, cell)| (name, cell)))
    }
}

/// A value in the shape that was asked for.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Cell<'a> {
    /// A text alone.
    Plain(Cow<'a, str>),
    /// An object with the members that were asked for.
    Object {
        #[serde(skip_serializing_if = "Option::is_none")]
        display_value: Option<Cow<'a, str>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        link: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        value: Option<Cow<'a, str>>,
    },
}

/// A column at the end of a path, the table that it is of there, and its value.
struct Reached<'a> {
    table: &'a Table,
    column: &'a Column,
    value: Cow<'a, str>,
}

/// The columns that a call shows, found once for all of its rows.
pub struct Shape<'a> {
    call: &'a Call<'a>,
    fields: Vec<Field<'a>>,
}

/// A key, and the column that it names with its place in the table, unless the key is a path.
struct Field<'a> {
    name: &'a str,
    column: Option<(usize, &'a Column)>,
}

impl<'a> Shape<'a> {
    /// A row with the columns that were asked for. Names that the table does not know are left out.
    pub fn record<'b>(&'b self, row: &'b Row) -> Result<Record<'b>, StoreError> {
        let Call { instance, table, .. } = self.call;
        let mut cells = Vec::with_capacity(self.fields.len());
        for Field { name, column } in &self.fields {
            let found = match column {
                Some((_, column)) => Some(Reached { table, column, value: Cow::Borrowed(text(row, name)) }),
                None => walk(instance, table, row, name)?,
            };
            if let Some(reached) = found {
                cells.push((*name, self.call.cell(reached)?));
            }
        }
        Ok(Record { cells })
    }

    /// The same for a row of a long list.
    pub fn record_of<'b>(&'b self, row: &'b Cells) -> Result<Record<'b>, StoreError> {
        let Call { instance, table, .. } = self.call;
        let mut cells = Vec::with_capacity(self.fields.len());
        for Field { name, column } in &self.fields {
            let found = match column {
                Some((place, column)) => {
                    Some(Reached { table, column, value: Cow::Borrowed(row.at(*place)) })
                }
                None => {
                    let first = name.split('.').next().unwrap_or_default();
                    let place = table.columns.iter().position(|it| it.name == first);
                    let value = place.map(|it| row.at(it).to_owned()).unwrap_or_default();
                    walk_away(instance, table, &Row::from([(first.to_owned(), value)]), name)?
                }
            };
            if let Some(reached) = found {
                cells.push((*name, self.call.cell(reached)?));
            }
        }
        Ok(Record { cells })
    }
}

impl<'a> Call<'a> {
    /// The columns that were asked for and may be read.
    pub fn shape(&'a self) -> Shape<'a> {
        let asked: Vec<&str> = match self.parameters.fields.as_slice() {
            [] => self.table.column_names(),
            fields => fields.iter().map(String::as_str).collect(),
        };
        let controlled = self.rights.has_any_column_controls();
        let shown = asked.into_iter().filter(|it| !controlled || self.readable(self.table, it));
        let known = shown.map(|name| {
            let place = self.table.columns.iter().position(|it| it.name == name);
            let column = place.and_then(|it| Some((it, self.table.columns.get(it)?)));
            Field { name, column }
        });
        let fields = known.filter(|it| it.column.is_some() || it.name.contains('.')).collect();
        Shape { call: self, fields }
    }

    /// A row with the columns that were asked for, as a document.
    pub fn record(&self, row: &Row) -> Result<Value, StoreError> {
        let shape = self.shape();
        let record = shape.record(row)?;
        // Texts under names that are texts always have a form as a document.
        Ok(serde_json::to_value(&record).unwrap_or_default())
    }

    /// The stored value at the end of a path, `""` for a path that leads nowhere.
    pub fn stored(&self, row: &Row, path: &str) -> Result<String, StoreError> {
        let found = walk(self.instance, self.table, row, path)?;
        Ok(found.map(|it| it.value.into_owned()).unwrap_or_default())
    }

    /// What people see at the end of a path.
    pub fn shown_at(&self, row: &Row, path: &str) -> Result<String, StoreError> {
        match walk(self.instance, self.table, row, path)? {
            Some(Reached { table, column, value }) => {
                Ok(self.shown_value(table, column, &value)?.into_owned())
            }
            None => Ok(String::new()),
        }
    }

    /// Where a reference points, whether or not anything is there.
    fn link_to(&self, column: &Column, stored: &str) -> Option<String> {
        let table = column.reference.as_ref().filter(|_| refers(column) && !stored.is_empty())?;
        Some(format!("{}/api/now/table/{table}/{stored}", self.base))
    }

    fn cell<'b>(&self, reached: Reached<'b>) -> Result<Cell<'b>, StoreError> {
        let Reached { table, column, value: stored } = reached;
        let (display, instance) = (self.parameters.display, self.instance);
        if display == Display::Actual && !refers(column) {
            return Ok(Cell::Plain(actual(instance, column, stored)));
        }
        let link = self.link_to(column, &stored).filter(|_| !self.parameters.exclude_reference_link);
        let seen = match display {
            Display::Actual => None,
            _ => Some(Cow::Owned(self.shown_value(table, column, &stored)?.into_owned())),
        };
        let value = (display != Display::Shown).then(|| actual(instance, column, stored));
        Ok(match (seen, link, value) {
            (None, None, Some(plain)) | (Some(plain), None, None) => Cell::Plain(plain),
            (display_value, link, value) => Cell::Object { display_value, link, value },
        })
    }
}

/// The column at the end of a path and its value; an empty reference on the way gives an empty value.
fn walk<'a>(
    instance: &'a Instance,
    table: &'a Table,
    row: &'a Row,
    path: &str,
) -> Result<Option<Reached<'a>>, StoreError> {
    if path.contains('.') {
        return walk_away(instance, table, row, path);
    }
    let value = Cow::Borrowed(text(row, path));
    Ok(table.column(path).map(|column| Reached { table, column, value }))
}

/// The same where the value is another row's.
fn walk_away<'a>(
    instance: &'a Instance,
    table: &'a Table,
    row: &Row,
    path: &str,
) -> Result<Option<Reached<'a>>, StoreError> {
    let Some((first, rest)) = path.split_once('.') else {
        let value = Cow::Owned(text(row, path).to_owned());
        return Ok(table.column(path).map(|column| Reached { table, column, value }));
    };
    let Some(target) = target(&instance.dictionary, table, first) else {
        return Ok(None);
    };
    let found = instance.store.find(&instance.dictionary, &target.name, text(row, first))?;
    walk_away(instance, target, &found.map(|(_, row)| row).unwrap_or_default(), rest)
}

fn target<'a>(dictionary: &'a Dictionary, table: &Table, column: &str) -> Option<&'a Table> {
    let column = table.column(column).filter(|it| refers(it))?;
    dictionary.table(column.reference.as_ref()?)
}

fn refers(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Reference | ColumnKind::DomainId)
}
