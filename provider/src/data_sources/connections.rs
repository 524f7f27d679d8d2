//! `servicenow_connections`: every connection of the instance, whatever its kind, out of one list of each table.

mod kinds;

use std::sync::Arc;

use async_trait::async_trait;
use servicenow_client::Pages;
use servicenow_core::{Kind as ErrorKind, Query, QueryError, Record, ServiceError};
use tf_core::model::SetOf;
use tf_core::{Attr, Diagnostics, Model, Object, Schema, check, model};
use tf_plugin::{DataOutcome, DataSource};

use self::kinds::{INBOUND, KINDS, Kind, OUTBOUND};
use crate::errors::{self, Doing};
use crate::resources::sys_id;
use crate::session::{Session, Shared};
use crate::tables::Table;
use crate::timeouts;

const NOUN: &str = "connection";

/// Every connection of the instance, whatever its kind and whoever manages it: those of the platform, those of Unifi where it is
/// installed, and the inbound endpoints that other systems call. An inventory takes one list of each table. For all
/// attributes of one kind there is the data source of that kind, such as `servicenow_http_connections`.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Connections {
    /// Who begins: `outbound` where ServiceNow calls, `inbound` where the other system does. Both when nothing is given.
    #[tf(optional().check(check::one_of(&[OUTBOUND, INBOUND])))]
    pub direction: Attr<String>,
    /// Types of resources, such as `servicenow_http_connection`: only connections of these are found.
    #[tf(optional().check(check::elements(1, 100)))]
    pub types: Attr<SetOf<String>>,
    /// The sys_id of an alias: only its connections are found.
    #[tf(optional().check(sys_id()))]
    pub connection_alias_id: Attr<String>,
    /// The sys_id of an integration of Unifi: only its connections are found.
    #[tf(optional().check(sys_id()))]
    pub unifi_integration_id: Attr<String>,
    /// Whether they are active.
    #[tf(optional())]
    pub active: Attr<bool>,
    /// Name of an environment: only connections that lead there are found. Connections of Unifi name theirs; that of the others
    /// follows from their host, by `environment_hosts` of the provider. An inbound endpoint leads nowhere.
    #[tf(optional().check(check::length(1, 100)))]
    pub environment: Attr<String>,
    /// A condition in ServiceNow's encoded form, in addition to the others: `nameSTARTSWITHjira^ORDERBYname`. It is for one table,
    /// so that the other conditions have to leave one: set `types`, `connection_alias_id` or `unifi_integration_id`.
    #[tf(optional().check(check::length(1, 10_000)))]
    pub query: Attr<String>,
    /// The sys_ids of the connections, in the order of their names, or in the order that `query` asks for.
    #[tf(computed())]
    pub ids: Attr<Vec<String>>,
    /// The connections, in the same order as their sys_ids.
    #[tf(computed())]
    pub objects: Attr<Vec<Connection>>,
}

/// A connection, whatever its kind.
#[derive(Clone, Debug, Default, PartialEq, Model)]
pub struct Connection {
    /// The sys_id of the connection.
    #[tf(computed())]
    pub id: Attr<String>,
    /// What people call it.
    #[tf(computed())]
    pub name: Attr<String>,
    /// The type of the resource that manages such a one; null where the provider has none.
    #[tf(computed())]
    pub resource_type: Attr<String>,
    /// The table that it is in.
    #[tf(computed())]
    pub table: Attr<String>,
    /// Who begins: `outbound` where ServiceNow calls, `inbound` where the other system does.
    #[tf(computed())]
    pub direction: Attr<String>,
    /// The sys_id of its alias, null where it has none.
    #[tf(computed())]
    pub connection_alias_id: Attr<String>,
    /// The name of its alias with the scope before it, null where it has none.
    #[tf(computed())]
    pub connection_alias: Attr<String>,
    /// The sys_id of its integration of Unifi, null where it has none.
    #[tf(computed())]
    pub unifi_integration_id: Attr<String>,
    /// The name of its integration of Unifi, null where it has none.
    #[tf(computed())]
    pub unifi_integration: Attr<String>,
    /// The environment that it leads to, null where nothing says so.
    #[tf(computed())]
    pub environment: Attr<String>,
    /// Whether it is active.
    #[tf(computed())]
    pub active: Attr<bool>,
    /// Where it leads to, and for an inbound endpoint where it is reached; null where the record has none.
    #[tf(computed())]
    pub url: Attr<String>,
    /// Name of the MID server that it goes through, null where none is named.
    #[tf(computed())]
    pub mid_server: Attr<String>,
    /// The scope of the application that it belongs to.
    #[tf(computed())]
    pub application: Attr<String>,
    /// Who wrote it last.
    #[tf(computed())]
    pub updated_by: Attr<String>,
    /// When that was, in UTC.
    #[tf(computed())]
    pub updated_on: Attr<String>,
}

