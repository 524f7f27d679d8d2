//! Whether the MID server that a connection names does its work: nothing is sent through one that is down.

use std::future::Future;
use std::pin::Pin;

use servicenow_core::similar::similar;
use servicenow_core::{Query, Record};
use tf_core::{Diagnostic, Diagnostics, Value};
use tf_plugin::Planning;

use crate::errors;
use crate::session::Session;
use crate::tables::Table;

/// MID servers that are looked at. An instance has dozens; of what is beyond nothing is said.
const SERVERS_MAX: u64 = 1_000;

const TABLE: &str = "ecc_agent";
const ATTRIBUTE: &str = "mid_server";

/// The status of a MID server that works ([doc]).
const UP: &str = "up";

/// What the column `validated` holds for one that is trusted: the value, and the label that some answers show instead.
const VALIDATED: [&str; 2] = ["true", "yes"];

/// The MID servers of an instance, as far as this user may see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MidServers {
    servers: Vec<MidServer>,
    /// Whether there are no others.
    is_complete: bool,
}

/// One MID server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct MidServer {
    id: String,
    name: String,
    /// Nothing where the column is hidden.
    status: Option<String>,
    /// Nothing where the column is hidden.
    validated: Option<String>,
}

/// Warns of the MID server of a connection of the platform, which goes through one where it says so.
pub fn warn<'a>(
    session: &'a Session,
    planning: &'a Planning<'_>,
) -> Pin<Box<dyn Future<Output = Diagnostics> + Send + 'a>> {
    Box::pin(async move {
        let planned = &planning.plan.planned;
        let is_used = planned.get("use_mid").is_none_or(|it| it.as_bool() == Some(true));
        let is_named = planned.get("mid_selection").and_then(Value::as_str) == Some("specific_mid_server");
        if is_used && is_named { of_named(session, planning).await } else { Diagnostics::none() }
    })
}

/// Warns of the MID server that a planned connection names, when the connection is new, changes or is active: all MID
/// servers are looked up once in a run. Of a connection that only stays active it is said once for each MID server.
pub async fn of_named(session: &Session, planning: &Planning<'_>) -> Diagnostics {
    let planned = &planning.plan.planned;
    let Some(named) = planned.get(ATTRIBUTE).and_then(Value::as_str) else { return Diagnostics::none() };
    let stays = planning.prior == Some(planned);
    if stays && planned.get("active").and_then(Value::as_bool) != Some(true) {
        return Diagnostics::none();
    }
    let known = session.mid_servers.get_or_init(|| look(session)).await;
    // A plan says of every new name that nothing has it.
    let is_told = |it: &&MidServers| stays || it.knows(named);
    let doubt = known.as_ref().filter(is_told).and_then(|it| it.doubt(named));
    match doubt {
        Some(doubt) if !stays || session.is_first(&format!("{TABLE} {named}")) => doubt.into(),
        _ => Diagnostics::none(),
    }
}

/// The MID servers of the instance; nothing when this user may not see them.
async fn look(session: &Session) -> Option<MidServers> {
    let table = Table::of(session, TABLE).ok()?;
    let columns = ["name", "status", "validated"];
    let mut pages = table.pages(&Query::new(), &columns, Some(SERVERS_MAX));
    let mut servers = Vec::new();
    while let Some(rows) = pages.next().await.ok()? {
        servers.extend(rows.into_iter().map(|it| MidServer::of(&table.ours(it))));
    }
    if servers.is_empty() {
        // Rows are counted before they are hidden: an empty answer is either no MID server or no right.
        let (_, total) = session.client.sees(&TABLE.parse().ok()?).await.ok()?;
        return (total == 0).then_some(MidServers { servers, is_complete: true });
    }
    let is_complete = u64::try_from(servers.len()).is_ok_and(|it| it < SERVERS_MAX);
    Some(MidServers { servers, is_complete })
}

impl MidServer {
    fn of(row: &Record) -> MidServer {
        let shown = |column: &str| row.get(column).filter(|it| !it.is_empty()).map(str::to_owned);
        MidServer {
            id: row.text("sys_id").to_owned(),
            name: row.text("name").to_owned(),
            status: shown("status"),
            validated: shown("validated"),
        }
    }

    fn is_called(&self, named: &str) -> bool {
        self.name == named || self.id.eq_ignore_ascii_case(named)
    }

