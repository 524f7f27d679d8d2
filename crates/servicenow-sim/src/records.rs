//! Creating, changing and deleting records as the platform does it: defaults, computed columns, rules, counters.

pub mod values;

use std::collections::BTreeMap;

use servicenow_core::SysId;
use uuid::Uuid;

use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::{Instance, text};
use crate::rules::{self, Change, Verdict};
use crate::settings::{DELETE_OF_REFERENCED, MANDATORY_COLUMNS};
use crate::store::{Row, StoreError};
use values::{Meaning, Written};

/// What a caller wants to have in a record.
pub type Wanted = BTreeMap<String, String>;

/// Columns that the caller may choose when a record is created; afterwards the instance keeps them.
const CHOSEN_ONCE: &[&str] = &["sys_created_by", "sys_created_on"];

/// A write that did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The platform's words, for `detail`.
    #[error("{0}")]
    Refused(String),
    /// The database failed.
    #[error("the rows of the simulated instance cannot be used")]
    Store(#[from] StoreError),
}

/// Who writes, and how the values are meant.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The name of the user.
    pub user_name: &'a str,
    /// Whether values are what people see or what is stored.
    pub meaning: Meaning,
    /// Whether the rules that refuse or change other records apply; they do not for the first filling.
    pub bound_by_rules: bool,
}

