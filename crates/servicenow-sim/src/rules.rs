//! The business rules: what the platform computes, refuses or changes elsewhere when a record is written.

mod alias;
mod certificate;
mod connect_hub;
mod connection;
mod inbound;
mod oauth;
mod record;
mod roles;
mod unifi;
mod unifi_traffic;

use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::records::{WriteError, Writer};
use crate::settings::UNIFI_WORKFLOW;
use crate::store::Row;

/// A record on its way into the database.
#[derive(Debug)]
pub struct Change<'a> {
    /// Who writes.
    pub writer: Writer<'a>,
    /// The record's own table.
    pub table: &'a Table,
    /// The record as it was, or nothing when it is new.
    pub before: Option<&'a Row>,
    /// The record as it will be.
    pub after: Row,
}

impl Change<'_> {
    /// What a column will hold.
    pub fn text(&self, column: &str) -> &str {
        text(&self.after, column)
    }

    /// What a column held; nothing when the record is new.
    pub fn old(&self, column: &str) -> &str {
        self.before.map(|it| text(it, column)).unwrap_or_default()
    }

    /// Whether a column will be true.
    pub fn flag(&self, column: &str) -> bool {
        self.text(column) == "true"
    }

    /// Whether the record is new or one of these columns will differ.
    pub fn touches(&self, columns: &[&str]) -> bool {
        self.before.is_none_or(|before| columns.iter().any(|it| text(before, it) != self.text(it)))
    }

    /// Fills in a column, if the table has it.
    pub fn fill(&mut self, column: &str, value: String) {
        if let Some(stored) = self.after.get_mut(column) {
            *stored = value;
        }
    }
}

/// A record on its way out of the database.
#[derive(Debug)]
pub struct Removal<'a> {
    /// Who deletes.
    pub writer: Writer<'a>,
    /// The record.
    pub row: &'a Row,
}

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The write goes on.
    Go,
    /// The write is aborted.
    Abort,
}

/// A rule that may refuse, and may fill in columns of the record.
type Deciding = fn(&Instance, &mut Change<'_>) -> Result<Verdict, WriteError>;
/// A rule that acts on other records when the record is stored.
type Acting = fn(&Instance, &mut Change<'_>) -> Result<(), WriteError>;

/// When a rule runs, and the rule.
#[derive(Clone, Copy, Debug)]
pub enum Moment {
    /// Before a record is stored, also in the first filling: it fills in columns.
    Computes(Deciding),
    /// Before a record is stored.
    Before(Deciding),
    /// When a record is stored.
    After(Acting),
    /// When a record is stored, also in the first filling.
    AfterAlways(Acting),
    /// When a record is deleted.
    AfterDelete(fn(&Instance, &Removal<'_>) -> Result<(), WriteError>),
}

/// A business rule.
#[derive(Debug)]
pub struct Rule {
    /// Its name, which an aborted write tells.
    pub name: &'static str,
    /// Its id, which an aborted write tells.
    pub sys_id: &'static str,
    /// The table it is on; it runs for all tables that extend it.
    pub table: &'static str,
    /// When it runs, and the rule.
    pub moment: Moment,
}

impl Rule {
    /// The platform's words when the rule aborts a write.
    pub fn abort_text(&self, table: &str) -> String {
        let Rule { name, sys_id, .. } = self;
        format!(
            "Operation against file '{table}' was aborted by Business Rule '{name}^{sys_id}'. \
             Business Rule Stack:{name}"
        )
    }

    /// Whether the settings let it run.
    pub fn runs(&self, instance: &Instance) -> bool {
        !self.table.starts_with(unifi::PREFIX) || instance.settings.text(UNIFI_WORKFLOW) == "on"
    }
}

/// The rules in the order in which they run. That there are such rules is documented; names of theirs are assumed,
/// but for `Ensure no overlapping routes`, which clients have seen.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let groups = [
        alias::RULES,
        certificate::RULES,
        connection::RULES,
        oauth::RULES,
        inbound::RULES,
        roles::RULES,
        unifi::RULES,
        unifi_traffic::RULES,
        connect_hub::RULES,
        record::RULES,
    ];
    groups.into_iter().flatten()
}

/// The names of all rules.
pub fn rule_names() -> Vec<&'static str> {
    rules().map(|it| it.name).collect()
}

/// Aborts when something is broken.
fn abort_if(broken: bool) -> Verdict {
    if broken { Verdict::Abort } else { Verdict::Go }
}

/// Whether no row of a table but the changed one has these values.
fn is_alone(
    instance: &Instance,
    change: &Change<'_>,
    table: &str,
    values: &[(&str, &str)],
) -> Result<bool, WriteError> {
    let found = instance.store.matching(&instance.dictionary, table, values)?;
    let own = |row: &Row| text(row, "sys_id").eq_ignore_ascii_case(change.text("sys_id"));
    Ok(found.iter().all(|(_, row)| own(row)))
}

#[cfg(test)]
mod tests;
