//! Whether the user that another system calls as is fit for it: Unifi tells calls apart by the user alone.

use std::future::Future;
use std::pin::Pin;

use reconcile::Names;
use servicenow_core::{Query, Record, TableName};
use tf_core::{Diagnostic, Diagnostics, Object, Value};
use tf_plugin::Planning;

use super::LAYOUT;
use crate::lookup;
use crate::session::Session;
use crate::{account, errors};

/// The roles that let a user call Unifi: the present name and the one of older documents.
const ROLES: [&str; 2] = ["x_snd_eb.integration", "x_snd_eb_integration"];

/// Warnings about the inbound user of a plan that sets another one. What cannot be looked up is no warning: the
/// instance says no when it matters.
pub fn warn<'a>(
    session: &'a Session,
    planning: &'a Planning<'_>,
) -> Pin<Box<dyn Future<Output = Diagnostics> + Send + 'a>> {
    Box::pin(async move { look(session, planning).await.unwrap_or_default() })
}

async fn look(session: &Session, planning: &Planning<'_>) -> Option<Diagnostics> {
    let planned = &planning.plan.planned;
    let user = planned.get("inbound_user")?.as_str()?;
    if planning.prior.is_some_and(|it| it.get("inbound_user").and_then(Value::as_str) == Some(user)) {
        return None;
    }
    let (names, _): (Names, _) = lookup::resolve(session, &LAYOUT, &[planned]).await.ok()?;
    let id = names.id_of("sys_user", user)?;
    let mut problems = Diagnostics::none();
    problems.extend(own(session, user, &id).await.map(Diagnostics::from).unwrap_or_default());
    problems.extend(unfit(session, user, &id).await.map(Diagnostics::from).unwrap_or_default());
    problems.extend(shared(session, user, &id, planned).await.map(Diagnostics::from).unwrap_or_default());
    Some(problems)
}

async fn rows(session: &Session, table: &str, query: Query, columns: &[&str]) -> Option<Vec<Record>> {
    let table: TableName = table.parse().ok()?;
    session.client.list(&table, &query, columns).await.ok()
}

/// It is the account that Terraform itself signs in as.
async fn own(session: &Session, user: &str, id: &str) -> Option<Diagnostic> {
    let own = account::own(session).await.ok()??;
    if own.text("sys_id") != id {
        return None;
    }
    let detail = format!(
        "`{user}` is the user that Terraform signs in as. Unifi takes what its inbound user does for the work of the other \
         system, so that an integration does not work with the account of whoever configures it. The plan goes on. Name a \
         user that is nothing but the inbound user of this integration."
    );
    Some(errors::doubtful("inbound_user", "The inbound user is the account of Terraform itself", &detail))
}

/// The user cannot sign in, can be used by people, or lacks the role.
async fn unfit(session: &Session, user: &str, id: &str) -> Option<Diagnostic> {
    let columns = ["user_name", "active", "locked_out", "web_service_access_only"];
    let query = Query::new().equals("sys_id", id).ok()?;
    let found = rows(session, "sys_user", query, &columns).await?;
    let row = found.first()?;
    let granted = Query::new().equals("user", id).ok()?;
    let granted =
        rows(session, "sys_user_has_role", granted, &["user", "role.name"]).await.unwrap_or_default();
    let mut reasons: Vec<&str> = Vec::new();
    if row.get("active").is_some() && !row.flag("active") {
        reasons.push("it is not active");
    }
    if row.flag("locked_out") {
        reasons.push("it is locked out");
    }
    if !granted.iter().any(|it| ROLES.contains(&it.text("role.name"))) {
        reasons.push("it does not have the role `x_snd_eb.integration`");
    }
    if row.get("web_service_access_only").is_some() && !row.flag("web_service_access_only") {
        reasons.push("it can be used in a browser, too");
    }
    if reasons.is_empty() {
        return None;
    }
    let detail = format!(
        "`{user}` may be unfit for the calls of another system: {}. The plan goes on, and calls may be refused. Correct the \
         user, or name another one.",
        reasons.join("; ")
    );
    Some(errors::doubtful("inbound_user", "The inbound user may be unfit", &detail))
}

/// Another active connection names the user: which of the two a call is for cannot be told.
async fn shared(session: &Session, user: &str, id: &str, planned: &Object) -> Option<Diagnostic> {
    let own = planned.get("integration_id").and_then(Value::as_str).unwrap_or_default();
    let query = Query::new().equals("inbound_user", id).ok()?.equals("active", "true").ok()?;
    let columns = ["inbound_user", "active", "integration", "name"];
    let others = rows(session, "x_snd_eb_connection", query, &columns).await?;
    let names: Vec<String> = others
        .iter()
        .filter(|it| it.text("integration") != own)
        .map(|it| format!("\"{}\"", it.text("name")))
        .collect();
    if names.is_empty() {
        return None;
    }
    let detail = format!(
        "`{user}` is also the inbound user of the active {}. Unifi tells calls apart by the user, so that it cannot tell \
         which integration of a process such a call is for. The plan goes on. Name another user for each integration.",
        names.join(", ")
    );
    Some(errors::doubtful("inbound_user", "The inbound user is shared", &detail))
}
