//! The published schemas of what this program writes: `snowdrift schema` prints them, `cargo xtask generate` keeps them.

use crate::connection_test::document::TestReport;
use crate::export::document::ExportReport;
use crate::report;
use crate::status::document::StatusReport;

/// A published schema.
#[derive(Clone, Debug)]
pub struct Published {
    /// What it is called on the command line; its file is `schemas/<name>.schema.json`.
    pub name: &'static str,
    /// The schema, as JSON with a line break at its end.
    pub text: String,
}

/// Every published schema, by name.
pub fn all() -> Vec<Published> {
    vec![
        Published { name: "connection-test-report", text: written(&schemars::schema_for!(TestReport)) },
        Published { name: "drift-report", text: written(&report::schema::schema()) },
        Published { name: "export-report", text: written(&schemars::schema_for!(ExportReport)) },
        Published { name: "status-report", text: written(&schemars::schema_for!(StatusReport)) },
    ]
}

fn written(schema: &schemars::Schema) -> String {
    // A schema has text keys only.
    let mut text = serde_json::to_string_pretty(schema).unwrap_or_default();
    text.push('\n');
    text
}
