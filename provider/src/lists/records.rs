//! `servicenow_record` as a list: the records of one table that a query selects.

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_core::{Query, TableName};
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};
use tf_plugin::{Found, ListRequest, ListResource, Listing};

use crate::errors::{self, Doing};
use crate::resources::record::{Records as Resource, taking_over};
use crate::session::{Session, Shared};
use crate::timeouts;

const NOUN: &str = "record";

/// Finds every record of a table that a query selects. What is written down of one names every column that holds something:
/// remove those that the configuration is not to own.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Conditions {
    /// Name of the table: `sc_req_item`.
    #[tf(required().check(check::length(1, 80)))]
    pub table: Attr<String>,
    /// A condition in ServiceNow's encoded form: `active=true^ORDERBYname`. Every record when nothing is given.
    #[tf(optional().check(check::length(1, 10_000)))]
    pub query: Attr<String>,
}

/// The list.
pub struct Records {
    shared: Arc<Shared>,
}

impl Records {
    /// The list.
    pub fn new(shared: Arc<Shared>) -> Records {
        Records { shared }
    }
}

#[async_trait]
impl ListResource for Records {
    fn type_name(&self) -> &str {
        Resource::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<Conditions>()
    }

    async fn list(&self, request: ListRequest, listing: &Listing) -> Diagnostics {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems,
        };
        let listed = listed(&session, &request, listing).await;
        session.redacted(listed.err().unwrap_or_default(), &[])
    }
}

/// The table and the query of a configuration.
fn asked(config: &Object) -> Result<(TableName, Query), Diagnostics> {
    let conditions = Conditions::from_object(config).map_err(|it| errors::mismatch(&it))?;
    let refused = |attribute: &str, reason: &str| errors::bad_condition(NOUN, attribute, reason);
    let name = conditions.table.known().cloned().unwrap_or_default();
    let table = name.parse().map_err(|_| refused("table", "it is no name of a table"))?;
    let query = conditions.query.known().map_or(Ok(Query::new()), |it| Query::new().encoded(it));
    Ok((table, query.map_err(|error| refused("query", &error.to_string()))?))
}

/// Hands out page after page, so that the first records are shown before the last ones are read.
async fn listed(session: &Session, request: &ListRequest, listing: &Listing) -> Result<(), Diagnostics> {
    let (table, query) = asked(&request.config)?;
    let taking = taking_over(session, &table).await;
    let named: Vec<String> = query.columns().into_iter().map(str::to_owned).collect();
    let columns = if request.whole { taking.columns() } else { taking.names() };
    let columns: Vec<&str> = columns.into_iter().chain(named.iter().map(String::as_str)).collect();
    let mut pages = session.client.pages(&table, &query, &columns, request.limit);
    let failed = |error| {
        let doing = Doing { verb: "look up", noun: NOUN, name: table.as_str() };
        Diagnostics::from(errors::service(&doing, &error, "Nothing was changed."))
    };
    while let Some(rows) = pages.next().await.map_err(failed)? {
        for row in &rows {
            let found = Found::new(taking.label(row), taking.state(row).object);
            if listing.found(found).await.is_err() {
                return Ok(());
            }
        }
    }
    Ok(())
}