    fn doubt(&self) -> Option<Diagnostic> {
        let name = &self.name;
        if let Some(status) = self.status.as_deref().filter(|it| !it.eq_ignore_ascii_case(UP)) {
            let title = format!("The MID server \"{name}\" is not up");
            let detail = format!(
                "The connection goes through the MID server \"{name}\", whose status on the instance is `{status}`: nothing \
                 gets through while it is not `Up`. The plan goes on. Start the MID server, or name another one."
            );
            return Some(errors::doubtful(ATTRIBUTE, &title, &detail));
        }
        let validated = self.validated.as_deref()?;
        if VALIDATED.iter().any(|it| validated.eq_ignore_ascii_case(it)) {
            return None;
        }
        let status = self.status.as_deref().unwrap_or("not shown");
        let title = format!("The MID server \"{name}\" is not validated");
        let detail = format!(
            "The connection goes through the MID server \"{name}\", whose status on the instance is `{status}` and whose \
             `validated` is `{validated}`: an instance trusts no other MID server with credentials. The plan goes on. \
             Validate the MID server on the instance, or name another one."
        );
        Some(errors::doubtful(ATTRIBUTE, &title, &detail))
    }
}

impl MidServers {
    fn knows(&self, named: &str) -> bool {
        self.servers.iter().any(|it| it.is_called(named))
    }

    /// What speaks against the one of this name or id.
    fn doubt(&self, named: &str) -> Option<Diagnostic> {
        match self.servers.iter().find(|it| it.is_called(named)) {
            Some(server) => server.doubt(),
            None if self.is_complete => Some(self.unknown(named)),
            None => None,
        }
    }

    fn unknown(&self, named: &str) -> Diagnostic {
        let names = similar(named, self.servers.iter().map(|it| it.name.as_str()));
        let names: Vec<String> = names.into_iter().map(|it| format!("\"{it}\"")).collect();
        let others =
            if names.is_empty() { String::new() } else { format!(" There is {}.", names.join(", ")) };
        let detail = format!(
            "`{ATTRIBUTE}` is `{named}`, and no record of `{TABLE}` that the user may see has this name or sys_id, so that it \
             has no status.{others} The plan goes on; writing the connection is refused while there is no such MID server, \
             and nothing is sent through one that is gone. Correct the name, or install the MID server first."
        );
        errors::doubtful(ATTRIBUTE, "The instance does not know the MID server", &detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(servers: &[(&str, Option<&str>, Option<&str>)], is_complete: bool) -> MidServers {
        let server = |(name, status, validated): &(&str, Option<&str>, Option<&str>)| MidServer {
            id: "AB".repeat(16),
            name: (*name).to_owned(),
            status: status.map(str::to_owned),
            validated: validated.map(str::to_owned),
        };
        MidServers { servers: servers.iter().map(server).collect(), is_complete }
    }

    fn check(status: Option<&str>, validated: Option<&str>, expected: Option<&str>) {
        let known = known(&[("mid-prod", status, validated)], true);
        for named in ["mid-prod", &"ab".repeat(16)] {
            let said = known.doubt(named);
            let place = format!("{status:?} {validated:?} {said:?}");
            assert_eq!(said.is_some(), expected.is_some(), "{place}");
            let words = expected.unwrap_or_default();
            assert!(
                said.is_none_or(|it| it.detail.contains("\"mid-prod\"") && it.detail.contains(words)),
                "{place}"
            );
        }
    }

    #[test]
    fn only_what_is_up_and_trusted_is_fit_and_what_is_hidden_says_nothing() {
        check(Some("Up"), Some("true"), None);
        check(Some("up"), Some("Yes"), None);
        check(Some("Up"), None, None);
        check(None, Some("true"), None);
        check(None, None, None);
        check(Some("Down"), Some("true"), Some("`Down`"));
        check(Some("Paused"), None, Some("`Paused`"));
        check(Some("Up"), Some("false"), Some("`false`"));
        check(Some("Up"), Some("validating"), Some("`validating`"));
        check(None, Some("false"), Some("`not shown`"));
    }

    #[test]
    fn an_unknown_one_is_told_with_similar_names_where_all_are_known() {
        let some = [("mid-prod", Some("Up"), None)];
        let said = known(&some, true).doubt("mid-prd").map(|it| it.detail).unwrap_or_default();
        assert!(said.contains("`mid-prd`") && said.contains("There is \"mid-prod\""), "{said}");
        assert_eq!(known(&some, false).doubt("mid-prd"), None);
        assert!(known(&[], true).doubt("mid-prd").is_some());
    }
}
