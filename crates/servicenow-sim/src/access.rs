//! Who may do what: access controls of tables, columns and rows, evaluated for one user.
//!
//! A table's description names roles. Rows of `sys_security_acl` say more: the most specific ones that fit decide, as on
//! the platform, first for the table and then for the column.

use std::sync::Arc;

use crate::dictionary::Table;
use crate::instance::{Instance, flag, text};
use crate::query::parse;
use crate::query::sql::compile;
use crate::sign_in::User;
use crate::store::{Page, Row, Selection, StoreError};

/// Everybody who signed in.
const EVERYBODY: &str = "*";
/// Stands for every table, or for every column.
const ANY: &str = "*";

/// What is done to a row or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It is read.
    Read,
    /// It is changed.
    Write,
    /// It comes into being.
    Create,
    /// It ends.
    Delete,
}

impl Operation {
    fn as_str(self) -> &'static str {
        match self {
            Operation::Read => "read",
            Operation::Write => "write",
            Operation::Create => "create",
            Operation::Delete => "delete",
        }
    }
}

/// An active access control of `sys_security_acl`.
#[derive(Clone, Debug)]
struct Control {
    table: String,
    column: Option<String>,
    operation: String,
    roles: Vec<String>,
    condition: String,
    admin_overrides: bool,
}

/// What a user may do on an instance.
#[derive(Debug)]
pub struct Rights<'a> {
    instance: &'a Instance,
    user: &'a User,
    controls: Arc<Vec<Control>>,
}