/// The data source.
pub struct Source {
    shared: Arc<Shared>,
}

impl Source {
    /// The whole type name.
    pub const TYPE_NAME: &'static str = "servicenow_connections";

    /// The data source.
    pub fn new(shared: Arc<Shared>) -> Source {
        Source { shared }
    }

    async fn find(session: &Session, config: &Object) -> Result<(Object, Diagnostics), Diagnostics> {
        let mut model = Connections::from_object(config).map_err(|it| errors::mismatch(&it))?;
        let kinds = kinds(&model)?;
        let mut said = Diagnostics::none();
        let mut found: Vec<Connection> = Vec::new();
        for kind in &kinds {
            let look = Look { session, kind, model: &model };
            let (rows, problems) = look.rows().await?;
            said.extend(problems);
            found.extend(rows.iter().map(|row| kind.connection(session, row)));
        }
        if let Some(environment) = model.environment.known() {
            found
                .retain(|it| it.environment.known().is_some_and(|own| own.eq_ignore_ascii_case(environment)));
        }
        if !is_ordered(&model) {
            let key = |it: &Connection| (it.name.known().cloned(), it.id.known().cloned());
            found.sort_by_cached_key(key);
        }
        model.ids = Attr::Known(found.iter().filter_map(|it| it.id.known().cloned()).collect());
        model.objects = Attr::Known(found);
        Ok((model.to_object(), said))
    }
}

fn is_ordered(model: &Connections) -> bool {
    encoded(model, Query::new()).is_ok_and(|it| it.is_ordered())
}

fn encoded(model: &Connections, query: Query) -> Result<Query, QueryError> {
    model.query.known().map_or(Ok(query.clone()), |it| query.encoded(it))
}

/// The kinds that the conditions leave.
///
/// # Errors
/// A type is none of a connection, or an encoded query would go to several tables.
fn kinds(model: &Connections) -> Result<Vec<&'static Kind>, Diagnostics> {
    let types: Option<Vec<String>> = model.types.known().map(|it| it.0.clone());
    let known: Vec<&str> = KINDS.iter().flat_map(Kind::types).collect();
    if let Some(name) = types.iter().flatten().find(|it| !known.contains(&it.as_str())) {
        return Err(errors::unknown_type(name, &known).into());
    }
    let fits = |kind: &&Kind| {
        types.as_ref().is_none_or(|it| kind.types().iter().any(|own| it.iter().any(|it| it == own)))
            && model.direction.known().is_none_or(|it| it == kind.direction)
            && (model.connection_alias_id.known().is_none() || kind.alias.is_some())
            && (model.unifi_integration_id.known().is_none() || kind.integration.is_some())
            && (model.environment.known().is_none() || kind.direction == OUTBOUND)
    };
    let kinds: Vec<&'static Kind> = KINDS.iter().filter(fits).collect();
    if model.query.known().is_some() && kinds.len() > 1 {
        let tables: Vec<String> = kinds.iter().map(|it| format!("`{}`", it.table)).collect();
        let reason = format!(
            "it is for one table, and the other conditions leave {}: set `types` to what is meant",
            tables.join(", ")
        );
        return Err(errors::bad_condition(NOUN, "query", &reason).into());
    }
    Ok(kinds)
}

/// A look at one kind.
struct Look<'a> {
    session: &'a Session,
    kind: &'a Kind,
    model: &'a Connections,
}

