//! One look at the instance before anything else, so that what stands in the way is one message and not one for every
//! resource.

use servicenow_client::guard::{Finding, Guarded};
use servicenow_core::table_api::{self, Page};
use servicenow_core::{Kind, Query, Request, ServiceError, TableName};
use tf_core::{Diagnostic, Diagnostics, Severity};

use crate::session::Session;
use crate::settings::{Settings, Validate};
use crate::{errors, tables};

/// How long the look may take with its repetitions: long enough for a passing failure, short enough for a person.
const BUDGET_MS: u64 = 20_000;

/// Whether the instance can be used as the settings say: nothing, warnings, or the error that ends the run.
pub async fn check(session: &Session, settings: &Settings, guard: Option<&Guarded>) -> Diagnostics {
    if settings.validate == Validate::Off {
        return Diagnostics::none();
    }
    let problem = match look(session, settings).await {
        Err(problem) => Some(problem),
        Ok(()) => match guard {
            Some(guard) => expected(session, settings, guard).await,
            None => None,
        },
    };
    let mut problems: Diagnostics = problem.map_or_else(Diagnostics::none, Diagnostics::from);
    if settings.validate == Validate::Warn {
        problems.0.iter_mut().for_each(|it| it.severity = Severity::Warning);
    }
    session.redacted(problems, &[])
}

/// Reads one record, which needs the way there, the credentials and some right to read.
async fn look(session: &Session, settings: &Settings) -> Result<(), Diagnostic> {
    let question = match &settings.validate_table {
        Some(table) => first_row(table, &Query::new()),
        None => of_user(settings.authenticator.username())?,
    };
    match session.client.with_budget_ms(BUDGET_MS).ask(&question).await {
        Ok(_) => Ok(()),
        // Who may not read the table of users has signed in all the same.
        Err(error) if settings.validate_table.is_none() && is_of_table(&error) => Ok(()),
        Err(error) => Err(errors::sign_in(&session.instance, &settings.authenticator, &error)),
    }
}

fn of_user(username: Option<&str>) -> Result<Request, Diagnostic> {
    let table = tables::table("sys_user").map_err(|_| errors::bug("`sys_user` is not a legal table name"))?;
    // A name that cannot stand in a query is no reason not to look.
    let query = username.and_then(|it| Query::new().equals("user_name", it).ok()).unwrap_or_default();
    Ok(first_row(&table, &query))
}

fn first_row(table: &TableName, query: &Query) -> Request {
    table_api::list(table, query, &[], Page { limit: 1, offset: 0 })
}

/// Whether a refusal is about one table and not about the API as a whole.
fn is_of_table(error: &ServiceError) -> bool {
    error.kind == Kind::Forbidden && !error.reason.contains("API level")
}

async fn expected(session: &Session, settings: &Settings, guard: &Guarded) -> Option<Diagnostic> {
    match guard.look().await {
        Ok(Finding::Expected) => None,
        Ok(finding @ Finding::Other { .. }) => Some(errors::not_expected(&session.instance, &finding)),
        Ok(finding @ Finding::Unreadable { .. }) => {
            let problem = errors::not_expected(&session.instance, &finding);
            let is_allowed = settings.expectation.as_ref().is_some_and(|it| it.allows_unreadable);
            // Reading goes on; what would write is refused by the guard, or was allowed.
            (!is_allowed).then_some(Diagnostic { severity: Severity::Warning, ..problem })
        }
        Err(error) => Some(errors::sign_in(&session.instance, &settings.authenticator, &error)),
    }
}
