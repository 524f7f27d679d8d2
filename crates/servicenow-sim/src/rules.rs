//! The business rules: what the platform computes, refuses or changes elsewhere when a record is written.

mod alias;
mod connection;
mod record;

use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::records::WriteError;
use crate::store::Row;

/// A record on its way into the database.
#[derive(Debug)]
pub struct Change<'a> {
    /// Who writes.
    pub user_name: &'a str,
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

/// What a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The write goes on.
    Go,
    /// The write is aborted.
    Abort,
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
    /// Whether it only fills in columns of the record itself.
    pub computes: bool,
    /// The rule.
    pub run: fn(&Instance, &mut Change<'_>) -> Result<Verdict, WriteError>,
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
}

/// The rules in the order in which they run. That there are such rules is documented; their names are assumed.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Inherit values from parent",
        sys_id: "b1a5000000000000000000000000a001",
        table: "sys_alias",
        computes: true,
        run: alias::inherit_from_parent,
    },
    Rule {
        name: "Prevent parent change",
        sys_id: "b1a5000000000000000000000000a002",
        table: "sys_alias",
        computes: false,
        run: alias::keep_parent,
    },
    Rule {
        name: "Validate alias name",
        sys_id: "b1a5000000000000000000000000a003",
        table: "sys_alias",
        computes: false,
        run: alias::legal_name,
    },
    Rule {
        name: "Ensure unique alias name in scope",
        sys_id: "b1a5000000000000000000000000a004",
        table: "sys_alias",
        computes: false,
        run: alias::unique_name_in_scope,
    },
    Rule {
        name: "Calculate alias ID",
        sys_id: "b1a5000000000000000000000000a005",
        table: "sys_alias",
        computes: true,
        run: alias::calculate_id,
    },
    Rule {
        name: "Ensure unique connection name",
        sys_id: "b1a5000000000000000000000000c001",
        table: "sys_connection",
        computes: false,
        run: connection::unique_name,
    },
    Rule {
        name: "Validate active connections",
        sys_id: "b1a5000000000000000000000000c002",
        table: "sys_connection",
        computes: false,
        run: connection::one_active,
    },
    Rule {
        name: "Validate credential in active connections",
        sys_id: "b1a5000000000000000000000000c003",
        table: "sys_connection",
        computes: false,
        run: connection::credential_once,
    },
    Rule {
        name: "Build connection URL",
        sys_id: "b1a5000000000000000000000000c004",
        table: "http_connection",
        computes: true,
        run: connection::build_url,
    },
    Rule {
        name: "Calculate user name",
        sys_id: "b1a5000000000000000000000000d001",
        table: "sys_user",
        computes: true,
        run: record::name_of_user,
    },
    Rule {
        name: "Set application file columns",
        sys_id: "b1a5000000000000000000000000e001",
        table: "sys_metadata",
        computes: true,
        run: record::application_file,
    },
];

#[cfg(test)]
mod tests;
