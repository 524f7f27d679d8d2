//! Rows as JSON: which columns, and each value in the shape that was asked for.

use serde_json::{Map, Value, json};

use super::Call;
use super::parameters::Display;
use crate::dictionary::{Column, ColumnKind, Dictionary, Table};
use crate::instance::{Instance, text};
use crate::settings::PASSWORD2_READ;
use crate::store::{Row, StoreError};

/// What stands for a secret.
const MASK: &str = "********";

impl Call<'_> {
    /// A row with the columns that were asked for. Names that the table does not know are left out.
    pub fn record(&self, row: &Row) -> Result<Value, StoreError> {
        let all: Vec<String> = self.table.column_names().into_iter().map(str::to_owned).collect();
        let fields = if self.parameters.fields.is_empty() { &all } else { &self.parameters.fields };
        let mut record = Map::new();
        let controlled = self.rights.has_any_column_controls();
        for field in fields.iter().filter(|it| !controlled || self.readable(self.table, it)) {
            if let Some((column, value)) = walk(self.instance, self.table, row, field)? {
                record.insert(field.clone(), self.cell(column, &value)?);
            }
        }
        Ok(Value::Object(record))
    }

    /// The stored value at the end of a path, `""` for a path that leads nowhere.
    pub fn stored(&self, row: &Row, path: &str) -> Result<String, StoreError> {
        Ok(walk(self.instance, self.table, row, path)?.map(|(_, value)| value).unwrap_or_default())
    }

    /// What people see at the end of a path.
    pub fn shown_at(&self, row: &Row, path: &str) -> Result<String, StoreError> {
        match walk(self.instance, self.table, row, path)? {
            Some((column, value)) => shown(self.instance, column, &value),
            None => Ok(String::new()),
        }
    }

    fn cell(&self, column: &Column, stored: &str) -> Result<Value, StoreError> {
        let actual = actual(self.instance, column, stored);
        if self.parameters.display == Display::Actual && !refers(column) {
            return Ok(json!(actual));
        }
        let shown = match self.parameters.display {
            Display::Actual => String::new(),
            _ => shown(self.instance, column, stored)?,
        };
        let link = link(self.instance, column, stored).filter(|_| !self.parameters.exclude_reference_link);
        Ok(match (self.parameters.display, link) {
            (Display::Actual, None) => json!(actual),
            (Display::Actual, Some(link)) => json!({"link": link, "value": actual}),
            (Display::Shown, None) => json!(shown),
            (Display::Shown, Some(link)) => json!({"display_value": shown, "link": link}),
            (Display::Both, None) => json!({"display_value": shown, "value": actual}),
            (Display::Both, Some(link)) => json!({"display_value": shown, "link": link, "value": actual}),
        })
    }
}

/// The column at the end of a path and its value; an empty reference on the way gives an empty value.
fn walk<'a>(
    instance: &'a Instance,
    table: &'a Table,
    row: &Row,
    path: &str,
) -> Result<Option<(&'a Column, String)>, StoreError> {
    let Some((first, rest)) = path.split_once('.') else {
        return Ok(table.column(path).map(|it| (it, text(row, path).to_owned())));
    };
    let Some(target) = target(&instance.dictionary, table, first) else {
        return Ok(None);
    };
    let found = instance.store.find(&instance.dictionary, &target.name, text(row, first))?;
    let referred = found.map(|(_, row)| row).unwrap_or_default();
    walk(instance, target, &referred, rest)
}

fn target<'a>(dictionary: &'a Dictionary, table: &Table, column: &str) -> Option<&'a Table> {
    let column = table.column(column).filter(|it| refers(it))?;
    dictionary.table(column.reference.as_ref()?)
}

fn refers(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Reference | ColumnKind::DomainId)
}

/// Where a reference points, whether or not anything is there.
fn link(instance: &Instance, column: &Column, stored: &str) -> Option<String> {
    let table = column.reference.as_ref().filter(|_| refers(column) && !stored.is_empty())?;
    Some(format!("{}/api/now/table/{table}/{stored}", instance.base_url))
}

fn actual(instance: &Instance, column: &Column, stored: &str) -> String {
    match (column.kind, instance.settings.text(PASSWORD2_READ)) {
        (ColumnKind::GlideVar | ColumnKind::Password, _) | (ColumnKind::Password2, "empty") => String::new(),
        (ColumnKind::Password2, "mask") => mask(stored),
        _ => stored.to_owned(),
    }
}

fn mask(stored: &str) -> String {
    if stored.is_empty() { String::new() } else { MASK.to_owned() }
}

fn shown(instance: &Instance, column: &Column, stored: &str) -> Result<String, StoreError> {
    Ok(match column.kind {
        ColumnKind::Password | ColumnKind::Password2 => mask(stored),
        ColumnKind::GlideVar => String::new(),
        ColumnKind::Choice => {
            let choice = column.choices.iter().find(|(value, _)| value == stored);
            choice.filter(|_| !stored.is_empty()).map_or(stored, |(_, label)| label).to_owned()
        }
        ColumnKind::SysClassName => {
            instance.dictionary.table(stored).map_or(stored, |it| &it.label).to_owned()
        }
        ColumnKind::Reference | ColumnKind::DomainId => shown_reference(instance, column, stored)?,
        ColumnKind::GlideList => {
            let names: Result<Vec<String>, StoreError> =
                stored.split(',').map(|it| shown_reference(instance, column, it)).collect();
            names?.join(", ")
        }
        _ => stored.to_owned(),
    })
}

/// The name of the referred row; nothing for a row that is gone; the value itself for a table that is not modelled.
fn shown_reference(instance: &Instance, column: &Column, stored: &str) -> Result<String, StoreError> {
    match column.reference.as_deref().filter(|it| instance.dictionary.table(it).is_some()) {
        Some(table) => {
            // The global domain is no record, and shows its own name.
            let own = if column.kind == ColumnKind::DomainId { stored } else { "" };
            Ok(instance.display(table, stored)?.unwrap_or_else(|| own.to_owned()))
        }
        None => Ok(stored.to_owned()),
    }
}
