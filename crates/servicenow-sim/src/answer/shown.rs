//! What people see of stored values: names of records, labels of choices, moments by their own clock.

use std::borrow::Cow;

use super::Call;
use crate::clock::{seconds, timestamp};
use crate::dictionary::{Column, ColumnKind, Table};
use crate::instance::Instance;
use crate::settings::PASSWORD2_READ;
use crate::store::StoreError;

/// What stands for a secret.
const MASK: &str = "********";
const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 3600;
const DAY_S: u64 = 86_400;

impl Call<'_> {
    /// What people see of a value of a table's column.
    pub fn shown_value<'b>(
        &self,
        table: &Table,
        column: &'b Column,
        stored: &'b str,
    ) -> Result<Cow<'b, str>, StoreError> {
        let instance = self.instance;
        Ok(match column.kind {
            ColumnKind::Password | ColumnKind::Password2 => Cow::Borrowed(mask(stored)),
            ColumnKind::GlideVar => Cow::Borrowed(""),
            ColumnKind::Choice => {
                let choices = instance.choices(table, column)?;
                let choice = choices.iter().find(|(value, _)| value == stored && !stored.is_empty());
                choice.map_or(Cow::Borrowed(stored), |(_, label)| Cow::Owned(label.clone()))
            }
            ColumnKind::SysClassName => match instance.dictionary.table(stored) {
                Some(class) => Cow::Owned(class.label.clone()),
                None => Cow::Borrowed(stored),
            },
            ColumnKind::Reference | ColumnKind::DomainId => {
                Cow::Owned(shown_reference(instance, column, stored)?)
            }
            ColumnKind::GlideList => {
                let names: Result<Vec<String>, StoreError> =
                    stored.split(',').map(|it| shown_reference(instance, column, it)).collect();
                Cow::Owned(names?.join(", "))
            }
            ColumnKind::GlideDateTime => moved(stored, self.user.offset_s),
            ColumnKind::GlideDuration => lasting(stored),
            _ => Cow::Borrowed(stored),
        })
    }
}

/// What a value reads as where nobody asked what people see.
pub fn actual<'a>(instance: &Instance, column: &Column, stored: Cow<'a, str>) -> Cow<'a, str> {
    match column.kind {
        ColumnKind::GlideVar | ColumnKind::Password | ColumnKind::JournalInput => Cow::Borrowed(""),
        ColumnKind::Password2 => match instance.settings.text(PASSWORD2_READ) {
            "empty" => Cow::Borrowed(""),
            "mask" => Cow::Borrowed(mask(&stored)),
            _ => stored,
        },
        _ => stored,
    }
}

fn mask(stored: &str) -> &'static str {
    if stored.is_empty() { "" } else { MASK }
}

/// A moment by the clock of somebody so many seconds ahead of UTC.
fn moved(stored: &str, offset_s: i64) -> Cow<'_, str> {
    let moment = if offset_s == 0 { None } else { seconds(stored) };
    match moment.and_then(|it| it.checked_add_signed(offset_s)) {
        Some(moment) => Cow::Owned(timestamp(moment * 1000)),
        None => Cow::Borrowed(stored),
    }
}

/// A length of time, which is kept as a moment after 1970: days, hours and minutes, and seconds when that is all.
fn lasting(stored: &str) -> Cow<'_, str> {
    let Some(length) = seconds(stored) else {
        return Cow::Borrowed(stored);
    };
    let parts =
        [(length / DAY_S, "Day"), (length % DAY_S / HOUR_S, "Hour"), (length % HOUR_S / MINUTE_S, "Minute")];
    let named = |(count, name): &(u64, &str)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" });
    let words: Vec<String> = parts.iter().filter(|(count, _)| *count > 0).map(named).collect();
    Cow::Owned(if words.is_empty() { named(&(length, "Second")) } else { words.join(" ") })
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
