//! The account that the provider itself signs in as.

use servicenow_core::{Kind, Query, Record, ServiceError, TableName};

use crate::session::Session;

/// The user that asks, in the platform's own words: the one condition that a query of ours has the instance work out.
const MYSELF: &str = "user_name=javascript:gs.getUserName()";

/// The record of the user that signs in; `None` when that user may not read it.
///
/// # Errors
/// The instance could not be asked.
pub async fn own(session: &Session) -> Result<Option<Record>, ServiceError> {
    let (Ok(table), Ok(query)) = ("sys_user".parse::<TableName>(), Query::new().encoded(MYSELF)) else {
        return Ok(None);
    };
    match session.client.list(&table, &query, &["user_name"]).await {
        // An instance that does not work the condition out answers with everybody.
        Ok(rows) => Ok(<[Record; 1]>::try_from(rows).ok().map(|[row]| row)),
        Err(error) if error.kind == Kind::Forbidden => Ok(None),
        Err(error) => Err(error),
    }
}
