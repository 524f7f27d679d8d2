//! Creating, changing and deleting records as the platform does it: defaults, computed columns, rules, counters.

mod checks;
mod references;
mod traces;
pub mod values;

use std::collections::BTreeMap;

use servicenow_core::SysId;
use uuid::Uuid;

use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::{Instance, text};
use crate::rules::{self, Change, Moment, Removal, Rule, Verdict};
use crate::settings::{READ_ONLY_COLUMNS, RULES_OFF};
use crate::store::{Row, StoreError};
use traces::Action;
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
    /// Whether the caller's values of system columns count, and the instance sets none of its own.
    pub gives_system_columns: bool,
    /// Seconds that the writer's clock is ahead of UTC: what people write as a moment is meant by it.
    pub offset_s: i64,
}

impl Instance {
    /// Creates a record of a table and gives it as it is afterwards.
    pub fn create(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<Row, WriteError> {
        let mut row = self.blank(writer, table, wanted)?;
        for column in table.columns.iter().filter(|it| self.takes(it)) {
            self.write_column(writer, table, column, wanted, &mut row)?;
        }
        self.require_lengths(writer, table, wanted)?;
        self.require_unique(table, &row, "")?;
        self.require_mandatory(writer, table, &row)?;
        let mut change = Change { writer, table, before: None, after: row };
        self.run_before(&mut change)?;
        self.store.insert(&table.name, &change.after)?;
        self.run_after(&mut change)?;
        self.trace(&change, Action::Insert)?;
        Ok(change.after)
    }

    /// Creates a record that no rule looks at, as rules do with rows that only the platform writes.
    pub fn add_silently(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<(), WriteError> {
        let mut row = self.blank(writer, table, wanted)?;
        row.extend(wanted.iter().map(|(column, value)| (column.clone(), value.clone())));
        Ok(self.store.insert(&table.name, &row)?)
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
        for column in table.columns.iter().filter(|it| self.takes(it) && it.name != "sys_scope") {
            self.write_column(writer, table, column, wanted, &mut after)?;
        }
        if writer.gives_system_columns {
            date_back(wanted, &mut after);
        }
        self.put(writer, table, before, after)
    }

    /// Changes a record to what it is to be, with everything that the platform does then.
    pub fn put(
        &self,
        writer: Writer<'_>,
        table: &Table,
        before: &Row,
        after: Row,
    ) -> Result<Row, WriteError> {
        if after == *before {
            return Ok(after);
        }
        self.require_unique(table, &after, text(before, "sys_id"))?;
        self.require_mandatory(writer, table, &after)?;
        let mut change = Change { writer, table, before: Some(before), after };
        self.run_before(&mut change)?;
        if change.after == *before {
            return Ok(change.after);
        }
        self.count(&mut change, before)?;
        self.run_after(&mut change)?;
        self.trace(&change, Action::Update)?;
        Ok(change.after)
    }

    /// Sets columns of a record without asking the rules, as rules do with other records; it counts as an update.
    pub fn save(
        &self,
        writer: Writer<'_>,
        table: &Table,
        before: &Row,
        changes: &[(&str, &str)],
    ) -> Result<Row, WriteError> {
        let mut after = before.clone();
        for (column, value) in changes {
            after.insert((*column).to_owned(), (*value).to_owned());
        }
        if after == *before {
            return Ok(after);
        }
        let mut change = Change { writer, table, before: Some(before), after };
        self.count(&mut change, before)?;
        self.trace(&change, Action::Update)?;
        Ok(change.after)
    }

    /// Stores what differs and counts the update.
    fn count(&self, change: &mut Change<'_>, before: &Row) -> Result<(), StoreError> {
        let count = text(before, "sys_mod_count").parse::<u64>().unwrap_or_default() + 1;
        let after = &mut change.after;
        if !change.writer.gives_system_columns {
            after.insert("sys_mod_count".to_owned(), count.to_string());
            after.insert("sys_updated_on".to_owned(), self.clock.timestamp());
            after.insert("sys_updated_by".to_owned(), change.writer.user_name.to_owned());
        }
        let changes: Row = after
            .iter()
            .filter(|(name, value)| text(before, name) != value.as_str())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        self.store.update(&change.table.name, text(before, "sys_id"), &changes)?;
        self.forget_secrets(change.table, before, Some(after))
    }

    /// Deletes a record, and does with what refers to it as the column or the setting says.
    pub fn remove(&self, writer: Writer<'_>, table: &Table, row: &Row) -> Result<(), WriteError> {
        let removal = Removal { writer, row };
        self.release(writer, table, text(row, "sys_id"))?;
        self.store.delete(&table.name, text(row, "sys_id"))?;
        self.forget_secrets(table, row, None)?;
        for rule in self.rules(table) {
            if let (Moment::AfterDelete(run), true) = (rule.moment, writer.bound_by_rules) {
                run(self, &removal)?;
            }
        }
        let change = Change { writer, table, before: Some(row), after: row.clone() };
        self.trace(&change, Action::Delete)
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
        if !writer.bound_by_rules || writer.gives_system_columns {
            date_back(wanted, &mut row);
        }
        Ok(row)
    }

    /// The caller's id in the caller's spelling, or a new one.
    fn id_for(&self, writer: Writer<'_>, table: &Table, wanted: &Wanted) -> Result<String, WriteError> {
        let well_formed = |it: &&String| it.parse::<SysId>().is_ok() || !writer.bound_by_rules;
        let Some(sys_id) = wanted.get("sys_id").filter(|it| !it.is_empty()).filter(well_formed) else {
            return Ok(SysId::from_bytes(*Uuid::new_v4().as_bytes()).to_string());
        };
        let root = table.lineage.last().unwrap_or(&table.name);
        match self.store.find(&self.dictionary, root, sys_id)? {
            Some(_) => Err(checks::duplicate(sys_id, "PRIMARY")),
            None => Ok(sys_id.clone()),
        }
    }

    fn write_column(
        &self,
        writer: Writer<'_>,
        table: &Table,
        column: &Column,
        wanted: &Wanted,
        row: &mut Row,
    ) -> Result<(), WriteError> {
        let Some(value) = wanted.get(&column.name) else {
            return Ok(());
        };
        match self.written(writer, table, column, value)? {
            Written::Value(value) if column.kind == ColumnKind::JournalInput => {
                let earlier = text(row, &column.name).to_owned();
                row.insert(column.name.clone(), self.journal(writer, column, &value, &earlier));
            }
            Written::Value(value) => {
                row.insert(column.name.clone(), value);
            }
            Written::Discarded => {}
        }
        Ok(())
    }

    /// A journal with one more entry, the newest first; an empty one adds none.
    fn journal(&self, writer: Writer<'_>, column: &Column, entry: &str, earlier: &str) -> String {
        if entry.is_empty() || !writer.bound_by_rules {
            return if entry.is_empty() { earlier } else { entry }.to_owned();
        }
        let (now, user_name, label) = (self.clock.timestamp(), writer.user_name, &column.label);
        format!("{now} - {user_name} ({label})\n{entry}\n\n{earlier}")
    }

    /// The rules of a table that are not switched off.
    fn rules(&self, table: &Table) -> impl Iterator<Item = &'static Rule> {
        let on = |rule: &&'static Rule| !self.settings.lists(RULES_OFF, rule.name) && rule.runs(self);
        rules::rules().filter(|it| table.is_a(it.table)).filter(on)
    }

    fn run_before(&self, change: &mut Change<'_>) -> Result<(), WriteError> {
        for rule in self.rules(change.table) {
            let verdict = match rule.moment {
                Moment::Computes(run) => run(self, change)?,
                Moment::Before(run) if change.writer.bound_by_rules => run(self, change)?,
                _ => Verdict::Go,
            };
            if verdict == Verdict::Abort {
                return Err(WriteError::Refused(rule.abort_text(&change.table.name)));
            }
        }
        Ok(())
    }

    fn run_after(&self, change: &mut Change<'_>) -> Result<(), WriteError> {
        for rule in self.rules(change.table) {
            match rule.moment {
                Moment::After(run) if change.writer.bound_by_rules => run(self, change)?,
                Moment::AfterAlways(run) => run(self, change)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a caller's value reaches a column.
    fn takes(&self, column: &Column) -> bool {
        let own = column.name.starts_with("sys_");
        let kept = column.read_only && (own || self.settings.text(READ_ONLY_COLUMNS) == "kept");
        !kept && column.kind != ColumnKind::GlideVar
    }
}

/// Whoever fills an instance, or asks for it, tells how old records are.
fn date_back(wanted: &Wanted, row: &mut Row) {
    for column in ["sys_updated_by", "sys_updated_on", "sys_mod_count"] {
        if let Some(value) = wanted.get(column) {
            row.insert(column.to_owned(), value.clone());
        }
    }
}