impl Instance {
    /// Creates a record of a table and gives it as it is afterwards.
    pub fn create(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<Row, WriteError> {
        let mut row = self.blank(writer, table, wanted)?;
        for column in table.columns.iter().filter(|it| is_writable(it)) {
            self.write_column(writer, column, wanted, &mut row)?;
        }
        self.require_unique(table, &row, "")?;
        self.require_mandatory(writer, table, &row)?;
        let mut change = Change { user_name: writer.user_name, table, before: None, after: row };
        self.apply_rules(writer, &mut change)?;
        self.store.insert(&table.name, &change.after)?;
        Ok(change.after)
    }

    /// Changes a record and gives it as it is afterwards. When nothing changes, nothing is counted.
    pub fn change(
        &self,
        writer: Writer<'_>,
        table: &Table,
        before: &Row,
        wanted: &Wanted,
    ) -> Result<Row, WriteError> {
        let mut after = before.clone();
        for column in table.columns.iter().filter(|it| is_writable(it) && it.name != "sys_scope") {
            self.write_column(writer, column, wanted, &mut after)?;
        }
        if after == *before {
            return Ok(after);
        }
        self.require_unique(table, &after, text(before, "sys_id"))?;
        self.require_mandatory(writer, table, &after)?;
        let mut change = Change { user_name: writer.user_name, table, before: Some(before), after };
        self.apply_rules(writer, &mut change)?;
        self.save(writer.user_name, table, before, change.after)
    }

    /// Stores what differs and counts the update.
    pub fn save(
        &self,
        user_name: &str,
        table: &Table,
        before: &Row,
        mut after: Row,
    ) -> Result<Row, WriteError> {
        let count = text(before, "sys_mod_count").parse::<u64>().unwrap_or_default() + 1;
        after.insert("sys_mod_count".to_owned(), count.to_string());
        after.insert("sys_updated_on".to_owned(), self.clock.timestamp());
        after.insert("sys_updated_by".to_owned(), user_name.to_owned());
        let changes: Row = after
            .iter()
            .filter(|(name, value)| text(before, name) != value.as_str())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self.store.update(&table.name, text(before, "sys_id"), &changes)?;
        self.forget_secrets(table, before, Some(&after))?;
        Ok(after)
    }

    /// Deletes a record; what refers to it is cleared or left, as the setting says.
    pub fn remove(&self, table: &Table, row: &Row) -> Result<(), WriteError> {
        let sys_id = text(row, "sys_id");
        self.store.delete(&table.name, sys_id)?;
        self.forget_secrets(table, row, None)?;
        if self.settings.text(DELETE_OF_REFERENCED) == "clear" {
            self.clear_references(table, sys_id)?;
        }
        Ok(())
    }

    fn clear_references(&self, table: &Table, sys_id: &str) -> Result<(), StoreError> {
        for other in self.dictionary.tables() {
            for column in &other.columns {
                let refers = column.reference.as_ref().is_some_and(|it| table.is_a(it));
                if refers && column.kind == ColumnKind::Reference {
                    let cleared = Row::from([(column.name.clone(), String::new())]);
                    for row in self.referring(other, &column.name, sys_id)? {
                        self.store.update(&other.name, text(&row, "sys_id"), &cleared)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn referring(&self, table: &Table, column: &str, sys_id: &str) -> Result<Vec<Row>, StoreError> {
        let found = self.store.matching(&self.dictionary, &table.name, &[(column, sys_id)])?;
        Ok(found.into_iter().filter(|(class, _)| class.name == table.name).map(|(_, row)| row).collect())
    }

    fn forget_secrets(&self, table: &Table, before: &Row, after: Option<&Row>) -> Result<(), StoreError> {
        for column in table.columns.iter().filter(|it| it.kind.is_secret()) {
            let old = text(before, &column.name);
            let kept = after.is_some_and(|it| text(it, &column.name) == old);
            if !old.is_empty() && !kept {
                self.store.forget(old)?;
            }
        }
        Ok(())
    }

    /// A record with its defaults and system columns.
    fn blank(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<Row, WriteError> {
        let mut row: Row = table.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        let now = self.clock.timestamp();
        let user_name = writer.user_name.to_owned();
        for (column, value) in [
            ("sys_id", self.id_for(writer, table, wanted)?),
            ("sys_created_by", user_name.clone()),
            ("sys_created_on", now.clone()),
            ("sys_updated_by", user_name),
            ("sys_updated_on", now),
        ] {
            row.insert(column.to_owned(), value);
        }
        if row.contains_key("sys_class_name") {
            row.insert("sys_class_name".to_owned(), table.name.clone());
        }
        row.extend(table.fixed.clone());
        for column in CHOSEN_ONCE {
            if let Some(value) = wanted.get(*column).filter(|it| !it.is_empty()) {
                row.insert((*column).to_owned(), value.clone());
            }
        }
        if !writer.bound_by_rules {
            self.date_back(wanted, &mut row);
        }
        Ok(row)
    }

    /// The first filling tells how old its records are.
    fn date_back(&self, wanted: &Wanted, row: &mut Row) {
        for column in ["sys_updated_by", "sys_updated_on", "sys_mod_count"] {
            if let Some(value) = wanted.get(column) {
                row.insert(column.to_owned(), value.clone());
            }
        }
    }

    /// The caller's id in the caller's spelling, or a new one.
    fn id_for(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<String, WriteError> {
        let well_formed = |it: &&String| it.parse::<SysId>().is_ok() || !writer.bound_by_rules;
        let Some(sys_id) = wanted.get("sys_id").filter(|it| !it.is_empty()).filter(well_formed) else {
            return Ok(SysId::from_bytes(*Uuid::new_v4().as_bytes()).to_string());
        };
        let root = table.lineage.last().unwrap_or(&table.name);
        match self.store.find(&self.dictionary, root, sys_id)? {
            Some(_) => Err(duplicate(sys_id, "PRIMARY")),
            None => Ok(sys_id.clone()),
        }
    }

    fn write_column(
        &self,
        writer: Writer<'_>,
        column: &Column,
        wanted: &Wanted,
        row: &mut Row,
    ) -> Result<(), WriteError> {
        let Some(value) = wanted.get(&column.name) else {
            return Ok(());
        };
        match self.written(writer.meaning, column, value)? {
            Written::Value(value) => {
                row.insert(column.name.clone(), value);
            }
            Written::Discarded => {}
        }
        Ok(())
    }

    fn require_unique(&self, table: &Table, row: &Row, sys_id: &str) -> Result<(), WriteError> {
        for column in table.columns.iter().filter(|it| it.unique) {
            let value = text(row, &column.name);
            let root = table.lineage.iter().rev().filter_map(|it| self.dictionary.table(it));
            let Some(holder) = root.into_iter().find(|it| it.column(&column.name).is_some()) else {
                continue;
            };
            let same = self.store.matching(&self.dictionary, &holder.name, &[(&column.name, value)])?;
            let other = same.iter().any(|(_, it)| !text(it, "sys_id").eq_ignore_ascii_case(sys_id));
            if !value.is_empty() && other {
                return Err(duplicate(value, &column.name));
            }
        }
        Ok(())
    }

    fn require_mandatory(&self, writer: Writer<'_>, table: &Table, row: &Row) -> Result<(), WriteError> {
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

    fn apply_rules(&self, writer: Writer<'_>, change: &mut Change<'_>) -> Result<(), WriteError> {
        for rule in rules::RULES.iter().filter(|it| change.table.is_a(it.table)) {
            if rule.computes || writer.bound_by_rules {
                match (rule.run)(self, change)? {
                    Verdict::Go => {}
                    Verdict::Abort => return Err(WriteError::Refused(rule.abort_text(&change.table.name))),
                }
            }
        }
        Ok(())
    }
}

fn is_writable(column: &Column) -> bool {
    !column.read_only && column.kind != ColumnKind::GlideVar
}

fn duplicate(value: &str, key: &str) -> WriteError {
    WriteError::Refused(format!(
        "Unique Key violation detected by database ((conn=7) Duplicate entry '{value}' for key '{key}')"
    ))
}
