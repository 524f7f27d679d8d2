//! Names of tables, checked where they leave our own data.

use servicenow_core::TableName;
use tf_core::Diagnostics;

use crate::errors;

/// The name of a table of ours. A test proves that every name in the registry passes.
///
/// # Errors
/// The name is not legal: a mistake in this provider.
pub fn table(name: &str) -> Result<TableName, Diagnostics> {
    name.parse().map_err(|_| errors::bug(&format!("`{name}` is not a legal table name")).into())
}
