//! What a change leaves behind: rows of the audit table, and application files captured in update sets.

use uuid::Uuid;

use super::{WriteError, Writer};
use crate::dictionary::Table;
use crate::instance::{Instance, text};
use crate::rules::Change;
use crate::settings::{AUDIT, UPDATE_SET_CAPTURE};
use crate::store::{Row, StoreError};

/// What an audit row says instead of a secret.
const HIDDEN: &str = "********";
/// Whose changes are never traced: the traces themselves.
const TRACES: &[&str] = &["sys_audit", "sys_update_set", "sys_update_xml"];
/// The preference that names a user's current update set.
const CURRENT_SET: &str = "sys_update_set";

/// What was done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Insert,
    /// It changed.
    Update,
    /// It is gone.
    Delete,
}

impl Instance {
    /// Leaves the traces of a change. The first filling of an instance leaves none.
    pub(super) fn trace(&self, change: &Change<'_>, action: Action) -> Result<(), WriteError> {
        let table = change.table;
        if !change.writer.bound_by_rules || TRACES.contains(&table.name.as_str()) {
            return Ok(());
        }
        if action != Action::Delete {
            self.note_later(change);
        }
        let audited = match self.settings.text(AUDIT) {
            "all" => true,
            "none" => false,
            _ => self.dictionary.is_audited(table),
        };
        if audited && action == Action::Update {
            self.audit(change)?;
        }
        if table.is_a("sys_metadata") && self.settings.flag(UPDATE_SET_CAPTURE) {
            self.capture(change, action)?;
        }
        Ok(())
    }

    /// One row for each column that changed.
    fn audit(&self, change: &Change<'_>) -> Result<(), StoreError> {
        let Some(before) = change.before else {
            return Ok(());
        };
        for (column, value) in &change.after {
            let old = text(before, column);
            if old == value || column.starts_with("sys_updated") || column == "sys_mod_count" {
                continue;
            }
            let secret = change.table.column(column).is_some_and(|it| it.kind.is_secret());
            let shown = |it: &str| if secret && !it.is_empty() { HIDDEN.to_owned() } else { it.to_owned() };
            self.leave(
                change.writer.user_name,
                "sys_audit",
                &[
                    ("tablename", &change.table.name),
                    ("documentkey", text(before, "sys_id")),
                    ("fieldname", column),
                    ("oldvalue", &shown(old)),
                    ("newvalue", &shown(value)),
                    ("user", change.writer.user_name),
                    ("record_checkpoint", text(&change.after, "sys_mod_count")),
                ],
            )?;
        }
        Ok(())
    }

    /// The newest state of an application file, once in each update set.
    fn capture(&self, change: &Change<'_>, action: Action) -> Result<(), StoreError> {
        let row = &change.after;
        let name = format!("{}_{}", change.table.name, text(row, "sys_id"));
        let set = self.current_update_set(change.writer, text(row, "sys_scope"))?;
        let payload = payload(change.table, row, action);
        let verb = if action == Action::Delete { "DELETE" } else { "INSERT_OR_UPDATE" };
        let captured = [
            ("name", name.as_str()),
            ("update_set", &set),
            ("type", &change.table.label),
            ("target_name", text(row, "sys_name")),
            ("action", verb),
            ("payload", &payload),
            ("application", text(row, "sys_scope")),
            ("category", "customer"),
        ];
        let same = [("name", name.as_str()), ("update_set", set.as_str())];
        let found = self.store.matching(&self.dictionary, "sys_update_xml", &same)?;
        let Some((table, older)) = found.first() else {
            self.leave(change.writer.user_name, "sys_update_xml", &captured)?;
            return Ok(());
        };
        let count = text(older, "sys_mod_count").parse::<u64>().unwrap_or_default() + 1;
        let mut newer: Row = captured.iter().map(|(name, value)| owned(name, value)).collect();
        newer.extend([
            owned("sys_mod_count", &count.to_string()),
            owned("sys_updated_on", &self.clock.timestamp()),
            owned("sys_updated_by", change.writer.user_name),
        ]);
        self.store.update(&table.name, text(older, "sys_id"), &newer)
    }

    /// The set that the user's preference names, or the default one of the application, which is made when missing.
    fn current_update_set(&self, writer: Writer<'_>, scope: &str) -> Result<String, StoreError> {
        let named = [("user_name", writer.user_name)];
        let users = self.store.matching(&self.dictionary, "sys_user", &named)?;
        let user = users.first().map(|(_, row)| text(row, "sys_id")).unwrap_or_default();
        let preferred = [("user", user), ("name", CURRENT_SET)];
        let preferred = self.store.matching(&self.dictionary, "sys_user_preference", &preferred)?;
        let preferred = preferred.first().map(|(_, row)| text(row, "value")).unwrap_or_default();
        let open = |row: &Row| text(row, "state") == "in progress";
        let found = self.store.find(&self.dictionary, "sys_update_set", preferred)?;
        if found.is_some_and(|(_, row)| open(&row)) {
            return Ok(preferred.to_owned());
        }
        let default = [("is_default", "true"), ("application", scope)];
        let sets = self.store.matching(&self.dictionary, "sys_update_set", &default)?;
        if let Some((_, set)) = sets.iter().find(|(_, row)| open(row)) {
            return Ok(text(set, "sys_id").to_owned());
        }
        let facts =
            [("name", "Default"), ("is_default", "true"), ("application", scope), ("state", "in progress")];
        self.leave(writer.user_name, "sys_update_set", &facts)
    }

    /// Leaves a line about a call of a web service in the transaction log.
    pub fn note_call(&self, caller: &str, path: &str, status: u16) -> Result<(), StoreError> {
        let status = status.to_string();
        let line = [("url", path), ("type", "rest"), ("response_status", status.as_str())];
        self.leave(caller, "syslog_transaction", &line).map(|_| ())
    }

    /// Adds a row that no rule looks at, and gives its id.
    fn leave(&self, user_name: &str, table: &str, facts: &[(&str, &str)]) -> Result<String, StoreError> {
        let Some(table) = self.dictionary.table(table) else {
            return Ok(String::new());
        };
        let mut row: Row = table.columns.iter().map(|it| (it.name.clone(), it.default.clone())).collect();
        let sys_id = Uuid::new_v4().simple().to_string();
        let now = self.clock.timestamp();
        let system = [
            ("sys_id", sys_id.as_str()),
            ("sys_created_by", user_name),
            ("sys_created_on", &now),
            ("sys_updated_by", user_name),
            ("sys_updated_on", &now),
        ];
        for (name, value) in system.iter().chain(facts) {
            if row.contains_key(*name) {
                row.insert((*name).to_owned(), (*value).to_owned());
            }
        }
        self.store.insert(&table.name, &row)?;
        Ok(sys_id)
    }
}

/// The record as update sets carry it: never a secret.
fn payload(table: &Table, row: &Row, action: Action) -> String {
    let verb = if action == Action::Delete { "DELETE" } else { "INSERT_OR_UPDATE" };
    let mut text = format!("<record_update table=\"{0}\"><{0} action=\"{verb}\">", table.name);
    for column in table.columns.iter().filter(|it| !it.kind.is_secret()) {
        let value = escaped(row.get(&column.name).map(String::as_str).unwrap_or_default());
        text.push_str(&format!("<{0}>{value}</{0}>", column.name));
    }
    text.push_str(&format!("</{}></record_update>", table.name));
    text
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn owned(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
