//! One test for each row of what is known of the platform's data and rules, named after the row.

mod apis;
mod columns;
mod connect_hub;
mod connections;
mod credentials;
mod errors;
mod headers;
mod inbound;
mod metadata;
mod more_columns;
mod queries;
mod roles;
mod shapes;
mod sign_in;
mod table_api;
mod tables;
mod unifi;
mod writes;

use serde_json::{Value, json};
use servicenow_core::Method;

use crate::answer::tests::{Asking, open_empty};
use crate::{Clock, Fixture, Options, Simulator};

/// 2026-01-02 03:04:05, a Friday.
const NOW_MS: u64 = 1_767_323_045_000;

/// An empty instance with applications.
fn open_with(applications: &[&str], settings: &[(&str, &str)]) -> Simulator {
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let applications = applications.iter().map(|it| (*it).to_owned()).collect();
    let now = Clock::manual(NOW_MS);
    Simulator::open(Options { fixture: Fixture::Empty, applications, settings, now, ..Options::default() })
        .unwrap()
}

/// An empty instance with settings, and what its administrator finds out.
fn instance(settings: &[(&str, &str)], check: impl FnOnce(&Asking<'_>)) {
    let simulator = open_empty(settings);
    check(&Asking::administrator(&simulator));
}

impl Asking<'_> {
    /// Sets a system property.
    fn property(&self, name: &str, value: &str) {
        let rows = self.simulator.rows("sys_properties");
        match rows.iter().find(|it| it["name"] == name) {
            Some(row) => {
                assert_eq!(self.patch("sys_properties", &row["sys_id"], &json!({"value": value})), 200);
            }
            None => {
                self.make("sys_properties", &json!({"name": name, "value": value}));
            }
        }
    }

    /// A row as it is stored.
    fn row(&self, table: &str, sys_id: &str) -> std::collections::BTreeMap<String, String> {
        let rows = self.simulator.rows(table);
        rows.into_iter().find(|it| it["sys_id"] == sys_id).unwrap_or_default()
    }

    /// A column of a row as it is stored.
    fn stored(&self, table: &str, sys_id: &str, column: &str) -> String {
        self.row(table, sys_id).get(column).cloned().unwrap_or_default()
    }

    /// Creates a row from values.
    fn make(&self, table: &str, values: &Value) -> String {
        self.create(table, &values.to_string())
    }

    /// Changes a row and gives the status.
    fn patch(&self, table: &str, sys_id: &str, values: &Value) -> u16 {
        self.status(Method::Patch, &format!("/api/now/table/{table}/{sys_id}"), &values.to_string())
    }

    /// What the platform says when a row is not created; nothing when it is.
    fn refusal(&self, table: &str, values: &Value) -> String {
        self.detail(Method::Post, &format!("/api/now/table/{table}"), &values.to_string())
    }

    /// Deletes a row and gives the status.
    fn delete(&self, table: &str, sys_id: &str) -> u16 {
        self.status(Method::Delete, &format!("/api/now/table/{table}/{sys_id}"), "")
    }
}