impl Look<'_> {
    fn query(&self, table: &Table<'_>) -> Result<Query, Diagnostics> {
        let model = self.model;
        let mut query = Query::new();
        let refused = |attribute: &'static str| {
            move |error: QueryError| errors::bad_condition(NOUN, attribute, &error.to_string())
        };
        if let (Some(column), Some(id)) = (self.kind.alias, model.connection_alias_id.known()) {
            query = query.equals(&table.column(column), id).map_err(refused("connection_alias_id"))?;
        }
        if let (Some(column), Some(id)) = (self.kind.integration, model.unifi_integration_id.known()) {
            query = query.equals(&table.column(column), id).map_err(refused("unifi_integration_id"))?;
        }
        if let Some(active) = model.active.known() {
            let word = if *active { "true" } else { "false" };
            query = query.equals(&table.column("active"), word).map_err(refused("active"))?;
        }
        if let Some(types) = model.types.known()
            && self.kind.is_of_classes()
        {
            let classes: Vec<&str> = types.0.iter().filter_map(|it| kinds::table_of(it)).collect();
            query = query.is_in("sys_class_name", &classes).map_err(refused("types"))?;
        }
        Ok(encoded(model, query).map_err(refused("query"))?)
    }

    /// The rows, with a warning where they are not for this user. An application that is not installed has none.
    async fn rows(&self) -> Result<(Vec<Record>, Diagnostics), Diagnostics> {
        let table = Table::of(self.session, self.kind.table)?;
        let query = self.query(&table)?;
        let columns: Vec<String> = self.kind.columns().iter().map(|it| table.column(it)).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let unseen = |reason: &str| Ok((Vec::new(), errors::kind_unseen(self.kind.table, reason).into()));
        match all(table.pages(&query, &columns, None)).await {
            Ok(rows) if rows.is_empty() => match self.session.client.sees(table.name()).await {
                Ok((0, total @ 1..)) => unseen(&format!(
                    "`{}` has {total} rows, and the user that signs in sees none of them",
                    self.kind.table
                )),
                _ => Ok((rows, Diagnostics::none())),
            },
            Ok(rows) => self.heeded(&table, &query, rows),
            Err(error) if error.kind == ErrorKind::Forbidden => unseen(&error.reason),
            Err(error) if error.kind == ErrorKind::InvalidTable && !self.is_asked_for() => {
                Ok((Vec::new(), Diagnostics::none()))
            }
            Err(error) => {
                let doing = Doing { verb: "look up", noun: NOUN, name: self.kind.table };
                Err(errors::service(&doing, &error, "Nothing was changed.").into())
            }
        }
    }

    /// An instance leaves out a condition about a column that it does not have, and answers with everything.
    fn heeded(
        &self,
        table: &Table<'_>,
        query: &Query,
        rows: Vec<Record>,
    ) -> Result<(Vec<Record>, Diagnostics), Diagnostics> {
        let asked = query.columns();
        let is_left_out = |column: &&&str| rows.iter().any(|row| row.get(column).is_none());
        if let Some(column) = asked.iter().find(is_left_out).filter(|_| self.model.query.known().is_some()) {
            return Err(errors::condition_left_out(NOUN, self.kind.table, column).into());
        }
        Ok((rows.into_iter().map(|row| self.named(table, row)).collect(), Diagnostics::none()))
    }

    /// A row with our names, also of what is reached through a reference.
    fn named(&self, table: &Table<'_>, row: Record) -> Record {
        let mut row = table.ours(row);
        for column in self.kind.columns().into_iter().filter(|it| it.contains('.')) {
            let theirs = table.column(column);
            if theirs != column {
                let value = row.text(&theirs).to_owned();
                row.put(column, &value);
            }
        }
        row
    }

    /// Whether the configuration names this kind, so that its absence is an error.
    fn is_asked_for(&self) -> bool {
        let names_one = |it: &SetOf<String>| it.0.iter().any(|it| self.kind.types().contains(&it.as_str()));
        self.model.types.known().is_some_and(names_one)
            || (self.kind.integration.is_some() && self.model.unifi_integration_id.known().is_some())
    }
}

/// Every row, page after page.
async fn all(mut pages: Pages<'_>) -> Result<Vec<Record>, ServiceError> {
    let mut rows = Vec::new();
    while let Some(page) = pages.next().await? {
        rows.extend(page);
    }
    Ok(rows)
}

#[async_trait]
impl DataSource for Source {
    fn type_name(&self) -> &str {
        Source::TYPE_NAME
    }

    fn schema(&self) -> Schema {
        model::schema::<Connections>()
    }

    async fn read(&self, config: Object) -> DataOutcome {
        let session = match self.shared.session() {
            Ok(session) => session.for_operation(timeouts::DEFAULT_MS),
            Err(problems) => return problems.into(),
        };
        match Source::find(&session, &config).await {
            Ok((object, said)) => DataOutcome { diagnostics: session.redacted(said, &[]), ..object.into() },
            Err(problems) => session.redacted(problems, &[]).into(),
        }
    }
}