impl<'a> Rights<'a> {
    /// Reads the access controls as they are now.
    pub fn new(instance: &'a Instance, user: &'a User) -> Result<Rights<'a>, StoreError> {
        let controls = instance.store.kept("access controls", || controls(instance))?;
        Ok(Rights { instance, user, controls })
    }

    /// Whether the user may do this to some rows of the table.
    pub fn table(&self, table: &Table, operation: Operation) -> bool {
        if operation != Operation::Read && self.closed(table) {
            return false;
        }
        match self.deciding(table, None, operation) {
            Some(controls) => controls.iter().any(|it| self.passes(it)),
            None => self.described(table, operation),
        }
    }

    /// Whether the user may do this to a column; what no access control speaks of is open.
    pub fn column(&self, table: &Table, column: &str, operation: Operation) -> bool {
        let deciding = self.deciding(table, Some(column), operation);
        deciding.is_none_or(|controls| controls.iter().any(|it| self.passes(it)))
    }

    /// Whether some column is spoken of at all: mostly none is, and nothing has to be left out.
    pub fn has_any_column_controls(&self) -> bool {
        self.controls.iter().any(|it| it.column.is_some())
    }

    /// Whether the user may do this to that row of the table.
    pub fn row(&self, table: &Table, row: &Row, operation: Operation) -> Result<bool, StoreError> {
        let kept = self.rows(table, vec![row.clone()], operation)?;
        Ok(!kept.is_empty())
    }

    /// Those of the rows to which the user may do this.
    pub fn rows(&self, table: &Table, rows: Vec<Row>, operation: Operation) -> Result<Vec<Row>, StoreError> {
        if !self.table(table, operation) {
            return Ok(Vec::new());
        }
        let passed = self.conditions(table, operation);
        if passed.is_empty() {
            return Ok(rows);
        }
        let mut kept = Vec::new();
        for row in rows {
            if self.holds_for(table, &passed, &row)? {
                kept.push(row);
            }
        }
        Ok(kept)
    }

    /// Whether the user may do this to every row of the table.
    pub fn all_rows(&self, table: &Table, operation: Operation) -> bool {
        self.table(table, operation) && self.conditions(table, operation).is_empty()
    }

    /// The controls whose conditions say to which rows the user may do this; none when they do not matter.
    fn conditions(&self, table: &Table, operation: Operation) -> Vec<&Control> {
        let controls = self.deciding(table, None, operation).unwrap_or_default();
        let passed: Vec<&Control> = controls.into_iter().filter(|it| self.passes(it)).collect();
        let overridden = |it: &Control| self.user.is_administrator() && it.admin_overrides;
        if passed.iter().any(|it| it.condition.is_empty() || overridden(it)) { Vec::new() } else { passed }
    }

    fn holds_for(&self, table: &Table, controls: &[&Control], row: &Row) -> Result<bool, StoreError> {
        for control in controls {
            let query = parse(&control.condition);
            let compiled = compile(self.instance, &self.user.user_name, table, &query)?;
            if compiled.rows.condition.is_empty() {
                return Ok(true);
            }
            let mut parameters = compiled.rows.parameters.clone();
            parameters.push(text(row, "sys_id").to_owned());
            let condition = format!("({}) AND t0.\"sys_id\" = ?", compiled.rows.condition);
            let selection = Selection { condition, parameters, ..Selection::default() };
            let page = Page { limit: 1, offset: 0 };
            let dictionary = &self.instance.dictionary;
            if !self.instance.store.select(dictionary, table, &selection, page)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The controls of the most specific name that fits, or nothing when no name fits.
    fn deciding(&self, table: &Table, column: Option<&str>, operation: Operation) -> Option<Vec<&Control>> {
        let columns: &[Option<&str>] = match column {
            Some(column) => &[Some(column), Some(ANY)],
            None => &[None],
        };
        for column in columns {
            for name in table.lineage.iter().map(String::as_str).chain([ANY]) {
                let fits = |it: &&Control| {
                    it.table == name && it.column.as_deref() == *column && it.operation == operation.as_str()
                };
                let found: Vec<&Control> = self.controls.iter().filter(fits).collect();
                if !found.is_empty() {
                    return Some(found);
                }
            }
        }
        None
    }

    /// Whether one of a control's roles is the user's; a control without roles lets everybody pass.
    fn passes(&self, control: &Control) -> bool {
        let overridden = self.user.is_administrator() && control.admin_overrides;
        overridden || control.roles.is_empty() || control.roles.iter().any(|it| self.user.has(it))
    }

    fn closed(&self, table: &Table) -> bool {
        self.user.is_read_only() || self.instance.dictionary.access(table).closed
    }

    /// What the table's description says.
    fn described(&self, table: &Table, operation: Operation) -> bool {
        let access = self.instance.dictionary.access(table);
        let roles = if operation == Operation::Read { &access.read } else { &access.write };
        self.user.is_administrator() || roles.iter().any(|it| it == EVERYBODY || self.user.has(it))
    }
}

fn controls(instance: &Instance) -> Result<Vec<Control>, StoreError> {
    let active = [("active", "true"), ("type", "record")];
    let rows = instance.store.matching(&instance.dictionary, "sys_security_acl", &active)?;
    rows.iter().map(|(_, row)| control(instance, row)).collect()
}

fn control(instance: &Instance, row: &Row) -> Result<Control, StoreError> {
    let (table, column) = match text(row, "name").split_once('.') {
        Some((table, column)) => (table.to_owned(), Some(column.to_owned())),
        None => (text(row, "name").to_owned(), None),
    };
    Ok(Control {
        table,
        column,
        operation: text(row, "operation").to_owned(),
        roles: roles(instance, text(row, "sys_id"))?,
        condition: text(row, "condition").to_owned(),
        admin_overrides: flag(row, "admin_overrides"),
    })
}

/// The names of the roles that an access control asks for.
pub fn roles(instance: &Instance, control: &str) -> Result<Vec<String>, StoreError> {
    let mine = [("sys_security_acl", control)];
    let mut names = Vec::new();
    for (_, row) in instance.store.matching(&instance.dictionary, "sys_security_acl_role", &mine)? {
        let role = instance.store.find(&instance.dictionary, "sys_user_role", text(&row, "sys_user_role"))?;
        names.extend(role.map(|(_, row)| text(&row, "name").to_owned()));
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
