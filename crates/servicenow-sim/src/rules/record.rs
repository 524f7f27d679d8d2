//! Columns that the platform fills in on users and on application files.

use super::{Change, Verdict};
use crate::instance::Instance;
use crate::records::WriteError;

/// The name of a user is first and last name.
pub fn name_of_user(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let name = format!("{} {}", change.text("first_name"), change.text("last_name"));
    change.fill("name", name.trim().to_owned());
    Ok(Verdict::Go)
}

/// An application file knows what people see of it, its package and its name in update sets.
pub fn application_file(_: &Instance, change: &mut Change<'_>) -> Result<Verdict, WriteError> {
    let display = change.table.display_column().map(|it| it.name.clone()).unwrap_or_default();
    let name = change.text(&display).to_owned();
    let package = change.text("sys_scope").to_owned();
    let update_name = format!("{}_{}", change.table.name, change.text("sys_id"));
    change.fill("sys_name", name);
    change.fill("sys_package", package);
    change.fill("sys_update_name", update_name);
    Ok(Verdict::Go)
}
