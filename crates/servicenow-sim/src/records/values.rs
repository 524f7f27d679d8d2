//! A written value as the column keeps it.

use servicenow_core::SysId;

use crate::clock::{seconds, timestamp};
use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::Instance;
use crate::records::Writer;
use crate::settings::{CHOICE_ALLOWS_NON_EXISTING_VALUE, PASSWORD2_WRITE};
use crate::store::StoreError;

/// How written values are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// As they are stored.
    Actual,
    /// As people see them: `sysparm_input_display_value=true`.
    Display,
}

/// What becomes of a written value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// This is stored.
    Value(String),
    /// The column keeps what it has.
    Discarded,
}

impl Instance {
    /// What a column keeps of a written value.
    pub fn written(
        &self,
        writer: Writer<'_>,
        table: &Table,
        column: &Column,
        value: &str,
    ) -> Result<Written, StoreError> {
        let meaning = writer.meaning;
        let written = match column.kind {
            ColumnKind::Boolean => Written::Value(boolean(value)),
            ColumnKind::Integer => Written::Value(integer(value)),
            ColumnKind::Choice => self.choice(meaning, table, column, value)?,
            ColumnKind::Reference | ColumnKind::GlideList | ColumnKind::DomainId => {
                Written::Value(self.references(meaning, column, value)?)
            }
            ColumnKind::Password | ColumnKind::Password2 => return self.secret(meaning, column, value),
            ColumnKind::GlideDateTime if meaning == Meaning::Display => {
                Written::Value(in_utc(value, writer.offset_s))
            }
            _ => Written::Value(value.to_owned()),
        };
        Ok(match (written, column.max_length) {
            (Written::Value(value), Some(length)) => Written::Value(value.chars().take(length).collect()),
            (written, _) => written,
        })
    }

    fn choice(
        &self,
        meaning: Meaning,
        table: &Table,
        column: &Column,
        value: &str,
    ) -> Result<Written, StoreError> {
        let choices = self.choices(table, column)?;
        let by_value = choices.iter().find(|(it, _)| it == value);
        let by_label = choices.iter().find(|(_, label)| label.eq_ignore_ascii_case(value));
        let by_label = by_label.filter(|_| meaning == Meaning::Display);
        Ok(match by_value.or(by_label) {
            Some((stored, _)) => Written::Value(stored.clone()),
            None if self.ruled_flag(CHOICE_ALLOWS_NON_EXISTING_VALUE)? => Written::Value(value.to_owned()),
            None => Written::Discarded,
        })
    }

    fn references(&self, meaning: Meaning, column: &Column, value: &str) -> Result<String, StoreError> {
        let target = column.reference.as_deref().and_then(|it| self.dictionary.table(it));
        let (Meaning::Display, Some(target)) = (meaning, target) else {
            return Ok(value.to_owned());
        };
        let names: Vec<&str> =
            if column.kind == ColumnKind::GlideList { value.split(',').collect() } else { vec![value] };
        let mut ids = Vec::new();
        for name in names.into_iter().map(str::trim).filter(|it| !it.is_empty()) {
            let exists = self.store.find(&self.dictionary, &target.name, name)?.is_some();
            if exists || name.parse::<SysId>().is_ok() {
                ids.push(name.to_owned());
            } else if let Some(display) = target.display_column() {
                let found = self.store.matching(&self.dictionary, &target.name, &[(&display.name, name)])?;
                ids.extend(found.first().and_then(|(_, row)| row.get("sys_id")).cloned());
            }
        }
        Ok(ids.join(","))
    }

    /// One-way passwords need the display path to be hashed; for two-way ones it is a setting.
    fn secret(&self, meaning: Meaning, column: &Column, value: &str) -> Result<Written, StoreError> {
        if value.is_empty() {
            return Ok(Written::Value(String::new()));
        }
        let mode = match column.kind {
            ColumnKind::Password => "raw_unless_display_value",
            _ => self.settings.text(PASSWORD2_WRITE),
        };
        match (meaning, mode) {
            (Meaning::Display, _) | (Meaning::Actual, "always") => {
                Ok(Written::Value(self.store.encrypt(value)?))
            }
            (Meaning::Actual, "raw_unless_display_value") => Ok(Written::Value(value.to_owned())),
            (Meaning::Actual, _) => Ok(Written::Discarded),
        }
    }
}

/// A moment by the writer's clock as it is stored; what is no moment stays as it is.
fn in_utc(value: &str, offset_s: i64) -> String {
    let moment = seconds(value).and_then(|it| it.checked_add_signed(-offset_s));
    moment.map_or_else(|| value.to_owned(), |it| timestamp(it * 1000))
}

fn boolean(value: &str) -> String {
    let yes = ["true", "1", "yes", "on"].iter().any(|it| value.eq_ignore_ascii_case(it));
    yes.to_string()
}

fn integer(value: &str) -> String {
    let digits: String = value.trim().chars().filter(|it| *it != ',').collect();
    digits.parse::<i64>().map(|it| it.to_string()).unwrap_or_default()
}
