//! Columns that the platform fills in on users and on application files, and the protection of files.

use super::{Change, Moment, Rule, Verdict, abort_if};
use crate::instance::Instance;
use crate::records::WriteError;

/// These rules.
pub const RULES: &[Rule] = &[
    Rule {
        name: "Calculate user name",
        sys_id: "b1a5000000000000000000000000d001",
        table: "sys_user",
        moment: Moment::Computes(name_of_user),
    },
    Rule {
        name: "Enforce protection policy",
        sys_id: "b1a5000000000000000000000000e002",
        table: "sys_metadata",
        moment: Moment::Before(protected),
    },
    Rule {
        name: "Set application file columns",
        sys_id: "b1a5000000000000000000000000e001",
        table: "sys_metadata",
        moment: Moment::Computes(application_file),
    },
];

/// The name of a user is first and last name.
fn name_of_user(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let name = format!("{} {}", change.text("first_name"), change.text("last_name"));
    change.fill("name", name.trim().to_owned());
    Ok(Verdict::Go)
}

/// A read-only or protected file does not change.
fn protected(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    Ok(abort_if(change.before.is_some() && matches!(change.old("sys_policy"), "read" | "protected")))
}

/// An application file knows what people see of it, its package and its name in update sets.
fn application_file(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let display = change.table.display_column().map(|it| it.name.clone()).unwrap_or_default();
    let name = change.text(&display).to_owned();
    let package = change.text("sys_scope").to_owned();
    let update_name = format!("{}_{}", change.table.name, change.text("sys_id"));
    change.fill("sys_name", name);
    change.fill("sys_package", package);
    change.fill("sys_update_name", update_name);
    Ok(Verdict::Go)
}
